"""The page as a user meets it, without a browser: Streamlit's own AppTest."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from imgdiff import Box, Settings, compare, load_image, view_of
from imgdiff.load.limits import MAX_BYTES
from tests.doing import AFTER, BEFORE, ROOT, TABS, assert_usable, metrics, shown, upload
from tests.pictures import PAGE_HEADLINE, Picture, drawing, photo, write
from tests.waiting import PATIENCE


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
    assert metrics(app) == {"Image similarity": "99.2 %", "Places changed": "4"}
    assert app.header[0].value == PAGE_HEADLINE
    assert [tab.label for tab in app.tabs] == TABS
    view = shown(app)
    assert [place["area"] > 40 for place in view["places"]].count(True) == 4
    assert view["size"] == {"width": 960, "height": 600}
    for side in ("before", "after"):
        assert view[side]["transform"] == [1, 0, 0, 0, 1, 0, 0, 0, 1]
        assert view[side]["gaps"] == []
    assert view["threshold"] == 10
    assert view["largestFile"] == MAX_BYTES


def test_the_viewer_gets_text_alone(app: AppTest) -> None:
    """A dict inside `data` would make Streamlit import pandas at the first mount."""
    upload(app, BEFORE, AFTER)
    components = app.get("bidi_component")
    assert components
    for component in components:
        assert component.proto.WhichOneof("data") == "json"
        assert [type(value) for value in json.loads(component.proto.json).values()] == [
            str,
            int,
            str,
        ]


def test_one_upload_asks_for_the_other(app: AppTest) -> None:
    app.file_uploader(key="before").set_value(("a.png", BEFORE, "image/png")).run()
    assert not app.exception
    assert not app.metric
    assert "Now add the picture after the change." in [caption.value for caption in app.caption]


@pytest.mark.parametrize("tab", TABS)
def test_the_exact_map_is_made_only_when_it_is_asked_for(app: AppTest, tab: str) -> None:
    upload(app, BEFORE, AFTER)
    app.session_state["view"] = tab
    app.run()
    assert not app.exception
    assert shown(app)["view"] == tab
    assert bool(shown(app)["diff"]) == (tab == "Diff")


def test_ignored_areas_come_from_the_address() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["ignore"] = "370,420,60,90_nonsense_1,2,3_0,0,5,5"
    upload(app.run(), BEFORE, AFTER)
    assert metrics(app)["Places changed"] == "3"
    assert shown(app)["ignore"] == [[370, 420, 60, 90], [0, 0, 5, 5]]
    app.button(key="clear_ignored").click().run()
    assert metrics(app)["Places changed"] == "4"
    assert "ignore" not in app.query_params


def test_an_area_outside_the_picture_counts_for_nothing_and_can_be_cleared() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["ignore"] = "5000,5000,5,5"
    upload(app.run(), BEFORE, AFTER)
    assert not app.error
    app.button(key="clear_ignored").click().run()
    assert_usable(app)


@pytest.mark.parametrize(
    ("act", "key", "value"),
    [
        ({"do": "ignore", "areas": [[1, 2, 3, 4]]}, "ignored_areas", (Box(1, 2, 3, 4),)),
        ({"do": "nudge", "nudge": [1, -0.1]}, "nudge", (1, -0.1)),
        ({"do": "match", "points": [[1, 2, 3.5, 4]]}, "points", ((1, 2, 3.5, 4),)),
        ({"do": "look", "look": "blink"}, "look", "blink"),
        ({"do": "look", "look": "sideways"}, "look", "swipe"),
        ({"do": "stretch"}, "align", "stretch"),
        ({"do": "anything else"}, "look", "swipe"),
    ],
)
def test_what_the_viewer_sends_is_kept(act: dict[str, Any], key: str, value: object) -> None:
    def script(act) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        from imgdiff.ui.viewer_state import chosen_look, obey  # noqa: PLC0415

        obey(act)
        chosen_look()

    app = AppTest.from_function(script, args=(act,), default_timeout=PATIENCE).run()
    assert not app.exception
    assert app.session_state[key] == value


def test_swap_turns_before_and_after_round(app: AppTest) -> None:
    upload(app, BEFORE, AFTER)
    was = shown(app)
    app.button(key="swap").click().run()
    now = shown(app)
    assert (now["before"]["sha"], now["after"]["sha"]) == (
        was["after"]["sha"],
        was["before"]["sha"],
    )
    assert metrics(app)["Places changed"] == "4"
    assert [text.value for text in app.text][:2] == ["after.png", "before.png"]


def test_two_files_at_once_become_before_and_after(app: AppTest) -> None:
    files = [("one.png", BEFORE, "image/png"), ("two.png", AFTER, "image/png")]
    app.file_uploader(key="dropped_0").set_value(files)
    app.run()
    assert metrics(app)["Places changed"] == "4"
    app.file_uploader(key="dropped_1").set_value([("three.png", BEFORE, "image/png")])
    app.run()
    assert metrics(app)["Places changed"] == "0"  # it took the place of the one after


@pytest.mark.parametrize(
    ("format_", "as_is"),
    [("jpeg", True), ("png", True), ("webp", True), ("tiff", False), ("gif frames", False)],
)
def test_what_browsers_cannot_show_gets_a_rendition(
    app: AppTest, format_: str, *, as_is: bool
) -> None:
    before, after = (_saved(drawing(80, 100, seed), format_) for seed in (0, 1))
    upload(app, before, after)
    assert not app.error
    view = shown(app)
    for side in ("before", "after"):
        assert bool(view[side]["sha"]) == as_is
        assert as_is or view[side]["url"].endswith(".png")


def _saved(pixels: Picture, format_: str) -> bytes:
    data = io.BytesIO()
    picture = PillowImage.fromarray(pixels)
    if format_ == "gif frames":
        other = PillowImage.fromarray(255 - pixels)
        picture.save(data, "gif", save_all=True, append_images=[other])
    else:
        picture.save(data, format_)
    return data.getvalue()


def test_the_settings_reach_the_comparison(app: AppTest) -> None:
    upload(app, BEFORE, AFTER)
    app.selectbox(key="method").set_value("absdiff")
    app.toggle(key="grayscale").set_value(False)
    app.slider(key="min_area").set_value(150)
    app.run()
    settings = Settings("absdiff", grayscale=False, min_area=150)
    view = view_of(compare(load_image(BEFORE), load_image(AFTER), settings))
    assert metrics(app) == {
        "Mean absolute difference": view.score_short,
        "Places changed": str(len(view.regions)),
    }
    assert app.query_params["method"] == "absdiff"


def test_the_address_chooses_the_method() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["method"] = "absdiff"
    app.run()
    assert app.selectbox(key="method").value == "absdiff"


@pytest.mark.parametrize("sample", ["coffee", "page", "sky"])
def test_every_sample_runs(app: AppTest, sample: str) -> None:
    app.button(key=f"sample_{sample}").click().run()
    assert not app.exception
    assert not app.error
    assert int(metrics(app)["Places changed"]) > 0
    app.button(key="remove_before").click().run()
    assert not app.metric
    app.button(key="remove_after").click().run()
    assert app.button(key=f"sample_{sample}")


def test_the_same_file_twice_is_equal(app: AppTest) -> None:
    upload(app, BEFORE, BEFORE)
    assert metrics(app) == {"Image similarity": "100 %", "Places changed": "0"}
    assert shown(app)["places"] == []


def test_how_the_picture_was_aligned_is_told(app: AppTest, tmp_path: Path) -> None:
    after = photo("coffee", 400, 600)[20:, 30:]
    before = write(tmp_path, "a.png", photo("coffee", 400, 600)).read_bytes()
    upload(app, before, write(tmp_path, "b.png", after).read_bytes())
    told = " ".join(caption.value for caption in app.caption)
    assert "The picture after was lined up" in told
    assert "shifted by 30 px right, 20 px down." in told


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


def test_a_sample_has_an_address() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["sample"] = "coffee"
    app.run()
    assert metrics(app)["Places changed"] == "3"
    assert app.query_params["sample"] in ("coffee", ["coffee"])
    app.button(key="remove_before").click().run()
    assert "sample" not in app.query_params


def test_a_link_tells_which_settings_it_brought_and_they_can_be_dropped() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["method"] = "absdiff"
    app.query_params["ignore"] = "0,0,5,5_9,9,5,5"
    app.query_params["else"] = "nothing"
    app.run()
    told = [caption.value for caption in app.caption if "link" in caption.value]
    assert told == ["The link that you opened set: method (Absolute difference), 2 ignored areas."]
    app.button(key="drop_link").click().run()
    assert app.selectbox(key="method").value == "changes"
    assert "ignore" not in app.query_params
    assert not [caption for caption in app.caption if "link" in caption.value]
