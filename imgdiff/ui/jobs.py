"""The work behind the page, done once for each pair and setting, and kept for its session only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter

import streamlit as st

from imgdiff.answer import Answer, answer_of, file_of
from imgdiff.load import blamed_on, load_image
from imgdiff.pipeline import compare
from imgdiff.types import Image, Settings
from imgdiff.view import View, view_of


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name is text to show, its `sha256` stands for its content."""

    name: str
    data: bytes = field(repr=False)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())


@dataclass(frozen=True, slots=True)
class Job:
    """A comparison to be made."""

    before: Upload
    after: Upload
    settings: Settings

    @property
    def key(self) -> str:
        """The same for the same job, and for no other.

        Streamlit's own hashing samples large arrays, so two pictures that differ in a few pixels
        would share a result; the files' digests tell them apart.
        """
        names = repr((self.before.name, self.after.name))
        return f"{self.before.sha256} {self.after.sha256} {names} {self.settings!r}"


@st.cache_resource(
    scope="session",
    max_entries=2,
    hash_funcs={Upload: attrgetter("sha256", "name")},
    show_spinner=False,
)
def _loaded(upload: Upload) -> Image:
    return load_image(upload.data, name=upload.name)


# One comparison in memory for each session is enough: pictures are large, and a rerun wants the
# last.
@st.cache_resource(
    scope="session", max_entries=1, hash_funcs={Job: attrgetter("key")}, show_spinner=False
)
def _compared(job: Job) -> View:
    before, after = _load(job.before, "Before"), _load(job.after, "After")
    return view_of(compare(before, after, job.settings))


@st.cache_data(
    scope="session", max_entries=8, hash_funcs={Job: attrgetter("key")}, show_spinner="Comparing …"
)
def answer(job: Job) -> Answer:
    """Load and compare; raises ImgdiffError with a sentence for the user."""
    return answer_of(_compared(job))


@st.cache_data(
    scope="session", max_entries=8, hash_funcs={Job: attrgetter("key")}, show_spinner=False
)
def made(job: Job, name: str) -> bytes:
    """A file of the comparison, named as `file_of` knows it."""
    return file_of(_compared(job), name)


def to_make(job: Job, name: str) -> Callable[[], bytes]:
    """As `made`, to be called when the file is asked for: by then there is no session at hand."""
    return partial(file_of, _compared(job), name)


def _load(upload: Upload, role: str) -> Image:
    with blamed_on(role):
        return _loaded(upload)
