"""PP-OCRv6 tiny, which comes with imgdiff: one network finds lines of text, another reads them.

References
----------
PaddlePaddle Authors, PaddleOCR, PP-OCRv6 (2026); the detector is of the kind of M. Liao et al.,
"Real-time scene text detection with differentiable binarization", AAAI 2020, arXiv:1911.08947.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

_FOLDER = Path(__file__).parents[1] / "models"
_DETECTOR = "pp-ocrv6-tiny-detector.onnx"
_RECOGNISER = "pp-ocrv6-tiny-recogniser.onnx"
_CHARACTERS = "pp-ocrv6-tiny-characters.txt"

_lock = Lock()
"""A network holds its input between `setInput` and `forward`: one picture at a time."""


def text_likelihood(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely each pixel lies in the middle of a line of text.

    Parameters
    ----------
    tensor : ndarray of float32, shape (1, 3, H, W)
        Blue, green, red, normalised; the sides are multiples of 32.

    Returns
    -------
    ndarray of float32, shape (H, W)
        0 to 1.
    """
    return np.asarray(_run(_DETECTOR, tensor)[0, 0])


def character_probabilities(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is written on a line, from left to right.

    Parameters
    ----------
    tensor : ndarray of float32, shape (1, 3, 48, W)
        Blue, green, red, -1 to 1; the width is a multiple of 8.

    Returns
    -------
    ndarray of float32, shape (W / 8, 6906)
        Of each of the `characters`, summing to 1 in each of the frames of 8 px.
    """
    return np.asarray(_run(_RECOGNISER, tensor)[0])


@cache
def characters() -> tuple[str, ...]:
    """What the columns of `character_probabilities` stand for; the first is none: "blank"."""
    listed = (_FOLDER / _CHARACTERS).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return ("", *listed, " ")


@cache
def column_of_character() -> dict[str, int]:
    """The column of each character that can be read."""
    return {character: column for column, character in enumerate(characters()) if character}


def read_networks() -> None:
    """Read both networks, where no file can be opened later."""
    column_of_character()
    for name in (_DETECTOR, _RECOGNISER):
        _network(name)


def _run(name: str, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
    with _lock:
        network = _network(name)
        network.setInput(np.ascontiguousarray(tensor))
        return np.asarray(network.forward(), np.float32)


@cache
def _network(name: str) -> cv2.dnn.Net:
    # From bytes: OpenCV can't open every path that Python can.
    data = np.frombuffer((_FOLDER / name).read_bytes(), np.uint8)
    return cv2.dnn.readNetFromONNX(data, cv2.dnn.ENGINE_NEW)
