"""What is written in pictures, read offline by networks that come with imgdiff.

Importing this room costs nothing: what reads is loaded when the first place looks like writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from imgdiff.pixels.color import luma, on_white
from imgdiff.pixels.regions import largest_first, loops_of
from imgdiff.reading.sifted import Sifted
from imgdiff.reading.writing import fits, is_page, may_hold_writing
from imgdiff.types import Box, Errors, Explanation, Image, Pair, Picture, Region, Settings

_MOST_PLACES = 200
"""So many regions are looked at, the largest."""

_MOST_READ = 400
"""With more regions nothing is read: it would take half a minute, and dust that lies on letters is
read as other letters."""

_MOST_PARTS = 10_000
"""Parts and holes that a region of writing has at most: a page at 300 dpi has 5,000 letters."""

_TOO_MANY = Explanation("unread", "There are too many places to read what is written in them.")
_TOO_LARGE = Explanation("unread", "The page is too large to be read as a whole.")


def read_regions(  # noqa: PLR0913 (each is known of the pair)
    pair: Pair,
    regions: Sequence[Region],
    errors: Errors,
    settings: Settings,
    *,
    in_colour: bool = True,
    in_doubt: bool = False,
) -> Sifted:
    """Read what is written in places that changed, or wherever pixels differ.

    Parameters
    ----------
    pair : Pair
        The pictures on one grid.
    regions : sequence of Region
        Largest first.
    errors : ndarray of float, shape (H, W), or LateMap
        What they were found in.
    settings : Settings
        Of these `grayscale`, `read`, `ignore_redrawn` and `ignore_text`.
    in_colour : bool
        False if one of the pictures is a gray copy: the colour of ink is no change then.
    in_doubt : bool
        Whether the pixels of the page differ all over, so that change can't be told from noise:
        words that look other than the rest are places then, told or not.

    Returns
    -------
    Sifted
        The regions that are left and those that reading found, each with the words that changed
        there if they can be read for sure; and what else differs.
    """
    layered = bool(pair.reference.text and pair.unmoved.text)
    if not (regions or settings.read == "page" or fits(pair.reference.pixels)):
        return Sifted(())
    everywhere = layered or in_doubt or not regions or settings.read == "page"
    test = pair.test if everywhere else _test_near(pair, regions[:_MOST_PLACES])
    before, after = (on_white(image.pixels, image.alpha) for image in (pair.reference, test))
    if settings.grayscale or not in_colour:
        before, after = (np.dstack([luma(picture)] * 3) for picture in (before, after))
    written = [region for region in regions[:_MOST_PLACES] if _is_written(region, before, after)]
    boxes = [region.box for region in written]
    if written and (len(regions) > _MOST_READ or any(map(_is_dust, written))):
        return Sifted(tuple(regions), (_TOO_MANY,))
    asked = settings.read == "page"
    whole = (asked or (not regions and fits(before))) and not np.array_equal(before, after)
    whole = whole and (asked or is_page(before, after))
    if whole and fits(before):
        boxes.append(Box(0, 0, pair.reference.width, pair.reference.height))
    unread = (_TOO_LARGE,) if whole and not fits(before) else ()
    if not boxes and not (layered and regions):
        return Sifted(_strips_read(pair, regions), unread)
    # What reads is as large as all the rest.
    from imgdiff.reading.overlooked import overlooked, standing_out  # noqa: PLC0415
    from imgdiff.reading.said import of_whole_pages, read_passages  # noqa: PLC0415
    from imgdiff.reading.sifting import sift  # noqa: PLC0415
    from imgdiff.reading.spacing import without_spacing  # noqa: PLC0415
    from imgdiff.reading.telling import with_text  # noqa: PLC0415

    passages, explained = read_passages(pair, (before, after), boxes, settings)
    told = dict(zip(map(id, written), with_text(written, passages), strict=True))
    all_told = [told.get(id(region), region) for region in regions]
    sifted = sift(all_told, passages, before, after, ignore_redrawn=settings.ignore_redrawn)
    found = [*sifted.regions, *overlooked(passages, regions, errors, in_doubt=in_doubt)]
    if in_doubt and not regions:
        found += standing_out(passages, found, (before, after), errors)
    result = Sifted(largest_first(found), (*unread, *explained, *sifted.explained))
    if layered and settings.ignore_redrawn and of_whole_pages(pair, explained, settings):
        result = without_spacing(result, pair, passages)
    return replace(result, regions=_strips_read(pair, result.regions))


def _test_near(pair: Pair, regions: Sequence[Region]) -> Image:
    """The moved picture, at least in the strips in which some places are read."""
    from imgdiff.reading.strips import strip_boxes  # noqa: PLC0415

    shape = pair.reference.height, pair.reference.width
    return pair.test_near(strip_boxes((region.box for region in regions), shape))


def _strips_read(pair: Pair, regions: Sequence[Region]) -> tuple[Region, ...]:
    """The regions, with what is written on rows that one picture has alone."""
    if not any(region.block for region in regions):
        return tuple(regions)
    from imgdiff.reading.strips_alone import with_words_of_strips  # noqa: PLC0415

    pictures = (on_white(image.pixels, image.alpha) for image in (pair.reference, pair.unmoved))
    return tuple(with_words_of_strips(regions, *pictures))


def _is_dust(region: Region) -> bool:
    return len(region.outline) > _MOST_PARTS and len(loops_of(region.outline)) > _MOST_PARTS


def _is_written(region: Region, before: Picture, after: Picture) -> bool:
    if region.block is not None:
        return False
    return any(may_hold_writing(picture, region.box) for picture in (before, after))
