"""Edges that were only saved anew, and edges that changed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align, compare, view_of
from tests.pictures import Picture, image, photo


def _saved(picture: Picture) -> Picture:
    """As JPEG."""
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        80,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    _, file = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR_RGB), np.uint8)


def _settled(picture: Picture) -> Picture:
    """Saved until saving it once more changes hardly anything."""
    for _ in range(40):
        picture = _saved(picture)
    return picture


def _ended_otherwise(picture: Picture) -> Picture:
    """Its outermost lines a little off, as another way to end a picture makes them."""
    after = picture.copy()
    rng = np.random.default_rng(3)
    for line in (after[:, 0], after[:, -1], after[-1]):
        line[:] = np.clip(line + rng.normal(0, 6, line.shape), 0, 255)
    return after


@pytest.mark.parametrize("size", [(386, 474), (400, 480)])
def test_edges_that_were_only_saved_anew_are_no_changes(size: tuple[int, int]) -> None:
    before = _settled(photo("astronaut", *size))
    after = _ended_otherwise(before)
    cv2.rectangle(after, (100, 120), (150, 150), (200, 30, 40), -1)
    found = compare(image(before), image(_saved(after)))
    assert len(found.regions) == 1
    assert set(found.pair.alignment.saved_edges) >= {"left", "right"}
    assert any("only saved anew" in fact for fact in view_of(found).facts)


def test_a_thing_at_such_an_edge_is_still_a_change() -> None:
    before = _settled(photo("astronaut", 386, 474))
    after = _ended_otherwise(before)
    cv2.rectangle(after, (0, 200), (5, 230), (240, 20, 40), -1)
    (region,) = compare(image(before), image(_saved(after))).regions
    assert region.box.x == 0
    assert abs(region.box.y - 200) < 9


def test_nothing_else_differs_and_that_is_what_is_said() -> None:
    before = _settled(photo("astronaut", 384, 480))
    after = before.copy()
    edge = after[:, 0].astype(np.int16) + np.random.default_rng(1).normal(0, 8, (384, 3))
    after[:, :8] = _saved(
        np.hstack([np.clip(edge, 0, 255).astype(np.uint8)[:, None], after[:, 1:8]])
    )
    view = view_of(compare(image(before), image(after)))
    assert "equal, pixel for pixel" not in view.headline or "edges" in view.headline


def test_a_border_painted_anew_is_a_change() -> None:
    before = photo("astronaut", 384, 480)
    after = before.copy()
    after[:, :8] = np.minimum(after[:, :8].astype(np.int16) + 9, 255).astype(np.uint8)
    pair = align(image(before), image(after))
    assert pair.alignment.saved_edges == ()
    assert bool(pair.valid.all())
