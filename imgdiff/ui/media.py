"""Encoded pictures → the browser, at full resolution and untouched.

``st.image`` would shrink them to 1460 px and encode them anew as JPEG, and small differences
would vanish. So the bytes go to Streamlit's media manager, the one internal interface used here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import streamlit as st
from streamlit import runtime

from imgdiff.load.formats import FORMATS
from imgdiff.load.limits import checked_format
from imgdiff.ui.jobs import Upload
from imgdiff.ui.memory import check_room

_LARGE = 2**20
"""Bytes; what is smaller, such as a mask, is let through even where the server is full."""


def address_of(
    picture: bytes, *, slot: str, mime: str = "image/png", sha256: str | None = None
) -> str:
    """Where the browser finds a file, relative to the page so that any base path works.

    Parameters
    ----------
    picture : bytes
        The file.
    slot : str
        A name for the place on the page: what is shown there next replaces it.
    mime : str
        Its media type.
    sha256 : str, optional
        Its digest, if it is known already, as that of an upload: this is in memory anyway.

    Raises
    ------
    WorkError
        The server is full.
    """
    # The manager tells large files apart by a few samples only: a name that stands for all of the
    # content does so, and with a key nobody can tell the address who only has the content.
    if sha256 is None and len(picture) > _LARGE:
        check_room(len(picture))
    digest = sha256 or hashlib.sha256(picture).hexdigest()
    manager = runtime.get_instance().media_file_mgr
    place = f"imgdiff/{slot}"
    name = hmac.new(_session_key(), digest.encode(), hashlib.sha256).hexdigest()
    return manager.add(picture, mime, place, file_name=name).lstrip("/")


def _session_key() -> bytes:
    key: bytes = st.session_state.setdefault("media_key", secrets.token_bytes(32))
    return key


def address_of_upload(upload: Upload, *, slot: str) -> str:
    """Where the browser finds an uploaded picture, untouched."""
    mime = FORMATS[checked_format(upload.data)].mime
    return address_of(upload.data, slot=slot, mime=mime, sha256=upload.sha256)
