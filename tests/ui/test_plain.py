"""What a file says shows as it is: Streamlit reads Markdown."""

from __future__ import annotations

import pytest

from imgdiff.ui.plain import plain


@pytest.mark.parametrize(
    "text", ["4 places changed: 4,160 → 4,310.", "It's 50 % (50 px)!", "a - b"]
)
def test_sentences_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a*b*.png", r"a\*b\*.png"),
        ("![x](http://host/x.png)", r"!\[x\](http\://host/x.png)"),
        (":red[sale] at 12:30", r"\:red\[sale\] at 12\:30"),
        ("<b> $x$ `y` ~~z~~ \\ _ #", "\\<b> \\$x\\$ \\`y\\` \\~\\~z\\~\\~ \\\\ \\_ \\#"),
    ],
)
def test_what_means_something_to_markdown_does_no_more(text: str, shown: str) -> None:
    assert plain(text) == shown
