"""Fingerprints kept on disk: found again, whatever happened to the file or the run."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from imgdiff.errors import CacheError
from imgdiff.similar import facts, gather
from imgdiff.similar.cache import CachedPicture, CachedPictures, open_cache
from imgdiff.similar.collection import collect
from imgdiff.similar.fingerprint import Fingerprint, fingerprint
from imgdiff.similar.gather import LeftOut, parted, read_all, read_into
from imgdiff.similar.sources import sources_at
from tests.pictures import write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    coffee = data.coffee()[::2, ::2]
    write(folder, "a.png", coffee)
    write(folder, "b.png", np.ascontiguousarray(coffee[:, ::-1]))
    write(folder, "c.png", data.rocket()[::2, ::2])
    return folder


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the pictures that were looked at."""
    names: list[str] = []

    def noted(content: bytes, name: str, **options: object) -> Fingerprint:
        names.append(name)
        return fingerprint(content, name, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(gather, "fingerprint", noted)
    return names


def read(folder: Path, file: Path) -> list[CachedPicture | LeftOut]:
    with open_cache(file) as cache:
        return [*read_into(cache, sources_at([folder]))]


def test_what_is_known_is_not_looked_at_again(
    folder: Path, tmp_path: Path, looked: list[str]
) -> None:
    file = tmp_path / "cache"
    first = read(folder, file)
    assert sorted(looked) == ["a.png", "b.png", "c.png"]
    looked.clear()
    assert read(folder, file) == first
    (folder / "a.png").rename(folder / "renamed.png")
    os.utime(folder / "b.png", (1, 1))
    read(folder, file)
    assert looked == []
    write(folder, "c.png", data.chelsea()[::2, ::2])
    read(folder, file)
    assert looked == ["c.png"]


def test_an_unchanged_file_is_not_even_read(folder: Path, tmp_path: Path) -> None:
    read(folder, tmp_path / "cache")
    sources = sources_at([folder])
    for path in folder.iterdir():
        found = path.stat()
        path.write_bytes(bytes(found.st_size))
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    with open_cache(tmp_path / "cache") as cache:
        _, left_out = parted(read_into(cache, sources))
    assert not left_out


def test_a_run_that_was_stopped_goes_on(folder: Path, tmp_path: Path, looked: list[str]) -> None:
    with pytest.raises(KeyboardInterrupt), open_cache(tmp_path / "cache") as cache:  # noqa: PT012
        next(read_into(cache, sources_at([folder])[:1]))
        raise KeyboardInterrupt
    assert looked == ["a.png"]
    read(folder, tmp_path / "cache")
    assert sorted(looked) == ["a.png", "b.png", "c.png"]


def test_a_cached_set_says_what_a_held_one_says(folder: Path, tmp_path: Path) -> None:
    held, _ = parted(read_all(sources_at([folder])))
    with open_cache(tmp_path / "cache") as cache:
        kept, _ = parted(read_into(cache, sources_at([folder])))
        found = [
            facts.set_facts(collect(pictures), [], top=2)
            for pictures in (held, CachedPictures(cache, kept))
        ]
    assert found[0] == found[1]
    assert found[0]["duplicates"] == [["a.png", "b.png"]]


def test_it_holds_no_name_and_no_path(folder: Path, tmp_path: Path) -> None:
    read(folder, tmp_path / "cache")
    content = (tmp_path / "cache").read_bytes()
    assert b"a.png" not in content
    assert str(folder).encode() not in content


def other_database(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE picture (id)")


def later_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")


def a_byte_of_a_vector(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE picture SET vector = zeroblob(10240)")


def missing_rows(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE picture")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda file: file.write_text("just words, no cache at all" * 9), "is something else"),
        (other_database, "is something else"),
        (later_version, "this one has version 99"),
        (a_byte_of_a_vector, "is damaged: delete it"),
        (missing_rows, "is damaged: delete it"),
        (lambda file: os.truncate(file, 30_000), "is damaged: delete it"),
        (lambda file: (file.unlink(), file.mkdir()), "can't be written there"),
    ],
)
def test_a_cache_of_no_use_is_refused_in_a_sentence(
    folder: Path, tmp_path: Path, damage: object, sentence: str
) -> None:
    file = tmp_path / "cache"
    kept, _ = parted(read(folder, file))
    damage(file)  # type: ignore[operator]
    with pytest.raises(CacheError, match=sentence), open_cache(file) as cache:  # noqa: PT012
        for number in range(len(kept)):
            _ = CachedPictures(cache, kept)[number]
        [*read_into(cache, sources_at([folder]))]


def test_two_at_once_take_turns(folder: Path, tmp_path: Path) -> None:
    with open_cache(tmp_path / "cache") as one, open_cache(tmp_path / "cache") as other:
        first = [*read_into(one, sources_at([folder]))]
        one.save()
        assert [*read_into(other, sources_at([folder]))] == first
