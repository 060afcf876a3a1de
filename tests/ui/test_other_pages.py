"""The pages beside the first one, and documents of many pages."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from imgdiff import METHODS
from imgdiff.metrics.registry import CHOICES
from imgdiff.ui.jobs import Upload
from tests.comparison.test_documents import document
from tests.doing import AFTER, BEFORE, ROOT, metrics, upload


def test_the_methods_page_explains_every_method_alone() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "methods.py"), default_timeout=60).run()
    assert not page.exception
    titles = [method.title for method in METHODS.values()]
    assert [header.value for header in page.subheader] == titles
    captions = " ".join(caption.value for caption in page.caption)
    assert all(method.source in captions for method in METHODS.values())
    table = page.markdown[0].value
    assert all(METHODS[key].title in table for _, _, key in CHOICES)


def test_the_methods_page_offers_the_pair_just_compared() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "methods.py"), default_timeout=60)
    uploads = Upload("old.png", BEFORE), Upload("[new](x).png", AFTER)
    page.session_state["kept_pictures"] = dict(zip(("before", "after"), uploads, strict=True))
    page.run()
    assert not page.exception
    assert page.selectbox(key="sample").value == "yours"
    assert page.text[0].value == "old.png and [new](x).png"


def test_the_page_for_many_pairs_says_what_is_wrong_with_the_files() -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "batch.py"), default_timeout=60).run()
    assert not app.exception
    side = [("same.png", BEFORE, "image/png"), ("same.png", AFTER, "image/png")]
    app.file_uploader(key="batch_before").set_value(side)
    app.file_uploader(key="batch_after").set_value(side[:1]).run()
    assert not app.exception
    assert "one comes twice" in app.error[0].value


def test_the_page_for_many_pairs_shows_what_changed_first() -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "batch.py"), default_timeout=60).run()
    before = [("a.png", BEFORE, "image/png"), ("b.png", BEFORE, "image/png")]
    after = [("a.png", BEFORE, "image/png"), ("b.png", AFTER, "image/png")]
    app.file_uploader(key="batch_before").set_value(before)
    app.file_uploader(key="batch_after").set_value(after).run()
    assert not app.exception
    assert app.header[0].value == "2 pairs: 1 changed, 1 equal."
    table = app.dataframe[0].value
    assert table["name"].tolist() == ["b.png", "a.png"]
    assert table["after"][0].startswith("data:image/jpeg;base64,")


def test_documents_get_a_page_picker_that_finds_what_changed(app: AppTest) -> None:
    upload(app, document("one", "two", "three"), document("one", "TWO", "three", "four"))
    assert metrics(app)["Places changed"] == "0"
    told = "3 pages before and 4 pages after. Page 4 is only in the file after."
    assert any(caption.value == told for caption in app.caption)
    app.selectbox(key="page").set_value(3).run()
    assert metrics(app)["Places changed"] == "0"
    app.button(key="find_pages").click().run()
    picker = app.selectbox(key="page")
    assert picker.value == 2
    assert [option[:6] for option in picker.options] == ["Page 2", "Page 1", "Page 3"]
    assert picker.options[0] == f"Page 2: {app.header[0].value}"
    upload(app, b"%PDF-1.4 broken", document("one"))
    assert app.error[0].value.startswith("Before: The PDF is damaged")


def test_a_picture_is_compared_with_any_page_of_a_document(app: AppTest) -> None:
    upload(app, document("one"), document("one", "two"))
    assert not [box for box in app.selectbox if box.key == "page"]
    upload(app, BEFORE, document("one", "two"))
    app.selectbox(key="page").set_value(2).run()
    assert not app.exception
