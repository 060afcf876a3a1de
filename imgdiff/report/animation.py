"""Before and after in turns, as a GIF or WebP animation that any mail or ticket shows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from imgdiff.pixels import render
from imgdiff.report.encoded import both, shrunk
from imgdiff.types import Picture
from imgdiff.view import View

if TYPE_CHECKING:
    from PIL import Image as PillowImage

_LONGEST = 1200
"""Of an animation, px: larger ones are too heavy for where they are shown."""

_SHOWN = 900
"""How long each picture stays, ms: well below the three flashes a second that may harm (WCAG 2.3.1)
and above what one needs to see what jumps."""


def to_gif(view: View) -> bytes:
    """Both pictures in turns, labelled, at most 1200 px, 256 colours for the two together."""
    # Pillow chooses the palette: OpenCV's own makes bands of a sky.
    from PIL import Image as PillowImage  # noqa: PLC0415

    first, second = _frames(view)
    together = PillowImage.fromarray(np.concatenate([first, second]))
    palette = together.quantize(256, method=PillowImage.Quantize.MEDIANCUT)
    frames = [PillowImage.fromarray(frame).quantize(palette=palette) for frame in (first, second)]
    return _saved(frames, "GIF", optimize=False)


def to_webp(view: View) -> bytes:
    """Both pictures in turns, labelled, at most 1200 px, in all their colours."""
    from PIL import Image as PillowImage  # noqa: PLC0415

    return _saved([PillowImage.fromarray(frame) for frame in _frames(view)], "WEBP", quality=88)


def _frames(view: View) -> tuple[Picture, Picture]:
    """Both pictures, each under a label: it hides nothing of them."""
    before, after = both(view)
    return (
        render.labelled(shrunk(before.draw(), _LONGEST), before.title),
        render.labelled(shrunk(after.draw(), _LONGEST), after.title, marked=True),
    )


def _saved(frames: list[PillowImage.Image], file_format: str, **options: object) -> bytes:
    file = io.BytesIO()
    first, *others = frames
    first.save(
        file, file_format, save_all=True, append_images=others, duration=_SHOWN, loop=0, **options
    )
    return file.getvalue()
