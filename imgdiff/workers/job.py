"""What there is to do: two files and what to do with them, able to travel to another process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from imgdiff.types import Settings


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name is text to show, its `sha256` stands for its content.

    Of a document, `page` is the one to compare, from 1, drawn at `dpi` pixels an inch; None is the
    first one, or a picture, and 0 that it has no such page.
    """

    name: str
    data: bytes = field(repr=False)
    page: int | None = field(default=None, kw_only=True)
    dpi: int = field(default=150, kw_only=True)
    sha256: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if not self.sha256:  # which another page of the same file has already
            object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())

    def at_page(self, page: int, dpi: int) -> Upload:
        """The same file at a page."""
        return replace(self, page=page, dpi=dpi)

    @property
    def key(self) -> str:
        """The same for the same content, page and resolution, and for nothing else."""
        return self.sha256 if self.page is None else f"{self.sha256} {self.page} {self.dpi}"


@dataclass(frozen=True, slots=True)
class Job:
    """A comparison to be made."""

    before: Upload
    after: Upload
    settings: Settings

    @property
    def is_lone(self) -> bool:
        """Whether one of them has no such page, so that the other's is shown alone."""
        return 0 in (self.before.page, self.after.page)

    @property
    def files(self) -> str:
        """The same for the same two files under the same names, and for no others."""
        names = repr((self.before.name, self.after.name))
        return f"{self.before.key} {self.after.key} {names}"

    @property
    def key(self) -> str:
        """The same for the same job, and for no other.

        Streamlit's own hashing samples large arrays, so two pictures that differ in a few pixels
        would share a result; the files' digests tell them apart.
        """
        return f"{self.files} {self.settings!r}"
