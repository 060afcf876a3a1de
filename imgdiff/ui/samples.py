"""The sample pairs that come with the project."""

from __future__ import annotations

import html
import json
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from imgdiff.ui.jobs import Upload
from imgdiff.ui.media import address_of_upload

_FOLDERS = (Path(__file__).parents[2], Path(sysconfig.get_path("data"), "share", "imgdiff"))
_FOLDER = next(
    (place / "samples" for place in _FOLDERS if (place / "samples").is_dir()), _FOLDERS[0]
)
"""Beside the package, or where the page was installed to."""


@dataclass(frozen=True, slots=True)
class SamplePair:
    """One pair, as ``samples.json`` lists it: file names lie in the same folder."""

    key: str
    title: str
    about: str
    before: str
    after: str

    def uploads(self) -> tuple[Upload, Upload]:
        """Both files, as if the user had dropped them."""
        return _upload(self.before), _upload(self.after)


def samples() -> dict[str, SamplePair]:
    """All samples by key, in the order of the list."""
    entries = json.loads((_FOLDER / "samples.json").read_text(encoding="utf-8"))
    return {entry["key"]: SamplePair(**entry) for entry in entries}


def offer_samples(take: Callable[[str], None]) -> None:
    """A card for each sample, half before and half after; `take` gets the key of the chosen."""
    for column, (key, sample) in zip(st.columns(3), samples().items(), strict=True):
        with column, st.container(border=True):
            st.markdown(_thumbnail(sample), unsafe_allow_html=True)
            st.button(
                f"Try a sample: {sample.title.lower()}",
                key=f"sample_{key}",
                help=sample.about,
                on_click=take,
                args=(key,),
                width="stretch",
            )


def _thumbnail(sample: SamplePair) -> str:
    """Both pictures in one: before to the left of a slanted line, after to its right."""
    before, after = (
        address_of_upload(upload, slot=f"sample_{sample.key}_{side}")
        for upload, side in zip(sample.uploads(), ("before", "after"), strict=True)
    )
    about = html.escape(sample.about)
    return (
        f'<div class="sample" role="img" aria-label="{about}"><img src="{before}" alt="">'
        f'<img src="{after}" alt=""></div>'
    )


def _upload(name: str) -> Upload:
    return Upload(name, (_FOLDER / name).read_bytes())
