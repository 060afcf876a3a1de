"""What is shown of a comparison, in words and layers: one source for screen, file and terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from imgdiff import render
from imgdiff.color import gray_levels, luma, on_white
from imgdiff.types import Box, Comparison, Image, Picture, Region, holds_everywhere
from imgdiff.words import alignment_facts, percent

_STRIP = 64

_MOST = 0.5
"""Share of the picture above which counting places says nothing."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture of a comparison, drawn only when asked for.

    Attributes
    ----------
    key : str
        Also the name of its file.
    title, alt : str
        For the eye and for the ear.
    height : int
        Rows of the whole, px.
    draw_rows : callable
        ``rows: slice -> Picture``; any strip looks just as it does in the whole.
    bilevel : bool
        Gray of the levels 0 and 255 alone.
    """

    key: str
    title: str
    alt: str
    height: int
    draw_rows: Callable[[slice], Picture]
    bilevel: bool = False

    def draw(self) -> Picture:
        """The whole picture."""
        return self.draw_rows(slice(0, self.height))

    def strips(self) -> Iterator[Picture]:
        """The picture from top to bottom in strips, so that it never needs room as a whole."""
        for top in range(0, self.height, _STRIP):
            yield self.draw_rows(slice(top, min(top + _STRIP, self.height)))


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
        score_text=comparison.method.in_words(comparison.score),
        score_help=comparison.method.score_help,
        facts=_facts(comparison),
        layers=_layers(comparison),
        regions=comparison.regions,
        comparison=comparison,
    )


def changed_fraction(comparison: Comparison) -> float:
    """Share of what was compared, or removed, that lies in a region, 0 to 1."""
    changed, valid = comparison.changed, comparison.pair.valid
    if holds_everywhere(valid):
        return float(changed.mean())
    # What was removed can't be compared, and counts all the same.
    return int(np.count_nonzero(changed)) / int(np.count_nonzero(changed | valid))


def count_of_changes(comparison: Comparison) -> int:
    """How many places changed; what moved from one to another counts once."""
    ends = [region.move.end for region in comparison.regions if region.move]
    return len(comparison.regions) - min(ends.count("from"), ends.count("to"))


def _headline(comparison: Comparison) -> str:
    if not comparison.pair.related:
        return "These don't look like pictures of the same thing."
    count = count_of_changes(comparison)
    if changed_fraction(comparison) > _MOST:
        return "Most of the picture changed."
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
        if pair.alignment.only_in_reference or pair.alignment.only_in_test:
            return "The pictures are equal, pixel for pixel, where they overlap."
        return "The pictures are equal, pixel for pixel."
    if comparison.settings.grayscale and not ((luma(before) != luma(after)) & pair.valid).any():
        return "The pictures are equal in grayscale; compare in colour to see the rest."
    return "The pictures differ by less than this method can tell."


def _facts(comparison: Comparison) -> tuple[str, ...]:
    facts: list[str] = []
    if comparison.regions:
        whole = "the picture" if holds_everywhere(comparison.pair.valid) else "what is compared"
        facts.append(f"{percent(changed_fraction(comparison))} of {whole} changed.")
        facts.append(f"The largest place is {place_of(comparison.regions[0].box, comparison)}.")
    facts.extend(alignment_facts(comparison.pair))
    if comparison.settings.ignore:
        facts.append(f"{percent(_ignored_fraction(comparison))} of the picture is ignored.")
    if comparison.pair.related:  # of different things, light and focus explain nothing
        facts.extend(comparison.explained)
    for role, image in (("Before", comparison.pair.reference), ("After", comparison.pair.test)):
        facts.extend(f"{role}: {note}" for note in image.notes)
    return tuple(facts)


def _ignored_fraction(comparison: Comparison) -> float:
    ignored = np.zeros(comparison.error_map.shape, np.bool_)
    for box in comparison.settings.ignore:
        ignored[box.slices] = True
    return float(ignored.mean())


def place_of(box: Box, comparison: Comparison) -> str:
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
    pair = comparison.pair

    def diff(rows: slice) -> Picture:
        return gray_levels(comparison.error_map[rows], ceiling=comparison.method.ceiling)

    def boxed(draw: Callable[[slice], Picture]) -> Callable[[slice], Picture]:
        return lambda rows: render.boxed(draw(rows), boxes, top=rows.start)

    def filled(rows: slice) -> Picture:
        return render.filled(_shown(pair.test, rows), comparison.changed[rows])

    before, after = partial(_shown, pair.reference), partial(_shown, pair.test)
    layer = partial(Layer, height=pair.reference.height)
    layers = (
        layer(
            "boxed_before",
            "Before",
            f"The first picture with {count} around what changed",
            draw_rows=boxed(before),
        ),
        layer(
            "boxed_after",
            "After",
            f"The second picture with {count} around what changed",
            draw_rows=boxed(after),
        ),
        layer(
            "diff",
            "Diff",
            "Difference map: white where equal, dark where different",
            draw_rows=diff,
        ),
        layer(
            "boxed_diff",
            "Diff with boxes",
            f"Difference map with {count} around what changed",
            draw_rows=boxed(diff),
        ),
        layer(
            "mask",
            "Mask",
            "White where something changed, black elsewhere",
            draw_rows=lambda rows: render.black_and_white(comparison.changed[rows]),
            bilevel=True,
        ),
        layer(
            "filled",
            "Filled",
            "The second picture with the changed places painted green",
            draw_rows=filled,
        ),
    )
    return {layer.key: layer for layer in layers}


def picture_layer(image: Image, *, key: str, title: str) -> Layer:
    """A picture by itself, as it is shown: 8 bits, on white."""
    return Layer(key, title, f"The picture {title.lower()}", image.height, partial(_shown, image))


def _shown(image: Image, rows: slice) -> Picture:
    """Rows of a picture as they are shown: 8 bits, on white."""
    return on_white(image.pixels[rows], None if image.alpha is None else image.alpha[rows])
