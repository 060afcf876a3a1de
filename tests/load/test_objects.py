"""Pictures as Python code has them at hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff import Image, LoadError, SettingsError, as_image
from tests.pictures import drawing, write

PICTURE = drawing(40, 50)
GRAY = np.ascontiguousarray(PICTURE[..., 0])


def _png(array: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    PillowImage.fromarray(array).save(file, "PNG")
    return file.getvalue()


class _LikeAnArray:
    def __array__(self, dtype: object = None, copy: object = None) -> NDArray[np.uint8]:
        return PICTURE


FORMS: dict[str, Callable[[], object]] = {
    "image": lambda: as_image(PICTURE),
    "bytes": lambda: _png(PICTURE),
    "bytearray": lambda: bytearray(_png(PICTURE)),
    "file": lambda: io.BytesIO(_png(PICTURE)),
    "pillow": lambda: PillowImage.fromarray(PICTURE),
    "opened by pillow": lambda: PillowImage.open(io.BytesIO(_png(PICTURE))),
    "pillow, opaque": lambda: PillowImage.fromarray(PICTURE).convert("RGBA"),
    "uint8": lambda: PICTURE,
    "uint8, not contiguous": lambda: np.asfortranarray(PICTURE),
    "uint8, opaque": lambda: np.dstack([PICTURE, np.full_like(GRAY, 255)]),
    "a browser's page": lambda: SimpleNamespace(screenshot=lambda: _png(PICTURE)),
    "a browser's driver": lambda: SimpleNamespace(get_screenshot_as_png=lambda: _png(PICTURE)),
    "an element": lambda: SimpleNamespace(screenshot_as_png=_png(PICTURE)),
    "like an array": _LikeAnArray,
}
DEEP: dict[str, Callable[[], object]] = {
    "uint16": lambda: PICTURE.astype(np.uint16) * 257,
    "big-endian": lambda: (PICTURE.astype(np.uint16) * 257).astype(">u2"),
    "float32": lambda: PICTURE.astype(np.float32) / 255,
    "float64": lambda: PICTURE / 255,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_pixels(form: str) -> None:
    found = as_image(FORMS[form]())
    np.testing.assert_array_equal(found.pixels, PICTURE)
    assert found.alpha is None
    assert not found.pixels.flags.writeable


@pytest.mark.parametrize("form", DEEP)
def test_deep_samples_stay_deep(form: str) -> None:
    np.testing.assert_array_equal(as_image(DEEP[form]()).pixels, PICTURE.astype(np.uint16) * 257)


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_are_opened(kind: type, tmp_path: Path) -> None:
    found = as_image(kind(write(tmp_path, "there.png", PICTURE)))
    assert found.name == "there.png"
    np.testing.assert_array_equal(found.pixels, PICTURE)


def test_gray_and_black_and_white_are_shown_in_three_channels() -> None:
    for array in (GRAY, GRAY[..., None], PillowImage.fromarray(GRAY)):
        np.testing.assert_array_equal(as_image(array).pixels, np.dstack([GRAY] * 3))
    expected = np.dstack([np.where(GRAY > 99, 255, 0)] * 3)
    np.testing.assert_array_equal(as_image(GRAY > 99).pixels, expected)


def test_opencvs_order_is_turned_round() -> None:
    np.testing.assert_array_equal(as_image(PICTURE[..., ::-1], order="bgr").pixels, PICTURE)
    with pytest.raises(SettingsError, match="rgb or bgr"):
        as_image(PICTURE, order="gbr")  # type: ignore[arg-type]


def test_colours_that_are_hidden_are_none() -> None:
    opacity = np.where(GRAY > 99, 128, 0).astype(np.uint8)
    found = as_image(np.dstack([PICTURE, opacity]))
    np.testing.assert_array_equal(found.alpha, opacity)
    assert not found.pixels[opacity == 0].any()
    np.testing.assert_array_equal(found.pixels[opacity > 0], PICTURE[opacity > 0])


def test_what_its_owner_does_to_an_array_later_does_not_matter() -> None:
    array = PICTURE.copy()
    found = as_image(array)
    array[:] = 0
    np.testing.assert_array_equal(found.pixels, PICTURE)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "CMYK", "YCbCr", "I", "HSV", "PA"])
def test_pillows_other_modes_are_read(mode: str) -> None:
    smooth = np.dstack([np.linspace(0, 255, 2000).reshape(40, 50).astype(np.uint8)] * 3)
    picture = PillowImage.fromarray(smooth).convert("P" if mode == "PA" else mode).convert(mode)
    found = as_image(picture)
    assert found.pixels.shape == (40, 50, 3)
    if mode != "I":
        expected = np.asarray(picture.convert("RGB"), np.int16)
        assert np.abs(found.pixels.astype(np.int16) - expected).max() <= 2


def test_pillows_profiles_count() -> None:
    linear = PillowImage.fromarray(PICTURE)
    linear.info["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    broken = as_image(linear)  # a profile of something else never blocks a picture
    np.testing.assert_array_equal(broken.pixels, PICTURE)


BAD: dict[str, tuple[object, str]] = {
    "a number": (3, "of the type int"),
    "a list": ([[1, 2], [3, 4]], "of the type list"),
    "gray levels as floats": (PICTURE.astype(float), "between 0 and 1, but this one spans 0 to"),
    "negative": (PICTURE / 255 - 0.5, "between 0 and 1"),
    "not a number": (np.where(PICTURE > 9, np.nan, 0.5), "holds NaN"),
    "int64": (PICTURE.astype(int), "but this one is int64"),
    "complex": (PICTURE * 1j, "complex128"),
    "channels first": (np.moveaxis(PICTURE, 2, 0), "moveaxis"),
    "two channels": (PICTURE[..., :2], "has .40, 50, 2."),
    "one row": (PICTURE[0, :, 0], r"has \(50,\)"),
    "empty": (PICTURE[:0], "has .0, 50, 3."),
    "a file of text": (io.StringIO("text"), "open it with"),
    "no picture": (b"text", "something else"),
    "deep integers": (PillowImage.fromarray(PICTURE[..., 0].astype(np.int32) - 9), "0 and 65535"),
    "floats of pillow": (PillowImage.fromarray(PICTURE[..., 0].astype(np.float32)), "0 and 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_with_a_sentence(name: str) -> None:
    source, words = BAD[name]
    with pytest.raises(LoadError, match=words):
        as_image(source)


def test_an_image_is_left_as_it_is() -> None:
    image = as_image(PICTURE)
    assert isinstance(image, Image)
    assert as_image(image) is image
