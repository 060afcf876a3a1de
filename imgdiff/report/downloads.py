"""The files that can be made from a comparison: one list for page, shell and docs/downloads.md.

What is expensive to import is imported when its file is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from imgdiff.environment import needing
from imgdiff.errors import SettingsError
from imgdiff.report.animation import to_gif, to_webp
from imgdiff.report.encoded import numbered_png, to_png, to_zip
from imgdiff.report.html import to_html
from imgdiff.report.numbers import to_csv, to_json
from imgdiff.view import View, picture_layer
from imgdiff.view.canvas import Side


@dataclass(frozen=True, slots=True)
class TakeAway:
    """A kind of file to take away.

    Attributes
    ----------
    name : str
        What it's called when saved; it also asks for it.
    title : str
        For people.
    mime : str
        Media type.
    make : callable
        ``view -> bytes``.
    offered : bool
        Whether people are offered it; the rest serves the page itself.
    first : bool
        Whether it is one of the few that most people want.
    """

    name: str
    title: str
    mime: str
    make: Callable[[View], bytes]
    offered: bool = True
    first: bool = False

    def name_for(self, before: str, after: str, *, page: int = 0) -> str:
        """What it's called when saved, after the two files: "a–b.report.html".

        Of one page of a document, 0 for all: "a–b.page-3.report.html".
        """
        kind = self.name.replace("imgdiff", "report" if "zip" not in self.name else "pictures")
        return saved_as(before, after, f"page-{page}.{kind}" if page else kind)


def saved_as(before: str, after: str, kind: str) -> str:
    """What a file about two others is called when saved: "a–b.review.imgdiff"."""
    return f"{_stem(before)}–{_stem(after)}.{kind}"


def _stem(name: str) -> str:
    """A file's name without its ending, as any system takes it: no more than 40 characters."""
    stem = name.rpartition(".")[0] or name
    return re.sub(r"[^\w.-]+", "_", stem).strip("._")[:40] or "picture"


def _pdf(paper: str) -> Callable[[View], bytes]:
    def make(view: View) -> bytes:
        with needing("pdf", "A report as PDF", SettingsError):
            from imgdiff.report.pdf import to_pdf  # noqa: PLC0415

        return to_pdf(view, paper="letter" if paper == "letter" else "a4")

    return make


def _layer(key: str) -> Callable[[View], bytes]:
    return lambda view: to_png(view.layers[key])


def _plain(side: Side) -> Callable[[View], bytes]:
    """A picture for the page, which puts squares below what is transparent itself."""
    return lambda view: to_png(picture_layer(replace(view.canvas, checkered=False), side))


_ALL = (
    TakeAway(
        "imgdiff.html",
        "Report (HTML)",
        "text/html",
        lambda view: to_html(view).encode(),
        first=True,
    ),
    TakeAway("imgdiff.zip", "Pictures (ZIP)", "application/zip", to_zip, first=True),
    TakeAway(
        "comparison.json",
        "Numbers (JSON)",
        "application/json",
        lambda view: to_json(view).encode(),
        first=True,
    ),
    TakeAway("imgdiff.pdf", "Report (PDF, A4)", "application/pdf", _pdf("a4")),
    TakeAway("imgdiff-letter.pdf", "Report (PDF, Letter)", "application/pdf", _pdf("letter")),
    TakeAway("numbered.png", "After, with numbers (PNG)", "image/png", numbered_png),
    TakeAway("blink.gif", "Blinking (GIF)", "image/gif", to_gif),
    TakeAway("blink.webp", "Blinking (WebP)", "image/webp", to_webp),
    TakeAway(
        "regions.csv", "Table of changes (CSV)", "text/csv", lambda view: to_csv(view).encode()
    ),
    TakeAway("boxed_before.png", "Before, with boxes (PNG)", "image/png", _layer("boxed_before")),
    TakeAway("boxed_after.png", "After, with boxes (PNG)", "image/png", _layer("boxed_after")),
    TakeAway("diff.png", "Diff (PNG)", "image/png", _layer("diff")),
    TakeAway("boxed_diff.png", "Diff with boxes (PNG)", "image/png", _layer("boxed_diff")),
    TakeAway("mask.png", "Mask (PNG)", "image/png", _layer("mask")),
    TakeAway("filled.png", "Filled (PNG)", "image/png", _layer("filled")),
    TakeAway("before.png", "", "image/png", _plain("before"), offered=False),
    TakeAway("after.png", "", "image/png", _plain("after"), offered=False),
)

FILES: Mapping[str, TakeAway] = MappingProxyType({file.name: file for file in _ALL})
"""By name, in the order of a menu."""
