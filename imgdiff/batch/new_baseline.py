"""What was judged as meant becomes the new baseline: a ZIP archive, and a list for the command."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import Final

from imgdiff.batch.pairing import FilePair, StoredFile
from imgdiff.batch.row import Row, row_to_dict

ACCEPT_LIST: Final = "accepted.jsonl"
"""Of the list in the archive: a results file, which ``imgdiff accept --results`` reads."""
_FOLDER: Final = "baseline"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_DIFFERING: Final = ("changed", "added", "removed")


def accepted_rows(rows: Iterable[Row], meant: Iterable[str]) -> str:
    """The rows of what was meant, as a results file: a line of JSON each."""
    names = {*meant}
    return "".join(
        json.dumps(row_to_dict(row), ensure_ascii=False) + "\n"
        for row in rows
        if row.name in names and row.status in _DIFFERING
    )


def new_baseline(
    pairs: Iterable[FilePair],
    rows: Iterable[Row],
    meant: Iterable[str],
    content_of: Callable[[StoredFile], bytes],
) -> bytes:
    """The baseline as it's to be: of what was meant the picture after, of all else the one before.

    Parameters
    ----------
    pairs : iterable of FilePair
    rows : iterable of Row
        What came of them.
    meant : iterable of str
        Names of the pairs whose change was meant; of what was only removed, nothing stays.
    content_of : callable
        Reads a file.
    """
    names, found = {*meant}, [*rows]
    accepted = {row.name for row in found if row.name in names and row.status in _DIFFERING}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(ACCEPT_LIST, _DATE), accepted_rows(found, accepted))
        for pair in pairs:
            file = pair.after if pair.name in accepted else pair.before
            if file is not None:  # pictures are compressed already
                info = zipfile.ZipInfo(f"{_FOLDER}/{pair.name}", _DATE)
                archive.writestr(info, content_of(file))
    return target.getvalue()
