"""What the text of two documents says otherwise, wherever its pages break.

A clause that is put in moves all that follows, over pages too. So the text that the files hold
themselves is compared as one, without what stands at the top and bottom of every page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from imgdiff.alignment.patience import longest_increasing
from imgdiff.reading.tokens import Run, Token, differing, joined, tokens_of
from imgdiff.types import Revision

_RUN = 4
"""Words in a row by which both texts are hung up on each other, where they come but once."""
_MOST = 200_000
"""Words of a document: 500 pages full of them. What is longer isn't compared as one text."""
_LARGEST = 250_000
"""Words before times words after, between two places that agree: beyond it, all was replaced."""
_PAGES, _SHARE = 4, 0.6
"""So many pages of both, and so large a share, must begin or end alike for that to be no text."""
_MOVED = 5
"""Words that an added passage and a removed one must have in common to be one that moved."""

_LONGEST_HEAD = 40
"""Words at the top or at the bottom of a page."""

_PARTED = re.compile("[\u00ad\u0002]\\s*")
"""Where a word was parted at the end of a line: PDFium tells U+0002."""
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The words of a page, its place from 0, and how many pages there are."""

    words: list[str]
    place: int
    count: int

    def keys_of(self, at: int) -> Iterator[tuple[int, str]]:
        """A word as others may have it: as it is, or a number that counts pages."""
        word = self.words[at] if at < len(self.words) else ""
        if word:
            yield 0, word
        if _NUMBER.search(word):
            yield 1, _counted_from(self.place, word)
            yield 2, _counted_from(self.count, word)


def revisions_of(before: Sequence[str], after: Sequence[str]) -> tuple[Revision, ...] | None:
    """What was added, removed, replaced and put elsewhere, in the order of reading.

    Parameters
    ----------
    before, after : sequence of str
        The text of each page, as a file holds it; "" of a page that is only a picture.

    Returns
    -------
    tuple of Revision or None
        None if a document holds no text, or more than can be compared as one.
    """
    ours, theirs = (tokens_of(pages) for pages in _running(before, after))
    if not (0 < len(ours) <= _MOST and 0 < len(theirs) <= _MOST):
        return None
    found = [
        Revision(
            joined(run.before),
            joined(run.after),
            _page(ours, run.before_at),
            _page(theirs, run.after_at),
        )
        for run in _runs(ours, theirs)
    ]
    return tuple(_with_moved(found))


def _running(*documents: Sequence[str]) -> Iterator[list[str]]:
    """The text of each page without what stands at the top and bottom of most."""
    sheets = [
        _Sheet(_PARTED.sub("", page).split(), number, len(pages))
        for pages in documents
        for number, page in enumerate(pages)
    ]
    heads = _shared_start(sheets)
    tails = _shared_start([replace(sheet, words=sheet.words[::-1]) for sheet in sheets])
    texts = iter(
        " ".join(sheet.words[head : len(sheet.words) - tail])
        for sheet, head, tail in zip(sheets, heads, tails, strict=True)
    )
    for pages in documents:
        yield [*islice(texts, len(pages))]


def _shared_start(sheets: Sequence[_Sheet]) -> list[int]:
    """How many words at the start of each page most pages have, numbers of pages aside."""
    among = [index for index, sheet in enumerate(sheets) if sheet.words]
    least, kinds = max(_PAGES, _SHARE * len(among)), list[int]()
    while len(kinds) < _LONGEST_HEAD:
        alike = defaultdict[tuple[int, str], list[int]](list)
        for index in among:
            for key in sheets[index].keys_of(len(kinds)):
                alike[key].append(index)
        (kind, _), most = max(alike.items(), key=lambda item: len(item[1]), default=((0, ""), []))
        if len(most) < least:
            break
        among = most
        kinds.append(kind)
    if kinds == [0]:  # a single word, with which sentences may begin by chance
        return [0] * len(sheets)
    alike_in = set(among)
    return [len(kinds) * (index in alike_in) for index in range(len(sheets))]


def _counted_from(start: int, word: str) -> str:
    return _NUMBER.sub(lambda found: f"{int(found[0]) - start:+}", word)


def _runs(before: Sequence[Token], after: Sequence[Token]) -> Iterator[Run]:
    """The words that differ, between places where both texts agree."""
    i = j = 0
    for next_i, next_j in (*_anchors(before, after), (len(before), len(after))):
        if next_i < i or next_j < j:
            continue
        for run in _between(before[i:next_i], after[j:next_j]):
            yield replace(run, before_at=run.before_at + i, after_at=run.after_at + j)
        pairs = zip(before[next_i:], after[next_j:], strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, pairs))
        i, j = next_i + alike, next_j + alike


def _between(before: Sequence[Token], after: Sequence[Token]) -> Iterator[Run]:
    if len(before) * len(after) <= _LARGEST:
        yield from differing(before, after)
    else:
        yield Run(tuple(before), tuple(after), 0, 0)


def _anchors(before: Sequence[Token], after: Sequence[Token]) -> list[tuple[int, int]]:
    """Where words in a row begin that come once in either text, as many as keep their order."""
    places = _once(before), _once(after)
    shared = sorted((places[0][run], places[1][run]) for run in places[0].keys() & places[1].keys())
    return longest_increasing(shared)


def _once(tokens: Sequence[Token]) -> dict[tuple[str, ...], int]:
    words = [token.text for token in tokens]
    runs = [*zip(*(words[start:] for start in range(_RUN)), strict=False)]
    counts = Counter(runs)
    return {run: place for place, run in enumerate(runs) if counts[run] == 1}


def _page(tokens: Sequence[Token], at: int) -> int:
    return tokens[min(at, len(tokens) - 1)].line + 1


def _with_moved(found: Sequence[Revision]) -> Iterator[Revision]:
    """With one revision for a passage that went here and came there."""
    added = {r.after: r for r in found if not r.before and len(r.after.split()) >= _MOVED}
    removed = {r.before: r for r in found if not r.after}
    moved = added.keys() & removed.keys()
    for revision in found:
        if not revision.after and revision.before in moved:
            yield replace(
                added[revision.before], before=revision.before, before_page=revision.before_page
            )
        elif revision.before or revision.after not in moved:
            yield revision
