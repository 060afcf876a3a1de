"""A scene with depth, seen from another place: nearer things shift more than what is behind them.

No plane motion explains that. A dense field does, where it is checked: what it says of a place must
hold both ways and make the place look alike. Where it doesn't, as at a thing that was put in, the
field of what is around is taken; so that the thing stays a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.field import Field
from imgdiff.alignment.geometry import Matrix, Points, Size, in_front, inverse
from imgdiff.alignment.quality import Gray, Levels, Reduced, reduced
from imgdiff.alignment.row_costs import is_drawn
from imgdiff.alignment.tracks import even_contrast
from imgdiff.types import Mask

if TYPE_CHECKING:
    from imgdiff.alignment.registration import Registration


@dataclass(frozen=True, slots=True)
class DepthLimits:
    """When a scene is believed to have depth; px are those of pictures reduced to `side`.

    Of 15 scenes of photographs in layers, moved by 5 to 20 px, and a stereo pair, all have .83 of
    their places checked, .27 to .77 of them on one plane, all on lines, and .6 of the difference
    left at most; a mural painted on a wall, seen flatly, has .96 on lines.

    Attributes
    ----------
    side : int
        Long side, px, of the pictures in which the field is looked for.
    well : float
        Quality of a plane motion from which on nothing is left to be explained.
    both_ways : float
        Followed there and back, a place must end within this distance.
    unlike : float
        Levels of evened contrast, in the mean around a place, up to which it looks alike.
    checked : float
        Share of what both pictures show that must be so.
    one_plane : float
        Share of those places that may lie on one plane. If more do, what doesn't has moved itself.
    rigid : float
        Share that must have moved as a camera that was moved makes them: along lines through one
        point, by any distance.
    explains : float
        The difference must shrink to this share.
    farthest : float
        Share of the long side: what shifts by more is no parallax of a picture taken again.
    samples : int
        Places at most by which the motion of the camera is told.
    window, speck : int
        Px: the mean around a place is that of so many a side; what is smaller than a speck is none.
    bands : tuple of (float, int)
        Steps of the field, px, and how far around them, px, a nearer thing may cover what is
        behind.
    """

    side: int = 960
    well: float = 0.92
    both_ways: float = 1
    unlike: float = 25
    checked: float = 0.6
    one_plane: float = 0.8
    rigid: float = 0.98
    explains: float = 0.7
    farthest: float = 0.12
    samples: int = 1200
    window: int = 7
    speck: int = 5
    bands: tuple[tuple[float, int], ...] = ((1.5, 3), (6, 5), (12, 8), (20, 12), (40, 22))


DEPTH = DepthLimits()


@dataclass(frozen=True, slots=True, eq=False)
class Parallax:
    """Displacements of the reference's pixels, place by place, on top of a plane motion.

    Attributes
    ----------
    shifts : ndarray of float32, shape (h, w, 2)
        Right and down, px of the reference; on a reduced grid.
    covered : ndarray of bool, shape (h, w)
        Where a nearer thing covers what is behind it in one of the pictures, or may.
    size : (int, int)
        Of the reference.
    """

    shifts: Levels
    covered: Mask
    size: Size

    @property
    def depth(self) -> tuple[float, float]:
        """By how much things shift relative to each other at most, px, and the share covered."""
        spread = np.quantile(self.shifts.reshape(-1, 2), (0.02, 0.98), axis=0)
        return float(np.hypot(*(spread[1] - spread[0]))), float(self.covered.mean())

    def at(self, points: Points) -> Points:
        """Displacements (N, 2) at `points` (N, 2), px."""
        x, y = np.asarray(points * self._scale, np.float32).T
        return np.asarray(_sampled(self.shifts, x[None], y[None])[0], np.float64)

    def over(self, rows: slice) -> tuple[Levels, Levels]:
        """Displacements right and down of whole rows, each (H, W)."""
        shifts = _sampled(self.shifts, *self._grid(rows))
        return shifts[..., 0], shifts[..., 1]

    def covers(self, rows: slice) -> Mask:
        """Which pixels of whole rows are covered, (H, W)."""
        covered = _sampled(self.covered.astype(np.float32), *self._grid(rows))
        return np.asarray(covered > 0)

    @property
    def _scale(self) -> NDArray[np.float64]:
        there = np.array(self.shifts.shape[1::-1], np.float64) - 1
        return np.asarray(there / np.maximum(np.array(self.size) - 1, 1))

    def _grid(self, rows: slice) -> tuple[Levels, Levels]:
        x = np.arange(self.size[0], dtype=np.float32) * np.float32(self._scale[0])
        y = np.arange(rows.start, rows.stop, dtype=np.float32) * np.float32(self._scale[1])
        across, along = np.meshgrid(x, y)
        return np.asarray(across, np.float32), np.asarray(along, np.float32)


Bend: TypeAlias = Field | Parallax
"""What is added to a plane motion."""


def find_parallax(reference: Gray, test: Gray, found: Registration) -> Parallax | None:
    """What a plane motion leaves of a scene with depth; None if there's no such.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
    found : Registration
        The plane motion from `test` to `reference`.

    References
    ----------
    T. Kroeger et al., "Fast optical flow using dense inverse search", ECCV 2016,
    DOI 10.1007/978-3-319-46493-0_29; the epipolar constraint: R. Hartley, A. Zisserman, "Multiple
    view geometry in computer vision", 2004, DOI 10.1017/CBO9780511811685.
    """
    if found.quality is None or found.quality >= DEPTH.well or is_drawn(reference):
        return None
    one, other = reduced(reference, DEPTH.side), reduced(test, DEPTH.side)
    laid, shown = _laid(one, other, found.matrix)
    flow, checked = _checked_flow(one.gray, laid, shown)
    if checked.sum() < DEPTH.checked * shown.sum() or not _is_rigid(flow, checked):
        return None
    filled = _filled(flow, checked)
    here, there = even_contrast(one.gray), even_contrast(laid)
    left = _unlikeness(here, _followed(there, filled))[shown].mean()
    if left > DEPTH.explains * _unlikeness(here, there)[shown].mean():
        return None
    to_full = 1 / one.from_full[[0, 1], [0, 1]]
    size = reference.shape[1], reference.shape[0]
    field = Parallax(np.asarray(filled * to_full, np.float32), _covered(filled), size)
    return field if field.depth[0] < DEPTH.farthest * max(size) else None


def _laid(reference: Reduced, test: Reduced, matrix: Matrix) -> tuple[Gray, Mask]:
    """The test picture on the reference's grid, and where it shows something."""
    small = reference.from_full @ matrix @ inverse(test.from_full)
    laid = cv2.warpPerspective(
        test.gray, small, reference.size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    there = cv2.warpPerspective(np.ones_like(test.gray), small, reference.size) > 0
    ahead = in_front(small, reference.size)
    return np.asarray(laid, np.uint8), np.asarray(there if ahead is None else there & ahead)


def _checked_flow(reference: Gray, laid: Gray, shown: Mask) -> tuple[Levels, Mask]:
    """Where each place of the reference lies in the laid picture, px, and where that's sure."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    none = np.zeros((*reference.shape, 2), np.float32)
    forth, back = (
        np.asarray(search.calc(one, other, none.copy()), np.float32)
        for one, other in ((reference, laid), (laid, reference))
    )
    returned = np.linalg.norm(forth + _followed(back, forth), axis=2) < DEPTH.both_ways
    unlike = _unlikeness(even_contrast(reference), _followed(even_contrast(laid), forth))
    good = (returned & (unlike < DEPTH.unlike) & shown).astype(np.uint8)
    return forth, cv2.morphologyEx(good, cv2.MORPH_OPEN, np.ones((DEPTH.speck, DEPTH.speck))) > 0


def _unlikeness(reference: Gray, laid: Gray | Levels) -> Levels:
    """Mean difference around each place, levels of evened contrast."""
    gaps = cv2.absdiff(reference.astype(np.float32), laid.astype(np.float32))
    return np.asarray(cv2.blur(gaps, (DEPTH.window, DEPTH.window)), np.float32)


def _is_rigid(flow: Levels, checked: Mask) -> bool:
    """Whether places move as a camera that was moved makes them, and not all as one plane does."""
    y, x = np.nonzero(checked)
    some = np.linspace(0, len(x) - 1, DEPTH.samples).astype(int)
    here = np.stack([x[some], y[some]], 1).astype(np.float64)
    there = here + flow[y[some], x[some]]
    _, on_plane = cv2.findHomography(here, there, cv2.USAC_MAGSAC, DEPTH.both_ways)
    if on_plane is None or on_plane.mean() > DEPTH.one_plane:
        return False
    _, on_lines = cv2.findFundamentalMat(here, there, cv2.USAC_MAGSAC, DEPTH.both_ways, 0.999)
    return on_lines is not None and bool(on_lines.mean() >= DEPTH.rigid)


def _filled(flow: Levels, checked: Mask) -> Levels:
    """The field, with that of the nearest checked place where it isn't sure."""
    _, nearest = cv2.distanceTransformWithLabels(
        (~checked).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = np.zeros((nearest.max() + 1, 2), np.float32)
    known[nearest[checked]] = flow[checked]
    layers = [np.ascontiguousarray(known[nearest][..., side]) for side in (0, 1)]
    for _ in range(2):
        layers = [np.asarray(cv2.medianBlur(layer, DEPTH.speck), np.float32) for layer in layers]
    return np.stack(layers, axis=2)


def _covered(field: Levels) -> Mask:
    """Around the steps of a field: the larger the step, the more is covered there."""
    window = np.ones((DEPTH.speck, DEPTH.speck), np.uint8)
    steps = (cv2.dilate(field, window) - cv2.erode(field, window)).max(axis=2)
    covered = np.zeros(steps.shape, np.uint8)
    for least, reach in DEPTH.bands:
        around = np.ones((2 * reach + 1,) * 2, np.uint8)
        covered |= cv2.dilate((steps > least).astype(np.uint8), around)
    return covered > 0


def _followed(samples: Gray | Levels, flow: Levels) -> Levels:
    """What lies where each place went."""
    x, y = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in flow.shape[1::-1]))
    return _sampled(samples, x + flow[..., 0], y + flow[..., 1])


def _sampled(samples: Gray | Levels, x: Levels, y: Levels) -> Levels:
    levels = samples.astype(np.float32)
    found = cv2.remap(levels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)
