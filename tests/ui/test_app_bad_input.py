"""Files of no use on the page: one sentence each, and the next pair gets its answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.doing import AFTER, BEFORE, assert_usable, metrics, upload
from tests.pictures import drawing, photo, write

BAD = {
    "empty": (b"", "After: The file is empty"),
    "text named .png": (b"just words", "After: A JPEG, PNG"),
    "truncated": (AFTER[: len(AFTER) // 2], "After: The PNG file is damaged, cut short"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=list(BAD))
def test_a_bad_file_gets_one_sentence(app: AppTest, content: bytes, sentence: str) -> None:
    upload(app, BEFORE, content)
    assert not app.exception
    assert not app.metric
    assert [error.value.startswith(sentence) for error in app.error] == [True]
    assert_usable(app)


def test_sizes_that_do_not_fit_get_one_sentence(app: AppTest, tmp_path: Path) -> None:
    app.selectbox(key="align").set_value("none")
    upload(app, BEFORE, write(tmp_path, "small.png", drawing(50, 70)).read_bytes())
    assert "960 × 600 and the second 70 × 50" in app.error[0].value
    app.selectbox(key="align").set_value("auto")
    assert_usable(app)


def test_pictures_of_different_things_are_called_that(app: AppTest, tmp_path: Path) -> None:
    upload(app, BEFORE, write(tmp_path, "photo.png", photo("coffee", 400, 600)).read_bytes())
    assert app.header[0].value == "These don't look like pictures of the same thing."
    assert any("As wholes they are" in words.value for words in app.markdown)
    assert app.button(key="to_similar")
    assert not app.metric  # it would mean nothing: the facts say so
    assert any("means nothing" in caption.value for caption in app.caption)
    app.selectbox(key="align").set_value("stretch").run()
    assert app.query_params["align"] == "stretch"
    assert metrics(app)["Places changed"] != "0"


def test_a_picture_below_the_window_gets_one_sentence(app: AppTest, tmp_path: Path) -> None:
    tiny = write(tmp_path, "tiny.png", drawing(6, 6)).read_bytes()
    app.selectbox(key="method").set_value("ssim")
    upload(app, tiny, tiny)
    assert "at least 7 × 7 pixels" in app.error[0].value
    assert_usable(app)
