"""Pages of text to align: rows put into them, and the same page through another lens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.bases import words
from benchmarks.detection.nuisances import NUISANCES
from imgdiff import Image, align, compare

Picture = NDArray[np.uint8]
Rng = np.random.Generator

KINDS = ("table", "list", "code", "chat", "article")
PITCH = {"table": 24, "list": 26, "code": 19, "chat": 40, "article": 20}


def _line(kind: str, rng: Rng) -> str:
    if kind == "list":
        return f"item   {rng.choice(['pending', 'done', 'open'])}   0.00"
    if kind == "table":
        return f"{words(rng, 1)}   {rng.integers(100, 99999) / 100:.2f}"
    return words(rng, 8 if kind == "article" else int(rng.integers(1, 6)))


def _page(kind: str, lines: list[str], *, width: int = 560, pitch: float | None = None) -> Picture:
    """Lines of one kind, drawn at twice the size, so that their height may be half a pixel."""
    step = 2 * (pitch or PITCH[kind])
    page = np.full((round(240 + step * len(lines)), 2 * width, 3), 255, np.uint8)
    for index, text in enumerate(lines):
        top = round(120 + index * step)
        if (kind == "table" and index % 2) or kind == "chat":
            page[top : top + round(step) - 4, 60:-60] = (244, 247, 250)
        cv2.putText(
            page, text[: (width - 80) // 9], (72, top + 28), 0, 0.85, (35, 35, 40), 2, cv2.LINE_AA
        )
    return np.asarray(cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _as_it_is(page: Picture, _: Rng) -> Picture:
    return page


def _saved(page: Picture, rng: Rng) -> Picture:
    quality = int(rng.integers(65, 90))
    _, file = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)


def _grainy(page: Picture, rng: Rng) -> Picture:
    return np.clip(page + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)


_WAYS: dict[str, Callable[[Picture, Rng], Picture]] = {
    "as it is": _as_it_is, "JPEG": _saved, "grain": _grainy, "half a pixel": _as_it_is,
    "two columns": _as_it_is,
}  # fmt: skip


def rows_put_in(seed: int) -> Iterator[str]:
    """One to three lines put into pages whose lines look alike, in 25 ways."""
    for way, change in _WAYS.items():
        right = []
        for number, kind in enumerate(KINDS):
            rng = np.random.default_rng([seed, number, len(way)])
            lines = [_line(kind, rng) for _ in range(22)]
            at, count = int(rng.integers(4, 14)), int(rng.integers(1, 4))
            more = [*lines[:at], *(_line(kind, rng) for _ in range(count)), *lines[at:]]
            pitch = PITCH[kind] + 0.5 * (way == "half a pixel")
            pages = [_page(kind, part, pitch=pitch) for part in (lines, more)]
            if way == "two columns":
                beside = _page("article", [_line("article", rng) for _ in range(32)])
                pages = [_beside(page, beside) for page in pages]
            before, after = (change(page, rng) for page in pages)
            blocks = align(_image(before), _image(after)).alignment.blocks
            counts = [b.count for b in blocks if b.kind == "added" and not b.at_end]
            right.append(len(counts) == 1 and abs(counts[0] - count * pitch) <= 1)
        yield f"{way} | {sum(right)} of {len(right)}"


def _beside(page: Picture, other: Picture) -> Picture:
    """Two columns as high as the other one."""
    rest = np.full((max(0, len(other) - len(page)), page.shape[1], 3), 255, np.uint8)
    return np.hstack([np.concatenate([page, rest])[: len(other)], other])


def pages_seen_again(seed: int) -> Iterator[str]:
    """Pages that text covers in part, seen through a lens or held in the hand: false places."""
    for name in ("lens", "handheld"):
        false = []
        for number in range(10):
            rng = np.random.default_rng([seed, number, len(name)])
            lines = [words(rng, int(rng.integers(3, 9))) for _ in range(int(rng.integers(10, 26)))]
            page = _page("article", lines, width=int(rng.integers(400, 640)))
            after = NUISANCES[name](page, rng)
            false.append(len(compare(_image(page), _image(after)).regions))
        yield f"{name} | {np.mean(false):.2f} | {max(false)}"


def _image(pixels: Picture) -> Image:
    return Image(np.ascontiguousarray(pixels), None, "page")
