"""A `View` as the page needs it: small, and able to travel from one process to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from imgdiff.report import region_rows, to_html, to_png, to_zip
from imgdiff.view import View


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says about a pair; the pictures stay behind, as files to be asked for.

    Attributes
    ----------
    headline, score_name, score_text, score_help, facts
        As in `View`.
    regions : tuple of mapping
        `region_rows`, largest first.
    layers : mapping of str to (str, str)
        Title and alternative text of each layer, by key.
    """

    headline: str
    score_name: str
    score_text: str
    score_help: str
    facts: tuple[str, ...]
    regions: tuple[Mapping[str, float | str], ...]
    layers: Mapping[str, tuple[str, str]]


def answer_of(view: View) -> Answer:
    """What the page says about a comparison."""
    return Answer(
        headline=view.headline,
        score_name=view.score_name,
        score_text=view.score_text,
        score_help=view.score_help,
        facts=view.facts,
        regions=tuple(region_rows(view)),
        layers={key: (layer.title, layer.alt) for key, layer in view.layers.items()},
    )


def file_of(view: View, name: str) -> bytes:
    """A file made from a comparison: a layer's ``KEY.png``, ``imgdiff.zip`` or ``imgdiff.html``."""
    makers: dict[str, Callable[[], bytes]] = {
        "imgdiff.zip": lambda: to_zip(view),
        "imgdiff.html": lambda: to_html(view).encode(),
    }
    if name in makers:
        return makers[name]()
    return to_png(view.layers[name.removesuffix(".png")])
