"""Visits to the page of a running server: what is uploaded, what is answered, how soon."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.visitor import Visitor

from . import pictures

PATIENCE = 600
"""Seconds; the last of 20 users waits for 19 others."""
ENDS = (
    *("changed.", "Nothing changed", "again in", "unexpected end", "needs longer"),
    *("more memory", "megapixels", "expected"),
)
"""One of these is in every sentence with which a comparison ends, well or not."""
Pairs = list[tuple[bytes, bytes]]


def pairs_of(megapixels: float, count: int) -> Pairs:
    """Pairs of photographs; each pair's files are its own, so that none is known already."""
    picture = pictures.photo(megapixels)
    with tempfile.TemporaryDirectory() as name:
        files = pictures.write_pair(Path(name), "p.jpg", picture, pictures.edited(picture))
        before, after = (file.read_bytes() for file in files)
    # What follows a JPEG's end counts for its digest alone.
    marks = [time.time_ns().to_bytes(8, "big") + bytes([index]) for index in range(count)]
    return [(before + mark, after + mark) for mark in marks]


def upload(visitor: Visitor, pair: tuple[bytes, bytes]) -> None:
    """Choose both pictures on the page."""
    for side, data in zip(("Before", "After"), pair, strict=True):
        visitor.choose(side, data)


def visit(address: str, pair: tuple[bytes, bytes]) -> tuple[str, float, list[str]]:
    """Upload and compare; the last sentence, after how many seconds, and all that was said."""
    with Visitor(address) as visitor:
        start = time.perf_counter()
        upload(visitor, pair)
        visitor.compare()
        sentence = visitor.wait_for(ENDS, PATIENCE)
        return sentence, time.perf_counter() - start, visitor.said
