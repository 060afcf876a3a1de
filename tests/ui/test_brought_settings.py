"""What a review file sets comes back whole, though the page has no widget for it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from imgdiff import compare, load_image, view_of
from imgdiff.review.review_file import write_review
from imgdiff.review.review_text import Enclosed, ReviewFile, layer_of_settings
from imgdiff.types import PRESETS, Box, Polygon, Settings
from tests.doing import AFTER, BEFORE, ROOT, metrics, shown
from tests.waiting import PATIENCE


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()


def dropped(app: AppTest, settings: Settings, examples: str = "") -> AppTest:
    """The page after a review file with these settings."""
    before, after = (
        Enclosed(name, hashlib.sha256(data).hexdigest(), data)
        for name, data in (("a.png", BEFORE), ("b.png", AFTER))
    )
    layer = layer_of_settings(settings)
    file = ReviewFile(before, after, layer=layer, examples=examples)
    app.file_uploader(key="dropped_0").set_value([("a.imgdiff", write_review(file), "")])
    app.run()
    assert not app.exception
    assert not app.error
    return app


def told(app: AppTest) -> str:
    return " ".join(text.value for text in app.sidebar.text)


def test_polygons_region_and_threshold_hold_and_can_be_left_out(app: AppTest) -> None:
    polygon = Polygon(((0, 0), (500, 0), (500, 600), (0, 600)))
    settings = Settings(
        "absdiff", threshold=40, ignore=(polygon, Box(1, 2, 3, 4)), region=Box(0, 0, 960, 400)
    )
    dropped(app, settings)
    view = view_of(compare(load_image(BEFORE), load_image(AFTER), settings))
    assert metrics(app)["Places changed"] == str(len(view.regions))
    assert told(app) == (
        "From the review file: errors over 40 count; only 960 × 400 px at 0, 0 are compared; "
        "1 polygon ignored."
    )
    app.button(key="drop_brought").click().run()
    assert told(app) == ""
    rest = replace(settings, threshold=None, ignore=Box(1, 2, 3, 4), region=None)
    view = view_of(compare(load_image(BEFORE), load_image(AFTER), rest))
    assert metrics(app)["Places changed"] == str(len(view.regions))


def test_points_come_back_as_if_they_were_marked_here(app: AppTest) -> None:
    dropped(app, Settings(points=((10, 20, 10, 20),)))
    assert told(app) == ""
    assert shown(app)["points"] == [[10, 20, 10, 20]]
    assert metrics(app)["Places changed"] == "4"


def test_patterns_of_text_hold_and_examples_stand_in_their_widget(app: AppTest) -> None:
    dropped(app, Settings(ignore_text=(r"\d+ kg",)))
    assert told(app) == r"From the review file: text like \d+ kg ignored."


@pytest.mark.parametrize("name", [name for name, one in PRESETS.items() if one.settings.threshold])
def test_a_preset_comes_back_by_its_name(app: AppTest, name: str) -> None:
    """What it says of the threshold has no widget of its own."""
    dropped(app, PRESETS[name].settings)
    assert app.session_state["preset"] == name
    assert told(app) == ""


def test_another_pair_takes_none_of_it(app: AppTest) -> None:
    dropped(app, Settings("absdiff", threshold=40))
    assert told(app) != ""
    app.file_uploader(key="before").set_value(("c.png", AFTER, "image/png"))
    app.run()
    assert told(app) == ""
