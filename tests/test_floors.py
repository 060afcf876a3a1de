"""The house stands: imports point down, siblings don't meet, only some rooms have some tools."""

from __future__ import annotations

import pytest

from .floors import FLOORS, PICTURE, circles, imports, modules, picture, room, uses

HOUSE = modules()
USES = uses(HOUSE)


def test_every_room_has_a_floor() -> None:
    assert {room(name) for name in HOUSE} == set(FLOORS)


@pytest.mark.parametrize("name", HOUSE)
def test_imports_point_down(name: str) -> None:
    here = room(name)
    for there in {room(other) for other in USES[name]} - {here, "__init__"}:
        assert FLOORS[there] < FLOORS[here], (
            f"{here} {FLOORS[here]} imports {there} {FLOORS[there]}"
        )


def test_no_modules_import_in_a_circle() -> None:
    assert circles(USES) == []


def test_a_circle_is_seen() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set[str]()}
    assert circles(graph) == [{"a", "b", "c"}]


@pytest.mark.parametrize("name", HOUSE)
def test_only_the_screen_knows_streamlit_and_only_files_know_pillow(name: str) -> None:
    packages = {module.split(".")[0] for module, _ in imports(HOUSE[name])}
    doors = [door for door in FLOORS if door in HOUSE]
    assert "streamlit" not in packages or room(name) in ("ui", *doors)
    assert "PIL" not in packages or room(name) in ("load", "report")
    assert "skimage" not in packages


def test_the_picture_is_current() -> None:
    current = PICTURE.read_text("utf-8") == picture()
    assert current, "docs/floors.svg is old: python -m tests.floors --draw"
