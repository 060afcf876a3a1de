"""The table of methods: the one place to add one.

A method is a pure function, from two pictures to an error map or from a pair to a measurement, and
one entry here, made by `entries`; page, command line, docs/methods.md and the law tests all read
this table.
"""

# ruff: noqa: PLC0415 (whoever asks for one method doesn't wait for all of them)

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from imgdiff.metrics.entries import map_method, measured_with_params, method_of
from imgdiff.metrics.pool import mean_error
from imgdiff.types import Method

_COUNTED: Final[dict[str, Any]] = {
    "score_name": "Pixels that differ",
    "score_help": "Share of pixels over the threshold: 0 % = none, 100 % = all.",
    "ceiling": 1,
    "unit": "%",
    "worst": 1,
    "best": 0,
}
"""What methods say that count pixels."""


def _changes(key: str) -> Method:
    from imgdiff.metrics.changes import find_changes

    return method_of(
        key,
        find_changes,
        run=partial(measured_with_params, find_changes),
        ceiling=30,
        score_name="Image similarity",
        score_help="How alike both are, lined up and in one light (mean SSIM): 100 % = equal.",
        unit="%",
        worst=0,
        best=1,
    )


def _ssim(key: str) -> Method:
    from imgdiff.metrics.ssim import measure_ssim, structural_dissimilarity

    return method_of(
        key,
        structural_dissimilarity,
        run=measure_ssim,
        ceiling=1,
        score_name="Image similarity",
        score_help="How alike both look (mean SSIM): 100 % = equal, 0 % = nothing alike.",
        unit="%",
        worst=0,
        best=1,
        polygon_areas=True,
    )


def _absdiff(key: str) -> Method:
    from imgdiff.metrics.absdiff import absolute_difference

    return map_method(
        key,
        absolute_difference,
        ceiling=255,
        score=mean_error,
        score_name="Mean absolute difference",
        score_help="Mean distance of the pixels in gray levels: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
    )


def _rendering(key: str) -> Method:
    from imgdiff.metrics.rendered import measure_rendering, rendering_difference

    return method_of(key, rendering_difference, run=measure_rendering, **_COUNTED)


def _pixelmatch(key: str) -> Method:
    from imgdiff.metrics.pixelmatch import measure_pixelmatch, perceived_difference

    return method_of(key, perceived_difference, run=measure_pixelmatch, **_COUNTED)


def _pixelmatch_7(key: str) -> Method:
    from imgdiff.metrics.pixelmatch_7 import measure_pixelmatch_7, yiq_difference

    return method_of(key, yiq_difference, run=measure_pixelmatch_7, **_COUNTED)


def _delta_e(key: str) -> Method:
    from imgdiff.metrics.delta_e import VISIBLE, color_difference

    return map_method(
        key,
        color_difference,
        ceiling=100,
        visible=VISIBLE,
        score=mean_error,
        score_name="Mean colour difference",
        score_help="Mean ΔE: 0 = equal, 2.3 = just visible, 100 = black and white.",
        unit="ΔE",
        worst=100,
        best=0,
    )


def _edges(key: str) -> Method:
    from imgdiff.metrics.edges import difference_beyond_jitter

    return map_method(
        key,
        difference_beyond_jitter,
        ceiling=255,
        visible=32,
        score=mean_error,
        score_name="Mean difference beyond jitter",
        score_help="Mean distance, in gray levels, from what lies near: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
    )


def _ms_ssim(key: str) -> Method:
    from imgdiff.metrics.ms_ssim import measure_ms_ssim, multi_scale_dissimilarity

    return method_of(
        key,
        multi_scale_dissimilarity,
        run=measure_ms_ssim,
        ceiling=1,
        score_name="Similarity on five scales",
        score_help="MS-SSIM: 100 % = equal, 0 % = nothing alike.",
        unit="%",
        worst=0,
        best=1,
    )


def _ssimulacra2(key: str) -> Method:
    from imgdiff.metrics.ssimulacra2 import measure_ssimulacra2, quality_loss

    return method_of(
        key,
        quality_loss,
        run=measure_ssimulacra2,
        ceiling=100,
        score_name="Quality as viewers judge it",
        score_help="SSIMULACRA 2: 100 = equal, 90 = not to be told apart, 50 = medium, 0 = ruined.",
        unit="",
        worst=0,
        best=100,
    )


def _gmsd(key: str) -> Method:
    from imgdiff.metrics.gmsd import gradient_deviation, gradient_dissimilarity

    return map_method(
        key,
        gradient_dissimilarity,
        ceiling=1,
        score=gradient_deviation,
        score_name="Gradient deviation",
        score_help="GMSD: 0 = equal or evenly changed, 0.1 = plainly worse, 0.3 = ruined.",
        unit="",
        worst=0.5,
        best=0,
    )


def _flip(key: str) -> Method:
    from imgdiff.metrics.flip import flip_error

    return map_method(
        key,
        flip_error,
        ceiling=1,
        score=mean_error,
        score_name="Mean FLIP error",
        score_help="Mean of FLIP: 0 = equal, 1 = as different as can be.",
        unit="",
        worst=1,
        best=0,
    )


def _psnr(key: str) -> Method:
    from imgdiff.metrics.pixelwise import decibels, linear_likeness, peak_signal_to_noise

    return map_method(
        key,
        peak_signal_to_noise,
        ceiling=255,
        score=decibels,
        score_name="Peak signal-to-noise ratio",
        score_help="PSNR: over 40 dB hardly to be seen, under 20 dB poor; infinite = equal.",
        unit="dB",
        worst=0,
        best=math.inf,
        likeness=linear_likeness,
    )


def _mse(key: str) -> Method:
    from imgdiff.metrics.pixelwise import mean_square, root_mean_square_difference

    return map_method(
        key,
        root_mean_square_difference,
        ceiling=255,
        score=mean_square,
        score_name="Mean squared error",
        score_help="Mean squared distance of the pixels: 0 = equal, 65025 = opposite.",
        unit="levels²",
        worst=255**2,
        best=0,
    )


def _mae(key: str) -> Method:
    from imgdiff.metrics.pixelwise import mean_channel_difference

    return map_method(
        key,
        mean_channel_difference,
        ceiling=255,
        score=mean_error,
        score_name="Mean absolute error",
        score_help="Mean distance of all channels in gray levels: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
    )


MAKERS: Final[Mapping[str, Callable[[str], Method]]] = {
    "changes": _changes,
    "ssim": _ssim,
    "absdiff": _absdiff,
    "rendering": _rendering,
    "pixelmatch": _pixelmatch,
    "pixelmatch-7": _pixelmatch_7,
    "delta-e": _delta_e,
    "edges": _edges,
    "ms-ssim": _ms_ssim,
    "ssimulacra2": _ssimulacra2,
    "gmsd": _gmsd,
    "flip": _flip,
    "psnr": _psnr,
    "mse": _mse,
    "mae": _mae,
}
"""What makes each method, by its key, in the order in which people are shown them."""
