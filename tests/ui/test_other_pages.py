"""The pages beside the first one."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from imgdiff import METHODS
from imgdiff.metrics.registry import CHOICES
from imgdiff.ui.jobs import Upload
from tests.doing import AFTER, BEFORE, ROOT


def test_the_methods_page_explains_every_method_alone() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "methods.py"), default_timeout=60).run()
    assert not page.exception
    titles = [method.title for method in METHODS.values()]
    assert [header.value for header in page.subheader] == titles
    captions = " ".join(caption.value for caption in page.caption)
    assert all(method.source in captions for method in METHODS.values())
    table = " ".join(text.value for text in page.markdown)
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
    [tiles] = app.get("bidi_component")
    told = json.loads(json.loads(tiles.proto.json)["payload"])["tiles"]
    assert [tile["name"] for tile in told] == ["b.png", "a.png"]
    assert [tile["status"] for tile in told] == ["changed", "equal"]
    assert told[0]["after"].endswith(".jpg")
