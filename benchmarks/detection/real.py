"""Real pairs whose changes are known, from a folder of anybody's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.detection.bases import Picture
from benchmarks.detection.edits import Change


@dataclass(frozen=True, slots=True)
class RealPair:
    """Two pictures and the places that changed, in the first one's frame."""

    group: str
    before: Picture
    after: Picture
    changes: tuple[Change, ...]


def real_pairs(folder: Path) -> Iterator[RealPair]:
    """The pairs that ``pairs.json`` lists with boxes or a mask.

    Each entry names `category`, `a` and `b` (files below ``pairs/``), and `gt_boxes_xyxy`
    (x0, y0, x1, y1) or `gt_mask`, a picture that is white where something changed.
    """
    for entry in json.loads((folder / "pairs.json").read_text("utf-8")):
        before, after = (_picture(folder / "pairs" / entry[side]) for side in ("a", "b"))
        shape = before.shape[:2]
        masks = []
        for x0, y0, x1, y1 in entry.get("gt_boxes_xyxy") or ():
            mask = np.zeros(shape, np.bool_)
            mask[int(y0) : int(y1), int(x0) : int(x1)] = True
            masks.append(mask)
        if entry.get("gt_mask"):
            _, labels = cv2.connectedComponents(
                (_picture(folder / "pairs" / entry["gt_mask"])[..., 0] > 127).astype(np.uint8)
            )
            masks = [labels == index for index in range(1, int(labels.max()) + 1)]
        if masks:
            changes = tuple(Change("changed", (mask,), 255) for mask in masks)
            yield RealPair(entry["category"], before, after, changes)


def _picture(path: Path) -> Picture:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise FileNotFoundError(path)
    return np.asarray(picture, np.uint8)
