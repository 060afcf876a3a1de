"""Who looks for the changes: imgdiff, the classic recipe, and peers where they are installed."""

from __future__ import annotations

import importlib.util
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.detection.bases import Picture
from benchmarks.detection.scoring import Found
from imgdiff import Image, ImgdiffError, Settings, compare

PIXELMATCH = Path(__file__).parents[1] / "node_modules" / ".bin" / "pixelmatch"
RECIPE = Settings(method="ssim", grayscale=True, align="none", min_area=40)

_BLAZEDIFF = {
    "addition": "added", "deletion": "removed", "shift": "moved", "color-change": "recoloured",
}  # fmt: skip
"""Its words for kinds, in ours."""

Rival = Callable[[Picture, Picture], Found]


def _imgdiff(before: Picture, after: Picture, settings: Settings) -> Found:
    try:
        result = compare(_image(before, "before"), _image(after, "after"), settings)
    except ImgdiffError:  # it says why it can't; that finds nothing
        return Found(())
    boxes = [(r.box.x, r.box.y, r.box.width, r.box.height) for r in result.regions]
    kinds = [region.kind for region in result.regions]
    known = any(region.confidence is not None for region in result.regions)
    confidences = [1 if r.confidence is None else r.confidence for r in result.regions if known]
    return Found(boxes, kinds, confidences, result.changed)


def _image(picture: Picture, name: str) -> Image:
    alpha = np.ascontiguousarray(picture[..., 3]) if picture.shape[2] == 4 else None
    return Image(np.ascontiguousarray(picture[..., :3]), alpha, name)


def changes(before: Picture, after: Picture) -> Found:
    """Imgdiff as it comes."""
    return _imgdiff(before, after, Settings())


def recipe(before: Picture, after: Picture) -> Found:
    """SSIM, Otsu's threshold, outlines; of pictures of another size, after resizing."""
    return _imgdiff(before, _fitted(after, before), RECIPE)


def aligned_recipe(before: Picture, after: Picture) -> Found:
    """The recipe after imgdiff's alignment."""
    return _imgdiff(before, after, Settings(method="ssim", grayscale=True, min_area=40))


def pixelmatch(before: Picture, after: Picture) -> Found:
    """pixelmatch, its coloured pixels as connected places."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.png" for name in ("before", "after", "diff")]
        for path, picture in zip(paths, (before, _fitted(after, before)), strict=False):
            cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        subprocess.run([PIXELMATCH, *paths, "0.1"], capture_output=True, check=False)
        diff = cv2.imread(str(paths[2]), cv2.IMREAD_COLOR_RGB)
    if diff is None:
        return Found(())
    red, green, blue = cv2.split(diff)
    mask = (red > 200) & (green < 100) & (blue < 100)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:]]
    return Found(boxes, mask=mask)


def blazediff(before: Picture, after: Picture) -> Found:
    """blazediff-interpret: boxes with kinds."""
    module: Any = importlib.import_module("blazediff_interpret")
    data = []
    for picture in (before, _fitted(after, before)):
        _, png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        data.append(png.tobytes())
    regions = module.interpret_buffers(*data)["regions"]
    boxes = [
        (box["x"], box["y"], box["width"], box["height"])
        for box in (region["bbox"] for region in regions)
    ]
    return Found(boxes, [_BLAZEDIFF.get(r["changeType"], "changed") for r in regions])


def _fitted(picture: Picture, other: Picture) -> Picture:
    """Resized to the other's size: what someone without alignment would do."""
    size = other.shape[1], other.shape[0]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def rivals() -> Mapping[str, Rival]:
    """All that can run here, ours first."""
    found: dict[str, Rival] = {
        "imgdiff": changes, "recipe": recipe, "recipe, aligned": aligned_recipe,
    }  # fmt: skip
    if PIXELMATCH.exists():
        found["pixelmatch"] = pixelmatch
    if importlib.util.find_spec("blazediff_interpret"):
        found["blazediff-interpret"] = blazediff
    return found
