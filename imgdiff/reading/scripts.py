"""Writing that the network can't read: it comes out as Latin letters that look alike."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from statistics import fmean

from imgdiff.reading.lines import Line

_UNSURE = 0.8
_MOST_UNSURE = 0.2
"""Share of unsure characters from which on a line isn't read: of 20 languages in 3 faces, those
that the network knows have up to .15, Cyrillic, Greek, Hebrew and Arabic .1 to .8."""

_MOST_ODD = 0.3
"""The same of words that no language writes so: "3aka3a", "AoroBop" have .4 and more."""

_ODD = re.compile(
    r"[^\W\d_]\d+[^\W\d_]|[a-zß-ÿ][A-Z]+[a-zß-ÿ]*[A-Z]|[a-zß-ÿ]{2}[A-Z]+$|^\d[^\W\d_]{3}"
)
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u3040-\u30ff\uac00-\ud7af∏∑]")
"""Letters of other scripts: the network knows a few, never enough to read a word."""

_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_SIMPLIFIED = codecs.lookup("gb2312")
"""Looked up here, since worker processes can open no file any more when they read."""
_MOST_TRADITIONAL = 0.15
"""Share of a line's Chinese characters that GB 2312, the standard of simplified ones, doesn't have.
The network reads nine in ten of traditional ones, and of 49 changes told in them 22 were wrong."""

_MOST_FOREIGN = 0.05
_MOST_LINES = 0.3
"""Share of such lines from which on all of what is written is taken for that script."""


def legible(lines: Sequence[Line]) -> list[bool]:
    """Which of some lines, all of the same pictures, are in a script that the network knows."""
    strange = [_is_strange(line) for line in lines]
    telling = [odd for line, odd in zip(lines, strange, strict=True) if len(line.text.split()) > 1]
    if telling and fmean(telling) >= _MOST_LINES:
        return [False] * len(lines)
    return [not odd for odd in strange]


def _is_strange(line: Line) -> bool:
    sure, words = line.first.sure, line.text.split()
    if not words:
        return False
    if len(_FOREIGN.findall(line.text)) >= _MOST_FOREIGN * len(line.text):
        return True
    if _is_traditional(line.text):
        return True
    if len(words) == 1:
        return False  # one word alone proves nothing
    unsure = fmean(probability < _UNSURE for probability in sure)
    odd = fmean(_ODD.search(word) is not None for word in words)
    return unsure >= _MOST_UNSURE or odd >= _MOST_ODD


def _is_traditional(text: str) -> bool:
    signs = _IDEOGRAPH.findall(text)
    known = len(_SIMPLIFIED.encode("".join(signs), "ignore")[0]) // 2
    return len(signs) - known > _MOST_TRADITIONAL * len(signs)
