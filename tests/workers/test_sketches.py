"""A glance at two JPEGs doesn't wait for all their pixels, nor reduces what was reduced ahead."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import Settings
from imgdiff.comparison import first_look
from imgdiff.comparison.first_look import FirstLook
from imgdiff.workers import sketches, tasks
from imgdiff.workers.job import Job, Upload
from tests.comparison.test_first_look import BEFORE, PATCHES, with_patches

PATCHED = with_patches(*PATCHES)


def upload(pixels: np.ndarray, kind: str) -> Upload:
    return Upload(f"a{kind}", cv2.imencode(kind, pixels[..., ::-1])[1].tobytes())


@pytest.mark.parametrize(("kind", "from_files"), [(".jpg", 2), (".png", 0)])
def test_a_glance_comes_first(monkeypatch: pytest.MonkeyPatch, kind: str, from_files: int) -> None:
    tasks._cache.clear()
    made: list[int] = []

    def noted(data: bytes, factor: int) -> object:
        made.append(factor)
        return first_look.sketch_of_file(data, factor)

    monkeypatch.setattr(sketches, "sketch_of_file", noted)
    before, after = upload(BEFORE.pixels, kind), upload(PATCHED.pixels, kind)
    tasks.decode_ahead(before)
    told = list(tasks.compare_pair_in_steps(Job(before, after, Settings(read="nothing"))))
    tasks._cache.clear()
    assert told[0] == "glance"
    look = told[1]
    assert isinstance(look, FirstLook)
    assert look.headline == "At first glance, 2 places changed."
    assert look.files == (before.sha256, after.sha256)
    assert made == [3] * from_files
