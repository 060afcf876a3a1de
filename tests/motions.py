"""Motions made on purpose, and how far from them alignment ends."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff import Pair

from .pictures import Picture

Matrix = NDArray[np.float64]


def similarity(turn: float, scale: float, picture: Picture) -> Matrix:
    """Turn (degrees) and enlarge about the middle."""
    height, width = picture.shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    cos, sin = scale * np.cos(np.deg2rad(turn)), scale * np.sin(np.deg2rad(turn))
    linear = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    there = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    return np.asarray(there @ linear @ inverse(there), np.float64)


def inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def warped(picture: Picture, matrix: Matrix) -> Picture:
    size = picture.shape[1], picture.shape[0]
    moved = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LANCZOS4)
    return np.asarray(moved, np.uint8)


def corner_error(pair: Pair, truth: Matrix) -> float:
    """Mean distance, px, of the test picture's corners from where `truth` takes them."""
    right, bottom = pair.unmoved.width - 1, pair.unmoved.height - 1
    ends = np.array([[0, 0, 1], [right, 0, 1], [right, bottom, 1], [0, bottom, 1]], np.float64)
    ours, theirs = (ends @ matrix.T for matrix in (pair.transform, truth))
    gaps = ours[:, :2] / ours[:, 2:] - theirs[:, :2] / theirs[:, 2:]
    return float(np.linalg.norm(gaps, axis=1).mean())


def untouched(pair: Pair) -> bool:
    moved = pair.aligned or pair.test is not pair.unmoved
    return pair.related and not moved and bool(pair.valid.all())
