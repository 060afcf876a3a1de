"""What users do on the page, and what they see, by Streamlit's own AppTest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from .pictures import SAMPLES

ROOT = Path(__file__).parents[1]
BEFORE = (SAMPLES / "page_before.png").read_bytes()
AFTER = (SAMPLES / "page_after.png").read_bytes()
TABS = ["Compare", "Diff", "Boxed", "Mask", "Filled"]


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


def shown(app: AppTest) -> dict[str, Any]:
    """What the viewer is told."""
    told = [
        json.loads(json.loads(part.proto.json)["payload"]) for part in app.get("bidi_component")
    ]
    [payload] = [one for one in told if "before" in one]  # not the strip of a document's pages
    viewer: dict[str, Any] = payload
    return viewer


def assert_usable(app: AppTest) -> None:
    """After whatever went before, a good pair still gets its answer."""
    upload(app, BEFORE, AFTER)
    assert not app.error
    assert metrics(app)["Places changed"] == "4"
