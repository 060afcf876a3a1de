"""The plan of the house, and what stands: ``python -m tests.floors [--at COMMIT] [--draw]``.

Prints how many rooms there are, how many of them import which others, and how many groups of
modules import one another in a circle; with ``--draw`` it draws docs/floors.svg anew.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import tarfile
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "floors.svg"
FLOORS = {
    "allocator": 1, "errors": 1,
    "environment": 2, "types": 2,
    "pixels": 3,
    "load": 4, "alignment": 4, "metrics": 4, "view": 4,
    "reading": 5, "similar": 5, "configuration": 5,
    "review": 6,
    "report": 7,
    "comparison": 8,
    "testing": 9, "workers": 9,
    "batch": 10, "pytest_plugin": 10,
    "cli": 11, "ui": 11,
    "__init__": 12, "__main__": 12,
    "app": 12, "pages/batch": 12, "pages/methods": 12, "pages/similar": 12, "server": 12,
}  # fmt: skip
"""Every room imports from lower floors alone, and from itself."""


def modules(root: Path = ROOT) -> dict[str, Path]:
    """The files of the house by the names that they are imported by."""
    found = sorted((root / "imgdiff").rglob("*.py"))
    inside = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in found
    }
    doors = [root / "app.py", root / "server.py", *sorted((root / "pages").glob("*.py"))]
    return inside | {str(path.relative_to(root).with_suffix("")): path for path in doors}


def room(name: str) -> str:
    """The room of a module: what it stands in at the root of the package, or the page it is."""
    package, _, rest = name.partition(".")
    return (rest.partition(".")[0] or "__init__") if package == "imgdiff" else name


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports: module, and name in it or ""."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


def uses(house: Mapping[str, Path]) -> dict[str, set[str]]:
    """Which modules of the house each of them imports, with the names that are modules."""
    graph = {}
    for name, path in house.items():
        found = {f"{module}.{inner}" if inner else module for module, inner in imports(path)}
        whole = {name if name in house else name.rpartition(".")[0] for name in found}
        graph[name] = (whole & set(house)) - {name}
    return graph


def arrows(graph: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """Which room imports from which other."""
    pairs = {(room(name), room(other)) for name, others in graph.items() for other in others}
    return {(here, there) for here, there in pairs if here != there}


def circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """The groups of modules of which each imports all the others, by whatever ways.

    The public names are fetched when they are used: what the package itself lists there for type
    checkers is no import, and neither is a submodule's way to its own package.
    """
    graph = {name: others - {"imgdiff"} for name, others in graph.items() if name != "imgdiff"}
    reach = {name: _reached(name, graph) for name in graph}
    groups = {
        frozenset(other for other in reach[name] if name in reach[other]) for name in graph
    } - {frozenset()}
    return sorted((set(group) for group in groups), key=sorted)


def _reached(name: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    open_ends = [name]
    while open_ends:
        for other in graph[open_ends.pop()] - seen:
            seen.add(other)
            open_ends.append(other)
    return seen


def counts(root: Path = ROOT) -> str:
    """Rooms, arrows and circles of the house in a folder."""
    house = modules(root)
    graph = uses(house)
    rooms = {room(name) for name in house}
    return (
        f"{len(rooms)} rooms, {len(arrows(graph))} arrows between them, "
        f"{len(circles(graph))} circles"
    )


def _counts_at(commit: str) -> str:
    """The same of an earlier state."""
    command = ["git", "archive", commit, "imgdiff", "pages", "app.py", "server.py"]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        return counts(Path(folder))


WIDTH, GAP, LEFT, LINE, LETTER = 1040, 10, 44, 15, 6.5
"""Of the picture, px: its width, the space between rooms and that for a floor's number, and how
high and wide its letters are."""


def picture() -> str:
    """The floors as SVG: every room on its own, with the first line of its docstring."""
    plan = sorted(FLOORS, key=lambda name: -FLOORS[name])
    parts, top = [], GAP
    for floor, rooms in groupby(plan, key=FLOORS.__getitem__):
        boxes = [*_boxes(list(rooms), top)]
        height = max(box.height for box in boxes)
        parts.append(
            f'<text x="{LEFT // 2}" y="{top + height // 2 + 6}" text-anchor="middle" '
            f'font-size="18" fill="#5b6472">{floor}</text>'
        )
        parts += [box.drawn(height) for box in boxes]
        top += height + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" '
        'font-family="system-ui, sans-serif" font-size="12">\n'
        "<title>The rooms of imgdiff on their floors: imports point down</title>\n"
        f'<rect width="{WIDTH}" height="{top}" rx="8" fill="#f4f6fa"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """A room in the picture: name, upper left corner, width, and what it says of itself."""

    name: str
    left: int
    top: int
    width: int
    lines: list[str]

    @property
    def height(self) -> int:
        return 34 + LINE * len(self.lines)

    def drawn(self, height: int) -> str:
        left, top = self.left + GAP, self.top
        text = "".join(
            f'<text x="{left}" y="{top + 38 + LINE * at}" fill="#10151f">{escape(line)}</text>'
            for at, line in enumerate(self.lines)
        )
        return (
            f'<rect x="{self.left}" y="{top}" width="{self.width}" height="{height}" rx="8" '
            f'fill="#ffffff" stroke="#2558c4"/><text x="{left}" y="{top + 20}" font-size="13" '
            f'font-weight="600" fill="#2558c4">{self.name}</text>{text}'
        )


def _boxes(rooms: list[str], top: int) -> Iterator[_Box]:
    """The rooms of one floor, side by side."""
    width = (WIDTH - LEFT) // len(rooms) - GAP
    letters = int((width - 2 * GAP) / LETTER)
    for at, name in enumerate(rooms):
        lines = textwrap.wrap(_first_line(name), letters)
        yield _Box(name, LEFT + at * (width + GAP), top, width, lines)


def _first_line(name: str) -> str:
    """What a room says of itself."""
    house = modules()
    path = next(house[key] for key in house if room(key) == name)
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return said.partition("\n")[0].replace("`", "")


def main() -> None:
    """Count, and draw."""
    parser = argparse.ArgumentParser(prog="python -m tests.floors", description=__doc__)
    parser.add_argument("--at", metavar="COMMIT", help="count in an earlier state")
    parser.add_argument("--draw", action="store_true", help="draw docs/floors.svg anew")
    chosen = parser.parse_args()
    if chosen.draw:
        PICTURE.write_text(picture(), "utf-8")
    print(_counts_at(chosen.at) if chosen.at else counts())


if __name__ == "__main__":
    main()
