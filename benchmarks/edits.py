"""Fourteen things that happen to a photograph, the same on every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

Photo = NDArray[np.uint8]

_CANVAS = 512


def _resized(photo: Photo, across: float, down: float) -> Photo:
    height, width = photo.shape[:2]
    size = (max(8, round(width * across)), max(8, round(height * down)))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)


def _turned(photo: Photo) -> Photo:
    """By 15 degrees, the corners mirrored as no camera would, rather than black."""
    height, width = photo.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 15, 1)
    turned = cv2.warpAffine(photo, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, np.uint8)


def _cropped(photo: Photo, left: float, top: float, share: float) -> Photo:
    height, width = photo.shape[:2]
    y, x = round(height * top), round(width * left)
    return photo[y : y + round(height * share), x : x + round(width * share)].copy()


def _tilted(photo: Photo) -> Photo:
    """Seen from the side and a little from above."""
    height, width = photo.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = np.array([(0.08, 0.04), (0.9, 0.14), (0.98, 0.88), (0.02, 0.97)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen * np.array((width, height), np.float32))
    return np.asarray(cv2.warpPerspective(photo, matrix, (width, height)), np.uint8)


def _tinted(photo: Photo) -> Photo:
    """Warmer, lighter, with more contrast."""
    levels = (photo / 255.0) ** 0.8 * (1.12, 1.0, 0.82)
    return np.rint(np.clip((levels - 0.5) * 1.2 + 0.5, 0, 1) * 255).astype(np.uint8)


def _gray(photo: Photo) -> Photo:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def _captioned(photo: Photo) -> Photo:
    """A bar with two lines of text over the lower fifth, and a frame."""
    copy = photo.copy()
    height, width = copy.shape[:2]
    top, size = round(0.8 * height), height / 400
    copy[top:] = (24, 24, 28)
    for line, text in enumerate(("A picture with a caption", "and a second line of it")):
        place = (round(0.04 * width), top + round((0.08 + 0.08 * line) * height))
        cv2.putText(copy, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (250, 220, 60), 2)
    cv2.rectangle(copy, (0, 0), (width - 1, height - 1), (200, 30, 30), max(2, width // 60))
    return copy


def _worn(photo: Photo) -> Photo:
    """Out of focus and noisy."""
    noise = np.random.default_rng(8).normal(0, 10, photo.shape)
    blurred = cv2.GaussianBlur(photo, (0, 0), max(photo.shape) / 400)
    return np.clip(np.rint(blurred + noise), 0, 255).astype(np.uint8)


def _collaged(photo: Photo) -> Photo:
    """One of four fields on a sheet, the others flat or striped."""
    half = _CANVAS // 2
    sheet = np.full((_CANVAS, _CANVAS, 3), 245, np.uint8)
    sheet[:half, half:] = (60, 120, 170)
    sheet[half:, :half:16] = (30, 30, 30)
    sheet[half:, half:] = np.linspace(0, 255, half, dtype=np.uint8)[:, None, None]
    sheet[:half, :half] = cv2.resize(photo, (half, half), interpolation=cv2.INTER_AREA)
    return sheet


def _squeezed(photo: Photo) -> Photo:
    """Saved as a JPEG of quality 12."""
    _, data = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, 12])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


EDITS: Mapping[str, Callable[[Photo], Photo]] = MappingProxyType(
    {
        "scaled to 35 %": lambda photo: _resized(photo, 0.35, 0.35),
        "stretched by 40 %": lambda photo: _resized(photo, 1, 1 / 1.4),
        "turned by 15°": _turned,
        "turned by 90°": lambda photo: np.ascontiguousarray(np.rot90(photo)),
        "cropped to the middle 70 %": lambda photo: _cropped(photo, 0.15, 0.15, 0.7),
        "cropped to a corner, 60 %": lambda photo: _cropped(photo, 0.4, 0.4, 0.6),
        "mirrored": lambda photo: np.ascontiguousarray(photo[:, ::-1]),
        "perspective": _tilted,
        "colour and contrast": _tinted,
        "gray": _gray,
        "caption and frame": _captioned,
        "blur and noise": _worn,
        "quarter of a collage": _collaged,
        "JPEG of quality 12": _squeezed,
    }
)
