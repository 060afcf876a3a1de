"""A `View` as the page needs it: small, and able to travel from one process to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.comparison.page_places import faint_as_json, places_as_json
from imgdiff.report.downloads import FILES
from imgdiff.report.encoded import to_png
from imgdiff.types import Box, Image, Pair
from imgdiff.view import Canvas, View
from imgdiff.view.canvas import LineNumbers, Side
from imgdiff.view.words import is_doubtful, levels_in_words

Runs: TypeAlias = tuple[tuple[int, int, int], ...]
Numbers: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How the page shows one of the two pictures.

    Attributes
    ----------
    width, height : int
        Of the upright picture, px.
    as_is : bool
        Whether the browser can show the file itself; else it needs the rendition that `file_of`
        makes on the canvas.
    transform : tuple of float
        3×3 by rows, from its pixels to those of the canvas.
    gaps : tuple of Box
        Strips of the canvas that it lacks, since only the other picture has them.
    """

    width: int
    height: int
    as_is: bool
    transform: Numbers
    gaps: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A file on the canvas.

    Attributes
    ----------
    width, height : int
        Of the upright picture, px.
    transform : tuple of float
        3×3 by rows, from its pixels to those of the canvas.
    """

    width: int
    height: int
    transform: Numbers


@dataclass(frozen=True, slots=True)
class PageResult:
    """What the page says about a pair; the pictures stay behind, as files to be asked for.

    Attributes
    ----------
    headline, score_name, score_text, score_short, score_help, facts
        As in `View`.
    places_changed : int
        As the headline counts them: what moved from one place to another counts once.
    width, height : int
        Of the canvas that all of it lies on, px; see `imgdiff.view.canvas`.
    runs : (runs, runs)
        Of rows and of columns, ``(line of the canvas, line of the reference, count)``: where the
        reference's lines lie.
    before, after : Shown
        The two pictures.
    related : bool
        False if the pictures don't show the same thing.
    alignment : str
        What was done to the after picture, in words; "" if nothing.
    doubtful : bool
        Whether that is to be checked by eye, or no motion was found.
    placed : (Placed, Placed) or ()
        Where the files themselves lie, whatever the page shows of them; nothing where parts of the
        one after moved by themselves.
    levels : str
        Which levels are shown as black and as white, in a sentence; "" if all there are.
    mask : bytes
        PNG of one bit a pixel of the canvas: what changed.
    places : str
        JSON: a list of the changes that some area threshold would let count, largest first, at
        most `MOST_PLACES` of `page_places`; those that count come first. Boxes are the canvas's,
        but its `place` and those to `ignore` the reference's.
    faint : str
        JSON: the same of the places that may be noise, and aren't counted.
    """

    headline: str
    score_name: str
    score_text: str
    score_short: str
    score_help: str
    facts: tuple[str, ...]
    places_changed: int
    width: int
    height: int
    runs: tuple[Runs, Runs]
    before: Shown
    after: Shown
    related: bool
    alignment: str
    doubtful: bool
    placed: tuple[Placed, ...]
    levels: str
    mask: bytes = field(repr=False)
    places: str = field(repr=False)
    faint: str = field(repr=False)


def page_result_of(view: View) -> PageResult:
    """What the page says about a comparison."""
    comparison, canvas = view.comparison, view.canvas
    pair = comparison.pair
    in_parts = pair.alignment.bent or canvas.has_blocks
    return PageResult(
        headline=view.headline,
        score_name=view.score_name,
        score_text=view.score_text,
        score_short=view.score_short,
        score_help=view.score_help,
        facts=view.facts,
        places_changed=len(view.changes),
        width=canvas.width,
        height=canvas.height,
        runs=(_runs(canvas.rows.places), _runs(canvas.columns.places)),
        before=_shown(pair.reference, np.eye(3), canvas, "before"),
        after=_shown(pair.unmoved, pair.transform, canvas, "after", bent=pair.alignment.bent),
        related=pair.related,
        alignment=pair.alignment.sentence,
        doubtful=is_doubtful(pair),
        placed=() if in_parts else _files(pair, canvas),
        levels=levels_in_words(canvas.levels),
        mask=to_png(view.layers["mask"]),
        places=places_as_json(view),
        faint=faint_as_json(view),
    )


def file_of(view: View, name: str) -> bytes:
    """A file made from a comparison: one of `imgdiff.report.FILES`, by its name."""
    return FILES[name].make(view)


def _shown(
    image: Image, transform: NDArray[np.float64], canvas: Canvas, side: Side, *, bent: bool = False
) -> Shown:
    gaps = canvas.gaps(side)
    if bent or canvas.has_blocks or not image.shown_as_is:
        eye = tuple(np.eye(3).ravel().tolist())
        return Shown(canvas.width, canvas.height, as_is=False, transform=eye, gaps=gaps)
    numbers = _placed(transform, canvas)
    return Shown(image.width, image.height, as_is=True, transform=numbers, gaps=gaps)


def _files(pair: Pair, canvas: Canvas) -> tuple[Placed, Placed]:
    before, after = pair.reference, pair.unmoved
    return (
        Placed(before.width, before.height, _placed(np.eye(3), canvas)),
        Placed(after.width, after.height, _placed(pair.transform, canvas)),
    )


def _placed(transform: NDArray[np.float64], canvas: Canvas) -> Numbers:
    """A motion to the reference, as one to the canvas, by rows."""
    placed = transform.copy()
    placed[:2] += np.outer(canvas.corner, transform[2])
    return tuple(placed.ravel().tolist())


def _runs(places: LineNumbers) -> Runs:
    """Lines that follow each other on the canvas as they do in the reference."""
    starts = [0, *(np.flatnonzero(np.diff(places[:-1]) != 1) + 1).tolist(), len(places) - 1]
    return tuple((int(places[a]), a, b - a) for a, b in pairwise(starts))
