"""Pairs of pictures to test with, the same on every run."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from imgdiff import Image
from imgdiff.types import Pixels

Picture = NDArray[np.uint8]

SAMPLES = Path(__file__).parents[1] / "samples"
PAGE_HEADLINE = "4 places changed: “Order more” → “Order now”, 4,160 → 4,310 and 2 other places."
"""Of the sample page."""


def image(pixels: Pixels, alpha: Picture | None = None) -> Image:
    """An Image of an array, gray or colour."""
    color = np.dstack([pixels] * 3) if pixels.ndim == 2 else pixels
    return Image(color, alpha, "test picture")


def photo(name: str, height: int, width: int) -> Picture:
    """The top left of one of scikit-image's photographs, in colour."""
    picture = getattr(data, name)()
    if picture.ndim == 2:
        picture = np.dstack([picture] * 3)
    assert picture.shape[0] >= height
    assert picture.shape[1] >= width
    return np.ascontiguousarray(picture[:height, :width, :3])


def drawing(height: int, width: int, seed: int = 0) -> Picture:
    """Flat shapes and lines on white, like a plan."""
    rng = np.random.default_rng(seed)
    canvas = np.full((height, width, 3), 255, np.uint8)
    for _ in range(30):
        corner = rng.integers(0, (width, height))
        size = rng.integers(5, max(6, min(height, width) // 4), 2)
        color = tuple(int(value) for value in rng.integers(0, 256, 3))
        far = corner + size
        cv2.rectangle(canvas, tuple(map(int, corner)), tuple(map(int, far)), color, -1)
        cv2.line(canvas, tuple(map(int, far)), tuple(map(int, rng.integers(0, (width, height)))), 0)
    return canvas


def edited(picture: Picture, seed: int = 1, count: int = 6) -> Picture:
    """A copy with a few patches painted or blurred."""
    rng = np.random.default_rng(seed)
    copy = picture.copy()
    height, width = picture.shape[:2]
    for index in range(count):
        h, w = rng.integers(4, max(5, min(height, width) // 6), 2)
        y, x = rng.integers(0, height - h), rng.integers(0, width - w)
        patch = copy[y : y + h, x : x + w]
        if index % 2:
            copy[y : y + h, x : x + w] = cv2.GaussianBlur(patch, (0, 0), 4)
        else:
            copy[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    return copy


def noisy(picture: Picture, sigma: float, seed: int = 2) -> Picture:
    """A copy with Gaussian noise of `sigma` gray levels."""
    noise = np.random.default_rng(seed).normal(0, 1, picture.shape)
    return np.clip(np.rint(picture + sigma * noise), 0, 255).astype(np.uint8)


def saved_as_jpeg(picture: Picture, quality: int = 85) -> Picture:
    """What is read back of an RGB picture saved as JPEG."""
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def write(folder: Path, name: str, picture: Picture) -> Path:
    """Save an RGB picture; the extension chooses the format."""
    path = folder / name
    cv2.imwrite(str(path), np.ascontiguousarray(picture[..., ::-1]))
    return path
