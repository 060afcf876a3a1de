"""Order statistics: they are NumPy's."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import distinct, median, quantile


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("shape", [(1, 1), (5, 4), (4, 5)])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_median_is_that_of_numpy(
    shape: tuple[int, int], axis: int | None, kind: type[np.generic]
) -> None:
    values: NDArray[Any] = (np.random.default_rng(5).random(shape) * 255).astype(kind)
    expected = np.median(values, axis=axis)
    found = median(values, axis=axis)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == expected.dtype
    if axis is not None:
        assert median(values, axis=axis, keepdims=True).ndim == 2


@pytest.mark.parametrize("values", [[1, np.nan, 2], [1, 2, np.inf, np.inf], [-np.inf, 1], [3]])
def test_median_of_what_is_no_number_too(values: list[float]) -> None:
    np.testing.assert_array_equal(median(values), np.median(values))


@pytest.mark.parametrize("shares", [0.0, 0.3, 0.95, 1.0, (0.1, 0.5, 0.9)])
@pytest.mark.parametrize("count", [1, 2, 50])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_quantiles_are_those_of_numpy(
    count: int, shares: float | tuple[float, ...], kind: type[np.generic]
) -> None:
    values: NDArray[Any] = (np.random.default_rng(6).random(count) * 255).astype(kind)
    # NumPy interpolates float32 in float32: half a unit in the last place of 255.
    np.testing.assert_allclose(quantile(values, shares), np.quantile(values, shares), atol=2e-5)
    assert np.isnan(quantile(np.append(values.astype(float), np.nan), shares)).all()


def test_distinct_values_are_those_of_numpy() -> None:
    values = np.array([[3, 1], [2, 3]])
    np.testing.assert_array_equal(distinct(values), np.unique(values))


def test_a_comparison_imports_no_masked_arrays() -> None:
    code = (
        "import sys, numpy as np, imgdiff\n"
        "a = (np.mgrid[:200, :260].sum(0)[..., None] * (3, 5, 7) % 251).astype(np.uint8)\n"
        "b = a // 2 + 40; b[20:60, 30:90] = 200\n"
        "imgdiff.compare(a, b)\n"
        "sys.exit('numpy.ma.core' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
