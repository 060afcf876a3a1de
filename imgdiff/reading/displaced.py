"""Words that went at one place and came at another: they moved, and are told as neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from imgdiff.reading.telling import ReadPassage
from imgdiff.types import WordChange

_SEVERAL = 2
"""Words: fewer may well come here and go there; two prices that changed places are two changes."""


def without_moves(passages: Sequence[ReadPassage]) -> list[ReadPassage]:
    """The passages; where all of some words stands elsewhere now, or stood, none is told.

    Rows and columns of a table that were laid out anew are compared with others than themselves.
    """
    words = [word for passage in passages for word in passage.words]
    gone = Counter(token for word in words for token in word.before.split())
    came = Counter(token for word in words for token in word.after.split())
    return [_without_moves(passage, gone, came) for passage in passages]


def _without_moves(passage: ReadPassage, gone: Counter[str], came: Counter[str]) -> ReadPassage:
    moved = [word for word in passage.words if _moved(word, gone, came)]
    if not moved:
        return passage
    boxes = (box for word in moved for box in (word.before_box, word.after_box))
    words = tuple(word for word in passage.words if word not in moved)
    return replace(passage, words=words, untold=(*passage.untold, *boxes))


def _moved(word: WordChange, gone: Counter[str], came: Counter[str]) -> bool:
    before, after = Counter(word.before.split()), Counter(word.after.split())
    return _is_among(before, came - after) or _is_among(after, gone - before)


def _is_among(words: Counter[str], others: Counter[str]) -> bool:
    return words.total() >= _SEVERAL and words <= others
