"""Reports and pictures to take away: valid, self-contained, and safe with any name."""

from __future__ import annotations

import base64
import html
import io
import re
from dataclasses import replace

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image as PillowImage
from tinyhtml5.parser import HTMLParser

from imgdiff import Settings, View, compare, load_image, view_of
from imgdiff.pixels.render import numbered
from imgdiff.report.animation import to_gif, to_webp
from imgdiff.report.downloads import FILES
from imgdiff.report.encoded import CROP_SIDE, PREVIEW_SIDE, both, crop, preview, surroundings
from imgdiff.report.html import to_html
from imgdiff.report.pdf import to_pdf
from imgdiff.report.pdf_text import markup
from imgdiff.report.tables import MOST
from imgdiff.types import Box, Comparison, Region
from tests.pictures import SAMPLES, drawing, edited, image

HOSTILE = (
    "![x](http://127.0.0.1:1/a.png)<img src=x onerror=alert(1)>.png",
    "</title></style></script><script>alert(1)</script>",
    """'"><svg/onload=alert(1)>&lt;&amp;{{7*7}}${headline}$$""",
    '=cmd|"/c calc"!A1',
    "<font color='[[[1 for x in range(9)]]]'>x</font>",
    "../../etc/passwd\\..\\\x00\x1b[31m\r\n",
    "図面-Чертёж-σχέδιο-\u202egnp.exe-😀",
    "a" * 3000,
)


def named(name: str) -> View:
    before = drawing(90, 110)
    one, other = image(before), image(edited(before))
    return view_of(compare(replace(one, name=name), replace(other, name=name)))


@pytest.fixture(scope="module")
def sample() -> View:
    paths = SAMPLES / "page_before.png", SAMPLES / "page_after.png"
    return view_of(compare(load_image(paths[0]), load_image(paths[1])))


def _crowded(count: int) -> Comparison:
    """A comparison with `count` regions of 3 × 3 px."""
    picture = image(np.full((606, 606, 3), 200, np.uint8))
    outline = np.zeros((4, 2), np.int32)
    places = [Box(6 * (i % 100), 6 * (i // 100), 3, 3) for i in range(count)]
    regions = tuple(Region(box, 9, 1, 0.5, "changed", outline) for box in places)
    return replace(compare(picture, picture), regions=regions)


def _embedded(text: str) -> list[bytes]:
    return [base64.b64decode(data) for data in re.findall(r"base64,([A-Za-z0-9+/=]+)", text)]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_html_is_valid_whatever_the_names(name: str) -> None:
    """html5lib's parser reports each error that the WHATWG standard knows."""
    text = to_html(named(name))
    parser = HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    assert text.count("<script>") == 1
    assert "alert(1)</script>" not in text


def test_html_is_self_contained(sample: View) -> None:
    text = to_html(sample)
    sources = re.findall(r'(?:src|href|action|poster)="([^"]*)"', text)
    assert sources
    assert all(source.startswith(("data:image/", "#place-")) for source in sources)
    assert "url(" not in text
    anchors = {source for source in sources if source.startswith("#")}
    assert all(f'id="{anchor[1:]}"' in text for anchor in anchors)


def test_html_weighs_at_most_half_as_much_again_as_its_pictures(sample: View) -> None:
    """What it takes to judge in the report comes on top: it's the same however large they are."""
    text = to_html(sample)
    judging = text[text.index("const INTENTS") : text.index("const MODES")]
    judging += text[text.index('<div class="told">') : text.index("</header>")]
    judging += text[text.index(".saving,.judging") : text.index(".crops{")]
    own = len(judging.encode())
    assert own < 8_500
    assert len(text.encode()) - own <= 1.5 * sum(map(len, _embedded(text)))


def test_the_same_words_stand_in_every_file() -> None:
    view = named("a.png")
    pdf = pypdfium2.PdfDocument(to_pdf(view))
    printed = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    texts = {name: FILES[name].make(view).decode() for name in ("imgdiff.html", "comparison.json")}
    for words in (view.headline, *view.facts, view.score_text, view.score_help.rstrip(".")):
        assert words in html.unescape(texts["imgdiff.html"])
        assert words in texts["comparison.json"]
        assert words in printed


@pytest.mark.parametrize("count", [0, 1, MOST + 1, 10_000])
def test_reports_hold_the_largest_places_and_say_so(count: int) -> None:
    view = view_of(_crowded(count))
    text = to_html(view)
    assert text.count("<li id=") == min(count, MOST)
    assert (f"largest {MOST} of {count} places" in text) == (count > MOST)
    assert FILES["regions.csv"].make(view).count(b"\n") == count + 1
    FILES["numbered.png"].make(view)


def test_a_pdf_of_too_many_places_says_so() -> None:
    pdf = pypdfium2.PdfDocument(to_pdf(view_of(_crowded(MOST + 1))))
    assert f"largest {MOST} of {MOST + 1} places" in pdf[1].get_textpage().get_text_bounded()


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_pdfs_are_sound_whatever_the_names(name: str) -> None:
    data = to_pdf(named(name))
    pdf = pypdfium2.PdfDocument(data)
    assert len(pdf) >= 2
    for forbidden in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/OpenAction"):
        assert forbidden not in data


def test_a_pdf_comes_on_either_paper(sample: View) -> None:
    sizes = {
        paper: pypdfium2.PdfDocument(FILES[name].make(sample)).get_page_size(0)
        for paper, name in (("a4", "imgdiff.pdf"), ("letter", "imgdiff-letter.pdf"))
    }
    assert sizes["a4"] == pytest.approx((595.3, 841.9), abs=0.1)
    assert sizes["letter"] == pytest.approx((612, 792), abs=0.1)


def test_text_is_never_markup_and_is_set_in_a_face_that_has_it() -> None:
    assert markup("<b>&") == "&lt;b&gt;&amp;"
    assert markup("a図b") == 'a<font name="HeiseiKakuGo-W5">図</font>b'
    assert "\x1b" not in markup("\x1b[31m")


def test_large_pictures_are_reduced_but_their_changes_are_not() -> None:
    before = np.zeros((3000, 4000, 3), np.uint8)
    before[::2] = 255  # a crop that was reduced would be gray
    after = before.copy()
    after[1000:1040, 2000:2060] = (255, 0, 0)
    view = view_of(compare(image(before), image(after)))
    layer = both(view)[1]
    whole = preview(layer)
    assert (whole.width, whole.height) == (PREVIEW_SIDE, 1500)
    around = surroundings(view.regions[0].box, (4000, 3000))
    part = crop(layer, around)
    assert (part.width, part.height, part.reduced) == (around.width, around.height, 1)
    shown = cv2.imdecode(np.frombuffer(part.data, np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_array_equal(shown, after[around.slices])
    assert max(crop(layer, Box(0, 0, 4000, 3000)).width, 0) == CROP_SIDE


@pytest.mark.parametrize(
    "box", [Box(0, 0, 1, 1), Box(99, 79, 1, 1), Box(0, 0, 100, 80), Box(50, 70, 9, 10)]
)
def test_surroundings_hold_the_box_and_stay_inside(box: Box) -> None:
    around = surroundings(box, (100, 80))
    assert 0 <= around.x <= box.x
    assert 0 <= around.y <= box.y
    assert box.x + box.width <= around.x + around.width <= 100
    assert box.y + box.height <= around.y + around.height <= 80


@pytest.mark.parametrize("make", [to_gif, to_webp])
def test_animations_blink_between_both_pictures_and_hide_nothing(make: object) -> None:
    view = named("a.png")
    assert callable(make)
    animation = PillowImage.open(io.BytesIO(make(view)))
    assert getattr(animation, "n_frames", 1) == 2
    assert animation.info["loop"] == 0
    for index, layer in enumerate(both(view)):
        animation.seek(index)
        frame = np.asarray(animation.convert("RGB")).astype(int)
        picture = layer.draw()
        shown = frame[-picture.shape[0] :]
        assert (
            np.abs(shown - picture).mean() < 8
        )  # a palette; in WebP, colour at half the resolution
        assert animation.info["duration"] >= 400


@pytest.mark.parametrize("box", [Box(40, 40, 20, 20), Box(0, 0, 30, 30), Box(70, 60, 30, 20)])
def test_a_numbered_frame_stands_around_its_box_and_hides_nothing_of_it(box: Box) -> None:
    plain = drawing(100, 120)
    marked = numbered(plain, [(1, box)], height=len(plain))
    touched = (marked != plain).any(axis=2)
    assert touched.any()
    if box.y >= 20:  # with room above, the number stands there
        assert not touched[box.slices].any()


def test_a_numbered_picture_in_strips_is_the_picture() -> None:
    plain = drawing(700, 900)
    boxes = [(y, Box(40, y, 60, 30)) for y in range(0, 690, 23)]
    whole = numbered(plain, boxes, height=700)
    strips = [numbered(plain[y : y + 64], boxes, height=700, top=y) for y in range(0, 700, 64)]
    np.testing.assert_array_equal(np.concatenate(strips), whole)


def test_every_file_can_be_made() -> None:
    view = named(HOSTILE[0])
    starts = {
        "text/html": b"<!doctype html>", "application/pdf": b"%PDF-", "application/zip": b"PK",
        "image/png": b"\x89PNG", "image/gif": b"GIF89a", "image/webp": b"RIFF",
        "text/csv": b"number,", "application/json": b"{",
    }  # fmt: skip
    for name, file in FILES.items():
        assert file.make(view).startswith(starts[file.mime]), name
        assert file.title or not file.offered


def test_no_file_carries_metadata_of_the_pictures() -> None:
    exif, data = PillowImage.Exif(), io.BytesIO()
    exif[0x010E] = "SECRET PLACE"
    PillowImage.fromarray(drawing(60, 60)).save(data, "JPEG", exif=exif)
    assert b"SECRET PLACE" in data.getvalue()
    before = load_image(data.getvalue())
    view = view_of(compare(before, image(edited(before.pixels))))
    for name, file in FILES.items():
        made = file.make(view)
        parts = [made, *_embedded(made.decode())] if name.endswith(".html") else [made]
        assert not any(b"SECRET" in part or b"Exif" in part for part in parts), name


def test_the_settings_are_told() -> None:
    before = drawing(90, 110)
    settings = Settings(min_area=25, ignore=(Box(3, 4, 10, 20),))
    text = to_html(view_of(compare(image(before), image(edited(before)), settings)))
    for words in ("All colours", "over 25 px²", "10 × 20 px at (3, 4)", "Sensitivity", "Balanced"):
        assert words in text
