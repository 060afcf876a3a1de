"""Whether a comparison passes a gate, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.types import Comparison, Mask, Method, MotionKind, Tolerance, holds_everywhere
from imgdiff.view.words import listed, percent

_MOVED: dict[MotionKind, str] = {
    "shift": "shifted",
    "turn": "turned",
    "mirror": "mirrored",
    "scale": "rescaled",
    "perspective": "seen from another side",
    "bend": "bent",
    "parallax": "seen from another place",
}


def failures(comparison: Comparison, tolerance: Tolerance) -> tuple[str, ...]:
    """Why a comparison doesn't pass, a sentence each; none if it passes."""
    if not comparison.pair.related:
        return ("The pictures don't show the same thing.",)
    return (*_beyond_limits(comparison, tolerance), *_not_allowed(comparison, tolerance))


def different_pixels(comparison: Comparison) -> int:
    """How many pixels differ, those of rows and columns that one picture alone has included."""
    pair = comparison.pair
    if not pair.related:
        return pair.reference.pixels[..., 0].size
    return int(np.count_nonzero(_differing(comparison))) + sum(_alone(comparison))


def most_different_pixels(comparison: Comparison, *, window: int) -> int:
    """How many pixels differ in the square of `window` px a side where most do; at most all."""
    if not comparison.pair.related:
        return window**2
    differing = _differing(comparison)
    side = min(window, *differing.shape)
    sums = cv2.integral(differing.view(np.uint8))
    inside = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return max(int(inside.max()), min(sum(_alone(comparison)), window**2))


def _differing(comparison: Comparison) -> Mask:
    """Which pixels differ, of those that both pictures have."""
    differing, overlap = comparison.changed, comparison.pair.overlap
    if not holds_everywhere(overlap):
        differing = differing & overlap
    if comparison.made_out is None:  # an outline has the holes in it filled
        differing = differing & (comparison.error_map > comparison.threshold)
    return differing


def different_fraction(comparison: Comparison) -> float:
    """The same as a share of all pixels that either picture has, 0 to 1."""
    return different_pixels(comparison) / _whole(comparison)


def _whole(comparison: Comparison) -> int:
    """Pixels that either picture has."""
    return comparison.pair.reference.pixels[..., 0].size + _alone(comparison)[1]


def _alone(comparison: Comparison) -> tuple[int, int]:
    """Pixels of rows and columns that only the reference has, and only the test picture."""
    pair = comparison.pair
    if not pair.alignment.blocks:
        return 0, 0
    before, after = pair.reference.pixels[..., 0].size, pair.unmoved.pixels[..., 0].size
    alone = pair.alignment.only_in_reference, pair.alignment.only_in_test
    return round(alone[0] * before), round(alone[1] * after)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a gate looks at.

    Attributes
    ----------
    alike : bool
        Whether nothing changed.
    different_pixels : int
        How many pixels differ.
    different_fraction : float
        The same as a share of all, 0 to 1.
    method : Method
        How the pictures were compared.
    score : float
        On the method's own scale.
    """

    alike: bool
    different_pixels: int
    different_fraction: float
    method: Method
    score: float


def beyond_limits(figures: Figures, tolerance: Tolerance) -> Iterator[str]:
    """Why what differs is more than a tolerance lets pass, squares of `diff_window` px apart."""
    if not tolerance.limits_differences:
        if not figures.alike:
            yield "Something changed."
        return
    if tolerance.max_diff_pixels is not None and tolerance.diff_window is None:
        yield from _too_many(figures.different_pixels, tolerance.max_diff_pixels)
    share, most_percent = figures.different_fraction, tolerance.max_diff_percent
    if most_percent is not None and 100 * share > most_percent:
        yield f"{percent(share)} of the pixels differ, but at most {most_percent:g} % may."
    if tolerance.fail_under is not None:
        yield from _worse_score(figures, tolerance.fail_under)


def _beyond_limits(comparison: Comparison, tolerance: Tolerance) -> Iterator[str]:
    window, most = tolerance.diff_window, tolerance.max_diff_pixels
    if window is not None and most is not None:
        count = most_different_pixels(comparison, window=window)
        yield from _too_many(count, most, f" within {window:,} × {window:,} px")
    # Nobody asks for their number where nothing may differ.
    pixels = different_pixels(comparison) if tolerance.limits_differences else 0
    share = pixels / _whole(comparison)
    figures = Figures(comparison.alike, pixels, share, comparison.method, comparison.score)
    yield from beyond_limits(figures, tolerance)


def _too_many(count: int, most: int, where: str = "") -> Iterator[str]:
    if count > most:
        yield f"{count:,} pixels differ{where}, but at most {most:,} may."


def _worse_score(figures: Figures, worst: float) -> Iterator[str]:
    method, score = figures.method, figures.score
    if score < worst if method.higher_is_better else score > worst:
        words = method.in_words(score), method.in_words(worst)
        limit = "at least" if method.higher_is_better else "at most"
        yield f"{method.score_name} is {words[0]}, but must be {limit} {words[1]}."


def _not_allowed(comparison: Comparison, tolerance: Tolerance) -> Iterator[str]:
    if tolerance.allow is None:
        return
    kinds = [kind for kind in comparison.pair.alignment.motions if kind not in tolerance.allow]
    if kinds:
        moved = listed([_MOVED[kind] for kind in kinds])
        yield f"The picture after is {moved}, which isn't allowed."
