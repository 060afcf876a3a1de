"""Pictures to measure with: deterministic, of any size, like photographs or like screenshots."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def photo(megapixels: float) -> Picture:
    """Blobs of all sizes and the grain of a sensor, 4:3."""
    rng = np.random.default_rng(1)
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    size = (round(height * 4 / 3), height)
    picture = np.full((height, size[0], 3), 128, np.float32)
    for cells in (4, 16, 64, 256):
        blobs = rng.normal(0, 1, (cells * 3, cells * 4, 3)).astype(np.float32)
        picture += 90 / cells**0.4 * cv2.resize(blobs, size, interpolation=cv2.INTER_CUBIC)
    picture += 3 * rng.standard_normal(picture.shape, np.float32)
    return np.clip(picture, 0, 255).astype(np.uint8)


def screenshot(width: int = 3840, height: int = 2160) -> Picture:
    """Panels with lines of something like text."""
    rng = np.random.default_rng(2)
    picture = np.full((height, width, 3), 245, np.uint8)
    for top in range(40, height - 200, 220):
        for left in range(40, width - 500, 520):
            cv2.rectangle(picture, (left, top), (left + 480, top + 190), (255, 255, 255), -1)
            for line in range(8):
                for x in range(left + 16, left + 16 + int(rng.integers(150, 440)), 9):
                    glyph = rng.integers(40, 120, (12, 6, 1))
                    picture[top + 14 + 21 * line :, x:][:12, :6] = glyph
    return picture


def edited(picture: Picture, count: int = 12) -> Picture:
    """A copy with small patches changed."""
    rng = np.random.default_rng(3)
    copy = picture.copy()
    for _ in range(count):
        y = int(rng.integers(0, picture.shape[0] - 60))
        x = int(rng.integers(0, picture.shape[1] - 90))
        copy[y : y + 24, x : x + 80] = 255 - copy[y : y + 24, x : x + 80]
    return copy


def reshot(picture: Picture) -> Picture:
    """An edited copy with grain of its own, so that hardly a pixel is equal."""
    rng = np.random.default_rng(4)
    grain = 3 * rng.standard_normal(picture.shape, np.float32)
    return np.asarray(np.clip(edited(picture) + grain, 0, 255), np.uint8)


def write_pair(folder: Path, name: str, before: Picture, after: Picture) -> tuple[Path, Path]:
    """Save both; the extension of `name` chooses the format, JPEG at quality 90."""
    paths = folder / f"before_{name}", folder / f"after_{name}"
    for path, picture in zip(paths, (before, after), strict=True):
        quality = [cv2.IMWRITE_JPEG_QUALITY, 90] if path.suffix == ".jpg" else []
        cv2.imwrite(str(path), picture, quality)
    return paths
