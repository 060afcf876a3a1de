"""Many pairs: what is ignored in one is ignored in all, for its place or for its look."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from streamlit.testing.v1 import AppTest

from imgdiff import Box
from tests.pixels.test_pieces import page
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
File = tuple[str, bytes, str]


def png(name: str, time: str, corner: tuple[int, int], seed: int) -> File:
    content = cv2.imencode(".png", np.ascontiguousarray(page(time, corner, seed=seed)))[1]
    return name, content.tobytes(), "image/png"


def statuses(app: AppTest) -> dict[str, str]:
    assert not app.exception
    assert not app.error
    payloads = [json.loads(part.proto.json)["payload"] for part in app.get("bidi_component")]
    tiles = next(told["tiles"] for told in map(json.loads, payloads) if "tiles" in told)
    return {tile["name"]: tile["status"] for tile in tiles}


def test_a_clock_is_ignored_where_it_stands_in_each_pair() -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "batch.py"), default_timeout=PATIENCE).run()
    corners = {"a.png": (40, 20), "b.png": (380, 12)}
    for side, time in (("before", "08:05:17"), ("after", "09:41:02")):
        files = [png(name, time, at, seed) for seed, (name, at) in enumerate(corners.items())]
        app.file_uploader(key=f"batch_{side}").set_value(files)
    app.run()
    assert statuses(app) == {"a.png": "changed", "b.png": "changed"}
    app.session_state["batch_open"] = "a.png"
    app.session_state["ignored_areas"] = (Box(40, 20, 121, 33),)
    app.run()
    assert statuses(app) == {"a.png": "equal", "b.png": "changed"}
    app.session_state["ignored_in_all"] = "what looks the same"
    app.run()
    assert statuses(app) == {"a.png": "equal", "b.png": "equal"}
    # What shows nothing before has no look: there the place is ignored.
    app.session_state["ignored_areas"] = (Box(40, 20, 121, 33), Box(600, 2, 20, 10))
    app.run()
    assert any("has no look" in caption.value for caption in app.caption)
    assert statuses(app) == {"a.png": "equal", "b.png": "equal"}
