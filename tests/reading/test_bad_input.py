"""What only looks like writing, or is too much of it: nothing untrue is said, in bounded time."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from imgdiff import Settings, align, compare
from imgdiff.reading import detector, read_regions, sheets, strips
from imgdiff.types import Box, Region, TextChange
from tests.pictures import image, noisy

from .pages import LETTER, Picture, page, replaced


def _texts(before: Picture, after: Picture) -> list[TextChange]:
    found = compare(image(before), image(after), Settings(read="page", align="none"))
    return [region.text for region in found.regions if region.text is not None]


def _qr(text: str) -> Picture:
    code = np.asarray(cv2.QRCodeEncoder.create().encode(text), np.uint8)
    return np.repeat(cv2.resize(code, None, fx=8, fy=8, interpolation=0)[..., None], 3, axis=2)


def _strokes(seed: int) -> Picture:
    """Curves as of a pen, in rows."""
    rng = np.random.default_rng(seed)
    sheet = np.full((240, 600, 3), 255, np.uint8)
    for row in (60, 120, 180):
        across = np.arange(40, 560, 3)
        steps = rng.normal(0, 1, (2, len(across)))
        wave = np.convolve(steps[0], np.hanning(7), "same") * 5
        points = np.stack([across + 4 * steps[1], row + wave], axis=1).astype(np.int32)
        cv2.polylines(sheet, [points], False, (30, 30, 80), 2, cv2.LINE_AA)
    return sheet


def _noise(seed: int) -> Picture:
    return noisy(np.full((240, 300, 3), 128, np.uint8), 90, seed=seed)


@pytest.mark.parametrize("drawn", [_strokes, _noise, lambda seed: _qr(f"https://a.example/{seed}")])
def test_what_is_no_writing_has_no_words(drawn: Callable[[int], Picture]) -> None:
    assert not any(text.words for text in _texts(drawn(1), drawn(2)))


def _stacked(word: str) -> Picture:
    """A sign whose letters stand one below the other."""
    canvas = PillowImage.new("RGB", (120, 40 * len(word) + 40), "#ffffff")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(28)
    for row, letter in enumerate(word):
        draw.text((60, 40 + 40 * row), letter, font=font, fill="#20242c", anchor="mm")
    return np.asarray(canvas)


def test_of_letters_one_below_the_other_no_other_words_are_told() -> None:
    told = [word for text in _texts(_stacked("HOTEL"), _stacked("MOTEL")) for word in text.words]
    assert all(word.before in "HOTEL" and word.after in "MOTEL" for word in told)


def _region(box: Box) -> Region:
    area = float(box.width * box.height)
    return Region(box, area, 1, 1, "changed", np.zeros((1, 2), np.int32))


def test_of_a_very_long_page_only_so_much_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing that had moved on all the way down took a minute."""
    searched = []

    def counted(picture: Picture) -> detector.Detected:
        searched.append(picture.shape[0] * picture.shape[1])
        return detector.detect_lines(picture)

    monkeypatch.setattr(sheets, "detect_lines", counted)
    monkeypatch.setattr(strips, "MOST_PIXELS", 200_000)
    before = np.full((30_000, 400, 3), 255, np.uint8)
    after = before.copy()
    before[20_000:20_200] = page(LETTER)[:200, :400]
    after[20_000:20_200] = page(replaced(LETTER, "customer", "neighbour"))[:200, :400]
    regions = [_region(Box(30, 20_010, 300, 40)), _region(Box(0, 0, 400, 29_000))]
    pair = align(image(before), image(after), motion="none")
    found = read_regions(pair, regions, np.ones(before.shape[:2], np.float32), Settings())
    assert 0 < sum(searched) <= 2 * 200_000
    assert "Only a part of the text is read" in found.explained[0].sentence
    told = [word.after for region in found.regions if region.text for word in region.text.words]
    assert set(told) == {"neighbour,"}
