"""Oracles for colour: Sharma's published pairs, and scikit-image."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import deltaE_cie76, deltaE_ciede2000, rgb2lab

from imgdiff.metrics.delta_e import ciede2000, color_difference
from imgdiff.pixels.color import lab, lightness
from imgdiff.types import Pixels
from tests.pictures import edited, noisy, photo

# Table 1 of G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 color-difference formula:
# implementation notes, supplementary test data, and mathematical observations", Color Research
# and Application 30 (2005), DOI 10.1002/col.20070: L* a* b* of both colours, and ΔE₀₀.
SHARMA = np.array(
    [
        (50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425),
        (50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615),
        (50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412),
        (50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000),
        (50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000),
        (50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000),
        (50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669),
        (50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195),
        (50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045),
        (50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045),
        (50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461),
        (50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065),
        (50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492),
        (50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977),
        (50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030),
        (50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535),
        (50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000),
        (50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000),
        (50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000),
        (50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000),
        (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
        (63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630),
        (61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731),
        (35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645),
        (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
        (36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146),
        (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
        (90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381),
        (6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377),
        (2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082),
    ]
)

PHOTO = photo("coffee", 200, 300)
PAIRS = {
    "noisy": (PHOTO, noisy(PHOTO, 12)),
    "edited": (PHOTO, edited(PHOTO)),
    "random": tuple(np.random.default_rng(0).integers(0, 256, (2, 200, 300, 3), np.uint8)),
}
each_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_ciede2000_equals_the_published_pairs(dtype: type[np.floating]) -> None:
    first, second = SHARMA[:, :3].astype(dtype), SHARMA[:, 3:6].astype(dtype)
    for differences in (ciede2000(first, second), ciede2000(second, first)):
        assert differences.dtype == dtype
        np.testing.assert_array_equal(np.round(differences.astype(np.float64), 4), SHARMA[:, 6])


@each_pair
def test_lab_equals_scikit_image(pair: tuple[Pixels, Pixels]) -> None:
    # Its white is (0.95047, 1, 1.08883), that of its matrix (0.950456, 1, 1.088754): its grays have
    # a* and b* of up to 0.006, ours 0.
    for picture in pair:
        np.testing.assert_allclose(lab(picture), rgb2lab(picture), rtol=0, atol=0.01)


@each_pair
def test_the_map_equals_scikit_image(pair: tuple[Pixels, Pixels]) -> None:
    labs = [lab(picture).astype(np.float64) for picture in pair]
    # Single precision, of numbers up to 100; near opposite hues it counts most.
    for cie76, theirs in ((False, deltaE_ciede2000), (True, deltaE_cie76)):
        ours = color_difference(pair[0], pair[1], cie76=cie76)
        np.testing.assert_allclose(ours, theirs(*labs), rtol=1e-5, atol=5e-3)


@each_pair
@pytest.mark.parametrize("cie76", [False, True])
def test_grays_differ_as_neutral_colors_do(pair: tuple[Pixels, Pixels], cie76: bool) -> None:
    grays = [picture[..., 1] for picture in pair]
    colors = [np.dstack([gray] * 3) for gray in grays]
    np.testing.assert_allclose(
        color_difference(grays[0], grays[1], cie76=cie76),
        color_difference(colors[0], colors[1], cie76=cie76),
        atol=1e-4,  # float32 L* up to 100, in two ways
    )


def test_lab_of_grays_is_neutral_from_black_to_white() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None]
    converted = lab(np.dstack([ramp] * 3))
    np.testing.assert_allclose(converted[..., 1:], 0, atol=1e-4)
    np.testing.assert_allclose(converted[0, :, 0], lightness(ramp)[0], atol=1e-4)
    assert converted[0, 0, 0] == pytest.approx(0, abs=1e-4)
    assert converted[0, -1, 0] == pytest.approx(100, abs=1e-4)
