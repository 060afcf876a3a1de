"""Whether a place may hold writing: asked of the pixels alone, before any network is loaded."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Box, Mask, Picture

_ACROSS, _DOWN = 32, 8
"""What is looked at around a place, px: a single digit has neighbours."""

_FRAME = 4
"""Of a button, px: its rounded edge."""

_NEAR = 3
"""Px: some ground around a single digit."""

_WINDOW = 120
_LOWEST, _HIGHEST = 5, 90
"""Heights of letters, px."""

_WIDEST = 3.0
_LETTERS = 2
_ONE_ALONE = 0.8
"""So much of the variance two levels must explain for a single letter: a digit in a table."""

_CORE = 0.8
"""Share of the way from paper to ink."""

_TWO_TONES = 0.6
"""Share of the variance that two levels explain, paper and ink: of small blurred text .6 and more.
With this all of 75 drawn pages, scans and photographs of pages are taken for writing, and 1 of 6
places of photographs of other things (of a brick wall, all)."""

_OPEN = 0.6
"""Share of its box that a digit covers at most."""

_THICKEST, _ALWAYS_THIN = 0.16, 2.0
"""Half the width of a stroke, in heights of a letter: of bold faces .12. And in px: bold letters of
11 px, and such as a camera softened, are as thick as they are small."""

_PAGE = 0.4
_LARGEST = 6_000_000
"""Px of a page that is read as a whole: A4 at 200 dpi has 3.9 million."""

_LEAST_CONTRAST, _CLEAR_CONTRAST = 18.0, 60.0
"""Levels between ink and paper; of a letter that stands alone."""


def may_hold_writing(picture: Picture, box: Box) -> bool:
    """Whether a place of a picture, shape (H, W, 3), looks as if something were written there."""
    # Around it, for what a digit stands beside; inside, for what stands on a button; and close by,
    # for a digit that stands alone in a circle.
    return any(
        _has_letters(window)
        for margin in ((_ACROSS, _DOWN), (-_FRAME, -_FRAME), (_NEAR, _NEAR))
        for window in _windows(picture, box, *margin)
    )


def fits(picture: Picture) -> bool:
    """Whether a picture is small enough to be read as a whole."""
    height, width = picture.shape[:2]
    return bool(height * width <= _LARGEST)


def is_page(before: Picture, after: Picture) -> bool:
    """Whether one of two pictures is mostly text on plain ground."""
    return any(_written_share(picture) >= _PAGE for picture in (before, after))


def _written_share(picture: Picture) -> float:
    """Of the windows that hold anything at all, the share that holds letters."""
    holds = [
        _has_letters(window)
        for window in _windows(picture, Box(0, 0, picture.shape[1], picture.shape[0]), 0, 0)
        if np.ptp(window) > _LEAST_CONTRAST
    ]
    return sum(holds) / len(holds) if holds else 0.0


def _windows(picture: Picture, box: Box, across: int, down: int) -> Iterator[NDArray[np.uint8]]:
    """A place with more or less air, in gray, in pieces: a page has many tones, its lines two."""
    top, left = max(0, box.y - down), max(0, box.x - across)
    part = picture[top : box.y + box.height + down, left : box.x + box.width + across]
    for y in range(0, part.shape[0], _WINDOW):
        for x in range(0, part.shape[1], 3 * _WINDOW):
            window = np.ascontiguousarray(part[y : y + _WINDOW, x : x + 3 * _WINDOW])
            yield np.asarray(cv2.cvtColor(window, cv2.COLOR_RGB2GRAY), np.uint8)


def _has_letters(gray: NDArray[np.uint8]) -> bool:
    level, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    light = gray > level
    share = float(light.mean())
    if not 0 < share < 1:
        return False
    paper, ink = gray[light].mean(), gray[~light].mean()
    if share < 0.5:
        paper, ink = ink, paper
    explained = share * (1 - share) * (paper - ink) ** 2 / max(float(gray.var()), 1e-6)
    if abs(paper - ink) < _LEAST_CONTRAST or explained < _TWO_TONES:
        return False
    # Only what is as dark as ink mostly is: blurred letters touch each other in between.
    core = np.abs(gray - paper) > _CORE * abs(paper - ink)
    clear = explained >= _ONE_ALONE and abs(paper - ink) >= _CLEAR_CONTRAST
    return _are_letters(core, fewest=1 if clear else _LETTERS)


def _are_letters(core: Mask, *, fewest: int) -> bool:
    """Whether there are some things of the size of letters, of thin strokes."""
    marks = core.astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    letters = (heights >= _LOWEST) & (heights <= _HIGHEST) & (widths <= _WIDEST * heights)
    if int(letters.sum()) < fewest:
        return False
    if int(letters.sum()) < _LETTERS and not _is_digit(stats[1:][letters][0], core.shape):
        return False
    inner = cv2.distanceTransform(marks, cv2.DIST_L2, 3)
    thick = float(quantile(inner[core], 0.9))
    return thick <= max(_ALWAYS_THIN, _THICKEST * float(median(heights[letters])))


def _is_digit(mark: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    """Whether a thing stands free, and leaves as much of its box open as digits do."""
    left, top, width, height, area = mark.tolist()
    free = 0 < left < shape[1] - width and 0 < top < shape[0] - height
    return bool(free and area <= _OPEN * width * height)
