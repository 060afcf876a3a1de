"""Areas → the pixels that lie in them."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from imgdiff.errors import SettingsError
from imgdiff.types import Area, AreaMask, Box, Mask, Polygon


def pixels_in(areas: Iterable[Area], shape: tuple[int, int]) -> Mask:
    """Mask of `shape` (H, W), True inside any of the areas; they may reach beyond it.

    Raises
    ------
    SettingsError
        A box has no width or no height.
    """
    inside = np.zeros(shape, np.bool_)
    for area in areas:
        _add(inside, area)
    return inside


def _add(inside: Mask, area: Area) -> None:
    if isinstance(area, Polygon):
        corners = np.array(area.corners, np.int32)
        cv2.fillPoly(inside.view(np.uint8), [corners], (1,))
    elif isinstance(area, AreaMask):
        rows, columns = np.minimum(inside.shape, area.inside.shape)
        inside[:rows, :columns] |= area.inside[:rows, :columns]
    else:
        _check(area)
        top, left = max(0, area.y), max(0, area.x)
        inside[top : max(0, area.y + area.height), left : max(0, area.x + area.width)] = True


def _check(box: Box) -> None:
    if box.width <= 0 or box.height <= 0:
        raise SettingsError(
            "An area must have a width and a height, but one is "
            f"{box.width} × {box.height} at ({box.x}, {box.y}): correct or remove it."
        )
