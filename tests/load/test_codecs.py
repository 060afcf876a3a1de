"""The decoders inside the packages are new enough: no version with a known hole gets in."""

from __future__ import annotations

import re

import cv2
import pillow_heif
import pytest
from PIL import features

_BUILD = cv2.getBuildInformation()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _of_opencv(name: str) -> str:
    """As OpenCV tells of what it was built with."""
    found = re.search(rf"^ *{name}: .*?\(ver ([\d. -]+)", _BUILD, re.MULTILINE)
    assert found, f"OpenCV says nothing of {name}"
    return found[1].rpartition(" ")[2]


DECODERS = {
    # Out-of-bounds writes up to 1.23.0 (CVE-2026-84383) and more up to 1.23.5.
    "libheif": (pillow_heif.libheif_version(), "1.23.6"),
    "libde265": (
        pillow_heif.libheif_info()["decoders"]["libde265"].rpartition(" ")[2],
        "1.1.3",
    ),
    # A heap overflow up to 1.3.1 (CVE-2023-4863); of 1.6.0 none is known.
    "libwebp of Pillow": (features.version("webp"), "1.6.0"),
    "libtiff of Pillow": (features.version("libtiff"), "4.7.1"),
    "libavif of Pillow": (features.version("avif"), "1.3.0"),
    "libjpeg of OpenCV": (_of_opencv("JPEG"), "3.1.2"),
    # Overflows up to 1.6.50 (CVE-2025-64720 and others).
    "libpng of OpenCV": (_of_opencv("PNG"), "1.6.51"),
    "libtiff of OpenCV": (_of_opencv("TIFF"), "4.7.1"),
}


@pytest.mark.parametrize("name", DECODERS)
def test_a_decoder_is_new_enough(name: str) -> None:
    found, good = DECODERS[name]
    assert found is not None
    assert _numbers(found) >= _numbers(good), f"{name} is {found}: update it to {good} or newer"


def test_an_older_one_would_be_told() -> None:
    assert _numbers("1.23.0") < _numbers("1.23.6") < _numbers("1.24")
