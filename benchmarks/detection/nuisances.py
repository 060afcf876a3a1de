"""What happens to a picture that isn't a change: cameras, light, compression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.bases import Picture

Rng = np.random.Generator


def _picture(samples: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(np.rint(samples), 0, 255), np.uint8)


def none(picture: Picture, _: Rng) -> Picture:
    """Nothing."""
    return picture


def jpeg(picture: Picture, rng: Rng) -> Picture:
    """Compression, quality 30 to 90."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 91))]
    _, data = cv2.imencode(".jpg", picture[..., ::-1], quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def noise(picture: Picture, rng: Rng) -> Picture:
    """Gaussian noise of 2 to 10 levels, a fifth of it in whole pixels' brightness."""
    sigma = rng.uniform(2, 10)
    grain = rng.normal(0, sigma, picture.shape) + rng.normal(0, sigma / 3, (*picture.shape[:2], 1))
    return _picture(picture + grain)


def blur(picture: Picture, rng: Rng) -> Picture:
    """Out of focus by a σ of .6 to 1.8 px."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 1.8)), np.uint8)


def exposure(picture: Picture, rng: Rng) -> Picture:
    """Gain, gamma and white balance."""
    gain = rng.uniform(0.75, 1.3) * rng.uniform(0.95, 1.05, 3)
    return _picture(255 * gain * (picture / 255) ** rng.uniform(0.8, 1.25))


def light(picture: Picture, rng: Rng) -> Picture:
    """A gradient of light across the picture, up to ±30 %."""
    height, width = picture.shape[:2]
    angle, amount = rng.uniform(0, 2 * np.pi), rng.uniform(0.12, 0.3)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    field = 1 + amount * (x * np.cos(angle) + y * np.sin(angle)) - 0.1 * (x**2 + y**2)
    return _picture(picture * field[..., None])


def _warped(picture: Picture, matrix: NDArray[Any], size: tuple[int, int]) -> Picture:
    return np.asarray(
        cv2.warpPerspective(
            picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
        ),
        np.uint8,
    )


def _shifted(picture: Picture, x: float, y: float) -> Picture:
    matrix = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    return _warped(picture, matrix, (picture.shape[1], picture.shape[0]))


def subpixel(picture: Picture, rng: Rng) -> Picture:
    """Shifted by less than a pixel."""
    return _shifted(picture, *rng.uniform(0.15, 0.85, 2))


def shift(picture: Picture, rng: Rng) -> Picture:
    """Shifted by up to 20 px and a fraction."""
    return _shifted(picture, *rng.uniform(-20, 20, 2))


def resize(picture: Picture, rng: Rng) -> Picture:
    """Another size: .6 to 1.5 times."""
    scale = rng.uniform(0.6, 1.5)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way), np.uint8)


def crop(picture: Picture, rng: Rng) -> Picture:
    """Up to 8 % cut off at each side."""
    height, width = picture.shape[:2]
    top, left, bottom, right = rng.uniform(0.01, 0.08, 4)
    rows = slice(int(top * height), int((1 - bottom) * height))
    return np.ascontiguousarray(picture[rows, int(left * width) : int((1 - right) * width)])


def rotation(picture: Picture, rng: Rng) -> Picture:
    """Turned by up to 6° and scaled by up to 8 %."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D(
        (width / 2, height / 2), rng.uniform(-6, 6), rng.uniform(0.95, 1.08)
    )
    return _warped(picture, np.vstack([turn, [0, 0, 1]]), (width, height))


def perspective(picture: Picture, rng: Rng) -> Picture:
    """Seen from a little elsewhere: each corner moved by up to 4 %."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = corners + rng.uniform(-0.04, 0.04, (4, 2)).astype(np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, there.astype(np.float32))
    return _warped(picture, matrix, (width, height))


def lens(picture: Picture, rng: Rng) -> Picture:
    """Barrel or cushion distortion: up to 1 % at the corner."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    u, v = (x - width / 2) / width * 2, (y - height / 2) / width * 2
    factor = 1 + rng.choice([-1, 1]) * rng.uniform(0.004, 0.012) * (u**2 + v**2)
    columns = (u * factor * width / 2 + width / 2).astype(np.float32)
    rows = (v * factor * width / 2 + height / 2).astype(np.float32)
    return np.asarray(
        cv2.remap(picture, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )


def _lighter_half(picture: Picture, rng: Rng) -> Picture:
    """Exposure and light, half as much."""
    return np.asarray(cv2.addWeighted(picture, 0.5, light(exposure(picture, rng), rng), 0.5, 0))


def handheld(picture: Picture, rng: Rng) -> Picture:
    """The same camera again: moved, another exposure, grain, JPEG."""
    again = _lighter_half(rotation(_shifted(picture, *rng.uniform(-4, 4, 2)), rng), rng)
    return jpeg(_picture(again + rng.normal(0, 2, again.shape)), rng)


def stress(picture: Picture, rng: Rng) -> Picture:
    """All at once."""
    view = blur(lens(perspective(resize(picture, rng), rng), rng), rng)
    return jpeg(noise(light(exposure(view, rng), rng), rng), rng)


NUISANCES: Mapping[str, Callable[[Picture, Rng], Picture]] = {
    nuisance.__name__: nuisance
    for nuisance in (
        none, jpeg, noise, blur, exposure, light, subpixel, shift, resize, crop, rotation,
        perspective, lens, handheld, stress,
    )
}  # fmt: skip
