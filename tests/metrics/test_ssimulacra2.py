"""Oracle: scores of the reference implementation (libjxl's tool, version 2.1).

They are those that the port in Rust is tested with (ssimulacra2 of Imazen, `reference_data.rs` of
January 2026); its pictures are made by formulas, so that they can be made here.

The reference filters recursively in single precision, which adds noise of its own where a picture
is flat: of a flat picture a level brighter than another it says 97.7, 98.0, 96.8 or 96.2, by their
size. Its authors let ports differ by 1.5. So scores are to be equal where there is anything to see,
and elsewhere never to be worse than the reference's, noise included.
"""

from __future__ import annotations

import numpy as np
import pytest

from imgdiff import SizeError
from imgdiff.metrics.ssimulacra2 import quality_loss, ssimulacra2
from imgdiff.types import Picture
from tests.pictures import photo

_MULTIPLIER, _INCREMENT = 6364136223846793005, 1442695040888963407


def _flat(side: int, level: int) -> Picture:
    return np.full((side, side, 3), level, np.uint8)


def _ramp(side: int) -> Picture:
    levels = (np.arange(side) * 255 // (side - 1)).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(levels[None, :, None], (side, side, 3)))


def _noise(side: int, state: int) -> Picture:
    """A linear congruential generator of 64 bits, as Knuth's MMIX has it."""
    levels = []
    for _ in range(side * side * 3):
        state = (state * _MULTIPLIER + _INCREMENT) % 2**64
        levels.append(state >> 33 & 255)
    return np.array(levels, np.uint8).reshape(side, side, 3)


def _score(reference: Picture, test: Picture) -> float:
    return ssimulacra2(reference, test, np.broadcast_to(np.True_, reference.shape[:2]))[0]


@pytest.mark.parametrize(
    ("reference", "score"), [(_ramp(64), -64.56872148), (_noise(64, 42), -47.33572558)]
)
def test_scores_of_what_is_to_be_seen(reference: Picture, score: float) -> None:
    assert _score(reference, _flat(64, 128)) == pytest.approx(score, abs=0.005)


@pytest.mark.parametrize(
    ("side", "step", "score", "noise"),
    [
        (64, 20, 56.05855584, 0.12), (64, 50, -8.75942256, 0.05),
        (128, 20, 54.27883917, 0.05), (128, 50, -9.82383315, 0.02),
        (256, 20, 59.77892918, 0.1), (256, 50, -0.39085784, 0.04),
        (32, 5, 98.80827382, 0.05), (64, 5, 91.52357693, 0.05), (128, 10, 77.84296299, 0.06),
    ],
)  # fmt: skip
def test_scores_of_flat_pictures(side: int, step: int, score: float, noise: float) -> None:
    found = _score(_flat(side, 128), _flat(side, 128 + step))
    assert found == pytest.approx(score, abs=noise)


@pytest.mark.parametrize(
    ("side", "score"), [(32, 97.7492143), (64, 97.98672126), (128, 96.78920738), (256, 96.15027098)]
)
def test_a_step_of_one_level_is_no_worse_than_the_noise_of_the_reference(
    side: int, score: float
) -> None:
    assert score < _score(_flat(side, 128), _flat(side, 129)) < 100


def test_the_map_of_an_even_error_is_what_the_score_lacks() -> None:
    """Far from the border, beyond which it's dark; the coarsest scale sees 160 px far."""
    before = _flat(1024, 128)
    errors = quality_loss(before, before + np.uint8(20))
    middle = errors[400:624, 400:624]
    assert np.ptp(middle) < 0.01
    assert 0 < float(middle.mean()) < 100 - _score(before, before + np.uint8(20))


def test_strips_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    before = photo("astronaut", 333, 301)
    after = np.ascontiguousarray(before[::-1])
    score, errors = ssimulacra2(before, after, np.broadcast_to(np.True_, before.shape[:2]))
    monkeypatch.setattr("imgdiff.metrics.ssimulacra2._STRIP", 1024)
    whole, whole_errors = ssimulacra2(before, after, np.broadcast_to(np.True_, before.shape[:2]))
    assert score == pytest.approx(whole, rel=1e-6)
    np.testing.assert_allclose(errors, whole_errors, rtol=1e-4, atol=1e-4)


def test_what_is_ignored_has_no_say() -> None:
    before = photo("astronaut", 256, 256)
    after = before.copy()
    after[:64] = 255 - after[:64]
    valid = np.ones((256, 256), np.bool_)
    valid[:240] = False
    assert ssimulacra2(before, after, valid)[0] > _score(before, after)
    assert ssimulacra2(before, before, valid)[0] == 100


def test_a_side_of_seven_pixels_is_too_short() -> None:
    with pytest.raises(SizeError, match="at least 8 × 8 pixels, but these are 7 × 9"):
        _score(np.zeros((9, 7, 3), np.uint8), np.zeros((9, 7, 3), np.uint8))
