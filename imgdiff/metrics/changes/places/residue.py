"""What is left of alignment: places that a small shift explains are no changes."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Samples, channels
from imgdiff.metrics.changes.octaves import BLUR
from imgdiff.metrics.changes.places.outline import Place, Window
from imgdiff.metrics.tiles import Scratch, Tile, sum_over
from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Mask

_SHIFT = 3
"""Px."""

_EXPLAINED = 0.35
"""A shift explains a place if it brings the squared difference below this share."""

_BLOCK, _STRUCTURE = 16, 8.0
"""Px of a block, and mean squared gradient, levels² per px², that its motion is told by."""

_SMOOTHED = 6
"""Px around a tile that the products in it depend on, and no less: blur of σ 1, and gradient."""

_TILE_ROWS, _TILE_COLUMNS = 96, 512
"""Whole blocks."""

_STEPS = 2
"""Of Lucas and Kanade's iteration."""

_MARGIN = 6
"""Px around a place that must fit too."""

_REACH = 2
"""As far as an edge may lie elsewhere, px, where it lies about right."""

_SMALL, _SMALL_PEAK, _RIM_PEAK, _RIM = 120, 1.7, 3.5, 12
"""Interpolated, places under so many px need a peak so many times the threshold; of any size, and
more, within the last px of the border."""

_INK, _INK_PIXELS = 60.0, 4
"""Levels, and px, of what has nothing like it within 2 px: of a digit that became another in a
drawing scanned askew, 143 levels, 6 px; what interpolation leaves of thin lines has none."""

_RISE, _SMOOTH, _HEIGHT, _STEEPEST = 8.5, 2, 0.9, 0.98
"""Px over which a difference rises to what it is, from which on it has no edge, once it's smoothed
by this σ, px; by these quantiles of its size and slope. On the bench's tuning half 9.4 and more of
what a correction of light leaves in corners, and up to 7.6 of things that came or went."""


_THIN, _BESIDE, _STRAY = 0.4, 36, 4
"""Share of a place, and levels, that lines drawn anew may differ by beyond what lies one pixel
around, but for so many pixels. Of charts at two sizes: up to 35 levels of lines, 23 of digits;
changed digits, dots and bars leave from 44."""


def slack(before: Samples, after: Samples, valid: Mask) -> float:
    """How far the edges of one picture lie from those of the other: the median of blocks, px.

    What changed has no say in it, as long as it's less than half of what there is to see.

    Parameters
    ----------
    before, after : ndarray of float32, shape (h, w)
        Luma, matched in light and focus.
    valid : ndarray of bool, shape (h, w)
        Where to look.

    Returns
    -------
    float
        0 where there are no edges. Motions of more than a pixel or two are told as too small.
    """
    size = valid.shape[1] // _BLOCK, valid.shape[0] // _BLOCK
    if not min(size):
        return 0
    means = np.empty((5, *size[::-1]), np.float32)
    whole = Tile(0, valid.shape[0], 0, valid.shape[1])

    def fill(tile: Tile, _: Scratch) -> float:
        wide = tile.grown(_SMOOTHED).within(whole)
        inner = tile.shifted(-wide.top, -wide.left).slices
        blocks = tuple(slice(s.start // _BLOCK, s.stop // _BLOCK) for s in tile.slices)
        for mean, product in zip(
            means, _products(before[wide.slices], after[wide.slices]), strict=True
        ):
            place = mean[blocks]
            cv2.resize(product[inner], place.shape[::-1], place, interpolation=cv2.INTER_AREA)
        return 0

    blocked = Tile(0, size[1] * _BLOCK, 0, size[0] * _BLOCK)
    sum_over(fill, list(blocked.split(_TILE_ROWS, _TILE_COLUMNS)))
    xx, xy, yy, xt, yt = means
    told = xx + yy > _STRUCTURE
    if not told.any():
        return 0
    xx, yy = xx + 1, yy + 1
    flow = np.hypot(yy * xt - xy * yt, xx * yt - xy * xt) / (xx * yy - xy * xy)
    return float(median(flow[told]))


def _products(before: Samples, after: Samples) -> Iterator[Samples]:
    """Of two smoothed pictures, what their motion is told by: xx, xy, yy, xt and yt."""
    a, b = (cv2.GaussianBlur(p, (0, 0), 1) for p in (before, after))
    middle = cv2.addWeighted(a, 0.5, b, 0.5, 0)
    across, down = (cv2.Sobel(middle, cv2.CV_32F, *axis, scale=0.125) for axis in ((1, 0), (0, 1)))
    step = cv2.subtract(b, a)
    pairs = (across, across), (across, down), (down, down), (across, step), (down, step)
    yield from (np.asarray(cv2.multiply(*pair), np.float32) for pair in pairs)


def too_faint(
    place: Place, z: Samples, seed: float, valid: Mask, soft: tuple[Samples, Samples]
) -> bool:
    """Whether a place is so small that interpolation may have made it, and not sharp enough.

    Unless it has ink that isn't near by in the other picture at all, as another digit has. More is
    asked of places along the border of what both pictures show: a camera that moved sees anew
    there, and nothing around them tells that they lie right.

    Parameters
    ----------
    place : Place
        On the grid of the pictures.
    z : ndarray of float32, shape (h, w)
        The difference in units of noise.
    seed : float
        The z of what is certain.
    valid : ndarray of bool, shape (h, w)
        What both pictures show.
    soft : tuple of two ndarray of float32, shape (h, w, C)
        Both, matched in light and focus.
    """
    peak = float(z[place.slices][place.mask].max())
    if _lies_on_rim(place, valid):
        return peak < _RIM_PEAK * seed
    if place.area >= _SMALL or peak >= _SMALL_PEAK * seed:
        return False
    ink = firm(*soft, place.slices)[place.mask] > _INK
    return bool(np.count_nonzero(ink) < _INK_PIXELS)


def has_no_edge(place: Place, before: Samples, after: Samples) -> bool:
    """Whether a difference rises so slowly all around that it's light rather than a thing.

    Corrections of light that fell unevenly leave that, in corners mostly.

    Parameters
    ----------
    place : Place
        On the grid of the pictures.
    before, after : ndarray of float32, shape (h, w, C)
        Matched in light and focus.
    """
    around, within = _around(place.slices)
    step = cv2.GaussianBlur(after[around] - before[around], (0, 0), _SMOOTH)
    slopes = [cv2.Sobel(step, cv2.CV_32F, *axis, scale=0.125) for axis in ((1, 0), (0, 1))]
    level, steep = (
        np.sqrt(sum(np.square(channels(p)).sum(axis=2) for p in planes))
        for planes in ([step], slopes)
    )
    inside = np.zeros(level.shape, np.bool_)
    inside[within] = place.mask
    height = quantile(level[inside], _HEIGHT)
    return bool(height > _RISE * quantile(steep, _STEEPEST))


def _lies_on_rim(place: Place, valid: Mask) -> bool:
    """Whether a place lies along the border, within a few pixels of it."""
    box, (height, width) = place.box, valid.shape
    reach = min(box.x + box.width, box.y + box.height, width - box.x, height - box.y)
    if reach <= _RIM:
        return True
    around, _ = _around(place.slices)
    return min(box.width, box.height) <= _RIM and not bool(valid[around].all())


def _around(window: Window) -> tuple[Window, Window]:
    """A window with a margin, none beyond the first row and column; and the window in it."""
    around = tuple(slice(max(0, s.start - _MARGIN), s.stop + _MARGIN) for s in window)
    within = tuple(
        slice(s.start - wide.start, s.stop - wide.start)
        for s, wide in zip(window, around, strict=True)
    )
    return (around[0], around[1]), (within[0], within[1])


def shift_explains(place: Place, before: Samples, after: Samples) -> bool:
    """Whether a shift of up to 3 px makes the surroundings of a place alike.

    Parameters
    ----------
    place : Place
        On the grid of the pictures.
    before, after : ndarray of float32, shape (h, w, C)
        Matched in light and focus.
    """
    height, width = before.shape[:2]
    box = place.box
    top, left = max(_SHIFT, box.y - _MARGIN), max(_SHIFT, box.x - _MARGIN)
    bottom = min(height - _SHIFT, box.y + box.height + _MARGIN)
    right = min(width - _SHIFT, box.x + box.width + _MARGIN)
    size = bottom - top, right - left
    if min(size) < 8 or size[0] * size[1] > 0.25 * width * height:
        return False
    here = before[top:bottom, left:right]
    there = after[top - _SHIFT : bottom + _SHIFT, left - _SHIFT : right + _SHIFT]
    residue = np.square(after[top:bottom, left:right] - here).sum()
    return bool(np.square(_shifted_onto(there, here) - here).sum() < _EXPLAINED * residue)


def lies_beside(left: Samples, fine: Samples) -> bool:
    """Whether all lines of a place are those of the other picture, a pixel further on.

    So it is of what was drawn anew at another size: each line is put onto the nearest pixel, one
    up, another down, so that no shift of the whole explains them.

    Parameters
    ----------
    left, fine : ndarray of float32, shape (N,)
        The difference of its pixels, levels: what `firm` leaves of it, and all of it.
    """
    most = np.partition(left, -_STRAY)[-_STRAY] if left.size > _STRAY else left.max()
    thin = np.count_nonzero(left > 0.5 * fine) < _THIN * left.size
    return bool(thin and most < _BESIDE)


def firm(before: Samples, after: Samples, window: Window, *, reach: int = _REACH) -> Samples:
    """Difference beyond the range of values near by, of one picture in the other, in a window.

    An edge that lies a pixel further on has none; a thin line that only one picture has, has all
    of it.

    Parameters
    ----------
    before, after : ndarray of float32, shape (h, w, C)
        Matched in light and focus.
    window : tuple of two slices
        The rows and columns that are wanted.
    reach : int
        As far as an edge may lie elsewhere, px.

    Returns
    -------
    ndarray of float32, of the window's shape
        Levels, all channels together.
    """
    around, within = _around(window)
    a, b = (cv2.GaussianBlur(p[around], (0, 0), BLUR) for p in (before, after))
    total = np.zeros(a.shape[:2], np.float32)
    near = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    for one, other in ((a, b), (b, a)):
        beyond = np.maximum(one - cv2.dilate(other, near), cv2.erode(other, near) - one)
        square = np.square(np.maximum(beyond, 0)).reshape(*total.shape, -1).sum(axis=2)
        np.maximum(total, square, out=total)
    return np.sqrt(total[within])


def _shifted_onto(there: Samples, here: Samples) -> Samples:
    """The larger patch shifted to fit the smaller one: by whole pixels, then by parts of them."""
    patch, wanted = (np.ascontiguousarray(p[..., 0]) for p in (there, here))
    _, _, (dx, dy), _ = cv2.minMaxLoc(cv2.matchTemplate(patch, wanted, cv2.TM_SQDIFF))
    motion = np.array([dx, dy], np.float64)
    height, width = wanted.shape
    fit = there[dy : dy + height, dx : dx + width]
    for _ in range(_STEPS):
        step = _lucas_kanade(fit[..., 0], wanted)
        if np.abs(step).max() > 1:
            break
        motion += step
        matrix = np.array([[1, 0, motion[0]], [0, 1, motion[1]]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        fit = channels(
            cv2.warpAffine(
                there, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
            )
        )
    return fit


def _lucas_kanade(fit: Samples, wanted: Samples) -> NDArray[np.float64]:
    """The small motion (x, y), px, that best explains the difference of two patches.

    References
    ----------
    B. D. Lucas, T. Kanade, "An iterative image registration technique with an application to
    stereo vision", IJCAI (1981).
    """
    gradient = np.stack(
        [cv2.Sobel(fit, cv2.CV_32F, *axis, scale=0.125).ravel() for axis in ((1, 0), (0, 1))], 1
    ).astype(np.float64)
    normal = gradient.T @ gradient + 1e-3 * np.eye(2)
    return np.asarray(np.linalg.solve(normal, gradient.T @ (wanted - fit).ravel()), np.float64)
