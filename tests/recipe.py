"""The classic recipe, written as people write it, with scikit-image and OpenCV: our oracle.

Two mends, both asked of us: negative SSIM becomes 0 instead of wrapping round to white, and the
colour variant averages the channels' maps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity


@dataclass(frozen=True)
class PageResult:
    """What the recipe gives; pictures in OpenCV's BGR order."""

    score: float
    diff: NDArray[np.uint8]
    boxes: set[tuple[int, int, int, int]]
    before: NDArray[Any]
    after: NDArray[Any]
    diff_box: NDArray[Any]
    mask: NDArray[Any]
    filled: NDArray[Any]


def ssim_recipe(before_path: Path, after_path: Path, *, grayscale: bool) -> PageResult:
    before, after = cv2.imread(str(before_path)), cv2.imread(str(after_path))
    assert before is not None
    assert after is not None
    if grayscale:
        before_gray = cv2.cvtColor(before, cv2.COLOR_BGR2GRAY)
        after_gray = cv2.cvtColor(after, cv2.COLOR_BGR2GRAY)
        score, similarity = structural_similarity(before_gray, after_gray, full=True)
    else:
        score, similarity = structural_similarity(before, after, full=True, channel_axis=2)
        similarity = similarity.mean(axis=2)
    diff = (np.clip(similarity, 0, 1) * 255).astype("uint8")
    return _answer(before, after, score, diff)


def absdiff_recipe(before_path: Path, after_path: Path, *, grayscale: bool) -> PageResult:
    before, after = cv2.imread(str(before_path)), cv2.imread(str(after_path))
    assert before is not None
    assert after is not None
    if grayscale:
        distance = cv2.absdiff(
            cv2.cvtColor(before, cv2.COLOR_BGR2GRAY), cv2.cvtColor(after, cv2.COLOR_BGR2GRAY)
        )
    else:
        distance = cv2.absdiff(before, after).max(axis=2)
    diff = np.asarray(255 - distance, np.uint8)
    return _answer(before, after, float(np.mean(distance)), diff, area=_pixels)


def _pixels(contour: NDArray[Any]) -> float:
    """The pixels that a contour holds: by ``contourArea`` a line 1 px wide has none."""
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour - (x, y)], 0, 1, -1)
    return int(inside.sum())


def _answer(
    before: NDArray[Any],
    after: NDArray[Any],
    score: float,
    diff: NDArray[np.uint8],
    *,
    area: Callable[[NDArray[Any]], float] = cv2.contourArea,
) -> PageResult:
    thresh = cv2.threshold(diff, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    contours, _ = cv2.findContours(thresh.copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    diff_box = cv2.merge([diff, diff, diff])
    mask = np.zeros(before.shape, dtype="uint8")
    filled = after.copy()
    boxes = set()
    for c in contours:
        if area(c) > 40:
            x, y, w, h = cv2.boundingRect(c)
            boxes.add((x, y, w, h))
            cv2.rectangle(before, (x, y), (x + w, y + h), (36, 255, 12), 2)
            cv2.rectangle(after, (x, y), (x + w, y + h), (36, 255, 12), 2)
            cv2.rectangle(diff_box, (x, y), (x + w, y + h), (36, 255, 12), 2)
            cv2.drawContours(mask, [c], 0, (255, 255, 255), -1)
            cv2.drawContours(filled, [c], 0, (0, 255, 0), -1)
    return PageResult(score, diff, boxes, before, after, diff_box, mask, filled)
