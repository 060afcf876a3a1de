"""The viewer by itself, with what a comparison could say: a script for Streamlit, run by a test."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import streamlit as st

from imgdiff.types import Picture
from imgdiff.ui.media import address_of
from imgdiff.ui.viewer import show_viewer

WIDTH, HEIGHT = 400, 300


def scene() -> Picture:
    """A picture with enough in it to see where it lies."""
    noise = np.random.default_rng(0).uniform(0, 255, (HEIGHT, WIDTH, 3))
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(np.clip(128 + 6 * (smooth - smooth.mean()), 0, 255), np.uint8)


def warped(picture: Picture, transform: np.ndarray[Any, Any], size: tuple[int, int]) -> Picture:
    """A picture of `size` (width, height) that `transform` brings back onto `picture`."""
    back = np.linalg.inv(transform)
    return np.asarray(cv2.warpPerspective(picture, back, size, flags=cv2.INTER_LINEAR), np.uint8)


def turned() -> np.ndarray[Any, Any]:
    """A turn by 5°, three quarters the size, shifted, and seen a little from the side."""
    cos, sin = 0.75 * math.cos(0.09), 0.75 * math.sin(0.09)
    return np.array([[cos, -sin, 30.0], [sin, cos, 12.0], [2e-5, 1e-5, 1.0]])


def payload(case: str) -> dict[str, Any]:
    """What the page would hand to the viewer."""
    before = scene()
    transform = turned() if case == "moved" else np.eye(3)
    size = (480, 360) if case == "moved" else (WIDTH, HEIGHT)
    after = warped(before, transform, size)
    place = {
        "number": 1,
        "boxes": [[110, 20, 61, 51]],
        "ignore": [[102, 12, 77, 67]],
        "strip": "",
        "area": 3000,
        "where": "61 × 51 px, top left",
        "share": "2.5 %",
        "words": "+ added · sure",
        "outlines": [[110, 20, 170, 20, 170, 70, 110, 70]],
    }
    return {
        "id": case,
        "view": "Compare",
        "look": "fade",
        "missing": [],
        "before": _file(before, "before", np.eye(3)),
        "after": _file(after, "after", transform),
        "size": {"width": WIDTH, "height": HEIGHT},
        "runs": [[[0, 0, HEIGHT]], [[0, 0, WIDTH]]],
        "headline": "1 place changed.",
        "related": case != "unrelated",
        "note": "turned by 5°" if case == "moved" else "",
        "nudge": [0, 0],
        "canNudge": case == "moved",
        "points": [],
        "placed": [
            {"width": WIDTH, "height": HEIGHT, "transform": np.eye(3).ravel().tolist()},
            {"width": size[0], "height": size[1], "transform": transform.ravel().tolist()},
        ]
        if case in ("moved", "unrelated")
        else [],
        "mask": "",
        "diff": "",
        "places": [place],
        "faint": [{**place, "number": "?1", "faint": True, "boxes": [[200, 200, 20, 20]]}]
        if case == "faint"
        else [],
        "most": 1000,
        "threshold": 40,
        "ignore": [],
    }


def _file(picture: Picture, side: str, transform: np.ndarray[Any, Any]) -> dict[str, Any]:
    data = cv2.imencode(".png", picture[..., ::-1])[1].tobytes()
    return {
        "url": address_of(data, slot=side),
        "sha": hashlib.sha256(data).hexdigest(),
        "width": picture.shape[1],
        "height": picture.shape[0],
        "transform": transform.ravel().tolist(),
        "gaps": [],
    }


def note(act: Mapping[str, Any]) -> None:
    """Keep what the viewer sent, for the test to read."""
    st.session_state["act"] = dict(act)


if __name__ == "__main__":
    st.text(str(st.session_state.get("act", "nothing")))
    show_viewer(payload(st.query_params["case"]), note)
