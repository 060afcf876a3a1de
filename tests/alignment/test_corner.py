"""Pictures laid on each other at their top left corners."""

from __future__ import annotations

import numpy as np
import pytest

from imgdiff import Box, align, compare
from imgdiff.types import Block, Settings
from tests.motions import untouched
from tests.pictures import drawing, image

WHOLE = drawing(120, 160)
WAYS = {
    "lower": (WHOLE, WHOLE[:100], [Block("removed", "rows", 20, 100, 100)]),
    "higher": (WHOLE[:100], WHOLE, [Block("added", "rows", 20, 100, 100)]),
    "narrower": (WHOLE, WHOLE[:, :150], [Block("removed", "columns", 10, 150, 150)]),
    "wider": (WHOLE[:, :150], WHOLE, [Block("added", "columns", 10, 150, 150)]),
    "lower and wider": (
        WHOLE[:, :150],
        WHOLE[:100],
        [Block("removed", "rows", 20, 100, 100), Block("added", "columns", 10, 150, 150)],
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_juts_out_was_added_or_removed_and_the_rest_is_compared(way: str) -> None:
    before, after, blocks = WAYS[way]
    found = compare(image(before), image(after), Settings("absdiff", align="corner", threshold=0))
    assert [*found.pair.alignment.blocks] == blocks
    assert {region.block for region in found.regions} == {*blocks}
    assert found.pair.overlap.sum() == np.prod(np.minimum(before.shape, after.shape)[:2])
    assert not found.error_map.any()
    assert not found.alike


def test_of_one_size_nothing_is_done() -> None:
    assert untouched(align(image(WHOLE), image(WHOLE[:, ::-1]), motion="corner"))


def test_what_is_ignored_stays_ignored() -> None:
    pair = align(image(WHOLE), image(WHOLE[:100]), motion="corner", ignore=(Box(0, 0, 160, 90),))
    assert pair.valid.sum() == 160 * 10
