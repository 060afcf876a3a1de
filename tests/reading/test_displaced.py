"""Words that moved are told as neither gone nor new."""

from __future__ import annotations

import pytest

from imgdiff.reading.displaced import without_moves
from imgdiff.reading.telling import ReadPassage
from imgdiff.types import Box, WordChange

_BOX = Box(0, 0, 9, 9)


def _passage(*changes: tuple[str, str]) -> ReadPassage:
    words = tuple(WordChange(before, after, _BOX, _BOX) for before, after in changes)
    return ReadPassage((_BOX,), words, (), (), "", None, legible=True, left_out=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([("7,143 4,180", "£73.59"), ("", "7,143 4,180")], []),
        ([("4,160", "4,310"), ("4,310", "4,160")], [("4,160", "4,310"), ("4,310", "4,160")]),
        ([("an old price", ""), ("", "a new one")], [("an old price", ""), ("", "a new one")]),
    ],
)  # fmt: skip
def test_what_stands_elsewhere_now_is_not_told(
    changes: list[tuple[str, str]], told: list[tuple[str, str]]
) -> None:
    passages = without_moves([_passage(change) for change in changes])
    assert [(word.before, word.after) for p in passages for word in p.words] == told
    assert sum(len(p.untold) for p in passages) == 2 * (len(changes) - len(told))
