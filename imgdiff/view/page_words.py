"""What is said of documents and their pages as such; of what is on a page, the verdict speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from imgdiff.types import DocumentOutline, PagePair, PageSketch, PageStatus
from imgdiff.view.words import listed

_MM: Final = 25.4 / 72
_PAPERS: Final = {
    "A3": (842, 1191), "A4": (595, 842), "A5": (420, 595),
    "Letter": (612, 792), "Legal": (612, 1008), "Tabloid": (792, 1224),
}  # fmt: skip
"""Width and height upright, points."""
_NEARLY: Final = 2
"""Points by which papers of one name differ."""
_OTHERWISE: Final[Mapping[PageStatus, str]] = {
    "added": "added",
    "removed": "removed",
    "moved": "moved",
    "failed": "can't be compared",
}
_BADGES: Final = {
    "equal": "=",
    "added": "+ added",
    "removed": "− removed",
    "moved": "↕ moved",
    "failed": "! failed",
    "waiting": "…",
}
_MOST_NAMED: Final = 3
_LONGEST: Final = 120
"""Characters of a text that a file holds."""


def page_title(pair: PagePair, *, known: bool = True) -> str:
    """What a page is called in lists: "Page 3", "Page 3, now 4", "Page 4, added".

    Of a page that can't be drawn it isn't `known` whether it has a partner.
    """
    if pair.before is None:
        return f"Page {pair.after}{', added' if known else ' after'}"
    if pair.after is None:
        return f"Page {pair.before}{', removed' if known else ' before'}"
    return f"Page {pair.before}" + (f", now {pair.after}" if pair.after != pair.before else "")


def badge_of(status: PageStatus | Literal["waiting"], places: int) -> str:
    """What stands on a page's thumbnail: "● 3", "+ added"; a sign that needs no colour."""
    if status == "changed":
        return f"● {places}" if places else "●"
    return _BADGES[status]


def lone_page_headline(pair: PagePair) -> str:
    """The verdict on a page that has no partner."""
    if pair.copy_of:
        return f"It repeats page {pair.copy_of} of the document before."
    return f"It is only in the document {'after' if pair.before is None else 'before'}."


def document_headline(
    statuses: Mapping[PageStatus, int], *, changed: int, both: int, total: int
) -> str:
    """The verdict on a document, of as many pages as have been compared.

    Parameters
    ----------
    statuses : mapping of str to int
        How many pages there are of each status.
    changed : int
        Pages in both documents that differ, moved ones too.
    both : int
        Pages in both documents that were compared.
    total : int
        All pages that there are to compare.
    """
    told = []
    if changed:
        told.append(f"{changed} of {_pages(both)} changed")
    told += [
        f"{_pages(statuses[status])} {words}"
        for status, words in _OTHERWISE.items()
        if statuses.get(status)
    ]
    if both and not changed:
        told.append(f"no change on {'the other ' if told else ''}{_pages(both)}")
    words = ", ".join(told) or "nothing is compared yet"
    done = sum(statuses.values())
    if done < total:
        words = f"so far, {done} of {_pages(total)} compared: {words}"
    return f"{words[0].upper()}{words[1:]}."


def outline_facts(before: DocumentOutline, after: DocumentOutline) -> tuple[str, ...]:
    """What differs that isn't seen on any page, in sentences; for the headline too."""
    return (
        *_count_fact(before, after),
        *_property_facts(dict(before.properties), dict(after.properties)),
        *_list_facts("bookmark", before.bookmarks, after.bookmarks),
        *_attachment_facts(dict(before.attachments), dict(after.attachments)),
        *_switch_fact("is signed digitally", before.signatures, after.signatures),
        *_switch_fact("is encrypted", before.encrypted, after.encrypted),
    )


def link_facts(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """What became of the links of a page."""
    gone = [*(Counter(before) - Counter(after)).elements()]
    new = [*(Counter(after) - Counter(before)).elements()]
    if len(gone) == len(new) == 1:
        return (f"A link leads to {_quoted(new[0])}, before to {_quoted(gone[0])}.",)
    return tuple(_list_facts("link", tuple(gone), tuple(new)))


def size_fact(one: PageSketch | None, other: PageSketch | None) -> str:
    """That two pages are of different paper; "" if they aren't."""
    if one is None or other is None or not (one.width and other.width):
        return ""
    sizes = (one.width, one.height), (other.width, other.height)
    if all(abs(a - b) <= _NEARLY for a, b in zip(*sizes, strict=True)):
        return ""
    names = [paper_name(*size) for size in sizes]
    return f"The page is {names[0]} before, {names[1]} after." if names[0] != names[1] else ""


def paper_name(width: float, height: float) -> str:
    """A size in points as people call it: "A4", "A4 landscape", "100 × 80 mm"."""
    upright = min(width, height), max(width, height)
    for name, size in _PAPERS.items():
        if all(abs(a - b) <= _NEARLY for a, b in zip(upright, size, strict=True)):
            return f"{name} landscape" if width > height else name
    return f"{width * _MM:.0f} × {height * _MM:.0f} mm"


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _count_fact(before: DocumentOutline, after: DocumentOutline) -> Iterator[str]:
    if before.pages != after.pages:
        yield f"The document has {_pages(before.pages)} before, {after.pages} after."


def _property_facts(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name, ""), after.get(name, "")
        if one != other:
            yield f"{name} in the file: {_quoted(one)} before, {_quoted(other)} after."


def _list_facts(what: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """Bookmarks or links that are gone or new."""
    for change, counts in (
        ("removed", Counter(before) - Counter(after)),
        ("added", Counter(after) - Counter(before)),
    ):
        names = [*counts.elements()]
        if names:
            plural = "" if len(names) == 1 else "s"
            shown = listed([_quoted(name) for name in names[:_MOST_NAMED]])
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            yield f"{len(names)} {what}{plural} {change}: {shown}{more}."


def _attachment_facts(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield from _list_facts("attachment", tuple(before), tuple(after))
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield f"The attached file {_quoted(name)} changed."


def _switch_fact(what: str, before: int, after: int) -> Iterator[str]:
    if bool(before) != bool(after):
        yield f"The file {what} {'after' if after else 'before'} only."


def _quoted(text: str) -> str:
    """A file's text, on one line."""
    line = " ".join(text.split())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST - 1]}…"
    return f"“{line}”" if line else "none"
