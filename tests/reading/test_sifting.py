"""Text drawn anew, text that moved on, and text that is to be ignored are no changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from imgdiff import Comparison, Settings, SettingsError, compare, view_of
from imgdiff.alignment import align
from imgdiff.pixels.color import luma
from imgdiff.reading import read_regions, sheets
from imgdiff.reading.patterns import pattern_like
from imgdiff.types import Box, Region
from tests.pictures import image

from .pages import LETTER, Picture, drawn_anew, page, replaced

LINES = (
    *LETTER,
    "The goods stay ours until all of it is paid",
    "With kind regards from Corner shop",
)
FLOWING = (
    "The tenant pays the rent on the first day of each month to",
    "the account named below and bears the cost of water and of",
    "heating in addition to it, and the landlord keeps the house",
    "in good order and repairs what is broken within two weeks",
)
FLOWN = (
    "The tenant pays the rent on the first day of each month to",
    "the account named below and bears the cost of water, of light",
    "and power, and of heating in addition to it, and the landlord",
    "keeps the house in good order and repairs what is broken within",
    "two weeks",
)


def _compared(before: Picture, after: Picture, settings: Settings | None = None) -> Comparison:
    return compare(image(before), image(after), replace(settings or Settings(), align="none"))


def _words(found: Comparison) -> list[tuple[str, str]]:
    texts = [region.text for region in found.regions if region.text is not None]
    return [(word.before, word.after) for text in texts for word in text.words]


def _sentences(found: Comparison) -> str:
    return " ".join(explanation.sentence for explanation in found.explained)


def test_a_page_drawn_anew_is_the_same() -> None:
    found = _compared(page(LINES), drawn_anew(LINES))
    assert found.alike
    assert view_of(found).headline.endswith("how its text is drawn.")
    assert re.search(r"drawn anew in \d lines, and reads the same", _sentences(found))


def test_that_can_be_switched_off() -> None:
    found = _compared(page(LINES), drawn_anew(LINES), Settings(ignore_redrawn=False))
    assert len(found.regions) >= 3
    assert all(region.text is None or region.text.stayed for region in found.regions)


def test_a_changed_price_among_text_drawn_anew_is_found() -> None:
    found = _compared(page(LINES), drawn_anew(replaced(LINES, "4,160.00", "4,190.00")))
    assert _words(found) == [("4,160.00", "4,190.00")]
    assert len(found.regions) == 1


def test_letters_that_look_alike_are_changes() -> None:
    """The network reads "2O26" as 2026: the page was called the same, with its text drawn anew."""
    lines = tuple(f"Booked in the year 2026 by clerk {number}" for number in range(5))
    found = _compared(page(lines), page(replaced(lines, "2026", "2O26")))
    assert len(found.regions) == len(lines)
    assert _words(found) == []


@pytest.mark.parametrize("what", ["underlined", "struck out", "highlighted", "reddened"])
def test_a_word_that_stands_out_among_text_drawn_anew_is_a_change(what: str) -> None:
    found = _compared(page(LINES), _with_marked_word(drawn_anew(LINES), what))
    assert found.regions
    assert all(abs(region.box.y - 72) < 24 for region in found.regions)
    rules = {region.text.rule for region in found.regions if region.text}
    assert rules <= {"came" if what in ("underlined", "struck out") else None}


@pytest.mark.parametrize("what", ["underlined", "struck out", "highlighted", "reddened"])
def test_a_word_that_stands_out_is_found_where_pixels_show_no_place(what: str) -> None:
    before, after = page(LINES), _with_marked_word(page(LINES), what)
    pair = align(image(before), image(after), motion="none")
    errors = np.zeros(before.shape[:2], np.float32)
    found = read_regions(pair, (), errors, Settings(), in_doubt=True).regions
    assert found
    assert all(abs(region.box.y - 72) < 24 and region.box.x < 215 for region in found)
    assert all(region.text is None or region.text.stayed for region in found)


def _with_marked_word(picture: Picture, how: str) -> Picture:
    """The word "price" of the second line looks other than the rest."""
    picture = picture.copy()
    columns = slice(130, 215) if how != "reddened" else slice(125, 175)
    if how == "underlined":
        picture[82:84, columns] = 30
    elif how == "struck out":
        picture[71:73, columns] = 30
    elif how == "highlighted":
        picture[60:84, columns, 2] //= 3
    else:
        picture[60:86, columns, 0] = np.maximum(picture[60:86, columns, 0], 200)
    return picture


def test_a_clause_put_in_is_one_change_though_lines_break_elsewhere() -> None:
    before, after = (
        page((*lines, "", "Signed in Berlin"), width=800) for lines in (FLOWING, FLOWN)
    )
    before = np.vstack([before, np.full((40, 800, 3), 255, np.uint8)])
    found = _compared(before, after)
    (change,) = _words(found)
    assert "of light and power" in change[1]
    assert len(found.regions) == 1  # and not each line that it pushed


def _table(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> Picture:
    canvas = PillowImage.new("RGB", (760, 50 * len(rows) + 40), "#ffffff")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(20)
    for number, row in enumerate(rows):
        for x, cell in zip(columns, row, strict=True):
            draw.text((x, 30 + 50 * number), cell, font=font, fill="#20242c")
    return np.asarray(canvas)


def test_cells_that_a_wider_column_pushed_are_no_changes() -> None:
    """The columns were told to have become each other."""
    rows = [("Filter", "12", "41.50"), ("Valve", "7", "86.20"), ("Steering wheel", "3", "190.00")]
    wider = [("Filter of black paper", *rows[0][1:]), *rows[1:]]
    found = _compared(_table(rows, (30, 260, 420)), _table(wider, (30, 360, 520)))
    assert _words(found) == [("", "of black paper")]


def test_a_line_that_became_another_is_told_in_one_piece() -> None:
    before, after = "The invoice of the last week is paid", "A pump for the garden is out of stock"
    found = _compared(page((*LINES, before)), page((*LINES, after)))
    assert _words(found) == [(before, after)]


def test_words_that_match_a_pattern_are_ignored_and_that_is_said() -> None:
    after = replaced(LINES, "4,160.00", "4,190.00")
    settings = Settings(ignore_text=(r"\d,\d{3}\.\d\d",))
    found = _compared(page(LINES), page(after), settings)
    assert found.alike
    assert "Text that is ignored differs in 1 place." in _sentences(found)
    assert "text that is ignored" in view_of(found).headline
    both = replaced(after, "fourteen", "thirty")
    assert _words(_compared(page(LINES), page(both), settings)) == [("fourteen", "thirty")]


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="regular expression is expected"):
        _compared(page(LINES), page(LINES), Settings(ignore_text=("(",)))
    with pytest.raises(SettingsError, match="200 characters"):
        _compared(page(LINES), page(LINES), Settings(ignore_text=("a" * 201,)))


@pytest.mark.parametrize(
    ("example", "text", "matches"),
    [
        ("12:34", "at 9:05 today", "9:05"),
        ("3 May 2026", "on 28 November 2027.", "28 November 2027"),
        ("No. 17", "no. 4711", "no. 4711"),
        ("1.50 €", "costs 12.80€ now", "12.80€"),
    ],
)
def test_an_example_stands_for_all_that_are_written_so(
    example: str, text: str, matches: str
) -> None:

    found = re.search(pattern_like(example), text)
    assert found is not None
    assert found.group().strip() == matches


def test_reading_can_be_switched_off() -> None:
    after = page(replaced(LINES, "4,160.00", "4,190.00"))
    found = _compared(page(LINES), after, Settings(read="nothing"))
    assert found.regions
    assert all(region.text is None for region in found.regions)


def test_a_word_that_noise_hides_is_found_where_no_place_was() -> None:
    """Over all, pixels differ by as much as the word does; what is written doesn't."""
    rng = np.random.default_rng(7)
    after = replaced(LINES, "order", "never")
    before, noisy = (
        np.clip(page(lines) + rng.normal(0, 2, (1, 760, 3)), 0, 255).astype(np.uint8)
        for lines in (LINES, after)
    )
    found = _compared(before, noisy, Settings(read="page"))
    assert _words(found) == [("order", "never")]


def test_what_reading_alone_finds_is_a_region_of_its_own() -> None:
    before, after = image(page(LINES)), image(page(replaced(LINES, "fourteen", "thirty")))
    pair = align(before, after, motion="none")
    errors = np.zeros((before.height, before.width), np.float32)
    found = read_regions(pair, (), errors, Settings())
    (region,) = found.regions
    assert (region.kind, region.confidence) == ("text", 0.95)
    assert region.text is not None
    assert (region.text.before, region.text.after) == ("fourteen", "thirty")
    assert read_regions(pair, (), errors, Settings(read="places")).regions


def test_of_a_gray_copy_no_word_is_recoloured() -> None:
    """Coloured words were told as places of a page that had lost all its colours."""
    before = page(LINES).copy()
    for row, colour in enumerate([(190, 20, 30), (20, 130, 40), (30, 60, 200)]):
        strip = before[row * 95 : row * 95 + 95]
        paper = strip[..., :1] / 255
        strip[:] = np.rint(paper * 255 + (1 - paper) * np.array(colour)).astype(np.uint8)
    after = np.dstack([luma(before)] * 3)
    for settings in (Settings(read="page"), Settings(read="page", grayscale=True)):
        assert not _compared(before, after, settings).regions


def test_that_not_all_lines_are_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_LINES", 2)
    after = page(tuple(line.replace("e", "a") for line in LINES))
    found = _compared(page(LINES), after)
    assert "Only a part of the text is read" in _sentences(found)
    told = [region for region in found.regions if region.text is not None]
    assert 1 <= len({region.box.y // 40 for region in told}) <= 2


def test_of_too_many_places_none_is_read() -> None:
    """Of a page full of dust the words were told to have changed, after half a minute."""
    before = page(LINES)
    spots = (Box(x, y, 6, 6) for y in range(0, 270, 9) for x in range(0, 750, 9))
    regions = [
        Region(spot, area=36, peak=1, mean=1, kind="added", outline=np.zeros((1, 2), np.int32))
        for spot in spots
    ]
    pair = align(image(before), image(255 - before), motion="none")
    found = read_regions(pair, regions, np.zeros(before.shape[:2], np.float32), Settings())
    assert found.regions == tuple(regions)
    assert [known.cause for known in found.explained] == ["unread"]


@pytest.mark.parametrize("how", ["JPEG", "blur", "half"])
def test_a_page_that_was_only_saved_or_scaled_keeps_its_words(how: str) -> None:
    """Red words that compression dulled, and letters that blur broadened, were told of."""
    before = page(LINES).copy()
    strip = before[:70]
    paper = strip[..., :1] / 255
    strip[:] = np.rint(paper * 255 + (1 - paper) * np.array([200, 40, 40])).astype(np.uint8)
    if how == "JPEG":
        _, file = cv2.imencode(".jpg", before[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 75])
        after = cv2.cvtColor(np.asarray(cv2.imdecode(file, 1), np.uint8), cv2.COLOR_BGR2RGB)
    elif how == "blur":
        after = cv2.GaussianBlur(before, (0, 0), 1.2)
    else:
        after = cv2.resize(before, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = compare(image(before), image(np.asarray(after, np.uint8)))
    assert not found.regions


def test_half_a_pixel_to_the_side_puts_no_column_in() -> None:
    before = page(LINES)
    half = np.array([[1, 0, 0.5], [0, 1, 0.3]])
    after = cv2.warpAffine(before, half, before.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    assert not compare(image(before), image(np.asarray(after, np.uint8))).regions
