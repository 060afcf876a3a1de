"""Review files: a ZIP of both pictures, the text about them, and the numbers; or the text alone.

See docs/review.md.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from imgdiff.errors import LoadError, ReviewError
from imgdiff.load.archive import Member, members_of
from imgdiff.load.limits import MAX_BYTES
from imgdiff.review.review_text import (
    MAX_TEXT,
    Enclosed,
    ReviewFile,
    review_from_json,
    review_to_json,
)

ENDING: Final = "imgdiff"
"""Of a review file's name, without the dot."""
MAX_REVIEW: Final = 2 * (MAX_BYTES + MAX_TEXT)
"""Bytes of a whole review file."""

TEXT, NUMBERS = "review.json", "numbers.json"
_PICTURES: Final = ("before", "after")
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP knows: the same review makes the same file."""


def is_review_name(name: str) -> bool:
    """Whether a file is taken for a review by its name."""
    return name.lower().endswith(f".{ENDING}")


def write_review(file: ReviewFile, *, numbers: str = "") -> bytes:
    """A review file.

    Parameters
    ----------
    file : ReviewFile
        What goes in; a picture without data is left out.
    numbers : str
        The comparison's numbers as JSON, for other programs; nobody reads them here.

    Raises
    ------
    ReviewError
        There are more judgements than a review file holds, or their notes are too long.
    """
    text = review_to_json(file).encode()
    if len(text) > MAX_TEXT:
        raise _too_long()
    parts = {TEXT: text, NUMBERS: numbers.encode()}
    parts |= {name: getattr(file, name).data for name in _PICTURES}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            if data:
                info = zipfile.ZipInfo(name, _DATE)
                # Pictures are compressed already.
                packed = name in (TEXT, NUMBERS)
                info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
                archive.writestr(info, data)
    return target.getvalue()


def read_review(data: bytes) -> ReviewFile:
    """A review file that anybody may have made; its pictures are as they came, not yet decoded.

    Raises
    ------
    ReviewError
        It's no review file, damaged, or made to do harm.
    """
    if len(data) > MAX_REVIEW:
        raise ReviewError(
            f"A review file may have {MAX_REVIEW >> 20} MB, but this one has more: "
            "save its pictures smaller."
        )
    if data.lstrip()[:1] == b"{":  # the text alone, as a report saves it
        return review_from_json(_decoded(data))
    members = _members(data)
    file = review_from_json(_text(members[TEXT]))
    return replace(
        file,
        before=_with_content(file.before, members.get("before")),
        after=_with_content(file.after, members.get("after")),
    )


def merge_reviews(files: Sequence[ReviewFile]) -> ReviewFile:
    """Several reviews of one pair in one: the first one's settings, everybody's judgements.

    Raises
    ------
    ReviewError
        They are of different pairs.
    """
    first = files[0]
    review = first.review
    for other in files[1:]:
        if _pair(other) != _pair(first):
            raise ReviewError(
                "Review files of one pair are expected, but these are of different pictures: "
                "merge those of each pair."
            )
        review = review.merged(other.review)
    with_pictures = next((file for file in files if file.before.data and file.after.data), first)
    return replace(first, before=with_pictures.before, after=with_pictures.after, review=review)


def _pair(file: ReviewFile) -> tuple[str, str]:
    return file.before.sha256, file.after.sha256


def _members(data: bytes) -> dict[str, Member]:
    try:
        found = members_of(io.BytesIO(data))
    except LoadError as error:
        raise ReviewError(
            f"A review file of imgdiff is expected, but this one can't be opened. {error}"
        ) from None
    members = {member.info.filename: member for member in found}
    if len(members) < len(found) or not {*members} <= {TEXT, NUMBERS, *_PICTURES}:
        raise ReviewError(
            f"A review file holds {TEXT}, {NUMBERS}, before and after, but this one holds "
            "something else: ask for it anew."
        )
    if TEXT not in members:
        raise ReviewError(f"A review file holds {TEXT}, but this one doesn't: ask for it anew.")
    return members


def _text(member: Member) -> str:
    if member.info.file_size > MAX_TEXT:
        raise _too_long()
    return _decoded(_content(member))


def _decoded(data: bytes) -> str:
    if len(data) > MAX_TEXT:
        raise _too_long()
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _damaged() from None


def _with_content(enclosed: Enclosed, member: Member | None) -> Enclosed:
    if member is None:
        return enclosed
    data = _content(member)
    if hashlib.sha256(data).hexdigest() != enclosed.sha256:
        raise _damaged()
    return replace(enclosed, data=data)


def _content(member: Member) -> bytes:
    try:
        data = member.read()
    except LoadError:
        raise _damaged() from None
    if len(data) > MAX_BYTES:
        raise ReviewError(
            f"A picture in a review file may have {MAX_BYTES >> 20} MB, but one has more: "
            "save it smaller."
        )
    return data


def _damaged() -> ReviewError:
    return ReviewError("This review file is damaged: copy or download it again.")


def _too_long() -> ReviewError:
    return ReviewError(
        f"The judgements of a review file may have {MAX_TEXT >> 20} MB, but these have more: "
        "shorten the notes."
    )
