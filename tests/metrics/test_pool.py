"""Oracle: OpenCV's own Otsu threshold."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff.metrics.pool import otsu_threshold
from imgdiff.pixels.color import gray_levels


@pytest.mark.parametrize("seed", range(40))
def test_otsu_equals_opencv(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = (
        rng.random((70, 90)),
        rng.beta(0.3, 6, (70, 90)),
        np.where(rng.random((70, 90)) < 0.02, rng.random((70, 90)), 0),
        rng.integers(0, 4, (70, 90)) / rng.integers(2, 5),
        np.full((70, 90), rng.random()),
    )
    error_map = kinds[seed % len(kinds)].astype(np.float32)
    levels = gray_levels(error_map, ceiling=1)
    level, changed = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    threshold = otsu_threshold(error_map, 1)
    assert threshold == (254 - level) / 255
    np.testing.assert_array_equal(error_map > threshold, np.asarray(changed) > 0)
