"""Pictures over 960 px: aligned at a smaller size, and made exact at their own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align
from imgdiff.alignment.fit import Fit
from imgdiff.alignment.refine import Tracks, refine_at_full_size
from imgdiff.pixels.color import luma
from tests.motions import corner_error, inverse, similarity, warped
from tests.pictures import Picture, image, noisy, photo

OFFSET = 12.37, -7.61


def large() -> Picture:
    """A photograph, enlarged, with grain that a reduced picture doesn't show."""
    picture = cv2.resize(photo("astronaut", 500, 500), (1500, 1400), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(3).normal(0, 80, picture.shape[:2])
    grain = cv2.GaussianBlur(grain, (0, 0), 1.2)[..., None]
    return np.asarray(np.clip(picture + grain, 0, 255), np.uint8)


@pytest.mark.parametrize("turn", [0, 1.5])
def test_a_large_picture_is_aligned_to_parts_of_its_own_pixels(turn: float) -> None:
    whole = large()
    forth = similarity(turn, 1, whole)
    forth[:2, 2] += OFFSET
    pair = align(image(whole), image(noisy(warped(whole, forth), 3)))
    # As for smaller pictures: that is what noise of 3 levels allows with room to spare.
    assert corner_error(pair, inverse(forth)) < 0.1
    assert pair.alignment.residual is not None
    assert pair.alignment.residual < 0.1


def test_what_the_reduced_pictures_left_is_mended() -> None:
    """Half a pixel off, as a motion from pictures of half the size may be."""
    whole = large()
    truth = np.array([[1, 0, OFFSET[0]], [0, 1, OFFSET[1]], [0, 0, 1]])
    after = warped(whole, inverse(truth))
    coarse = truth.copy()
    coarse[:2, 2] += 0.6, -0.5
    target = np.stack(np.meshgrid(range(100, 1400, 40), range(100, 1300, 40)), -1).reshape(-1, 2)
    target = target.astype(np.float64)
    source = target - coarse[:2, 2]
    fit = Fit("translation", coarse, np.ones(len(target)), 1, 1)
    closer = refine_at_full_size(
        luma(whole), luma(after), Tracks(source, target, fit), most="translation"
    )
    assert np.abs(closer.fit.matrix - truth).max() < 0.05  # a twelfth of what it was off
    assert len(closer.source) > 50
