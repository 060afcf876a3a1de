"""EfficientNet-Lite2, the model that comes with imgdiff: 4.8 million weights, run by OpenCV.

References
----------
M. Tan, Q. V. Le, "EfficientNet: rethinking model scaling for convolutional neural networks",
ICML 2019, arXiv:1905.11946.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.similar.embedding.bands import Bands
from imgdiff.similar.embedding.vectors import Vector, pooled, unit
from imgdiff.types import Picture

KEY = "efficientnet-lite2"
BANDS = Bands(identical=0.80, similar=0.55, related=0.30, measured=True)

_FOLDER = Path(__file__).parents[2] / "models"
_SIZE = 260

_lock = Lock()
"""A network holds its input between `setInput` and `forward`: one picture at a time."""


def embed_pixels(picture: Picture) -> Vector:
    """The vector of a picture, (H, W, 3) uint8 sRGB → (2560,) float32 of length 1.

    The whole picture counts, whatever its shape. What all photographs have in common is taken
    away, so that pictures of different things come out near 0.
    """
    side = min(picture.shape[:2])
    shrink = cv2.INTER_AREA if side > _SIZE else cv2.INTER_CUBIC
    small = cv2.resize(picture, (_SIZE, _SIZE), interpolation=shrink)
    # As the network was trained: samples from -1 to 1, channels first.
    tensor = ((small.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None]
    with _lock:
        network = _network()
        network.setInput(np.ascontiguousarray(tensor))
        features = network.forward()[0].astype(np.float32)
    return unit(pooled(features) - _mean())


def read_model() -> None:
    """Read the network, where no file can be opened later."""
    _network()
    _mean()


@cache
def _network() -> cv2.dnn.Net:
    file = _FOLDER / "efficientnet-lite2.onnx"
    # From bytes: OpenCV can't open every path that Python can.
    data = np.frombuffer(file.read_bytes(), np.uint8)
    return cv2.dnn.readNetFromONNX(data, cv2.dnn.ENGINE_NEW)


@cache
def _mean() -> NDArray[np.float32]:
    """Mean of the pooled vectors of 336 unrelated photographs."""
    return np.asarray(np.load(_FOLDER / "efficientnet-lite2-mean.npy"), np.float32)
