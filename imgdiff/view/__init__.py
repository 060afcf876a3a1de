"""What is shown of a comparison, in words and layers: one source for screen, file and terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from imgdiff.types import Comparison, Judgement, Region, Review, judged_places
from imgdiff.view.canvas import Canvas as Canvas
from imgdiff.view.canvas import canvas_of as canvas_of
from imgdiff.view.layers import Layer as Layer
from imgdiff.view.layers import layers_of
from imgdiff.view.layers import picture_layer as picture_layer
from imgdiff.view.numbering import CountedChange as CountedChange
from imgdiff.view.numbering import changes_of as changes_of
from imgdiff.view.places import changed_fraction as changed_fraction
from imgdiff.view.places import count_of_changes as count_of_changes
from imgdiff.view.places import place_of as place_of
from imgdiff.view.verdict import facts_of, headline_of
from imgdiff.view.words import levels_in_words


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A comparison put into words and pictures.

    Attributes
    ----------
    headline : str
        The answer in one sentence.
    score_name, score_text, score_help : str
        The number, what it is called and how to read it.
    score_short : str
        The number as it is read at a glance.
    facts : tuple of str
        What else a user should know: at most six, each on a topic of its own.
    layers : mapping of str to Layer
        boxed_before, boxed_after, diff, boxed_diff, mask, filled.
    regions : tuple of Region
        Largest first.
    canvas : Canvas
        The grid of all layers, on which both pictures have room.
    comparison : Comparison
        Where all of it comes from.
    review : Review
        What people said about the changes, and about the pair.
    """

    headline: str
    score_name: str
    score_text: str
    score_short: str
    score_help: str
    facts: tuple[str, ...]
    layers: Mapping[str, Layer]
    regions: tuple[Region, ...]
    canvas: Canvas
    comparison: Comparison
    review: Review = field(default_factory=Review)

    @property
    def changes(self) -> tuple[CountedChange, ...]:
        """The regions as people count them, numbered from 1: what moved is one of them."""
        return changes_of(self.regions)

    @property
    def judged(self) -> tuple[tuple[Judgement, ...], ...]:
        """What people said about each of the `changes`."""
        return tuple(judged_places([change.region.box for change in self.changes], self.review))

    @property
    def score_line(self) -> str:
        """The number with its meaning, to stand below the headline; "" where it has none.

        Of pictures of different things it means nothing: the facts tell it, and say so.
        """
        if not self.comparison.pair.related:
            return ""
        return f"{self.score_name}: {self.score_text} ({self.score_help.rstrip('.')})."


def view_of(comparison: Comparison) -> View:
    """Put a comparison into words and layers."""
    canvas = canvas_of(comparison.pair)
    return View(
        headline=headline_of(comparison),
        score_name=comparison.method.score_name,
        score_text=comparison.method.in_words(comparison.score),
        score_short=comparison.method.in_short(comparison.score),
        score_help=comparison.method.score_help,
        facts=(*facts_of(comparison), *filter(None, [levels_in_words(canvas.levels)])),
        layers=layers_of(comparison, canvas),
        regions=comparison.regions,
        canvas=canvas,
        comparison=comparison,
    )
