"""Whether a page's own text is what is seen: a text layer may say anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imgdiff.reading.claims import BOUNDS, whole_words_sure
from imgdiff.reading.layer import LayerLine
from imgdiff.reading.lines import Line, read_line
from imgdiff.reading.networks import column_of_character
from imgdiff.reading.scripts import legible
from imgdiff.reading.sheets import MOST_LINES
from imgdiff.reading.telling import box_around, meet
from imgdiff.reading.tokens import Run, differing, joined, tokens_of
from imgdiff.types import Box, Picture


def says_otherwise(
    lines: Sequence[LayerLine],
    picture: Picture,
    boxes: Sequence[Box],
    on_picture: Sequence[LayerLine] | None = None,
) -> bool:
    """Whether on some line in some boxes something else is surely seen than the layer says.

    Lines too small to read, cut by the edge or in other scripts bear no witness. Where the boxes
    lie on another grid than the picture, `lines` do too, and `on_picture` are the same in it.
    """
    asked = [
        own
        for line, own in zip(lines, on_picture or lines, strict=True)
        if any(meet(box_around(line.box), box) for box in boxes)
    ]
    return any(_differs(line, picture) for line in asked[:MOST_LINES])


def _differs(layer: LayerLine, picture: Picture) -> bool:
    height, width = picture.shape[:2]
    box = layer.box
    inside = box.left >= 0 and box.top >= 0 and box.right <= width and box.bottom <= height
    if not inside or box.height < BOUNDS.ink or box.width < box.height:
        return False
    if _is_blank(picture, box_around(box)):
        return True
    seen = read_line(picture, box)
    known = column_of_character().keys()
    if not legible([seen])[0] or not set("".join(layer.text.split())) <= known:
        return False
    runs = differing(tokens_of([layer.text.strip()]), tokens_of([seen.text]))
    return any(_is_sure(run, seen) for run in runs)


def _is_blank(picture: Picture, box: Box) -> bool:
    """Whether nothing at all is seen where text should be."""
    return int(np.ptp(picture[box.slices], axis=(0, 1)).max(initial=0)) < 8


def _is_sure(run: Run, seen: Line) -> bool:
    """Whether other words than the layer's are seen, far likelier than those."""
    if not run.before or not run.after or not whole_words_sure(seen, run.after):
        return False
    start, end = run.after[0].start, run.after[-1].end
    instead = f"{seen.text[:start]}{joined(run.before)}{seen.text[end:]}"
    own, layers = seen.log_likelihoods([seen.text, instead])
    return own - layers >= 2 * BOUNDS.two_texts
