"""Texts as words, and which of them differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

_WORD = re.compile(
    "[\N{CJK UNIFIED IDEOGRAPH-3400}-\N{CJK UNIFIED IDEOGRAPH-9FFF}]"
    "|[^\\s\N{CJK UNIFIED IDEOGRAPH-3400}-\N{CJK UNIFIED IDEOGRAPH-9FFF}]+?%(?=\\d)"
    "|[^\\s\N{CJK UNIFIED IDEOGRAPH-3400}-\N{CJK UNIFIED IDEOGRAPH-9FFF}]+"
)
"""What stands between spaces, or is a percentage; of Chinese, each character."""

_CONTEXT = 4
"""So many characters that stay are read again on either side of those that differ."""

_SEVERAL = 2
"""Words: what is so long may be told together with the next difference."""

_Places = tuple[int, int, int, int]
"""From which word to which a difference goes, before and after."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line.

    Attributes
    ----------
    text : str
        As it is written.
    line : int
        Which of the lines of a passage holds it, from 0.
    start, end : int
        Where it stands in the line's text.
    """

    text: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that differ: those before and those after, either of which may be none.

    `before_at` and `after_at` are the places of their first tokens in the lists.
    """

    before: tuple[Token, ...]
    after: tuple[Token, ...]
    before_at: int
    after_at: int


def tokens_of(lines: Sequence[str]) -> list[Token]:
    """The words of a passage's lines."""
    return [
        Token(found.group(), number, found.start(), found.end())
        for number, line in enumerate(lines)
        for found in _WORD.finditer(line)
    ]


def squeezed(text: str) -> str:
    """Without spaces: a network sees them badly, and they rarely carry the meaning."""
    return "".join(text.split())


def joined(tokens: Sequence[Token]) -> str:
    """As they are shown: with spaces, but for Chinese."""
    text = ""
    for token in tokens:
        apart = text and not (_is_ideograph(text[-1]) and _is_ideograph(token.text[0]))
        text += f"{' ' if apart else ''}{token.text}"
    return text


def differing(before: Sequence[Token], after: Sequence[Token]) -> Iterator[Run]:
    """The runs of words that differ; where only spaces or hyphens at a line's end do, none."""
    matcher = SequenceMatcher(
        None, [token.text for token in before], [token.text for token in after], autojunk=False
    )
    runs = _brought_together(before, after, matcher.get_opcodes())
    for places in _told_as_one(before, after, runs):
        yield from _peeled(before, after, places)


def matching(before: Sequence[Token], after: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """The words that both texts have, one by one."""
    matcher = SequenceMatcher(
        None, [token.text for token in before], [token.text for token in after], autojunk=False
    )
    for i, j, size in matcher.get_matching_blocks():
        yield from zip(before[i : i + size], after[j : j + size], strict=True)


def differing_spans(before: str, after: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """From where to where two lines differ, with some words on either side that they share."""
    one, two = tokens_of([before]), tokens_of([after])
    ahead = _shared(one, two)
    back = _shared(one[ahead:][::-1], two[ahead:][::-1])
    return _span(before, one, ahead, back), _span(after, two, ahead, back)


def _shared(before: Sequence[Token], after: Sequence[Token]) -> int:
    """How many words from the start both have, but for the last of them, which are context."""
    pairs = zip(before, after, strict=False)
    same = [token.text for token, _ in takewhile(lambda both: both[0].text == both[1].text, pairs)]
    kept = 0
    while same and kept < _CONTEXT:
        kept += len(same.pop())
    return len(same)


def _span(text: str, tokens: Sequence[Token], ahead: int, back: int) -> tuple[int, int]:
    """What is left of a text without some words at its start and at its end."""
    start = tokens[ahead].start if ahead else 0
    return start, tokens[-back - 1].end if back else len(text)


def _brought_together(
    before: Sequence[Token], after: Sequence[Token], steps: Iterable[tuple[str, int, int, int, int]]
) -> list[_Places]:
    """The differences of two texts; what came moves next to what went, if it can.

    From "a meeting service" to "a service service" one word became another: a matcher that takes
    the first "service" for the old one says that one went and one came.
    """
    found: list[_Places] = []
    for tag, *step in steps:
        if tag == "equal":
            continue
        places: _Places = (step[0], step[1], step[2], step[3])
        joint = _slid(found[-1], places, before, after) if found else None
        found[-1:] = [joint] if joint else [*found[-1:], places]
    return found


def _told_as_one(
    before: Sequence[Token], after: Sequence[Token], runs: Iterable[_Places]
) -> list[_Places]:
    """The differences; those of several words with less between them that stayed are one.

    Two sentences have "the" and "of" in common, and nothing else.
    """
    found: list[_Places] = []
    for run in runs:
        if found and _outweigh(before, after, found[-1], run):
            found[-1] = (found[-1][0], run[1], found[-1][2], run[3])
        else:
            found.append(run)
    return found


def _outweigh(
    before: Sequence[Token], after: Sequence[Token], last: _Places, step: _Places
) -> bool:
    """Whether each of two differences is of several words, and longer than what is between them."""
    between = len(joined(before[last[1] : step[0]]))
    return all(
        max(i2 - i1, j2 - j1) >= _SEVERAL
        and max(len(joined(before[i1:i2])), len(joined(after[j1:j2]))) > between
        for i1, i2, j1, j2 in (last, step)
    )


def _slid(
    last: _Places, step: _Places, before: Sequence[Token], after: Sequence[Token]
) -> _Places | None:
    """Both as one difference, if the words between them can as well stand behind."""
    i1, i2, j1, j2 = last
    k1, k2, l1, l2 = step
    between = k1 - i2
    if j1 == j2 and k1 == k2 and _repeats(after, l1, l2, between):
        return i1, i2, j1, l2 - between
    if i1 == i2 and l1 == l2 and _repeats(before, k1, k2, between):
        return i1, k2 - between, j1, j2
    return None


def _repeats(tokens: Sequence[Token], start: int, end: int, count: int) -> bool:
    """Whether as many words before the end of a run are those before its start."""
    return all(tokens[start - n].text == tokens[end - n].text for n in range(1, count + 1))


def _peeled(before: Sequence[Token], after: Sequence[Token], places: _Places) -> Iterator[Run]:
    """A run without the words at either end whose characters agree, however they are spaced."""
    i1, i2, j1, j2 = places
    ahead_before, ahead_after = _agreeing(before[i1:i2], after[j1:j2])
    i1, j1 = i1 + ahead_before, j1 + ahead_after
    back_before, back_after = _agreeing(before[i1:i2][::-1], after[j1:j2][::-1], backwards=True)
    i2, j2 = i2 - back_before, j2 - back_after
    if i1 < i2 or j1 < j2:
        yield Run(tuple(before[i1:i2]), tuple(after[j1:j2]), i1, j1)


def _agreeing(
    before: Sequence[Token], after: Sequence[Token], *, backwards: bool = False
) -> tuple[int, int]:
    """How many tokens from the start have the same characters together: before and after."""
    one = other = ""
    best = i = j = 0
    found = 0, 0
    while True:
        if one == other and len(one) > best:
            best, found = len(one), (i, j)
        if len(one) <= len(other) and i < len(before):
            one = _attached(one, before[i], backwards)
            i += 1
        elif j < len(after):
            other = _attached(other, after[j], backwards)
            j += 1
        else:
            return found
        short, long = sorted((one, other), key=len)
        if not (long.endswith(short) if backwards else long.startswith(short)):
            return found


def _attached(text: str, token: Token, backwards: bool) -> str:
    return token.text + text if backwards else text + token.text


def _is_ideograph(character: str) -> bool:
    return "\N{CJK UNIFIED IDEOGRAPH-3400}" <= character <= "\N{CJK UNIFIED IDEOGRAPH-9FFF}"
