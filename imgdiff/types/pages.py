"""Documents: what stands for a page before it is compared, and which pages belong together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

PageStatus: TypeAlias = Literal["changed", "failed", "added", "removed", "moved", "equal"]
"""What became of a page; one that moved may have changed as well."""

INK_SIDE: Final = 128
"""Rows and columns of a sketch's `ink`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file of several pages.

    Attributes
    ----------
    name : str
        Text to show.
    data : bytes
        The content.
    label : str
        What errors call it.
    """

    name: str
    data: bytes = field(repr=False)
    label: str


@dataclass(frozen=True, slots=True)
class DocumentOutline:
    """What a document holds beside what is seen on its pages.

    Attributes
    ----------
    pages : int
        How many; of a picture, frames.
    has_frames : bool
        Whether it's a picture, and no document of paper.
    properties : tuple of (str, str)
        Title, author, subject and keywords, as far as there are any.
    bookmarks : tuple of str
        With the pages that they lead to, in order.
    attachments : tuple of (str, str)
        Names and digests of the files inside.
    encrypted : bool
        Whether it is, though no password is needed to read it.
    signatures : int
        Digital ones; whether they are valid isn't checked.
    """

    pages: int
    has_frames: bool = False
    properties: tuple[tuple[str, str], ...] = ()
    bookmarks: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    encrypted: bool = False
    signatures: int = 0


@dataclass(frozen=True, slots=True)
class PageSketch:
    """A page in some kilobytes: enough to find its partner in the other document.

    Attributes
    ----------
    width, height : float
        As it is shown, in points; of a frame of an animation or a TIFF, px.
    text : str
        Of its text layer; "" if there is none.
    ink : bytes
        How dark it is, 0 to 255, on `INK_SIDE` × `INK_SIDE` cells that the page is stretched to,
        row by row.
    digest : str
        Pages of the same digest look the same at the size of a thumbnail, and have the same text.
    thumbnail : bytes
        JPEG, to look at.
    links : tuple of str
        Where its links lead, in order.
    error : str
        Why it can't be drawn, in a sentence; "" if it can.
    """

    width: float
    height: float
    text: str = field(repr=False)
    ink: bytes = field(repr=False)
    digest: str
    thumbnail: bytes = field(default=b"", repr=False)
    links: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A passage of two documents' own text that was added, removed, replaced or put elsewhere.

    Attributes
    ----------
    before, after : str
        What it says in either document; "" where there is none; the same if it was put elsewhere.
    before_page, after_page : int
        On which pages it begins, from 1; of an added or removed one, where it would stand.
    """

    before: str
    after: str
    before_page: int
    after_page: int


@dataclass(frozen=True, slots=True)
class PagePair:
    """Two pages that belong together, or one that has no partner.

    Attributes
    ----------
    before, after : int or None
        Numbers from 1 in either document; None where there is no such page.
    moved : bool
        Whether it stands elsewhere among the pages that both have.
    copy_of : int or None
        Of an added page: the page before that it repeats.
    """

    before: int | None
    after: int | None
    moved: bool = False
    copy_of: int | None = None

    @property
    def numbers(self) -> tuple[int, int]:
        """Both pages' numbers, 0 where there is none: by which judgements know them."""
        return self.before or 0, self.after or 0

    @property
    def number(self) -> int:
        """What the page is called where one number has to do: that before, else that after."""
        return self.before or self.after or 0
