"""What is written at a place, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from imgdiff.types.image import Box


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words in a row that were replaced by others, put in or taken out.

    Attributes
    ----------
    before, after : str
        The words; "" if there were none, or are none now.
    before_box, after_box : Box
        Where they stand in the two pictures, in the reference's frame; where words are missing,
        the gap that they would stand in.
    """

    before: str
    after: str
    before_box: Box
    after_box: Box


@dataclass(frozen=True, slots=True)
class TextChange:
    """What is written at a place.

    Attributes
    ----------
    before, after : str
        What was read there: of a line of few words all of it, of a change of a digit or two the
        words beside it too, else what changed alone; equal if the words stayed and are only drawn
        differently.
    words : tuple of WordChange
        What changed, in reading order; none if the words stayed.
    rule : {"came", "went"} or None
        Of words that stayed: whether a line came through or under them, or went.
    """

    before: str
    after: str
    words: tuple[WordChange, ...] = ()
    rule: Literal["came", "went"] | None = None

    @property
    def told(self) -> tuple[WordChange | TextChange, ...]:
        """What to show, a change each: a single one with what stands around it."""
        return self.words if len(self.words) != 1 else (self,)

    @property
    def stayed(self) -> bool:
        """Whether the words are the same, and only look different."""
        return not self.words
