"""The table of methods: the one place to add one.

A method is a pure function, from two pictures to an error map or from a pair to a measurement, and
one entry here, made by `entries`; page, command line, docs/methods.md and the law tests all read
this table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Final

from imgdiff.errors import SettingsError
from imgdiff.metrics.absdiff import absolute_difference
from imgdiff.metrics.changes import find_changes
from imgdiff.metrics.delta_e import VISIBLE, color_difference
from imgdiff.metrics.edges import difference_beyond_jitter
from imgdiff.metrics.entries import map_method, measured_with_params, method_of
from imgdiff.metrics.flip import flip_error
from imgdiff.metrics.gmsd import gradient_deviation, gradient_dissimilarity
from imgdiff.metrics.ms_ssim import measure_ms_ssim, multi_scale_dissimilarity
from imgdiff.metrics.pixelmatch import measure_pixelmatch, perceived_difference
from imgdiff.metrics.pixelmatch_7 import measure_pixelmatch_7, yiq_difference
from imgdiff.metrics.pixelwise import (
    decibels,
    linear_likeness,
    mean_channel_difference,
    mean_square,
    peak_signal_to_noise,
    root_mean_square_difference,
)
from imgdiff.metrics.pool import mean_error
from imgdiff.metrics.rendered import measure_rendering, rendering_difference
from imgdiff.metrics.ssim import measure_ssim, structural_dissimilarity
from imgdiff.types import ErrorMap, Mask, Method

_COUNTED: Final[dict[str, Any]] = {
    "score_name": "Pixels that differ",
    "score_help": "Share of pixels over the threshold: 0 % = none, 100 % = all.",
    "ceiling": 1,
    "unit": "%",
    "worst": 1,
    "best": 0,
}
"""What methods say that count pixels."""

_ALL = (
    method_of(
        "changes",
        find_changes,
        run=partial(measured_with_params, find_changes),
        ceiling=30,
        score_name="Image similarity",
        score_help="Mean SSIM of the aligned pictures in one light: 100 % = equal.",
        unit="%",
        worst=0,
        best=1,
    ),
    method_of(
        "ssim",
        structural_dissimilarity,
        run=measure_ssim,
        ceiling=1,
        score_name="Image similarity",
        score_help="Mean SSIM: 100 % = equal, 0 % = nothing alike.",
        unit="%",
        worst=0,
        best=1,
        polygon_areas=True,
    ),
    map_method(
        "absdiff",
        absolute_difference,
        ceiling=255,
        score=mean_error,
        score_name="Mean absolute difference",
        score_help="Mean distance of the pixels in gray levels: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
    ),
    method_of("rendering", rendering_difference, run=measure_rendering, **_COUNTED),
    method_of("pixelmatch", perceived_difference, run=measure_pixelmatch, **_COUNTED),
    method_of("pixelmatch-7", yiq_difference, run=measure_pixelmatch_7, **_COUNTED),
    map_method(
        "delta-e",
        color_difference,
        ceiling=100,
        visible=VISIBLE,
        score=mean_error,
        score_name="Mean colour difference",
        score_help="Mean ΔE: 0 = equal, 2.3 = just visible, 100 = black and white.",
        unit="ΔE",
        worst=100,
        best=0,
    ),
    map_method(
        "edges",
        difference_beyond_jitter,
        ceiling=255,
        visible=32,
        score=mean_error,
        score_name="Mean difference beyond jitter",
        score_help="Mean distance, in gray levels, from what lies near: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
    ),
    method_of(
        "ms-ssim",
        multi_scale_dissimilarity,
        run=measure_ms_ssim,
        ceiling=1,
        score_name="Similarity on five scales",
        score_help="MS-SSIM: 100 % = equal, 0 % = nothing alike.",
        unit="%",
        worst=0,
        best=1,
    ),
    map_method(
        "gmsd",
        gradient_dissimilarity,
        ceiling=1,
        score=gradient_deviation,
        score_name="Gradient deviation",
        score_help="GMSD: 0 = equal or evenly changed, 0.1 = plainly worse, 0.3 = ruined.",
        unit="",
        worst=0.5,
        best=0,
    ),
    map_method(
        "flip",
        flip_error,
        ceiling=1,
        score=mean_error,
        score_name="Mean FLIP error",
        score_help="Mean of FLIP: 0 = equal, 1 = as different as can be.",
        unit="",
        worst=1,
        best=0,
    ),
    map_method(
        "psnr",
        peak_signal_to_noise,
        ceiling=255,
        score=decibels,
        score_name="Peak signal-to-noise ratio",
        score_help="PSNR: over 40 dB hardly to be seen, under 20 dB poor; infinite = equal.",
        unit="dB",
        worst=0,
        best=math.inf,
        likeness=linear_likeness,
    ),
    map_method(
        "mse",
        root_mean_square_difference,
        ceiling=255,
        score=mean_square,
        score_name="Mean squared error",
        score_help="Mean squared distance of the pixels: 0 = equal, 65025 = opposite.",
        unit="levels²",
        worst=255**2,
        best=0,
    ),
    map_method(
        "mae",
        mean_channel_difference,
        ceiling=255,
        score=mean_error,
        score_name="Mean absolute error",
        score_help="Mean distance of all channels in gray levels: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
    ),
)

_METHODS = {method.key: method for method in _ALL}
METHODS: Mapping[str, Method] = MappingProxyType(_METHODS)

PLUGINS = "imgdiff.methods"
"""Entry points of packages that bring methods: each a function without arguments that calls
`register_method`."""


def register_method(  # noqa: PLR0913 (what there is to say of a method)
    key: str,
    error_map: Callable[..., ErrorMap],
    *,
    ceiling: float,
    score: Callable[[ErrorMap, Mask], float] = mean_error,
    visible: float | None = None,
    score_name: str = "Mean error",
    score_help: str = "Mean of the error map: 0 = equal.",
    unit: str = "",
) -> Method:
    """Add a method of your own, for ``Settings(method=key)`` and ``--method key``.

    Parameters
    ----------
    key : str
        Its name, which no other has.
    error_map : callable
        ``(reference, test, **options) -> (H, W)`` float32, 0 = equal, larger = worse, from uint8
        or uint16 samples (H, W) or (H, W, 3). The first line of its docstring is the title, the
        next paragraph the help; keyword arguments annotated with a `Param` are its options.
    ceiling : float
        The largest error there can be: black in the diff picture, and the score of pictures
        without any likeness.
    score : callable
        ``(error_map, valid) -> float``, 0 = equal; by default the mean.
    visible : float, optional
        The error from which on a difference counts; by default Otsu's method decides.
    score_name, score_help, unit : str
        As in `Method`.

    Raises
    ------
    SettingsError
        There is a method of this key already.
    """
    if key in _METHODS:
        raise SettingsError(f"There is a method {key} already: choose another key.")
    _METHODS[key] = map_method(
        key,
        error_map,
        score=score,
        ceiling=ceiling,
        visible=visible,
        score_name=score_name,
        score_help=score_help,
        unit=unit,
        worst=ceiling,
        best=0,
    )
    return _METHODS[key]


@cache
def load_plugins() -> None:
    """Let the packages that are installed register their methods, once."""
    from importlib.metadata import entry_points  # noqa: PLC0415 (it looks into every package)

    for plugin in entry_points(group=PLUGINS):
        plugin.load()()


def method_named(key: str) -> Method:
    """The method with this key; SettingsError if there is none."""
    if key not in METHODS:
        load_plugins()
    if key not in METHODS:
        known = ", ".join(METHODS)
        raise SettingsError(
            f"The method must be one of {known}, but is {key!r}: choose one of these."
        )
    return METHODS[key]


CHOICES = (
    ("Photographs", "What changed, whoever held the camera?", "changes"),
    ("Photographs", "How much did compression or a filter cost?", "ms-ssim"),
    ("Screenshots", "What changed, apart from how text is smoothed?", "rendering"),
    ("Screenshots", "What does pixelmatch count?", "pixelmatch"),
    ("Screenshots", "Is every pixel the same?", "absdiff"),
    ("Scans", "What changed, whatever the lamp and the grain?", "changes"),
    ("Line art, boards, plans, plots", "What came, went or moved more than a pixel?", "edges"),
    ("Renders", "What would an eye see when flipping?", "flip"),
    ("Prints, paints, brand colours", "How far are the colours apart?", "delta-e"),
    ("Codecs", "What figure do others quote?", "psnr"),
    ("Whatever the classic recipe was for", "The same answer as ever", "ssim"),
)
"""Which method to choose: what is compared, the question, and the key of the method."""


def as_table() -> str:
    """The methods as a table in Markdown, as docs/methods.md has it."""
    rows = [
        f"| `{key}` | {method.title} | {method.score_help.rstrip('.')} | {method.good_for} "
        f"| {method.misled_by} |"
        for key, method in METHODS.items()
    ]
    return "\n".join(
        ["| key | title | score | good for | beware |", "|---|---|---|---|---|", *rows]
    )
