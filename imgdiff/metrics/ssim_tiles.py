"""Structural similarity, from window sums that are exact where they are whole numbers.

Let E[·] be the weighted mean over a window, µ = E[a], ν = E[b], and write

    P = µν      T = (µ − ν)²      K = E[ab] − P      Q = E[(a − b)²] − T.

Then 2µν = 2P, µ² + ν² = 2P + T, 2cov(a, b) = 2K and var(a) + var(b) = 2K + Q, so that SSIM
(Wang et al. 2004, equation 13) becomes

    S = (P + C1/2)(K + C2/2) / ((P + C1/2 + T/2)(K + C2/2 + Q/2)).

Where the windows are equal, T = Q = 0 and S is exactly 1.

With uniform weights over N pixels all terms are multiplied by N², so that they are made of sums:
N²P = Σa·Σb and so on. These are whole numbers, and every difference above is taken before
rounding begins: nothing cancels. The sample covariance has N(N − 1) for N² in K and Q, which
changes C2 alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.planes import channel_mean
from imgdiff.metrics.ssim_kernel import SumKernel, run_kernel
from imgdiff.metrics.tiles import Scratch, Tile, differing_part
from imgdiff.metrics.windows import Weigh, uniform_constants, uniform_terms
from imgdiff.types import Pixels

_TILE_ROWS, _TILE_SAMPLES = 256, 768
"""Small enough for machine code's sums to stay in the processor's first cache."""

_STRIP_ROWS = 64
"""Of a tile, without machine code: small enough for all working arrays to stay in the second cache,
large enough for the interpreter not to be noticed."""

_STEP = 8
"""Distance of the samples, px, that tell whether a tile differs all over."""


@dataclass(frozen=True, slots=True)
class TiledSsim:
    """One call of `ssim`: pictures, the map to fill, window, and machine code if any fits."""

    reference: Pixels
    test: Pixels
    similarity: NDArray[Any]
    weigh: Weigh
    reach: int
    code: SumKernel | None

    def pieces(self) -> list[Tile]:
        """What has to be computed, in tiles; the rest of the map is filled: it is exactly 1.

        This takes one quick look at a sample of each tile, and a closer one where the sample is
        mostly equal, so that it costs next to nothing where it gains nothing.
        """
        height, width = self.similarity.shape
        channels = self.reference.size // (height * width)
        columns = max(64, _TILE_SAMPLES // channels)
        pieces = []
        for tile in Tile(0, height, 0, width).split(_TILE_ROWS, columns):
            if self._differs_all_over(tile):
                pieces.append(tile)
                continue
            self.similarity[tile.slices] = 255 if self.similarity.dtype == np.uint8 else 1
            parts = self._touched(tile).split(_TILE_ROWS // 2, columns // 4)
            pieces += [part for part in map(self._touched, parts) if part.area]
        return pieces

    def fill(self, tile: Tile, scratch: Scratch, *, inner: Tile) -> float:
        """Compute a tile of the map; the sum of ``1 − S`` over what lies in `inner` too."""
        similarity = self._computed(tile, scratch)
        counted = tile.within(inner)
        if not counted.area:
            return 0
        part = similarity[counted.shifted(-tile.top, -tile.left).slices]
        return float(counted.area - cv2.sumElems(part)[0])

    def _differs_all_over(self, tile: Tile) -> bool:
        rows, columns = tile.slices
        sample = np.s_[rows.start : rows.stop : _STEP, columns.start : columns.stop : _STEP]
        differs = self.reference[sample] != self.test[sample]
        return bool(2 * np.count_nonzero(differs) > differs.size)

    def _touched(self, tile: Tile) -> Tile:
        """The part of a tile whose windows hold a difference."""
        a, b = (_with_margin(pixels, tile, self.reach) for pixels in (self.reference, self.test))
        part = differing_part(a, b)
        # The margin is one reach wide and a window sees one reach around it: they add up on the
        # one side and cancel out on the other.
        twice = 2 * self.reach
        found = Tile(part.top - twice, part.bottom, part.left - twice, part.right)
        return found.shifted(tile.top, tile.left).within(tile) if part.area else part

    def _computed(self, tile: Tile, scratch: Scratch) -> NDArray[Any]:
        """Write S into the map's tile; S itself, the channels averaged, before any rounding."""
        a, b = (_with_margin(pixels, tile, self.reach) for pixels in (self.reference, self.test))
        out = self.similarity[tile.slices]
        precision = np.dtype(np.float64 if out.dtype == np.float64 else np.float32)
        if a.ndim == 2 and out.dtype == precision:
            self._divide(a, b, scratch, out)
            return out
        single = scratch.array("single", (*out.shape, *a.shape[2:]), precision)
        self._divide(a, b, scratch, single)
        similarity = channel_mean(single)
        if out.dtype == np.uint8:
            levels = np.multiply(similarity, precision.type(255))
            np.maximum(levels, 0, out=levels)
            np.copyto(out, levels, casting="unsafe")
        else:
            out[:] = similarity
        return similarity

    def _divide(self, a: Pixels, b: Pixels, scratch: Scratch, out: NDArray[Any]) -> None:
        """Write S of each sample into `out`; `a` and `b` have a margin of one reach."""
        if self.code is not None:
            side = 2 * self.reach + 1
            sums = scratch.array("sums", (3 * a[0].size,), np.uint32)
            half_c1, half_c2 = uniform_constants(a.dtype, side)
            run_kernel(
                self.code, a, b, side=side, half_c1=half_c1, half_c2=half_c2, sums=sums, out=out
            )
            return
        for top in range(0, len(out), _STRIP_ROWS):
            rows = slice(top, top + _STRIP_ROWS)
            wide = slice(top, top + _STRIP_ROWS + 2 * self.reach)
            self._divide_strip(a[wide], b[wide], scratch, out[rows])

    def _divide_strip(self, a: Pixels, b: Pixels, scratch: Scratch, out: NDArray[Any]) -> None:
        luminance, structure, *constants = self.weigh(a, b, scratch, out.dtype)
        for terms, constant in zip((luminance, structure), constants, strict=True):
            np.add(terms.upper, constant, out=terms.upper)
            cv2.scaleAdd(terms.lower, 0.5, terms.upper, dst=terms.lower)
        np.multiply(luminance.both, structure.both, out=luminance.both)
        # Its rows may have gaps between them: NumPy is slow there.
        cv2.divide(luminance.upper, luminance.lower, dst=out)


def is_exact(code: SumKernel) -> bool:
    """Whether machine code gives the very numbers that are computed without it."""
    noise = np.random.default_rng(1).integers(0, 256, (2, 70, 90, 3), np.uint8)
    for picture in (noise, noise[..., 0], np.stack([noise[0], noise[0] ^ 1])):
        for reach in (1, 3, 6):
            weigh = partial(uniform_terms, side=2 * reach + 1)
            maps = np.empty((2, *picture.shape[1:3]), np.float32)
            for similarity, way in zip(maps, (code, None), strict=True):
                run = TiledSsim(picture[0], picture[1], similarity, weigh, reach, way)
                run.fill(Tile(0, 70, 0, 90), Scratch(), inner=Tile(0, 0, 0, 0))
            if not np.array_equal(*maps):
                return False
    return True


def _with_margin(pixels: Pixels, tile: Tile, reach: int) -> Pixels:
    """A tile with `reach` pixels around it, mirrored where the picture ends."""
    height, width = pixels.shape[:2]
    wide = Tile(tile.top - reach, tile.bottom + reach, tile.left - reach, tile.right + reach)
    there = wide.within(Tile(0, height, 0, width))
    missing = (
        there.top - wide.top,
        wide.bottom - there.bottom,
        there.left - wide.left,
        wide.right - there.right,
    )
    part = pixels[there.slices]
    if not any(missing):
        return part
    return np.asarray(cv2.copyMakeBorder(part, *missing, cv2.BORDER_REFLECT), pixels.dtype)
