"""Every method on one pair."""

from __future__ import annotations

import pickle

import cv2
import numpy as np

from imgdiff import METHODS, Settings, compare
from imgdiff.comparison.every_method import measure_by_every_method
from tests.pictures import drawing, edited, image


def _picture(png: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED))


def test_it_says_what_a_comparison_by_each_method_says() -> None:
    before, after = image(drawing(300, 320)), image(edited(drawing(300, 320)))
    settings = Settings(grayscale=False)
    found = measure_by_every_method(before, after, settings)
    assert list(found.findings) == list(METHODS)
    for key, method in METHODS.items():
        result = compare(before, after, Settings(method=key, grayscale=False))
        assert found.findings[key].score_text == method.in_words(result.score)
        errors = np.clip(result.error_map / method.ceiling, 0, 1)
        # OpenCV may round the last digit differently from run to run.
        difference = _picture(found.findings[key].png) - (255 * (1 - np.sqrt(errors)))
        assert np.abs(difference).max() < 1


def test_small_maps_lose_no_lone_pixel() -> None:
    before = drawing(1500, 1601)
    after = before.copy()
    after[777, 1234] ^= 255
    found = measure_by_every_method(image(before), image(after), Settings())
    for key in ("absdiff", "pixelmatch", "flip", "delta-e"):
        small = _picture(found.findings[key].png)
        assert max(small.shape) <= 720
        places = np.argwhere(small < 255)
        # FLIP sees as far as an eye's blur.
        assert np.abs(places - (777 // 3, 1234 // 3)).max() <= 4
        assert small.min() < 128


def test_equal_pictures_are_white_and_refusals_are_words() -> None:
    picture = image(drawing(90, 101))
    found = measure_by_every_method(picture, picture, Settings())
    assert "161 × 161" in found.findings["ms-ssim"].refusal
    for key, finding in found.findings.items():
        if key != "ms-ssim":
            assert finding.refusal == ""
            assert (_picture(finding.png) == 255).all()
    assert found.findings["psnr"].score_text == "infinite"


def test_it_can_travel_between_processes() -> None:
    picture = image(drawing(90, 101))
    found = measure_by_every_method(picture, picture, Settings())
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 (our own)
