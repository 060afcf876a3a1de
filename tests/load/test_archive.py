"""ZIP archives: the honest ones pair up, the others are refused with a sentence."""

from __future__ import annotations

import io
import pickle
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from imgdiff.batch.pairing import pair_up
from imgdiff.errors import LoadError
from imgdiff.load import archive
from imgdiff.load.archive import open_archive
from imgdiff.load.limits import MAX_BYTES
from tests.pictures import SAMPLES

PICTURE = (SAMPLES / "page_before.png").read_bytes()


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    content.seek(0)
    return content


def test_pictures_are_read_when_their_turn_comes() -> None:
    found = open_archive(packed(("a/x.png", PICTURE), ("y.png", b"y"), ("notes.txt", b"no")))
    assert {name: member.read() for name, member in found.items()} == {
        "a/x.png": PICTURE,
        "y.png": b"y",
    }


def test_a_folder_around_everything_doesnt_count() -> None:
    before = open_archive(packed(("before/x.png", b"1"), ("before/sub/y.png", b"2")))
    after = open_archive(
        packed(("after/x.png", b"1"), ("after/sub/y.png", b"2"), ("__MACOSX/after/._x.png", b""))
    )
    pairs = pair_up(before, after)
    assert [(pair.name, bool(pair.before), bool(pair.after)) for pair in pairs] == [
        ("sub/y.png", True, True),
        ("x.png", True, True),
    ]


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def claiming(size: int) -> io.BytesIO:
    """An archive whose directory claims that its picture unpacks to `size` bytes."""
    content = bytearray(packed(("x.png", PICTURE)).getvalue())
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", size)
    return io.BytesIO(bytes(content))


def encrypted() -> io.BytesIO:
    content = bytearray(packed(("x.png", PICTURE)).getvalue())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(bytes(content))


def packed_by(method: int) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        file.writestr("x.png", PICTURE)
    return content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (io.BytesIO(b"no archive"), "this file is none"),
        (io.BytesIO(packed(("x.png", PICTURE)).getvalue()[:-30]), "this file is none"),
        (packed(("../x.png", b"")), "leads out of it"),
        (packed(("a/../../x.png", b"")), "leads out of it"),
        (packed(("/etc/x.png", b"")), "leads out of it"),
        (packed(("C:\\x.png", b"")), "leads out of it"),
        (packed((link(), b"/etc/passwd")), "one of them is a link"),
        (packed(("inner.zip", packed(("x.png", b"")).getvalue())), "another archive"),
        (packed(("inner.tar.gz", b"")), "another archive"),
        (packed(("x.png", bytes(2**22))), "packed 200 to 1, but one claims"),
        (claiming(2**32 - 2), "packed 200 to 1, but one claims"),
        (encrypted(), "password"),
        (packed((".", b"")), "leads out of it"),
        (packed_by(zipfile.ZIP_BZIP2), "packed another way"),
        (packed_by(zipfile.ZIP_LZMA), "packed another way"),
    ],
)
def test_what_does_harm_is_refused(content: io.BytesIO, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        open_archive(content)


def test_too_many_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(*[(f"{number}.png", PICTURE) for number in range(4)])
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(LoadError, match="may hold 3 files, but this one holds 4"):
        open_archive(content)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 4)
    monkeypatch.setattr(archive, "MAX_ARCHIVE_UNPACKED", 3 * len(PICTURE))
    with pytest.raises(LoadError, match="may unpack to"):
        open_archive(content)


def test_a_damaged_picture_is_told_of_when_it_is_read(tmp_path: Path) -> None:
    content = bytearray(packed(("x.png", PICTURE)).getvalue())
    content[200] ^= 255
    path = tmp_path / "broken.zip"
    path.write_bytes(content)
    (member,) = open_archive(path).values()
    with pytest.raises(LoadError, match="damaged inside its archive"):
        member.read()


def test_a_member_never_yields_more_than_a_picture_may_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    (member,) = open_archive(packed(("x.png", PICTURE))).values()
    assert len(member.read()) == 101


def test_an_archive_that_lists_files_without_end_is_refused_before_they_are_read() -> None:
    """Each of them takes 46 bytes in the file, and ten times that once it is read."""
    entry = b"PK\x01\x02" + bytes(42)
    count = archive.MAX_MEMBERS * 512 // len(entry) + 1
    size = (count * len(entry)).to_bytes(4, "little")
    end = b"PK\x05\x06" + bytes(8) + size + bytes(6)
    with pytest.raises(LoadError, match="lists far more"):
        open_archive(io.BytesIO(entry * count + end))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_picture_travels_packed(method: int) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        file.writestr("x.png", PICTURE)
    (member,) = open_archive(content).values()
    travelling = pickle.loads(pickle.dumps(member.packed()))  # noqa: S301 (our own)
    assert travelling.deflated == (method == zipfile.ZIP_DEFLATED)
    assert travelling.unpacked() == PICTURE


def test_a_liar_is_not_believed() -> None:
    """A list of files that claims little, of a file that unpacks to much."""
    content = bytearray(packed(("x.png", bytes(2**25))).getvalue())
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", 1000)
    (member,) = open_archive(io.BytesIO(bytes(content))).values()
    assert len(member.read()) == MAX_BYTES + 1
