"""The pictures of a comparison, drawn only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from imgdiff.pixels import render
from imgdiff.pixels.color import gray_levels, on_white
from imgdiff.types import Comparison, Image, Picture

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


def layers_of(comparison: Comparison) -> dict[str, Layer]:
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
    return {layer.key: layer for layer in drawn}


def picture_layer(image: Image, *, key: str, title: str) -> Layer:
    """A picture by itself, as it is shown: 8 bits, on white."""
    return Layer(key, title, f"The picture {title.lower()}", image.height, partial(_shown, image))


def _shown(image: Image, rows: slice) -> Picture:
    """Rows of a picture as they are shown: 8 bits, on white."""
    return on_white(image.pixels[rows], None if image.alpha is None else image.alpha[rows])
