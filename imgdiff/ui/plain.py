"""Text from a file or a picture, as nothing but text where Streamlit reads Markdown."""

from __future__ import annotations

import re

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]$<~#]|:(?=\S))")
"""To Streamlit's Markdown: emphasis, links, pictures, code, formulas, `:red[…]`, `:smile:`."""


def plain(text: str) -> str:
    """What shows as the text itself: no picture is fetched for it, no word stands out.

    Parameters
    ----------
    text : str
        One line, as a file may call itself or a page may say.
    """
    return _MEANS_SOMETHING.sub(r"\\\1", text)
