"""What is to be ignored for its look → the areas where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imgdiff.pixels.color import on_white
from imgdiff.pixels.pieces import places_like, shows_something
from imgdiff.types import Box, Image, Piece, Settings


def pieces_found(image: Image, pieces: tuple[Piece, ...]) -> tuple[Box, ...]:
    """Where a picture looks like any of some pieces."""
    if not pieces:
        return ()
    picture = on_white(image.pixels, image.alpha)
    return tuple(box for piece in pieces for box in places_like(picture, piece.pixels))


def pieces_in(image: Image, areas: Sequence[Box]) -> tuple[Piece | None, ...]:
    """What areas of a picture look like; None where nothing is to be seen."""
    picture = on_white(image.pixels, image.alpha)
    pieces = [
        picture[max(0, box.y) : box.y + box.height, max(0, box.x) : box.x + box.width]
        for box in areas
    ]
    return tuple(Piece.of(piece) if shows_something(piece) else None for piece in pieces)


def with_pieces_found(settings: Settings, reference: Image) -> Settings:
    """The same settings with areas in place of pieces, as they lie in this reference."""
    if not settings.ignore_pieces:
        return settings
    areas = (*settings.ignored_areas, *pieces_found(reference, settings.ignore_pieces))
    return replace(settings, ignore=areas, ignore_pieces=())
