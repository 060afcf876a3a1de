"""Encoded pictures → the browser, at full resolution and untouched.

``st.image`` would shrink them to 1460 px and encode them anew as JPEG, and small differences
would vanish. So the bytes go to Streamlit's media manager, the one internal interface used here.
"""

from __future__ import annotations

import hashlib
import html

import streamlit as st
from streamlit import runtime

from imgdiff.load.limits import checked_format
from imgdiff.ui.jobs import Upload
from imgdiff.ui.memory import check_room

_LARGE = 2**20
"""Bytes; what is smaller, such as a mask, is let through even where the server is full."""
_STYLE = (
    "max-width:100%;height:auto;display:block;border-radius:6px;"
    "box-shadow:0 0 0 1px rgba(128,128,128,.35)"
)


def show_png(png: bytes, *, slot: str, alt: str, caption: str) -> None:
    """Show a PNG file, as wide as its column but never wider than it is.

    Parameters
    ----------
    png : bytes
        The file.
    slot : str
        A name for the place on the page: what is shown there next replaces it.
    alt, caption : str
        For the ear and for the eye; plain text.
    """
    st.html(
        f'<figure style="margin:0"><figcaption style="margin-bottom:.4rem">{html.escape(caption)}'
        f'</figcaption><img src="{address_of(png, slot=slot)}" alt="{html.escape(alt)}" '
        f'style="{_STYLE}"></figure>'
    )


def address_of(picture: bytes, *, slot: str, kind: str = "png", sha256: str | None = None) -> str:
    """Where the browser finds a file, relative to the page so that any base path works.

    Parameters
    ----------
    picture : bytes
        The file.
    slot : str
        As in `show_png`.
    kind : str
        What follows ``image/`` in its type.
    sha256 : str, optional
        Its digest, if it is known already, as that of an upload: this is in memory anyway.

    Raises
    ------
    WorkError
        The server is full.
    """
    # The manager tells large files apart by a few samples only: the digest as name tells them all.
    if sha256 is None and len(picture) > _LARGE:
        check_room(len(picture))
    digest = sha256 or hashlib.sha256(picture).hexdigest()
    manager = runtime.get_instance().media_file_mgr
    place = f"imgdiff/{slot}"
    return manager.add(picture, f"image/{kind}", place, file_name=digest).lstrip("/")


def address_of_upload(upload: Upload, *, slot: str) -> str:
    """Where the browser finds an uploaded picture, untouched."""
    kind = checked_format(upload.data).lower()
    return address_of(upload.data, slot=slot, kind=kind, sha256=upload.sha256)
