"""One table says what can be loaded: names, first bytes and uploaders agree."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from imgdiff.batch import pair_folders
from imgdiff.errors import LoadError
from imgdiff.load.formats import (
    ENDINGS,
    FORMATS,
    PICTURE_ENDINGS,
    PICTURES,
    has_picture_name,
    is_pdf,
    picture_format,
)
from imgdiff.load.limits import checked_format


def test_no_ending_and_no_beginning_means_two_formats() -> None:
    assert len(set(ENDINGS)) == len(ENDINGS)
    beginnings = [mark for kind in PICTURES for mark in kind.signatures]
    for mark in beginnings:
        assert [other for other in beginnings if other.startswith(mark)] == [mark]


@pytest.mark.parametrize("kind", PICTURES, ids=lambda kind: kind.name)
def test_a_format_is_known_by_its_first_bytes(kind: object) -> None:
    assert kind in PICTURES
    samples = {
        "WEBP": [b"RIFF\x10\0\0\0WEBPVP8 "],
        "AVIF": [b"\0\0\0\x14ftypavif\0\0\0\0mif1"],
        "HEIC": [b"\0\0\0\x14ftypheic\0\0\0\0mif1"],
    }
    name = next(known for known, value in FORMATS.items() if value is kind)
    for data in samples.get(name) or FORMATS[name].signatures:
        assert picture_format(data) is kind
        assert checked_format(data) == name
        assert not is_pdf(data + b"%PDF-")


def test_films_and_other_files_are_none() -> None:
    film = b"\0\0\0\x14ftypisom\0\0\0\0mp41"
    assert picture_format(film) is None
    with pytest.raises(LoadError, match="a video"):
        checked_format(film)
    with pytest.raises(LoadError, match="JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC picture"):
        checked_format(b"#!/bin/sh")
    assert is_pdf(b"\n%PDF-1.7")


@pytest.mark.parametrize("ending", PICTURE_ENDINGS)
def test_batches_pair_every_ending_that_the_uploaders_take(ending: str, tmp_path: Path) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
        (tmp_path / side / f"a.{ending.upper()}").touch()
    pairs = pair_folders(tmp_path / "before", tmp_path / "after")
    assert [pair.name for pair in pairs] == [f"a.{ending.upper()}"]


@pytest.mark.parametrize("name", [".a.png", "__MACOSX/a.png", ".thumbs/a.png", "a.txt", "png"])
def test_hidden_files_and_others_are_left_alone(name: str) -> None:
    assert not has_picture_name(PurePosixPath(name))
