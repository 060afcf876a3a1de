"""The gallery: one HTML page of a batch, most changed first, and the folder of what it shows."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote

from imgdiff.batch.row import Row, Status, counts, most_changed_first, summary
from imgdiff.report.html import escaped, source_digest
from imgdiff.view.review_words import OPINIONS
from imgdiff.view.words import percent

Link = Callable[[Row, str], str]
"""The address of one of a row's files; empty if it isn't there."""

_PICTURES: Final = {"before.jpg": "Before", "after.jpg": "After", "diff.jpg": "Difference"}
_ALL: Final = tuple(_PICTURES)
PAGE: Final = "comparison.html"
_MADE: Final[Mapping[Status, tuple[str, ...]]] = {
    "changed": (*_ALL, PAGE),
    "equal": _ALL,
    "added": ("after.jpg",),
    "removed": ("before.jpg",),
    "failed": (),
}
"""What there is to see of a row."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Gallery:
    """A gallery on disk: `path` is the page; thumbnails and pages lie in a folder beside it."""

    path: Path

    @property
    def folder(self) -> Path:
        """Where the files lie; they have names of their own, never a user's."""
        return self.path.with_name(f"{self.path.stem}_files")

    def keep(self, row: Row) -> Row:
        """Write the row's files, and return it without them."""
        if row.files:
            self.folder.mkdir(parents=True, exist_ok=True)
        for name, content in row.files.items():
            led_back = self._led_back(row, content) if name == PAGE else content
            self._place(row, name).write_bytes(led_back)
        for name in {*_ALL, PAGE} - {*_MADE[row.status]}:  # of an earlier run
            self._place(row, name).unlink(missing_ok=True)
        return replace(row, files={})

    def holds(self, row: Row) -> bool:
        """Whether all there is to see of the row lies here."""
        return all(self._place(row, name).exists() for name in _MADE[row.status])

    def write(self, rows: Sequence[Row], *, note: str = "") -> None:
        """Write the page; `note` is a sentence to put under its title."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(gallery_html(rows, self._link, note=note), encoding="utf-8")

    def page_of(self, row: Row) -> str:
        """The path of the row's page; "" if it has none."""
        place = self._place(row, PAGE)
        return place.as_posix() if place.exists() else ""

    def _led_back(self, row: Row, page: bytes) -> bytes:
        """A row's page, with the name of its pair and a way back to all of them."""
        back = f"../{quote(self.path.name)}"
        head = f'<nav><a href="{back}">← All pairs</a> {escaped(_text(row.name))}</nav>'
        return page.replace(b"<main>", b"<main>\n" + head.encode(), 1)

    def _place(self, row: Row, name: str) -> Path:
        digest = hashlib.sha256(row.name.encode("utf-8", "surrogateescape")).hexdigest()
        return self.folder / f"{digest[:20]}-{name}"

    def _link(self, row: Row, name: str) -> str:
        place = self._place(row, name)
        return f"{self.folder.name}/{place.name}" if place.exists() else ""


def relative_link(gallery: Gallery, folder: Path) -> Callable[[Row], str]:
    """What gives the address of a row's page as seen from a folder."""

    def link(row: Row) -> str:
        page = gallery.page_of(row)
        return Path(os.path.relpath(page, folder)).as_posix() if page else ""

    return link


def embedded(row: Row, name: str) -> str:
    """The address of a thumbnail as part of the page itself; pages aren't taken in."""
    if name == PAGE or name not in row.files:
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(row.files[name]).decode()}"


def gallery_html(rows: Sequence[Row], link: Link, *, note: str = "") -> str:
    """The page of a gallery: it asks for nothing but what `link` leads to."""
    page, style, script = (
        (_HERE / f"gallery.{kind}").read_text("utf-8") for kind in ("html", "css", "js")
    )
    # Pictures lie beside it: on a server, or on somebody's disk.
    policy = (
        f"default-src 'none'; img-src 'self' data: file:; style-src '{source_digest(style)}'; "
        f"script-src '{source_digest(script)}'; base-uri 'none'; form-action 'none'"
    )
    return Template(page).substitute(
        policy=policy,
        summary=escaped(summary(rows)),
        note=f"<p>{escaped(note)}</p>" if note else "",
        style=style,
        script=script,
        filters=_filters(rows),
        cards="\n".join(_card(row, link) for row in most_changed_first(rows)),
    )


def _filters(rows: Sequence[Row]) -> str:
    """A choice for each status that occurs, and one for all."""
    found = [("all", len(rows)), *counts(rows).items()]
    return "".join(
        f'<label><input type="radio" name="status" value="{status}"'
        f"{' checked' if status == 'all' else ''}>"
        f"<span>{status.capitalize()} <b>{count}</b></span></label>"
        for status, count in found
        if count
    )


def _card(row: Row, link: Link) -> str:
    name = escaped(_text(row.name))
    page = link(row, PAGE)
    title = f'<a href="{escaped(page)}">{name}</a>' if page else name
    details = " · ".join(_details(row))
    return (
        f'<li class="card" data-status="{row.status}" data-name="{name}" '
        f'data-judgement="{escaped(row.judgement)}">'
        f'<div class="strip">{_strip(row, link)}</div>'
        f'<div class="words"><span class="status {row.status}">{row.status.capitalize()}</span>'
        f"<h2>{title}</h2><p>{escaped(row.verdict)}</p>"
        f"{f'<p class=details>{escaped(details)}</p>' if details else ''}{_said(row)}</div></li>"
    )


def _said(row: Row) -> str:
    """What people said of the pair."""
    if not row.judgement and not row.note:
        return ""
    words = OPINIONS.get(row.judgement, "Note") if row.judgement else "Note"
    note = f": {escaped(_text(row.note))}" if row.note else ""
    return f'<p class="said">{words}{note}</p>'


def _strip(row: Row, link: Link) -> str:
    """The row's pictures, or what stands for one that is missing."""
    if row.status == "failed":
        return "<p>No picture to show</p>"
    cells = []
    for name, title in _PICTURES.items():
        address = link(row, name)
        if address:
            cells.append(
                f'<figure><img src="{escaped(address)}" alt="" loading="lazy" '
                f'decoding="async"><figcaption>{title}</figcaption></figure>'
            )
        elif row.status in ("added", "removed") and name != "diff.jpg":
            cells.append(f"<figure><div>none</div><figcaption>{title}</figcaption></figure>")
    return "".join(cells)


def _details(row: Row) -> list[str]:
    """The numbers worth a line."""
    details = []
    if row.changed_fraction:
        details.append(f"{percent(row.changed_fraction)} of the picture")
    if row.similarity_percent is not None:
        details.append(f"{row.similarity_percent:.4f} % alike")
    return details


def _text(name: str) -> str:
    """A file name may hold bytes that are no text."""
    return name.encode("utf-8", "replace").decode()
