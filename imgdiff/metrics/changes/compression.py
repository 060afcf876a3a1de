"""What compression makes of a drawing: tried on the picture that wasn't compressed.

The pair's own noise is learned from what there is much of. A coloured button on a page of black
text is little, and JPEG and WebP take half of the resolution from colours: so the drawing is
compressed here, and what that does at a place is expected there.
"""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.indexed import nearest_colours, palette_colours
from imgdiff.metrics.changes.look import Look, Samples, highest, opponent
from imgdiff.metrics.changes.nature import Nature
from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Mask, Picture

_QUALITIES = (90, 75, 50, 30)
"""Of JPEG, tried from good to bad until one errs as much as the pair does."""

_FAR, _ROUNDED = 4.0, 2.0
"""Times the median error of a palette, levels, that it makes at most: further off is new."""

_BUSY = 0.9
"""Quantile of the error by which both are compared: most of a page is empty."""


def compression_error(look: Look, nature: Nature, *, channels: int) -> Samples | None:
    """How far compression takes a drawing off, as much as the other picture was compressed.

    Parameters
    ----------
    look : Look
        The pair.
    nature : Nature
        Which one of both was drawn.
    channels : int
        1 leaves the colour differences out.

    Returns
    -------
    ndarray of float32, shape (h, w, C), or None
        Signed, in gray levels, of luma, the colour differences and none of opacity; None unless
        one picture was drawn and the other one wasn't, or one photograph has a palette.
    """
    if not look.exact or look.opacity is not None:
        return None
    if nature.drawing is None:
        return None if nature.graphic else _palette_error(look, channels)
    drawing = look.before if nature.drawing == "before" else look.after
    differs = _error(look.before, look.after, look.valid)
    for quality in _QUALITIES:
        compressed = _compressed(drawing, quality)
        if _error(drawing, compressed, look.valid) >= differs:
            break
    return _step(drawing, compressed, channels)


def _step(here: Picture, there: Picture, channels: int) -> Samples:
    """From one picture to another, in luma and, unless there's one channel, colour differences."""
    one, other = (opponent(p, None, grayscale=channels == 1) for p in (here, there))
    return np.asarray(cv2.subtract(other, one).reshape(one.shape), np.float32)


def _palette_error(look: Look, channels: int) -> Samples | None:
    """How far the palette of one photograph takes the other one off; None if none has one alone."""
    pictures = look.before, look.after
    palettes = [palette_colours(picture) for picture in pictures]
    known = [palette for palette in palettes if palette is not None]
    if len(known) != 1:
        return None
    plain, palette = pictures[1 if palettes[1] is None else 0], known[0]
    error = _step(plain, nearest_colours(plain, palette), channels)
    most = _FAR * max(_ROUNDED, float(median(np.abs(error[..., 0]))))
    return np.clip(error, -most, most)


def _error(one: Picture, other: Picture, valid: Mask) -> float:
    """How far two pictures differ where they do much."""
    return float(quantile(highest(cv2.absdiff(one, other))[valid], _BUSY)) if valid.any() else 0


def _compressed(picture: Picture, quality: int) -> Picture:
    _, data = cv2.imencode(
        ".jpg", np.ascontiguousarray(picture[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)
