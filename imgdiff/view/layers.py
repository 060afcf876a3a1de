"""The pictures of a comparison, drawn only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from imgdiff.pixels import render
from imgdiff.pixels.color import gray_levels
from imgdiff.types import Comparison, ErrorMap, Mask, Picture
from imgdiff.view.canvas import Canvas, Side
from imgdiff.view.picture_rows import picture_rows
from imgdiff.view.places import changed_on_grid

_STRIP = 64


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture of a comparison, drawn only when asked for.

    Attributes
    ----------
    key : str
        Also the name of its file.
    title, alt : str
        For the eye and for the ear.
    height, width : int
        Of the whole, px.
    draw_rows : callable
        ``rows: slice -> Picture``; any strip looks just as it does in the whole.
    bilevel : bool
        Gray of the levels 0 and 255 alone.
    """

    key: str
    title: str
    alt: str
    height: int
    width: int
    draw_rows: Callable[[slice], Picture]
    bilevel: bool = False

    def draw(self) -> Picture:
        """The whole picture."""
        return self.draw_rows(slice(0, self.height))

    def strips(self) -> Iterator[Picture]:
        """The picture from top to bottom in strips, so that it never needs room as a whole."""
        for top in range(0, self.height, _STRIP):
            yield self.draw_rows(slice(top, min(top + _STRIP, self.height)))


def layers_of(comparison: Comparison, canvas: Canvas) -> dict[str, Layer]:
    """All layers by key, none drawn yet."""
    boxes = [canvas.box_of(region) for region in comparison.regions]
    count = f"{len(boxes)} boxes" if len(boxes) != 1 else "1 box"
    mask_rows = partial(_mask_rows, comparison, canvas, changed_on_grid(comparison))

    def diff(rows: slice) -> Picture:
        return gray_levels(_errors(comparison, canvas, rows), ceiling=comparison.method.ceiling)

    def boxed(draw: Callable[[slice], Picture]) -> Callable[[slice], Picture]:
        return lambda rows: render.boxed(draw(rows), boxes, top=rows.start)

    before, after = partial(picture_rows, canvas, "before"), partial(picture_rows, canvas, "after")
    layer = partial(Layer, height=canvas.height, width=canvas.width)
    drawn = (
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
            draw_rows=lambda rows: render.black_and_white(mask_rows(rows)),
            bilevel=True,
        ),
        layer(
            "filled",
            "Filled",
            "The second picture with the changed places painted green",
            draw_rows=lambda rows: render.filled(after(rows), mask_rows(rows)),
        ),
    )
    return {layer.key: layer for layer in drawn}


def picture_layer(canvas: Canvas, side: Side) -> Layer:
    """One of the pictures by itself, as it lies on the canvas, in 8 bits."""
    title = side.capitalize()
    draw = partial(picture_rows, canvas, side)
    return Layer(side, title, f"The picture {side}", canvas.height, canvas.width, draw)


def _mask_rows(comparison: Comparison, canvas: Canvas, changed: Mask, rows: slice) -> Mask:
    """Rows of the mask on the canvas: what changed in place, and the strips that one lacks."""
    mask: Mask = canvas.spread(lambda part: changed[part], rows, fill=False)
    strips = _strips(comparison, canvas, rows)
    return mask | strips if strips.any() else mask


def _errors(comparison: Comparison, canvas: Canvas, rows: slice) -> ErrorMap:
    """Rows of the error map on the canvas: a strip that one picture lacks can't differ more."""
    errors: ErrorMap = canvas.spread(lambda part: comparison.error_map[part], rows, fill=0)
    strips = _strips(comparison, canvas, rows)
    return (
        np.where(strips, np.float32(comparison.method.ceiling), errors) if strips.any() else errors
    )


def _strips(comparison: Comparison, canvas: Canvas, rows: slice) -> Mask:
    """Rows of the canvas: where rows or columns lie that one picture lacks, and that count."""
    mask = np.zeros((rows.stop - rows.start, canvas.width), np.bool_)
    for region in comparison.regions:
        if region.block is not None:
            box = canvas.box_of(region)
            top, bottom = (max(0, y - rows.start) for y in (box.y, box.y + box.height))
            mask[top:bottom, box.x : box.x + box.width] = True
    return mask
