"""How alike pages are, of whole documents at once: by their words, else by their looks."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.types import INK_SIDE, Floats, Mask, PageSketch

_FEW: Final = 8
"""Words: on a page with fewer, pictures say more."""
_BUCKETS: Final = 8192
_BLANK: Final = 8
"""Levels of ink: paper has less everywhere."""
_FINE, _SMOOTH = 1, 4
"""Cells: σ of the details that count. Of scans, turned by up to .7° and 1 % larger or smaller, the
same page has ≥ .82 then and another ≤ .52; with σ .8 it is .72 and .46, with 1.2 and 8 .82 and .75.
"""
_SHIFT: Final = 6
"""Cells, 5 % of the page: as far as a scanner moves it."""
_COARSE_SIDE: Final = 32
_NEAR: Final = (-1, 0, 1)
"""Cells of the coarse look."""
_LIKELY: Final = 24
"""Pages that each is looked at with."""
_UNLIKELY: Final = 0.1
"""Correlation by which a page must look better turned, to be taken for turned."""


def likeness_of_pages(before: Sequence[PageSketch], after: Sequence[PageSketch]) -> Floats:
    """How alike each page is to each of the other document.

    Returns
    -------
    ndarray of floating, shape (len(before), len(after))
        1 = equal, 0 = nothing alike. Of pages with a text layer it is the cosine between their
        words and pairs of words, each weighed by how few pages have it (tf-idf); of others, the
        correlation of their ink at the best of a few shifts and turns.
    """
    both = _both([_has_words(page) for page in before], [_has_words(page) for page in after])
    if both.all():
        return _by_words(before, after)
    looks = _by_looks(before, after)
    return np.where(both, _by_words(before, after), looks) if both.any() else looks


def is_blank_page(page: PageSketch) -> bool:
    """Whether there is nothing on it; of one that can't be drawn, nobody knows."""
    return not page.error and not page.text.strip() and max(page.ink, default=0) < _BLANK


def _has_words(page: PageSketch) -> bool:
    return len(page.text.split()) >= _FEW


def _by_words(before: Sequence[PageSketch], after: Sequence[PageSketch]) -> Floats:
    counts = [_word_counts(page.text) for page in (*before, *after)]
    pages_with = Counter(bucket for count in counts for bucket in count)
    vectors = np.zeros((len(counts), _BUCKETS), np.float32)
    for row, count in enumerate(counts):
        for bucket, times in count.items():
            rarity = math.log((1 + len(counts)) / pages_with[bucket]) + 0.1
            vectors[row, bucket] = (1 + math.log(times)) * rarity
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors[: len(before)] @ vectors[len(before) :].T)


def _word_counts(text: str) -> Counter[int]:
    """How often each word and each pair of words comes, by the bucket that it falls into."""
    words = text.split()
    terms = [*words, *map(" ".join, pairwise(words))]
    return Counter(zlib.crc32(term.encode()) % _BUCKETS for term in terms)


def _by_looks(before: Sequence[PageSketch], after: Sequence[PageSketch]) -> Floats:
    """Correlation of ink; exact for likely pairs, and 0 for those that a coarse look rules out."""
    coarse, turns = _coarse_look(before, after)
    likely = np.argsort(coarse, axis=1)[:, -_LIKELY:]
    ours = [_detail(page, INK_SIDE) for page in before]
    theirs = [_detail(page, INK_SIDE) for page in after]
    likeness = np.zeros(coarse.shape, np.float32)
    for row, detail in enumerate(ours):
        for column in likely[row]:
            turned = np.rot90(theirs[column], turns[row, column])
            likeness[row, column] = _correlation(detail, turned)
    likeness[_both(map(is_blank_page, before), map(is_blank_page, after))] = 1
    return likeness


def _coarse_look(
    before: Sequence[PageSketch], after: Sequence[PageSketch]
) -> tuple[Floats, NDArray[np.intp]]:
    """Correlation of ink in few cells, all pages at once; and the quarter turns that suit best."""
    ours = np.array([_detail(page, _COARSE_SIDE) for page in before])
    theirs = np.array([_detail(page, _COARSE_SIDE) for page in after])
    looks = []
    for turn in range(4):
        turned = np.rot90(theirs, turn, axes=(1, 2))
        moved = [np.roll(turned, (down, right), (1, 2)) for down in _NEAR for right in _NEAR]
        products = [
            ours.reshape(len(ours), -1) @ other.reshape(len(other), -1).T for other in moved
        ]
        looks.append(np.max(products, axis=0) - (_UNLIKELY if turn else 0))
    return np.max(looks, axis=0), np.argmax(looks, axis=0)


def _correlation(one: Floats, other: Floats) -> float:
    """Of two maps of length 1, at the best of all shifts within `_SHIFT`."""
    spectrum = np.fft.rfft2(one) * np.conj(np.fft.rfft2(other))
    shifts = np.fft.irfft2(spectrum, s=one.shape)
    near = np.roll(shifts, (_SHIFT, _SHIFT), (0, 1))[: 2 * _SHIFT + 1, : 2 * _SHIFT + 1]
    return float(near.max())


def _both(before: Iterable[bool], after: Iterable[bool]) -> Mask:
    """Of each pair of pages, whether something holds of both."""
    ours, theirs = (np.array(list(holds), bool) for holds in (before, after))
    return np.asarray(ours[:, None] & theirs[None, :], np.bool_)


def _detail(page: PageSketch, side: int) -> Floats:
    """The page's ink without what is smooth, (side, side), of mean 0 and length 1; 0 if blank."""
    if page.error or is_blank_page(page):
        return np.zeros((side, side), np.float32)
    ink = np.frombuffer(page.ink, np.uint8).reshape(INK_SIDE, INK_SIDE).astype(np.float32)
    if side < INK_SIDE:
        ink = np.asarray(cv2.resize(ink, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    detail = cv2.GaussianBlur(ink, (0, 0), _FINE) - cv2.GaussianBlur(ink, (0, 0), _SMOOTH)
    detail -= detail.mean()
    return np.asarray(detail / max(float(np.linalg.norm(detail)), 1e-9), np.float32)
