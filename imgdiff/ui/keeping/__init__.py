"""Keeps comparisons on the visitor's own computer, in the browser's store; see ``keeping.js``.

The server keeps nothing: it tells the browser what there is to keep, and gets it back as a review
file, dropped like any other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from imgdiff.load.formats import is_pdf
from imgdiff.review.review_text import review_to_json
from imgdiff.types import Settings
from imgdiff.ui.component import Component
from imgdiff.ui.jobs import Upload
from imgdiff.ui.media import address_of, address_of_upload
from imgdiff.ui.review_files import RESTORED, review_file_of
from imgdiff.ui.review_state import pair_key

_COMPONENT: Final = Component(Path(__file__).parent)
_KEY: Final = "keeper"


def keep_comparison(
    pair: tuple[Upload, Upload] | None, settings: Settings, shown: Mapping[str, Any]
) -> None:
    """Mount the keeper: it keeps what is on the screen, or lists what was kept.

    Parameters
    ----------
    pair : (Upload, Upload) or None
        The two files, if both are there.
    settings : Settings
        How they are compared.
    shown : mapping
        What the viewer shows of them.
    """
    payload: dict[str, Any] = {"pair": "", "text": "", "restored": RESTORED}
    payload["asks"] = bool(os.environ.get("IMGDIFF_HOSTED"))
    if pair is not None and shown.get("headline"):
        payload |= {
            "pair": pair_key(*pair),
            "text": review_to_json(review_file_of(*pair, settings)),
            "verdict": shown["headline"],
            "names": [upload.name for upload in pair],
            "files": [
                {"sha": upload.sha256, "url": _address(upload, f"kept {side}")}
                for side, upload in zip(("before", "after"), pair, strict=True)
            ],
            "thumbs": [shown[side]["url"] for side in ("before", "after")],
        }
    _COMPONENT.show(payload, key=_KEY)


def _address(upload: Upload, slot: str) -> str:
    if is_pdf(upload.data):
        mime = "application/octet-stream"
        return address_of(upload.data, slot=slot, mime=mime, sha256=upload.sha256)
    return address_of_upload(upload, slot=slot)
