"""The verdict: what is said of which result."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from imgdiff import Comparison, Settings, compare, load_image, view_of
from imgdiff.types import Alignment, Explanation, FileFacts, Move
from imgdiff.view.words import certainty_words, listed, region_words
from tests.pictures import SAMPLES, drawing, edited, image, photo

NOISE = Explanation(
    "noise", "Noise isn't counted: nearly all of it is within ±4 of 255 levels of brightness."
)
LIGHT = Explanation("light", "The picture after is 29 % darker: not counted as a change.")


def _changed() -> Comparison:
    before = drawing(200, 200)
    return compare(image(before), image(edited(before)), Settings("absdiff"))


def _equal() -> Comparison:
    return compare(image(drawing(60, 60)), image(drawing(60, 60)))


def test_one_file_twice_is_called_that() -> None:
    path = SAMPLES / "page_before.png"
    view = view_of(compare(load_image(path), load_image(path)))
    assert view.headline == "The two files are identical, byte for byte."
    assert view.facts == ()


def test_equal_pixels_in_other_files_are_told_apart_from_equal_files() -> None:
    def of(file_format: str, digest: str) -> FileFacts:
        return FileFacts(file_format, 9, digest)

    pixels = image(drawing(60, 60))
    png, bmp, rewritten = of("PNG", "a"), of("BMP", "b"), of("PNG", "c")
    view = view_of(compare(replace(pixels, file=png), replace(pixels, file=bmp)))
    assert view.headline == "The pictures are equal, pixel for pixel."
    assert view.facts == ("The files differ all the same: one is PNG, the other BMP.",)
    view = view_of(compare(replace(pixels, file=png), replace(pixels, file=rewritten)))
    assert "metadata or compression" in view.facts[0]
    page, other_page = of("PDF", "d"), of("PDF", "e")
    view = view_of(compare(replace(pixels, file=page), replace(pixels, file=other_page)))
    assert view.facts == ()  # other pages may be what differs


def test_loading_notes_the_file_but_not_where_it_lies() -> None:
    data = (SAMPLES / "coffee_before.jpg").read_bytes()
    file = load_image(SAMPLES / "coffee_before.jpg").file
    assert file is not None
    assert (file.format, file.size, len(file.sha256)) == ("JPEG", len(data), 64)
    assert "samples" not in repr(file)
    assert load_image(data).file == file


def test_pictures_of_different_things_are_told_in_words_first() -> None:
    before, after = photo("astronaut", 400, 500), photo("coffee", 400, 500)
    view = view_of(compare(image(before), image(after)))
    assert view.headline == "These don't look like pictures of the same thing."
    assert view.score_line == ""
    assert view.facts[-1] == (
        f"Image similarity: {view.score_text}, which means nothing for pictures of different "
        "things."
    )
    assert not any("corrected" in fact for fact in view.facts)
    assert "They were laid on each other as they are." in view.facts[0]
    smaller = view_of(compare(image(before), image(photo("coffee", 300, 500))))
    assert "They were laid on each other stretched to fit." in smaller.facts[0]


def test_a_motion_is_told_with_how_sure_it_is() -> None:
    found = _changed()
    moved = Alignment(sentence="shifted by 12 px right", inliers=812, uncertainty=0.3, quality=0.9)
    view = view_of(replace(found, pair=replace(found.pair, alignment=moved)))
    told = "The picture after was lined up to within 0.3 px: shifted by 12 px right."
    assert any(told in fact for fact in view.facts)
    doubtful = replace(moved, quality=0.3)
    view = view_of(replace(found, pair=replace(found.pair, alignment=doubtful)))
    assert any("check the alignment" in fact for fact in view.facts)


def test_a_picture_that_was_only_moved_is_the_same() -> None:
    same = _equal()
    pair = replace(same.pair, alignment=Alignment(sentence="shifted by 3 px down"))
    assert view_of(replace(same, pair=pair)).headline == (
        "The same picture once it's shifted by 3 px down: equal, pixel for pixel."
    )


def test_what_was_explained_makes_the_verdict() -> None:
    same = _equal()
    traces = np.full_like(same.error_map, 0.1)
    found = replace(same, errors=traces, explained=(LIGHT, NOISE))
    view = view_of(found)
    assert view.headline == "The same picture, apart from the light and noise."
    assert view.facts == (f"{LIGHT.sentence} {NOISE.sentence}",)
    pair = replace(found.pair, alignment=Alignment(sentence="turned 2°"))
    headline = view_of(replace(found, pair=pair)).headline
    assert headline == "The same picture, apart from its position, the light and noise."
    too_small = replace(found, made_out=_changed().regions)
    assert view_of(too_small).headline.startswith("No change larger than 10 px² found")


def test_a_picture_compressed_anew_is_the_same_apart_from_that() -> None:
    before = load_image(SAMPLES / "coffee_before.jpg")
    ordered = cv2.cvtColor(before.pixels, cv2.COLOR_RGB2BGR)
    after = load_image(cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes())
    headline = view_of(compare(before, after)).headline
    assert headline == "The same picture, apart from compression noise."


def test_kinds_and_confidence_are_told() -> None:
    found = _changed()
    plain = found.regions[0]
    place = plain.box
    end = replace(place, x=place.x + 5, y=place.y - 2)
    there = replace(plain, box=end, kind="moved", confidence=0.98, move=Move(5, -2, "to", place))
    here = replace(plain, kind="moved", confidence=0.95, move=Move(5, -2, "from", end))
    other = replace(plain, kind="brightness", confidence=0.3)
    view = view_of(replace(found, regions=(there, here, other)))
    assert view.headline == "2 places changed."
    assert view.facts[1] == (
        "Of the places: 1 moved and 1 brighter or darker. 2 are sure and 1 is faint."
    )
    assert region_words(there) == "→ moved 5 px right, 2 px up · sure"
    assert region_words(plain) == ""


@pytest.mark.parametrize(
    ("confidences", "count", "words"),
    [
        ([0.95], 1, "It is sure."),
        ([0.95], 3, "1 is sure."),
        ([0.7, 0.6], 2, "All are likely."),
        ([0.1, 1], 2, "1 is sure and 1 is faint."),
    ],
)
def test_certainty_comes_in_words_surest_first(
    confidences: list[float], count: int, words: str
) -> None:
    assert certainty_words(confidences, count).startswith(words)


@pytest.mark.parametrize("quality", [0.1, 0.9])
def test_what_looks_different_all_over_may_be_one_place_all_the_same(quality: float) -> None:
    found = _equal()
    told = Alignment(sentence="turned 2°", quality=quality)
    all_over = replace(found, indistinct=42.0, pair=replace(found.pair, alignment=told))
    headline = view_of(all_over).headline
    expected = "They show one place, but nearly all of it looks different."
    assert (headline == expected) == (quality < 0.3)


def test_lists_read_as_sentences_do() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


@pytest.mark.parametrize("explained", [(), (LIGHT, NOISE) * 3])
def test_there_are_at_most_five_facts(explained: tuple[Explanation, ...]) -> None:
    found = _changed()
    noted = replace(found.pair.reference, notes=("One.", "Two.", "Three."))
    moved = Alignment(sentence="turned 2°", quality=0.3, only_in_test=0.2, ambiguous=True)
    pair = replace(found.pair, reference=noted, alignment=moved)
    sure = tuple(replace(region, kind="text", confidence=0.9) for region in found.regions)
    view = view_of(replace(found, pair=pair, regions=sure, explained=explained))
    assert len(view.facts) == 4 + bool(explained)
    assert all(fact.endswith(".") for fact in view.facts)
