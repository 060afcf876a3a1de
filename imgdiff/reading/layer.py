"""The text that PDFs hold themselves, compared: no network needs to guess it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.reading.shapes import Rectangle, hull
from imgdiff.reading.telling import ReadPassage, box_around
from imgdiff.reading.tokens import Run, Token, differing, joined, matching, tokens_of
from imgdiff.types import Image, PageText, Pair, WordChange

_HYPHENS = "-\u00ad\u0002"
"""At the end of a line: PDFium tells U+0002 where a word was parted."""

_FEWEST = 20
"""Characters of a page from which on it has a text of its own; a scan may have a number."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerLine:
    """A line of a page's own text.

    Attributes
    ----------
    text : str
        As it is written.
    spots : ndarray of float32, shape (len(text), 4)
        Left, top, right and bottom of each character, px of the reference.
    box : Rectangle
        Around all of them.
    """

    text: str
    spots: NDArray[np.float32]
    box: Rectangle

    def extent(self, start: int, end: int) -> Rectangle:
        """Around some of its characters, or the gap in front of one."""
        if end > start:
            return _hull(self.spots[start:end])
        edge = self.spots[start, 0] if start < len(self.text) else self.box.right
        return Rectangle(float(edge), self.box.top, float(edge) + 1, self.box.bottom)


def has_layers(pair: Pair) -> bool:
    """Whether both pictures are pages with a text of their own."""
    return all(_has_layer(image) for image in (pair.reference, pair.unmoved))


def layer_lines(pair: Pair) -> tuple[list[LayerLine], list[LayerLine]]:
    """The lines of both pages, on the reference's grid."""
    before, after = pair.reference.text, pair.unmoved.text
    if before is None or after is None:
        return [], []
    corners = _corners(after)
    moved = replace(after, boxes=_sizes(_on_reference(pair, corners)))
    return list(_lines(before)), list(_lines(moved))


def unmoved_lines(pair: Pair) -> list[LayerLine]:
    """The lines of the page after where they stand on that page itself, as many as on the grid."""
    return [] if pair.unmoved.text is None else list(_lines(pair.unmoved.text))


def layer_passages(before: Sequence[LayerLine], after: Sequence[LayerLine]) -> list[ReadPassage]:
    """What differs between two pages' texts, in passages: lines that have words in common."""
    tokens = [_tokens([line.text for line in lines]) for lines in (before, after)]
    runs = list(differing(*tokens))
    groups = _Groups(len(before) + len(after))
    for one, other in matching(*tokens):
        groups.join([one.line, len(before) + other.line])
    places = []
    for run in runs:
        gaps = _gap(tokens[0], run.before_at, before), _gap(tokens[1], run.after_at, after)
        lines = [token.line for token in run.before] or [gaps[0][0]]
        others = [token.line for token in run.after] or [gaps[1][0]]
        groups.join([*lines, *(len(before) + line for line in others)])
        places.append((lines[0], _change(run, gaps, before, after)))
    return [
        _passage([*before, *after], members, [w for line, w in places if line in members])
        for members in groups.all()
    ]


def _passage(
    lines: Sequence[LayerLine], members: Sequence[int], words: Sequence[WordChange]
) -> ReadPassage:
    own = [lines[member] for member in members]
    text = " ".join(dict.fromkeys(line.text for line in own))
    boxes = tuple(box_around(line.box) for line in own)
    return ReadPassage(boxes, tuple(words), (), (), text, None, legible=True, left_out=False)


def _change(
    run: Run,
    gaps: tuple[tuple[int, int], tuple[int, int]],
    before: Sequence[LayerLine],
    after: Sequence[LayerLine],
) -> WordChange:
    boxes = []
    for lines, tokens, gap in ((before, run.before, gaps[0]), (after, run.after, gaps[1])):
        parts = [lines[token.line].extent(token.start, token.end) for token in tokens]
        boxes.append(box_around(hull(parts or [lines[gap[0]].extent(gap[1], gap[1])])))
    return WordChange(joined(run.before), joined(run.after), boxes[0], boxes[1])


def _tokens(texts: Sequence[str]) -> list[Token]:
    """Words; one that is parted at the end of a line is two without the hyphen."""
    found = tokens_of(texts)
    last = {token.line: index for index, token in enumerate(found)}
    for index in last.values():
        token = found[index]
        if token.text[-1] in _HYPHENS and len(token.text) > 1:
            found[index] = replace(token, text=token.text[:-1])
    return found


def _gap(tokens: Sequence[Token], at: int, lines: Sequence[LayerLine]) -> tuple[int, int]:
    if at < len(tokens):
        return tokens[at].line, tokens[at].start
    return len(lines) - 1, len(lines[-1].text)


def _has_layer(image: Image) -> bool:
    return image.text is not None and len(image.text.text.split()) * 5 >= _FEWEST


def _lines(page: PageText) -> Iterator[LayerLine]:
    """The lines that lie on the page."""
    start = 0
    spots = _corners(page)
    for text in page.text.split("\n"):
        own = spots[start : start + len(text)]
        start += len(text) + 1
        seen = own[(own[:, 2] > own[:, 0]) & (own[:, 3] > own[:, 1])] if text.strip() else own[:0]
        if len(seen):
            yield LayerLine(text, own, _hull(seen))


def _corners(page: PageText) -> NDArray[np.float32]:
    return np.hstack([page.boxes[:, :2], page.boxes[:, :2] + page.boxes[:, 2:]])


def _sizes(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])


def _hull(spots: NDArray[np.float32]) -> Rectangle:
    left, top = spots[:, :2].min(axis=0)
    right, bottom = spots[:, 2:].max(axis=0)
    return Rectangle(float(left), float(top), float(right), float(bottom))


def _on_reference(pair: Pair, corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners in the test picture as those in the reference."""
    points = corners.reshape(-1, 1, 2).astype(np.float64)
    moved = cv2.perspectiveTransform(points, pair.transform).reshape(-1, 2)
    for block in pair.alignment.blocks:
        axis = 1 if block.axis == "rows" else 0
        pushed = points[:, 0, axis] >= block.test_at
        moved[pushed, axis] += block.count if block.kind == "removed" else -block.count
    boxes = moved.reshape(-1, 2, 2)
    return np.hstack([boxes.min(axis=1), boxes.max(axis=1)]).astype(np.float32)


class _Groups:
    """Things that are joined to each other, directly or by others."""

    def __init__(self, count: int) -> None:
        self._of = list(range(count))

    def join(self, members: Sequence[int]) -> None:
        """Put some into one group."""
        old = {self._of[member] for member in members}
        new = min(old)
        self._of = [new if group in old else group for group in self._of]

    def all(self) -> list[list[int]]:
        """The groups, each in order."""
        found: dict[int, list[int]] = {}
        for member, group in enumerate(self._of):
            found.setdefault(group, []).append(member)
        return list(found.values())
