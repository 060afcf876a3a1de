"""One vocabulary: no public name and no module name of the package has two meanings."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "imgdiff"
COMMANDS = PACKAGE / "cli"
"""Its modules are named after what they run, and are alike from outside."""
PROTOCOL = {"add_to", "run"}
"""What each module of a command offers."""


def _modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.stem not in ("__init__", "__main__"):
            yield path


def _defined(path: Path) -> Iterator[str]:
    """The public names that a module defines (those that it imports belong to another)."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_no_two_modules_share_a_name() -> None:
    homes = defaultdict(list)
    for path in _modules():
        if path.parent != COMMANDS:
            homes[path.stem].append(str(path.relative_to(PACKAGE)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_no_public_name_has_two_meanings() -> None:
    homes = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in set(_defined(path)):
            if not name.startswith("_") and name not in PROTOCOL:
                homes[name].append(str(path.relative_to(PACKAGE)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}
