"""Points that the user marks where alignment is in doubt: what the page makes of them."""

from __future__ import annotations

import cv2
import pytest
from streamlit.testing.v1 import AppTest

from tests.doing import AFTER, BEFORE, assert_usable, shown, upload
from tests.pictures import photo

COFFEE, CAT = (
    cv2.imencode(".png", photo(name, 200, 300))[1].tobytes() for name in ("coffee", "chelsea")
)
PAIRS = ((20.0, 30.0, 30.0, 40.0), (220.0, 150.0, 230.0, 160.0))


@pytest.fixture
def unlike(app: AppTest) -> AppTest:
    upload(app, COFFEE, CAT)
    assert not shown(app)["related"]
    return app


def test_points_are_asked_for_only_in_doubt(app: AppTest) -> None:
    upload(app, BEFORE, AFTER)
    assert shown(app)["placed"] == []


def test_points_line_up_what_was_refused_and_undo_forgets_them(unlike: AppTest) -> None:
    before, after = shown(unlike)["placed"]
    assert (before["width"], before["height"]) == (after["width"], after["height"]) == (300, 200)
    assert after["transform"] == [1, 0, 0, 0, 1, 0, 0, 0, 1]
    unlike.session_state["points"] = PAIRS
    unlike.run()
    assert not unlike.exception
    view = shown(unlike)
    assert view["related"]
    assert view["points"] == [list(four) for four in PAIRS]
    assert view["note"] == "shifted by 10 px left, 10 px up"
    before, after = view["placed"]  # the canvas is larger than the reference now
    assert after["transform"][2] == before["transform"][2] - 10
    assert_usable(unlike)


def test_points_that_make_no_motion_can_be_forgotten(unlike: AppTest) -> None:
    unlike.session_state["points"] = ((1.0, 1.0, 5.0, 5.0),) * 2
    unlike.run()
    assert "no motion brings the pictures over each other" in unlike.error[0].value
    unlike.button(key="forget_points").click().run()
    assert not unlike.error
    assert shown(unlike)["points"] == []


def test_points_belong_to_their_pair(unlike: AppTest) -> None:
    unlike.session_state["points"] = PAIRS
    unlike.run()
    unlike.button(key="swap").click().run()
    assert shown(unlike)["points"] == []
