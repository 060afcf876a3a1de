"""Points that a small network describes, for pictures that keypoints made by hand don't match.

XFeat finds the same places in other seasons, at night, in infrared and on maps.

References
----------
G. Potje et al., "XFeat: accelerated features for lightweight image matching", CVPR 2024,
arXiv:2404.19174.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, Points, Size, rescale
from imgdiff.alignment.quality import Gray, Levels
from imgdiff.types import Mask

CANVAS: Size = (640, 480)
"""Of the picture that the network looks at, px."""

_CELL = 8
_USUAL = 70
"""Level of what is as steep as its surroundings are on the whole."""

_MODEL = Path(__file__).parents[1] / "models" / "xfeat.onnx"

_lock = Lock()
"""A network holds its input between `setInput` and `forward`: one picture at a time."""

Vectors: TypeAlias = NDArray[np.float32]
"""(N, 64), each of length 1."""


@dataclass(frozen=True, slots=True)
class LearnedLimits:
    """Which places are described; the values are those that the network was published with.

    Attributes
    ----------
    neighbourhood : int
        Of places within so many px across and down only the likeliest is taken.
    certainty : float
        How likely, 0 to 1, a place must be to be taken.
    most : int
        Places described at most, the most reliable first.
    fine, around : float
        Standard deviations, px, of the Gaussians that smooth a picture before its slopes are
        taken, and over which they are made even.
    faint : float
        Slope, levels a pixel, beside which an even surface is one.
    """

    neighbourhood: int = 5
    certainty: float = 0.05
    most: int = 2048
    fine: float = 1.2
    around: float = 12
    faint: float = 0.5


LEARNED = LearnedLimits()


@dataclass(frozen=True, slots=True, eq=False)
class LearnedPoints:
    """Places on the canvas and what they look like.

    Attributes
    ----------
    places : ndarray of float64, shape (N, 2)
        px of the canvas.
    vectors : ndarray of float32, shape (N, 64)
        Of length 1; the more alike two places are, the nearer to 1 is their product.
    """

    places: Points
    vectors: Vectors

    def where(self, chosen: Mask) -> LearnedPoints:
        """Some of the places."""
        return LearnedPoints(self.places[chosen], self.vectors[chosen])


def onto_canvas(size: Size) -> Matrix:
    """From a picture of `size` to the canvas: as large as it fits there, at the top left."""
    scale = min(CANVAS[0] / size[0], CANVAS[1] / size[1])
    return rescale(size, (max(1, round(scale * size[0])), max(1, round(scale * size[1]))))


def drawn_on_canvas(gray: Gray) -> Levels:
    """A picture on the canvas, its mean around it; (480, 640)."""
    height, width = gray.shape
    frame = onto_canvas((width, height))
    size = round(width * frame[0, 0]), round(height * frame[1, 1])
    way = cv2.INTER_AREA if size[0] < width else cv2.INTER_LINEAR
    small = cv2.resize(gray, size, interpolation=way)
    canvas = np.full(CANVAS[::-1], small.mean(), np.float32)
    canvas[: size[1], : size[0]] = small
    return canvas


def even_edges(gray: Gray) -> Gray:
    """How steep a picture is, compared with what is around: a negative has the same edges."""
    smooth = cv2.GaussianBlur(gray, (0, 0), LEARNED.fine).astype(np.float32)
    # Sobel's weights add up to 8 a pixel of slope.
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    slopes = cv2.magnitude(across, down)
    usual = cv2.GaussianBlur(slopes, (0, 0), LEARNED.around) + LEARNED.faint
    return np.asarray(np.clip(_USUAL * slopes / usual, 0, 255), np.uint8)


def learned_points(canvas: Levels) -> LearnedPoints:
    """The places of a canvas (480, 640) that can be recognised, most reliable first."""
    spread = float(canvas.std()) + 1e-3
    normal = np.ascontiguousarray((canvas - canvas.mean()) / spread, np.float32)
    with _lock:
        network = _network()
        network.setInput(normal[None, None])
        outputs = network.forward(["descriptors", "places", "reliable"])
        features, logits, reliable = (np.array(output[0], np.float32) for output in outputs)
    heat = _heat(logits)
    places = _peaks(heat)
    if not len(places):
        return LearnedPoints(np.empty((0, 2)), np.empty((0, 64), np.float32))
    x, y = places.T
    scores = heat[y, x] * _at(reliable, places, cv2.INTER_LINEAR)[:, 0]
    best = np.argsort(-scores, kind="stable")[: LEARNED.most]
    vectors = _at(features / _length(features, 0), places[best], cv2.INTER_CUBIC)
    return LearnedPoints(places[best].astype(np.float64), vectors / _length(vectors, 1))


def _heat(logits: NDArray[np.float32]) -> Levels:
    """How likely each pixel is the place of its cell, if its cell has any; (480, 640)."""
    shares = np.exp(logits - logits.max(axis=0))
    shares /= shares.sum(axis=0)
    rows, columns = logits.shape[1:]
    cells = shares[:-1].reshape(_CELL, _CELL, rows, columns).transpose(2, 0, 3, 1)
    return np.asarray(cells.reshape(rows * _CELL, columns * _CELL), np.float32)


def _peaks(heat: Levels) -> NDArray[np.int64]:
    """Places (N, 2), x and y, likelier than all around them."""
    around = np.ones((LEARNED.neighbourhood,) * 2, np.uint8)
    y, x = np.nonzero((heat == cv2.dilate(heat, around)) & (heat > LEARNED.certainty))
    return np.stack([x, y], 1)


def _at(maps: NDArray[np.float32], places: NDArray[np.int64], way: int) -> Vectors:
    """Maps of the cells (C, 60, 80) between the cells, at places of the canvas; (N, C)."""
    rows, columns = maps.shape[1:]
    x = (places[:, 0] * (columns / (CANVAS[0] - 1)) - 0.5).astype(np.float32)
    y = (places[:, 1] * (rows / (CANVAS[1] - 1)) - 0.5).astype(np.float32)
    # OpenCV takes four channels at a time.
    parts = [
        cv2.remap(np.ascontiguousarray(maps[i : i + 4].transpose(1, 2, 0)), x, y, way)
        for i in range(0, len(maps), 4)
    ]
    return np.concatenate([part.reshape(len(places), -1) for part in parts], 1)


def _length(vectors: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(vectors, axis=axis, keepdims=True) + 1e-12, np.float32)


def read_network() -> None:
    """Read the network now: behind the lock of a worker no file can be opened."""
    _network()


@cache
def _network() -> cv2.dnn.Net:
    # From bytes: OpenCV can't open every path that Python can.
    data = np.frombuffer(_MODEL.read_bytes(), np.uint8)
    return cv2.dnn.readNetFromONNX(data, cv2.dnn.ENGINE_NEW)
