"""Structural similarity (SSIM): the method, and the function behind it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from imgdiff.errors import SettingsError, SizeError
from imgdiff.metrics import ssim_kernel
from imgdiff.metrics.planes import measure_map
from imgdiff.metrics.pool import mean_similarity
from imgdiff.metrics.ssim_tiles import TiledSsim
from imgdiff.metrics.tiles import Tile, sum_over
from imgdiff.metrics.windows import (
    GAUSSIAN_REACH,
    UNIFORM_SIDE,
    gaussian_terms,
    uniform_terms,
)
from imgdiff.types import ErrorMap, Measurement, Pair, Param, Pixels, Settings


def structural_dissimilarity(
    reference: Pixels,
    test: Pixels,
    *,
    gaussian_weights: Annotated[
        bool,
        Param(
            0,
            1,
            1,
            "Weigh the window by a Gaussian, as the paper does; its side is 11.",
            expert=True,
        ),
    ] = False,
    window_size: Annotated[
        int, Param(3, 13, 2, "Side of the window, px (odd), unless it is Gaussian.", expert=True)
    ] = UNIFORM_SIDE,
) -> ErrorMap:
    """Structural similarity (SSIM).

    Compares brightness, contrast and pattern in a small window around each pixel, much as an
    eye does: best for judging how alike two pictures of the same size look. An even change of
    light counts little; blur, noise and the slightest shift count a lot.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype; both sides at least as long as the window.
    gaussian_weights, window_size : bool, int
        As in `ssim`.

    Returns
    -------
    ndarray of float32, shape (H, W)
        ``1 − SSIM``: 0 = equal, 1 = nothing alike, up to 2 = opposed. Several channels are
        compared each by itself and averaged.

    Raises
    ------
    SizeError
        A side is shorter than the window.
    SettingsError
        The window has no middle.

    References
    ----------
    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error
    visibility to structural similarity", IEEE Transactions on Image Processing 13 (2004),
    DOI 10.1109/TIP.2003.819861.
    """
    _, similarity = ssim(
        reference,
        test,
        dtype=np.float32,
        gaussian_weights=gaussian_weights,
        window_size=window_size,
    )
    np.subtract(1, similarity, out=similarity)
    return similarity


def measure_ssim(pair: Pair, settings: Settings) -> Measurement:
    """Measure by the mean of SSIM over all windows that lie inside the picture."""
    margin = _reach(**settings.params)
    score = partial(mean_similarity, margin=margin)
    return measure_map(pair, settings, error_map=structural_dissimilarity, score=score, ceiling=1)


def ssim(
    reference: Pixels,
    test: Pixels,
    *,
    dtype: DTypeLike = np.float64,
    gaussian_weights: bool = False,
    window_size: int = UNIFORM_SIDE,
) -> tuple[float, NDArray[Any]]:
    """Mean SSIM, and SSIM at every pixel, borders mirrored.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype; both sides at least as long as the window.
    dtype : float64, float32 or uint8
        Of the map; uint8 is ``255 · SSIM``, negative values as 0, cut down to whole levels. All
        but float64 are computed in single precision after exact sums.
    gaussian_weights : bool
        Weight an 11 × 11 window by a Gaussian of σ 1.5 px, without sample covariance, as the
        paper does; otherwise a uniform window with sample covariance.
    window_size : int
        Side of the uniform window, px: odd, from 3 to 13.

    Returns
    -------
    score : float
        Mean of the map, half a window from the border on, in [-1, 1].
    map : ndarray of `dtype`, shape (H, W)
        The mean over the channels. Both equal scikit-image's
        ``structural_similarity(full=True)``: the map to 1e-10 in float64 and 5e-7 in float32,
        the score to 1e-12 and 1e-7.

    Raises
    ------
    SizeError
        A side is shorter than the window.
    SettingsError
        The window has no middle.
    """
    reach = _reach(gaussian_weights=gaussian_weights, window_size=window_size)
    weigh = gaussian_terms if gaussian_weights else partial(uniform_terms, side=2 * reach + 1)
    height, width = reference.shape[:2]
    side = 2 * reach + 1
    if min(height, width) < side:
        raise SizeError(
            f"SSIM needs pictures of at least {side} × {side} pixels, but these are "
            f"{width} × {height}: use larger pictures or the method absdiff."
        )
    similarity = np.empty((height, width), dtype)
    exact = similarity.dtype == np.float64 or reference.dtype != np.uint8
    code = None if gaussian_weights or exact else ssim_kernel.kernel()
    run = TiledSsim(reference, test, similarity, weigh, reach, code)
    inner = Tile(reach, height - reach, reach, width - reach)
    # Two threads took 1.4 times the CPU time of one for it, and as long.
    alone = code is None and not gaussian_weights and reference.dtype == np.uint8
    shortfall = sum_over(partial(run.fill, inner=inner), run.pieces(), alone=alone)
    return 1 - shortfall / inner.area, run.similarity


def _reach(*, gaussian_weights: float = False, window_size: float = UNIFORM_SIDE) -> int:
    """Half the side of the window, px."""
    if gaussian_weights:
        return GAUSSIAN_REACH
    if window_size % 2 != 1:
        raise SettingsError(
            f"window_size must be odd, so that the window has a middle, but is {window_size:g}: "
            "take the next number."
        )
    return int(window_size) // 2
