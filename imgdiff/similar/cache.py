"""Fingerprints in a file on disk, so that a large set is read once, and a stopped run goes on.

The file is an SQLite database. It holds what pictures are like, no picture and no name: each is
known by its content, and by a digest of the path, size and time of the file that held it last.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, overload

import numpy as np

from imgdiff.errors import CacheError
from imgdiff.load.archive import Packed
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.keypoints import Keypoints
from imgdiff.similar.sources import PictureSource

CACHE_VERSION: Final = 1
"""To be raised when the tables, or what pictures' fingerprints say, change."""
_APPLICATION: Final = 0x696D6764
"""Of the file's header: "imgd"."""
_TABLES: Final = """
CREATE TABLE picture (
    id INTEGER PRIMARY KEY, content BLOB, model TEXT, width INTEGER, height INTEGER, shrunk REAL,
    vector BLOB, points BLOB, descriptors BLOB, crc INTEGER, UNIQUE (content, model));
CREATE TABLE file (stamp BLOB PRIMARY KEY, content BLOB) WITHOUT ROWID;
"""
_SAVED_EVERY: Final = 2.0
"""Seconds of work that are lost at most when the process is killed."""
_WAITING: Final = 30.0
"""Seconds for which another process may be writing."""


class CachedPicture(NamedTuple):
    """A picture of a set that a cache holds: what it's called here, and its number there."""

    name: str
    number: int


class FingerprintCache:
    """A file of fingerprints; may be used from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._one_at_a_time = Lock()
        self._saved = time.monotonic()

    def number_of(
        self, source: PictureSource, model: str, look: Callable[[bytes | Packed], Fingerprint]
    ) -> int:
        """The number of a picture here; if it isn't here yet, it's looked at, and kept.

        A file that hasn't changed since it was seen isn't even read.
        """
        stamp = None if source.path is None else _stamp(source.path)
        query = "SELECT id FROM picture JOIN file USING (content) WHERE stamp = ? AND model = ?"
        number = None if stamp is None else self._number(query, stamp, model)
        if number is not None:
            return number
        content = source.read()
        digest = _digest(content)
        query = "SELECT id FROM picture WHERE content = ? AND model = ?"
        number = self._number(query, digest, model)
        if number is None:
            self._add(digest, look(content))
            number = self._number(query, digest, model)
        if stamp is not None:
            self._do("INSERT OR REPLACE INTO file VALUES (?, ?)", stamp, digest)
        if number is None:
            raise _damaged(self._path)
        return number

    def picture(self, name: str, number: int) -> Fingerprint:
        """A fingerprint that was kept; without a thumbnail."""
        rows = self._do("SELECT * FROM picture WHERE id = ?", number)
        try:
            ((_, _, model, width, height, shrunk, *parts, crc),) = rows
            if _crc(parts) != crc:
                raise _damaged(self._path)
            vector, points, descriptors = parts
            return Fingerprint(
                name=name,
                width=width,
                height=height,
                vector=np.frombuffer(vector, np.float32),
                keypoints=Keypoints(
                    np.frombuffer(points, np.float32).reshape(-1, 2),
                    np.frombuffer(descriptors, np.uint8).reshape(-1, 128),
                    shrunk,
                ),
                thumbnail=b"",
                model=model,
            )
        except (ValueError, TypeError):
            raise _damaged(self._path) from None

    def save(self) -> None:
        """Write what was kept to disk."""
        with self._one_at_a_time, _told(self._path):
            self._connection.commit()

    def _add(self, content: bytes, picture: Fingerprint) -> None:
        parts = _blobs(picture)
        values = picture.width, picture.height, picture.keypoints.shrunk, *parts, _crc(parts)
        self._do(
            "INSERT OR IGNORE INTO picture VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(content, picture.model, *values),
        )

    def _number(self, query: str, *values: object) -> int | None:
        rows = self._do(query, *values)
        return rows[0][0] if rows else None

    def _do(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._one_at_a_time, _told(self._path):
            rows = self._connection.execute(query, values).fetchall()
            if time.monotonic() - self._saved > _SAVED_EVERY:
                self._connection.commit()
                self._saved = time.monotonic()
            return rows


class CachedPictures(Sequence[Fingerprint]):
    """Pictures of a cache as a set: each is read from disk whenever it's asked for."""

    def __init__(self, cache: FingerprintCache, named: Sequence[CachedPicture]) -> None:
        self._cache = cache
        self._named = named

    def __len__(self) -> int:
        return len(self._named)

    @overload
    def __getitem__(self, index: int) -> Fingerprint: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Fingerprint]: ...
    def __getitem__(self, index: int | slice) -> Fingerprint | Sequence[Fingerprint]:
        if isinstance(index, slice):
            return CachedPictures(self._cache, self._named[index])
        name, number = self._named[index]
        return self._cache.picture(name, number)


@contextmanager
def open_cache(path: Path) -> Iterator[FingerprintCache]:
    """The cache in this file, which is made if there is none.

    Raises
    ------
    CacheError
        The file is something else, damaged, of another version, or can't be written. It's left as
        it is.
    """
    with _told(path):
        connection = sqlite3.connect(path, timeout=_WAITING, check_same_thread=False)
    try:
        with _told(path):
            _prepare(connection, path)
        cache = FingerprintCache(connection, path)
        try:
            yield cache
        finally:
            cache.save()
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file; refuse one that holds something else."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    made_by, version, tables = (
        connection.execute(query).fetchone()[0]
        for query in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT count(*) FROM sqlite_master",
        )
    )
    if not tables and not made_by:
        with connection:
            connection.executescript(
                f"BEGIN; PRAGMA application_id = {_APPLICATION}; "
                f"PRAGMA user_version = {CACHE_VERSION}; {_TABLES} COMMIT;"
            )
    elif made_by != _APPLICATION:
        raise _something_else(path)
    elif version != CACHE_VERSION:
        raise CacheError(
            f"{path}: A cache of version {CACHE_VERSION} is expected, but this one has version "
            f"{version}: name another file, and it will be made anew."
        )


def _stamp(path: Path) -> bytes | None:
    """What changes when a file does; None if it can't be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    words = f"{path.resolve()}\0{found.st_size}\0{found.st_mtime_ns}"
    return hashlib.sha256(os.fsencode(words)).digest()


def _digest(content: bytes | Packed) -> bytes:
    """The same for the same file; one that lies in an archive is another than itself unpacked."""
    if isinstance(content, Packed):
        return hashlib.sha256(b"packed" + content.data).digest()
    return hashlib.sha256(content).digest()


def _blobs(picture: Fingerprint) -> tuple[bytes, bytes, bytes]:
    keypoints = picture.keypoints
    return picture.vector.tobytes(), keypoints.points.tobytes(), keypoints.descriptors.tobytes()


def _crc(parts: Sequence[bytes]) -> int:
    """Of a row: SQLite notices when its own pages make no sense, not when a picture's bytes do."""
    crc = 0
    for part in parts:
        crc = zlib.crc32(part, crc)
    return crc


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite complains of, in a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise _sentence(code, path) from None


def _sentence(code: int, path: Path) -> CacheError:
    if code == sqlite3.SQLITE_NOTADB:
        return _something_else(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CacheError(
            f"{path}: The cache is in use by another imgdiff: wait for it, or name another file."
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return CacheError(
            f"{path}: The cache can't be written there: check the path and its permissions."
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return CacheError(f"{path}: The disk is full, or can't be written: make room on it.")
    return _damaged(path)


def _something_else(path: Path) -> CacheError:
    return CacheError(
        f"{path}: A cache of imgdiff similar is expected, but this file is something else: "
        "name another file, or one that doesn't exist yet."
    )


def _damaged(path: Path) -> CacheError:
    return CacheError(f"{path}: The cache is damaged: delete it, and it will be made anew.")
