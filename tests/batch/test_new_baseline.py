"""What was meant becomes the baseline; all else stays as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from imgdiff.batch import FilePair, Row
from imgdiff.batch.new_baseline import ACCEPT_LIST, new_baseline
from imgdiff.batch.results_file import read_results

PAIRS = [
    FilePair("changed.png", b"old", b"new"),
    FilePair("not meant.png", b"old", b"new"),
    FilePair("deep/added.png", None, b"new"),
    FilePair("removed.png", b"old", None),
    FilePair("kept.png", b"old", None),
    FilePair("equal.png", b"same", b"same"),
    FilePair("failed.png", b"old", b"damaged"),
]
ROWS = [
    Row("changed.png", "changed", "1 place changed."),
    Row("not meant.png", "changed", "1 place changed."),
    Row("deep/added.png", "added", "There is a picture after only."),
    Row("removed.png", "removed", "There is a picture before only."),
    Row("kept.png", "removed", "There is a picture before only."),
    Row("equal.png", "equal", "Nothing changed."),
    Row("failed.png", "failed", "It is damaged."),
]
MEANT = ["changed.png", "deep/added.png", "removed.png", "failed.png"]


def test_the_new_baseline_holds_what_was_meant(tmp_path: Path) -> None:
    data = new_baseline(PAIRS, ROWS, MEANT, lambda file: file if isinstance(file, bytes) else b"")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    (tmp_path / ACCEPT_LIST).write_bytes(found.pop(ACCEPT_LIST))
    assert {*read_results(tmp_path / ACCEPT_LIST)} == {
        "changed.png",
        "deep/added.png",
        "removed.png",
    }
    assert found == {
        "baseline/changed.png": b"new",
        "baseline/not meant.png": b"old",
        "baseline/deep/added.png": b"new",
        "baseline/kept.png": b"old",
        "baseline/equal.png": b"same",
        "baseline/failed.png": b"old",
    }
