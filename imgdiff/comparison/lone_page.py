"""A page without a partner, as a comparison with nothing: so that it can be looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imgdiff.alignment import align
from imgdiff.metrics.registry import method_named
from imgdiff.types import Box, Comparison, Image, PagePair, Region, Settings
from imgdiff.view import View, view_of
from imgdiff.view.page_words import lone_page_headline


def lone_page_view(image: Image, pair: PagePair, settings: Settings) -> View:
    """The page beside an empty sheet of its size: one place, as all of it is new, or gone."""
    sheet = np.full_like(image.pixels, np.iinfo(image.pixels.dtype).max)
    nothing = Image(sheet, None, "")
    before, after = (nothing, image) if pair.before is None else (image, nothing)
    method = method_named(settings.method)
    shape = image.height, image.width
    whole = Box(0, 0, image.width, image.height)
    outline = np.array([[0, 0], [whole.width, 0], [whole.width, whole.height], [0, whole.height]])
    place = Region(
        box=whole,
        area=float(whole.width * whole.height),
        peak=method.ceiling,
        mean=method.ceiling,
        outline=outline.astype(np.int32),
        kind="added" if pair.before is None else "removed",
    )
    comparison = Comparison(
        pair=align(before, after, motion="none"),
        method=method,
        settings=settings,
        errors=np.broadcast_to(np.float32(method.ceiling), shape),
        score=method.worst,
        threshold=settings.threshold or 0.0,
        changed=np.broadcast_to(np.bool_(True), shape),
        regions=(place,),
        faint=(),
        made_out=(place,),
        differs_evenly=False,
        explained=(),
        indistinct=0,
        seconds={},
    )
    return replace(view_of(comparison), headline=lone_page_headline(pair), facts=())
