"""The house stands: imports point down, siblings don't meet, only some rooms have some tools."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "imgdiff"
FLOORS = {
    "errors": 1, "environment": 2, "types": 2,
    "pixels": 3,
    "load": 4, "alignment": 4, "metrics": 4, "view": 4,
    "similar": 5, "report": 5,
    "comparison": 6,
    "testing": 7, "workers": 7,
    "batch": 8,
    "cli": 9, "ui": 9,
    "__init__": 10, "__main__": 10,
}  # fmt: skip
"""Every room imports from lower floors alone, and from itself."""

MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = {
    path: ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in MODULES
}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What is imported: module, and name in it or ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


def _parsed(path: Path) -> ast.AST:
    return ast.parse(path.read_text("utf-8"))


def _modules_used(path: Path) -> set[str]:
    """The modules of the house that a module imports, with the names that are modules."""
    known = set(NAMES.values())
    used = set()
    for module, name in _imports(_parsed(path)):
        inner = f"{module}.{name}"
        used.add(inner if inner in known else module)
    return used & known


def _rooms_used(path: Path) -> set[str]:
    parts = [name.split(".") for name in _modules_used(path)]
    return {part[1] for part in parts if len(part) > 1}


def test_every_room_has_a_floor() -> None:
    assert {_room(path) for path in MODULES} == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    here = _room(path)
    for room in _rooms_used(path) - {here}:
        assert FLOORS[room] < FLOORS[here], f"{here} {FLOORS[here]} imports {room} {FLOORS[room]}"


def _circle(graph: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [*error.args[1]]
    return []


def test_no_modules_import_in_a_circle() -> None:
    # The public names are fetched when they are used: what the package itself lists there for
    # type checkers is no import, and neither is a submodule's way to its own package.
    graph = {
        NAMES[path]: {name for name in _modules_used(path) - {NAMES[path]} if name != "imgdiff"}
        for path in MODULES
        if NAMES[path] != "imgdiff"
    }
    assert not _circle(graph)


def test_a_circle_is_seen() -> None:
    assert set(_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_screen_knows_streamlit_and_only_files_know_pillow(path: Path) -> None:
    packages = {module.split(".")[0] for module, _ in _imports(_parsed(path))}
    assert "streamlit" not in packages or _room(path) == "ui"
    assert "PIL" not in packages or _room(path) in ("load", "report")
    assert "skimage" not in packages
