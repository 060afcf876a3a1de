"""The house stands: imports point down, siblings don't meet, only some rooms have some tools."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "imgdiff"
FLOORS = {
    "errors": 1, "types": 1, "method": 1, "color": 1, "environment": 1, "threads": 1,
    "load": 2, "alignment": 2, "metrics": 2, "regions": 2, "render": 2, "png": 2,
    "embedding": 2, "matching": 2, "models": 2,
    "words": 2, "methods": 3, "view": 3, "archive": 3,
    "pipeline": 4, "report": 4, "similar": 4,
    "answer": 5, "survey": 5, "testing": 5, "documents": 5,
    "work": 6,
    "batch": 7,
    "cli": 8, "ui": 8, "__main__": 9, "__init__": 9,
}  # fmt: skip
FOUNDATION = 1
"""Rooms of this floor may use one another: values, errors and colours are one vocabulary."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _rooms_used(path: Path) -> set[str]:
    names = (name.split(".") for name in _imports(path))
    return {parts[1] for parts in names if parts[0] == "imgdiff" and len(parts) > 1}


def test_every_room_has_a_floor() -> None:
    assert {_room(path) for path in MODULES} == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    here = _room(path)
    for room in _rooms_used(path) - {here}:
        allowed = FLOORS[room] < FLOORS[here] or FLOORS[room] == FLOORS[here] == FOUNDATION
        assert allowed, f"{here} (floor {FLOORS[here]}) imports {room} (floor {FLOORS[room]})"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_screen_knows_streamlit_and_only_files_know_pillow(path: Path) -> None:
    packages = {name.split(".")[0] for name in _imports(path)}
    assert "streamlit" not in packages or _room(path) == "ui"
    assert "PIL" not in packages or _room(path) in ("load", "report")
    assert "skimage" not in packages
