"""All pairs of a batch as tiles or as a table, to look through and to judge; see the .js."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from imgdiff.ui.component import Component

_COMPONENT: Final = Component(Path(__file__).parent)
_KEY: Final = "pair_tiles"


@dataclass(frozen=True, slots=True)
class PairTile:
    """What is shown of a pair.

    Attributes
    ----------
    name, status, verdict : str
        As in `imgdiff.batch.row.Row`.
    numbers : str
        How much changed, in a line; "" if nothing was compared.
    opinion : str
        "meant", "not meant" or "".
    before, after : str
        Addresses of the thumbnails; "" if there is none.
    """

    name: str
    status: str
    verdict: str
    numbers: str
    opinion: str
    before: str
    after: str


def show_tiles(
    tiles: Sequence[PairTile], *, current: str, obey: Callable[[Mapping[str, Any]], None]
) -> None:
    """Mount the tiles; `obey` is called with what the user did: "open" or "judge"."""
    payload = {"tiles": [asdict(tile) for tile in tiles], "current": current}
    _COMPONENT.show(
        payload,
        key=_KEY,
        on_open_change=lambda: _pass_on("open", obey),
        on_judge_change=lambda: _pass_on("judge", obey),
    )


def _pass_on(trigger: str, obey: Callable[[Mapping[str, Any]], None]) -> None:
    act = st.session_state[_KEY].get(trigger)
    if isinstance(act, Mapping):
        obey({**act, "do": trigger})
