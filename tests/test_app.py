"""The pages as a user meets them, without a browser: Streamlit's own AppTest."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from imgdiff import METHODS, Settings, compare, load_image, view_of

from .pictures import SAMPLES, drawing, photo, write

ROOT = Path(__file__).parents[1]
BEFORE = (SAMPLES / "page_before.png").read_bytes()
AFTER = (SAMPLES / "page_after.png").read_bytes()
TABS = {
    "Compare": ["boxed_before", "boxed_after"],
    "Diff": ["diff"],
    "Boxed": ["boxed_diff"],
    "Mask": ["mask"],
    "Filled": ["filled"],
}


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()


def upload(app: AppTest, before: bytes, after: bytes) -> AppTest:
    app.file_uploader(key="before").set_value(("before.png", before, "image/png"))
    app.file_uploader(key="after").set_value(("after.png", after, "image/png"))
    return app.run()


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def pictures(app: AppTest) -> list[str]:
    """The figures on the page, as HTML."""
    bodies = [element.proto.body for element in app.get("html")]
    return [body for body in bodies if "<img" in body]


def assert_usable(app: AppTest) -> None:
    """After whatever went before, a good pair still gets its answer."""
    upload(app, BEFORE, AFTER)
    assert not app.error
    assert metrics(app)["Places changed"] == "4"


def test_the_empty_page_invites(app: AppTest) -> None:
    assert not app.exception
    assert app.title[0].value == "Compare two pictures"
    assert not app.metric
    assert len([button for button in app.button if "sample" in button.label]) >= 2
    assert app.selectbox(key="method").value == "changes"
    assert app.slider(key="min_area").value == 10
    assert app.toggle(key="grayscale").value is False


def test_two_uploads_show_the_answer(app: AppTest) -> None:
    upload(app, BEFORE, AFTER)
    assert not app.exception
    assert metrics(app) == {"Image similarity": "99.2181 %", "Places changed": "4"}
    assert app.header[0].value == "4 places changed."
    assert [tab.label for tab in app.tabs] == list(TABS)
    assert len(pictures(app)) == 2  # the first tab: before and after
    table = app.dataframe[0].value
    assert list(table.columns) == [
        *["number", "x", "y", "width", "height", "area", "kind", "confidence"]
    ]
    assert len(table) == 4


def test_one_upload_asks_for_the_other(app: AppTest) -> None:
    app.file_uploader(key="before").set_value(("a.png", BEFORE, "image/png")).run()
    assert not app.exception
    assert not app.metric
    assert "Now add the picture after the change." in [caption.value for caption in app.caption]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_its_pictures(app: AppTest, tab: str) -> None:
    upload(app, BEFORE, AFTER)
    app.session_state["view"] = tab
    app.run()
    assert not app.exception
    layers = view_of(compare(load_image(BEFORE), load_image(AFTER))).layers
    alts = [html.unescape(re.findall('alt="([^"]+)"', figure)[0]) for figure in pictures(app)]
    assert alts == [layers[key].alt for key in TABS[tab]]


def test_the_settings_reach_the_comparison(app: AppTest) -> None:
    upload(app, BEFORE, AFTER)
    app.selectbox(key="method").set_value("absdiff")
    app.toggle(key="grayscale").set_value(False)
    app.slider(key="min_area").set_value(150)
    app.run()
    settings = Settings("absdiff", grayscale=False, min_area=150)
    view = view_of(compare(load_image(BEFORE), load_image(AFTER), settings))
    assert metrics(app) == {
        "Mean absolute difference": view.score_text,
        "Places changed": str(len(view.regions)),
    }
    assert app.query_params["method"] == "absdiff"


def test_the_address_chooses_the_method() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params["method"] = "absdiff"
    app.run()
    assert app.selectbox(key="method").value == "absdiff"


@pytest.mark.parametrize("sample", ["coffee", "page", "sky"])
def test_every_sample_runs(app: AppTest, sample: str) -> None:
    app.button(key=f"sample_{sample}").click().run()
    assert not app.exception
    assert not app.error
    assert int(metrics(app)["Places changed"]) > 0
    app.button(key="start_over").click().run()
    assert not app.metric


def test_the_same_file_twice_is_equal(app: AppTest) -> None:
    upload(app, BEFORE, BEFORE)
    assert metrics(app) == {"Image similarity": "100.0000 %", "Places changed": "0"}
    assert not app.dataframe


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
    assert metrics(app)["Places changed"] == "0"
    app.selectbox(key="align").set_value("stretch").run()
    assert app.query_params["align"] == "stretch"
    assert metrics(app)["Places changed"] != "0"


def test_how_the_picture_was_aligned_is_told(app: AppTest, tmp_path: Path) -> None:
    after = photo("coffee", 400, 600)[20:, 30:]
    before = write(tmp_path, "a.png", photo("coffee", 400, 600)).read_bytes()
    upload(app, before, write(tmp_path, "b.png", after).read_bytes())
    told = " ".join(caption.value for caption in app.caption)
    assert "The picture after was aligned: shifted by 30 px right, 20 px down." in told


def test_a_picture_below_the_window_gets_one_sentence(app: AppTest, tmp_path: Path) -> None:
    tiny = write(tmp_path, "tiny.png", drawing(6, 6)).read_bytes()
    app.selectbox(key="method").set_value("ssim")
    upload(app, tiny, tiny)
    assert "at least 7 × 7 pixels" in app.error[0].value
    assert_usable(app)


def test_a_tiny_change_in_a_large_picture_is_not_served_from_the_cache(
    app: AppTest, tmp_path: Path
) -> None:
    """Streamlit hashes large arrays by samples; ours go by the files' digests."""
    large = drawing(1200, 1500)
    changed = large.copy()
    changed[700:709, 900:909] = 255 - changed[700:709, 900:909]
    before = write(tmp_path, "a.bmp", large).read_bytes()
    after = write(tmp_path, "b.bmp", changed).read_bytes()
    upload(app, before, before)
    assert metrics(app)["Places changed"] == "0"
    upload(app, before, after)
    assert metrics(app)["Places changed"] == "1"
    upload(app, after, after)
    assert metrics(app)["Places changed"] == "0"


def test_a_removed_picture_takes_its_result_along(app: AppTest) -> None:
    upload(app, BEFORE, AFTER)
    app.file_uploader(key="after").set_value(None).run()
    assert not app.metric
    app.file_uploader(key="after").set_value(("b.png", BEFORE, "image/png")).run()
    assert metrics(app)["Places changed"] == "0"


def test_a_sample_gives_way_to_an_upload(app: AppTest) -> None:
    app.button(key="sample_coffee").click().run()
    app.file_uploader(key="before").set_value(("a.png", BEFORE, "image/png")).run()
    assert not app.metric
    assert not app.error


def test_the_methods_page_shows_every_method_alone() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "methods.py"), default_timeout=30).run()
    assert not page.exception
    titles = [method.title for method in METHODS.values()]
    assert [header.value for header in page.header] == titles
    assert len(pictures(page)) == len(METHODS)
    captions = " ".join(caption.value for caption in page.caption)
    assert all(method.source in captions for method in METHODS.values())
