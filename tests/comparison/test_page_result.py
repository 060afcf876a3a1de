"""What the page is told about a comparison, and the files it can ask for."""

from __future__ import annotations

import io
import json
import pickle
import zlib
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff import Settings, View, compare, load_image, view_of
from imgdiff.comparison.page_places import MOST_PLACES
from imgdiff.comparison.page_result import file_of, page_result_of
from imgdiff.types import Alignment
from tests.pictures import drawing, edited, image, noisy


@pytest.fixture
def view() -> View:
    before, after = image(drawing(120, 160)), image(edited(drawing(120, 160)))
    return view_of(compare(before, after, Settings(min_area=60)))


def test_an_answer_travels_between_processes(view: View) -> None:
    answer = page_result_of(view)
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 (our own)
    assert len(pickle.dumps(answer)) < 50_000


def test_the_places_that_count_come_first_and_smaller_ones_follow(view: View) -> None:
    places = json.loads(page_result_of(view).places)
    boxes = [[r.box.x, r.box.y, r.box.width, r.box.height] for r in view.regions]
    assert [place["boxes"][0] for place in places if place["area"] > 60] == boxes
    assert len(places) > len(boxes)
    areas = [place["area"] for place in places]
    assert areas == sorted(areas, reverse=True)


def test_a_method_of_its_own_regions_offers_all_of_them(view: View) -> None:
    comparison = view.comparison
    found = compare(comparison.pair.reference, comparison.pair.test, Settings(min_area=0)).regions
    own = replace(view, comparison=replace(comparison, made_out=found))
    places = json.loads(page_result_of(own).places)
    assert len(places) == len(found) > len(comparison.regions)


def test_no_more_places_than_anyone_could_look_through() -> None:
    before, after = (image(noisy(drawing(900, 900), 20, seed)) for seed in (1, 2))
    view = view_of(compare(before, after, Settings("absdiff", min_area=0)))
    assert len(view.regions) > MOST_PLACES
    places = json.loads(page_result_of(view).places)
    assert len(places) == MOST_PLACES
    assert places[0]["area"] == view.regions[0].area


def test_simplified_outlines_keep_their_place(view: View) -> None:
    for place, region in zip(json.loads(page_result_of(view).places), view.regions, strict=False):
        corners = np.array(place["outlines"][0]).reshape(-1, 2)
        assert len(corners) <= 60
        box = cv2.boundingRect(corners.astype(np.int32))
        expected = (region.box.x, region.box.y, region.box.width, region.box.height)
        np.testing.assert_allclose(box, expected, atol=2)


def test_renditions_are_the_pictures_as_they_were_compared(view: View) -> None:
    pair = view.comparison.pair
    for name, picture in (("before.png", pair.reference), ("after.png", pair.test)):
        decoded = cv2.imdecode(np.frombuffer(file_of(view, name), np.uint8), cv2.IMREAD_COLOR_RGB)
        np.testing.assert_array_equal(decoded, picture.pixels)


def test_a_bent_picture_is_shown_by_its_rendition(view: View) -> None:
    comparison = view.comparison
    shown = replace(comparison.pair.test, shown_as_is=True)
    moved = np.array([[1, 0, 3], [0, 1, 2], [0, 0, 1]], float)
    for bent in (False, True):
        pair = replace(
            comparison.pair, unmoved=shown, transform=moved, alignment=Alignment(bent=bent)
        )
        answer = page_result_of(replace(view, comparison=replace(comparison, pair=pair)))
        assert answer.after.as_is != bent
        assert answer.after.transform == tuple((np.eye(3) if bent else moved).ravel())


def _file(mode: str, kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    PillowImage.new(mode, (40, 30)).save(data, kind, **options)
    return data.getvalue()


def _exif(orientation: int) -> PillowImage.Exif:
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    return exif


_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@pytest.mark.parametrize(
    ("data", "as_is"),
    [
        (_file("RGB", "jpeg"), True),
        (_file("RGB", "jpeg", exif=_exif(6)), True),
        (_file("RGB", "jpeg", icc_profile=_SRGB), True),
        (_file("RGB", "jpeg", icc_profile=_LAB), False),
        (_file("CMYK", "jpeg"), False),
        (_file("RGBA", "png"), True),
        (_file("P", "png"), True),
        (_file("I;16", "png"), False),
        (_file("RGB", "png", exif=_exif(6)), False),
        (_file("RGB", "webp"), True),
        (_file("RGB", "bmp"), True),
        (_file("P", "gif"), True),
        (_file("RGB", "tiff"), False),
    ],
    ids=[
        "JPEG", "turned JPEG", "JPEG with sRGB", "JPEG with Lab", "CMYK JPEG", "PNG", "palette",
        "16 bits", "turned PNG", "WebP", "BMP", "GIF", "TIFF",
    ],
)  # fmt: skip
def test_loading_tells_what_browsers_show_as_it_is(data: bytes, *, as_is: bool) -> None:
    assert load_image(data).shown_as_is is as_is


@pytest.mark.parametrize(
    ("chunks", "as_is"),
    [((b"gAMA",), False), ((b"sRGB", b"gAMA"), True), ((b"cICP",), False), ((), True)],
    ids=["gamma", "sRGB and gamma", "video colours", "nothing"],
)
def test_a_png_that_browsers_color_otherwise_needs_a_rendition(
    chunks: tuple[bytes, ...], *, as_is: bool
) -> None:
    bodies = {b"gAMA": (100_000).to_bytes(4, "big"), b"sRGB": b"\0", b"cICP": b"\x09\x10\0\x01"}
    data = _file("RGB", "png")
    head, rest = data[:33], data[33:]
    added = b"".join(_chunk(kind, bodies[kind]) for kind in chunks)
    assert load_image(head + added + rest).shown_as_is is as_is


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return len(body).to_bytes(4, "big") + kind + body + checksum.to_bytes(4, "big")
