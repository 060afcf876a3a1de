"""Encoded pictures → the browser, at full resolution and untouched.

``st.image`` would shrink them to 1460 px and encode them anew as JPEG, and small differences
would vanish. So the bytes go to Streamlit's media manager, the one internal interface used here.
"""

from __future__ import annotations

import hashlib
import html

import streamlit as st
from streamlit import runtime

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
        f'</figcaption><img src="{_address(png, slot)}" alt="{html.escape(alt)}" style="{_STYLE}">'
        "</figure>"
    )


def _address(png: bytes, slot: str) -> str:
    """Where the browser finds the file, relative to the page so that any base path works."""
    # The manager tells large files apart by a few samples only: the digest as name tells them all.
    digest = hashlib.sha256(png).hexdigest()
    manager = runtime.get_instance().media_file_mgr
    return manager.add(png, "image/png", f"imgdiff/{slot}", file_name=digest).lstrip("/")
