"""What `changes` makes of drawings whose surfaces are in slightly other colours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import view_of
from tests.metrics.test_changes_nature import INK, WHITE, Colour, badge, found, page, ramp
from tests.pictures import Picture

DARK = (20, 26, 34)


@pytest.mark.parametrize("paper", [WHITE, DARK, (246, 248, 251)])
@pytest.mark.parametrize("step", [(1, 1, 1), (0, 0, 2), (-2, 0, 1), (3, 3, 3)])
def test_a_flat_ground_in_another_colour_is_no_noise(
    paper: Colour, step: tuple[int, int, int]
) -> None:
    ink = INK if paper != DARK else (200, 205, 215)
    before = page(ink, paper)
    after, flat = before.copy(), (before == paper).all(axis=2)
    after[flat] = np.clip(np.add(paper, step), 0, 255)
    after[flat & (after == before).all(axis=2)] -= 1  # white, made lighter
    result = found(before, after)
    assert view_of(result).headline == "Most of the picture changed."
    assert [region.kind for region in result.regions] == ["recoloured"]


def bordered(paper: Colour, border: Colour = (221, 221, 221)) -> Picture:
    canvas = page((200, 205, 215), paper)
    cv2.rectangle(canvas, (8, 8), (291, 171), border, 1)
    return canvas


@pytest.mark.parametrize(
    "after", [bordered((22, 28, 36)), bordered(DARK, (211, 211, 211))], ids=["ground", "hairline"]
)
def test_a_drawing_made_anew_in_a_slightly_other_colour_changed(after: Picture) -> None:
    assert found(bordered(DARK), after).regions


def test_rounded_edges_and_a_gradient_two_pixels_on_are_no_ground_in_another_colour() -> None:
    before = np.hstack([page(), ramp(200, 230)])
    after = np.hstack([page(), ramp(200, 230)])
    after[:, 302:] = before[:, 300:-2]
    letters = cv2.morphologyEx(page(), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    after[:, :300] += letters & (page() < 255)
    assert found(before, after).regions == ()


def test_a_drawing_converted_to_another_colour_space_didnt_change() -> None:
    before = np.hstack([badge((250, 249, 246)), badge((36, 71, 143)), badge((0, 170, 119))])
    there = cv2.cvtColor(before, cv2.COLOR_RGB2YCrCb)
    assert found(before, np.asarray(cv2.cvtColor(there, cv2.COLOR_YCrCb2RGB))).regions == ()
