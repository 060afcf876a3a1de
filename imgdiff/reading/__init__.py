"""What is written in pictures, read offline by networks that come with imgdiff.

Importing this room costs nothing: a network is loaded when the first place looks like writing.
"""

from __future__ import annotations

from collections.abc import Sequence

from imgdiff.pixels.color import on_white
from imgdiff.reading.passages import levelled, read_passages
from imgdiff.reading.strips import strip_boxes, strip_of
from imgdiff.reading.telling import ReadPassage, in_the_picture, with_text
from imgdiff.reading.writing import may_hold_writing
from imgdiff.types import Box, Mask, Pair, Picture, Region


def read_regions(pair: Pair, regions: Sequence[Region]) -> tuple[Region, ...]:
    """Say of each region which words changed there, where that can be read for sure."""
    before, after = (on_white(image.pixels, image.alpha) for image in (pair.reference, pair.test))
    written = [region for region in regions if _is_written(region, before, after)]
    if not written:
        return tuple(regions)
    passages = _passages(before, after, pair.overlap, [region.box for region in written])
    told = dict(zip(map(id, written), with_text(written, passages), strict=True))
    return tuple(told.get(id(region), region) for region in regions)


def _is_written(region: Region, before: Picture, after: Picture) -> bool:
    if region.block is not None:
        return False
    return any(may_hold_writing(picture, region.box) for picture in (before, after))


def _passages(
    before: Picture, after: Picture, overlap: Mask, boxes: Sequence[Box]
) -> list[ReadPassage]:
    """Read the lines that touch some boxes and that both pictures show whole."""
    found = []
    for part in strip_boxes(boxes, before.shape[:2]):
        strip, slots = levelled(strip_of(before, after, part))
        near = [strip.placed(box) for box in boxes]
        touched = [
            slot
            for slot in slots
            if any(slot.before.touches(box) or slot.after.touches(box) for box in near)
            and overlap[strip.box_of(slot.both).slices].all()
        ]
        found += [in_the_picture(passage, strip) for passage in read_passages(strip, touched)]
    return found
