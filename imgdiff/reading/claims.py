"""Which words of two passages differ, and of which of them that may be said.

Two readings of one text differ now and then, so two strings that differ prove nothing. Instead the
text of each picture is scored against what the network saw in the other: by how much is it likelier
that two texts are written there than that it is one and the same?
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from imgdiff.reading.lines import Line
from imgdiff.reading.tokens import Run, Token, differing, joined, squeezed, tokens_of


@dataclass(frozen=True, slots=True)
class Bounds:
    """What must hold before words are told.

    Attributes
    ----------
    same : float
        Below this log-likelihood ratio two words are one that was misread.
    two_texts : float
        From this ratio on there are two texts. On 2,080 drawn lines 3 to 8 claim nothing on lines
        that are equal and find 99 to 100 % of the changes; 10 finds 98, 12 only 93 %.
    agreed, sure : float
        Least probability of each character in the least and in the middle of its three readings.
        They leave 1 of 6 words that would be told wrongly, and cost 1 to 2 % of the changes.
    apart : float
        Least share, in all three, that a letter has of the probability of all that look like it.
    figure : float
        The same of a digit among digits, where hardly ever a letter stands.
    ink : float
        Least height of the ink, px.
    clear, small : float
        Ink lower than `clear` px needs `small` of each character in all three readings: 1 in 10 of
        such words is misread. With this, none of 23 told of 216 lines was, without none of 31.
    """

    same: float = 3.0
    two_texts: float = 6.0
    agreed: float = 0.6
    sure: float = 0.8
    apart: float = 0.9
    figure: float = 0.25
    ink: float = 8.0
    clear: float = 9.0
    small: float = 0.9


BOUNDS = Bounds()

_LOOK_ALIKE = re.compile("(?P<one>[Il|!¡])|(?P<naught>[OoQ])|(?P<m>rn|nn)|(?P<d>cl)|(?P<w>vv)")
_Gap = tuple[int, int]
_NO_GAPS: tuple[_Gap, _Gap] = ((0, 0), (0, 0))

_UNSURE_LETTERS = "Il|1O0"
_PERCENT = re.compile(r"\d9[6%se]$")
"""What a narrow per cent sign of a few px is read as, or its first half beside it."""
_PER_MILLE = re.compile("%[oO0]$")
"""What the sign for a thousandth is read as."""

_MARKS = frozenset("0OoQDCcIl1|!iTLVvXx×+-−–—_.·•*°=/\\<>^~()[]{}")
"""Characters that are as well a ring, a bar, a cross or an arrow, where they stand alone."""

_CLASSES = {"one": "1", "naught": "0", "m": "m", "d": "d", "w": "w"}
"""Characters that many fonts draw alike: a change within a class can't be told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ between two passages.

    Attributes
    ----------
    before, after : str
        As they are written; "" where there are none.
    run : Run
        The same as tokens, with their places.
    gaps : (int, int), (int, int)
        Where the words would stand if there are none: line and place in its text, before, after.
    ratio : float
        Log-likelihood ratio of two texts to one.
    told : bool
        Whether the words are sure enough to be told; if not, there is a change all the same.
    """

    before: str
    after: str
    run: Run
    gaps: tuple[_Gap, _Gap]
    ratio: float
    told: bool


def differences(before: Sequence[Line], after: Sequence[Line]) -> list[Difference]:
    """What differs between two passages, whose lines were read closely."""
    tokens = [_close_tokens(lines) for lines in (before, after)]
    found = []
    for run in (_trimmed(before, after, run) for run in differing(*tokens)):
        if _is_cut(before, run.before) or _is_cut(after, run.after):
            continue  # the edge cuts letters off: nothing can be said of them
        gaps = _gap(before, tokens[0], run.before_at), _gap(after, tokens[1], run.after_at)
        ratio = _ratio(before, after, run, gaps)
        if ratio >= BOUNDS.same:
            told = (
                ratio >= BOUNDS.two_texts
                and _all_sure(before, run.before)
                and _all_sure(after, run.after)
                and not _look_alike(run)
                and not (
                    _is_mark(before, run.before, run.after)
                    or _is_mark(after, run.after, run.before)
                )
            )
            words = _spelled(before, run.before), _spelled(after, run.after)
            found.append(Difference(*words, run, gaps, ratio, told))
    return found


def _close_tokens(lines: Sequence[Line]) -> list[Token]:
    """The words that were read closely: all others stay."""
    return [
        token
        for token in tokens_of([line.text for line in lines])
        if lines[token.line].span[0] <= token.start and token.end <= lines[token.line].span[1]
    ]


def _trimmed(before: Sequence[Line], after: Sequence[Line], run: Run) -> Run:
    """A run without the words at its ends that are the same, and only read differently."""
    for end in (-1, 0):
        while len(run.before) > 1 and len(run.after) > 1:
            at = run.before_at, run.after_at
            rest = (run.before[:-1], run.after[:-1]) if end else (run.before[1:], run.after[1:])
            last = Run((run.before[end],), (run.after[end],), *at)
            if not _look_alike(last) and _ratio(before, after, last, _NO_GAPS) >= BOUNDS.same:
                break
            run = Run(*rest, *(at if end else (at[0] + 1, at[1] + 1)))
    return run


def _ratio(
    before: Sequence[Line], after: Sequence[Line], run: Run, gaps: tuple[_Gap, _Gap]
) -> float:
    """Log-likelihood ratio of two texts to one."""
    return min(
        _ratio_to(before, run.before, gaps[0], joined(run.after)),
        _ratio_to(after, run.after, gaps[1], joined(run.before)),
    )


def _ratio_to(lines: Sequence[Line], run: Sequence[Token], gap: _Gap, other: str) -> float:
    """Log-likelihood ratio of what is written on some lines to what is written on the others."""
    spans: dict[int, tuple[int, int]] = {}
    for token in run:
        start, _ = spans.get(token.line, (token.start, 0))
        spans[token.line] = start, token.end
    if not spans:
        spans = {gap[0]: (gap[1], gap[1])}
    ratio, replacement = 0.0, other
    for number, (start, end) in sorted(spans.items()):
        text = lines[number].text
        instead = _replaced(text, start, end, replacement)
        replacement = ""  # on the first of the lines
        own, others = lines[number].log_likelihoods([text, instead])
        ratio += own - others
    return ratio


def _spelled(lines: Sequence[Line], run: Sequence[Token]) -> str:
    """Words as they are shown."""
    parts = groupby(run, key=lambda token: token.line)
    spans = [(number, [*tokens]) for number, tokens in parts]
    return " ".join(
        lines[number].spelled(tokens[0].start, tokens[-1].end) for number, tokens in spans
    )


def _gap(lines: Sequence[Line], tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Where words would stand that come at a place in the list of tokens: line, place in it."""
    if at < len(tokens):
        return tokens[at].line, tokens[at].start
    return len(lines) - 1, len(lines[-1].text)


def _replaced(text: str, start: int, end: int, words: str) -> str:
    """A text with some of it replaced, and single spaces around what came in."""
    return " ".join(filter(None, (text[:start].strip(), words, text[end:].strip())))


def _all_sure(lines: Sequence[Line], run: Sequence[Token]) -> bool:
    return all(_is_sure(lines[token.line], token) for token in run)


def _is_sure(line: Line, token: Token) -> bool:
    """Whether a word was read the same three times, is large enough, and whole."""
    if line.box.height < BOUNDS.ink or _is_cut_off(line, token) or _PER_MILLE.search(token.text):
        return False
    sure = line.sureness(token.start, token.end)
    agreed = BOUNDS.agreed if line.box.height >= BOUNDS.clear else BOUNDS.small
    if _PERCENT.search(token.text):
        agreed = BOUNDS.apart
    if sure[0] < agreed or median(sure) < BOUNDS.sure:
        return False
    is_word = token.text.upper() != token.text.lower()
    least = BOUNDS.apart if is_word else BOUNDS.figure
    return all(
        line.apartness(place) >= least
        for place in range(token.start, token.end)
        if line.text[place] in _UNSURE_LETTERS or not line.text[place].isascii()
    )


def _is_cut(lines: Sequence[Line], run: Sequence[Token]) -> bool:
    return any(_is_cut_off(lines[token.line], token) for token in run)


def _is_cut_off(line: Line, token: Token) -> bool:
    """Whether a word touches an edge beyond which its line may go on."""
    at_start = not line.text[: token.start].strip()
    at_end = not line.text[token.end :].strip()
    return (at_start and line.cut_off[0]) or (at_end and line.cut_off[1])


def _look_alike(run: Run) -> bool:
    one, other = (
        _LOOK_ALIKE.sub(lambda found: _CLASSES[str(found.lastgroup)], squeezed(joined(tokens)))
        for tokens in (run.before, run.after)
    )
    return one == other


def _is_mark(lines: Sequence[Line], run: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether what came or went is all of a line, and may be no letter at all."""
    alone = len(run) == 1 and not other
    return alone and is_mark(run[0].text) and lines[run[0].line].text.strip() == run[0].text


def is_mark(text: str) -> bool:
    """Whether what stands alone may be no letter at all: a ring is read as 0, a cursor as l."""
    return text in _MARKS


def whole_words_sure(line: Line, run: Sequence[Token]) -> bool:
    """Whether some words of a line could be read, and look like no others."""
    return all(_is_sure(line, token) for token in run)


def is_sure(line: Line) -> bool:
    """Whether the whole of a line could be read."""
    return all(_is_sure(line, token) for token in tokens_of([line.text]))
