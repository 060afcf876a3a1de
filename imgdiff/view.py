"""What is shown of a comparison, in words and layers: one source for screen, file and terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from imgdiff import render
from imgdiff.color import gray_levels, luma, on_white
from imgdiff.types import Box, Comparison, Image, Picture, Region, holds_everywhere


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture of a comparison, drawn only when asked for.

    Attributes
    ----------
    key : str
        Also the name of its file.
    title, alt : str
        For the eye and for the ear.
    draw : callable
        ``() -> Picture``, full size.
    """

    key: str
    title: str
    alt: str
    draw: Callable[[], Picture]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A comparison put into words and pictures.

    Attributes
    ----------
    headline : str
        The answer in one sentence.
    score_name, score_text, score_help : str
        The number, what it is called and how to read it.
    facts : tuple of str
        What else a user should know, a sentence each.
    layers : mapping of str to Layer
        boxed_before, boxed_after, diff, boxed_diff, mask, filled.
    regions : tuple of Region
        Largest first; numbered from 1 in this order.
    comparison : Comparison
        Where all of it comes from.
    """

    headline: str
    score_name: str
    score_text: str
    score_help: str
    facts: tuple[str, ...]
    layers: Mapping[str, Layer]
    regions: tuple[Region, ...]
    comparison: Comparison


def view_of(comparison: Comparison) -> View:
    """Put a comparison into words and layers."""
    return View(
        headline=_headline(comparison),
        score_name=comparison.method.score_name,
        score_text=_score_text(comparison),
        score_help=comparison.method.score_help,
        facts=_facts(comparison),
        layers=_layers(comparison),
        regions=comparison.regions,
        comparison=comparison,
    )


def changed_fraction(comparison: Comparison) -> float:
    """Share of the valid pixels that lie in a region, 0 to 1."""
    valid = comparison.pair.valid
    if holds_everywhere(valid):
        return float(comparison.changed.mean())
    return int(np.count_nonzero(comparison.changed & valid)) / int(np.count_nonzero(valid))


def _headline(comparison: Comparison) -> str:
    count = len(comparison.regions)
    if count:
        return "1 place changed." if count == 1 else f"{count} places changed."
    if comparison.differs_evenly:
        return "The pictures differ everywhere, too evenly for single places to stand out."
    if comparison.error_map.any():
        limit = comparison.settings.min_area
        return f"No change larger than {limit:g} px² found, though the pictures are not equal."
    return _headline_without_error(comparison)


def _headline_without_error(comparison: Comparison) -> str:
    """The method saw no difference; there may be one all the same."""
    pair = comparison.pair
    before, after = pair.reference.pixels, pair.test.pixels
    if not ((before != after).any(axis=2) & pair.valid).any():
        return "The pictures are equal, pixel for pixel."
    if comparison.settings.grayscale and not ((luma(before) != luma(after)) & pair.valid).any():
        return "The pictures are equal in grayscale; compare in colour to see the rest."
    return "The pictures differ by less than this method can tell."


def _score_text(comparison: Comparison) -> str:
    """The score with its unit; a perfect one only where it is exactly that."""
    method, score = comparison.method, comparison.score
    if method.unit == "%":
        text = f"{100 * score:.4f} %"
        return "over 99.9999 %" if text == "100.0000 %" and score != method.best else text
    text = f"{score:.4f} {method.unit}"
    return f"under 0.0001 {method.unit}" if float(f"{score:.4f}") == 0 and score else text


def _facts(comparison: Comparison) -> tuple[str, ...]:
    facts: list[str] = []
    if comparison.regions:
        whole = "the picture" if holds_everywhere(comparison.pair.valid) else "what is compared"
        facts.append(f"{percent(changed_fraction(comparison))} of {whole} changed.")
        facts.append(f"The largest place is {_place(comparison.regions[0].box, comparison)}.")
    if not holds_everywhere(comparison.pair.valid):
        ignored = 1 - float(comparison.pair.valid.mean())
        facts.append(f"{percent(ignored)} of the picture is ignored.")
    for role, image in (("Before", comparison.pair.reference), ("After", comparison.pair.test)):
        facts.extend(f"{role}: {note}" for note in image.notes)
    return tuple(facts)


def percent(fraction: float) -> str:
    """A share with two digits: 47 %, 3.0 %, 0.042 %; 0 and 100 only where it's exact."""
    value = 100 * fraction
    if 99.5 <= value < 100:
        return "over 99 %"
    if 0 < value < 0.001:
        return "under 0.001 %"
    if value == 0 or value >= 9.95:
        return f"{value:.0f} %"
    return f"{value:.1f} %" if value >= 0.995 else f"{value:.2g} %"


def _place(box: Box, comparison: Comparison) -> str:
    """Size and whereabouts of a box: "60 × 23 px, top right"."""
    height, width = comparison.error_map.shape
    across = ("left", "centre", "right")[int(3 * (box.x + box.width / 2) / width)]
    down = ("top", "middle", "bottom")[int(3 * (box.y + box.height / 2) / height)]
    where = {"middle centre": "in the centre", "middle left": "left", "middle right": "right"}
    spot = f"{down} {across}"
    return f"{box.width} × {box.height} px, {where.get(spot, spot)}"


def _layers(comparison: Comparison) -> dict[str, Layer]:
    """All layers by key, none drawn yet."""
    boxes = [region.box for region in comparison.regions]
    count = f"{len(boxes)} boxes" if len(boxes) != 1 else "1 box"
    before = partial(_shown, comparison.pair.reference)
    after = partial(_shown, comparison.pair.test)
    diff = partial(gray_levels, comparison.error_map, ceiling=comparison.method.ceiling)
    changed = comparison.changed
    table: tuple[tuple[str, str, str, Callable[[], Picture]], ...] = (
        (
            "boxed_before",
            "Before",
            f"The first picture with {count} around what changed",
            lambda: render.boxed(before(), boxes),
        ),
        (
            "boxed_after",
            "After",
            f"The second picture with {count} around what changed",
            lambda: render.boxed(after(), boxes),
        ),
        ("diff", "Diff", "Difference map: white where equal, dark where different", diff),
        (
            "boxed_diff",
            "Diff with boxes",
            f"Difference map with {count} around what changed",
            lambda: render.boxed(diff(), boxes),
        ),
        (
            "mask",
            "Mask",
            "White where something changed, black elsewhere",
            lambda: render.black_and_white(changed),
        ),
        (
            "filled",
            "Filled",
            "The second picture with the changed places painted green",
            lambda: render.filled(after(), changed),
        ),
    )
    return {key: Layer(key, title, alt, draw) for key, title, alt, draw in table}


def _shown(image: Image) -> Picture:
    return on_white(image.pixels, image.alpha)
