"""Each method against its reference implementation: ``python -m benchmarks.methods [REPEATS]``.

Rivals are called alternately in processes of their own; the ratios are of the medians of CPU
time, wall time and growth of the peak memory. Rivals that aren't installed are left out:
pytorch-msssim and piq need torch, and are no part of the tests.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import pictures
from benchmarks.child import forget_peak, status
from imgdiff.metrics.delta_e import color_difference
from imgdiff.metrics.flip import flip_error
from imgdiff.metrics.gmsd import gradient_dissimilarity
from imgdiff.metrics.ms_ssim import multi_scale_dissimilarity
from imgdiff.metrics.pixelmatch_7 import yiq_difference
from imgdiff.metrics.pixelwise import root_mean_square_difference
from imgdiff.metrics.ssim import structural_dissimilarity

Samples = NDArray[np.uint8]
Call = Callable[[Samples, Samples], object]


def _ours(name: str) -> Call:
    calls: dict[str, Call] = {
        "ssim": structural_dissimilarity,
        "mse": root_mean_square_difference,
        "pixelmatch-7": yiq_difference,
        "delta-e": color_difference,
        "flip": flip_error,
        "ms-ssim": multi_scale_dissimilarity,
        "gmsd": gradient_dissimilarity,
    }
    return calls[name]


def _torch_tensors(*pictures: Samples) -> list[Any]:
    import torch  # noqa: PLC0415

    return [torch.from_numpy(picture[None, None].astype(np.float32)) for picture in pictures]


def _pytorch_msssim() -> Call:
    from pytorch_msssim import ms_ssim  # noqa: PLC0415

    return lambda a, b: ms_ssim(*_torch_tensors(a, b), data_range=255)


def _piq() -> Call:
    from piq import gmsd  # noqa: PLC0415

    return lambda a, b: gmsd(*_torch_tensors(a, b), data_range=255, t=170 / 255**2)


def _skimage_delta_e() -> Call:
    from skimage.color import deltaE_ciede2000, rgb2lab  # noqa: PLC0415

    return lambda a, b: deltaE_ciede2000(rgb2lab(a), rgb2lab(b))


def _skimage_mse() -> Call:
    from skimage.metrics import mean_squared_error  # noqa: PLC0415

    return lambda a, b: mean_squared_error(a, b)  # noqa: PLW0108 (it has no types)


def _skimage_ssim() -> Call:
    from skimage.metrics import structural_similarity  # noqa: PLC0415

    return lambda a, b: structural_similarity(a, b, full=True, data_range=255)


def _pixelmatch() -> Call:
    from pybind11_pixelmatch import pixelmatch  # noqa: PLC0415

    def call(a: Samples, b: Samples) -> object:
        opaque = np.full(a.shape[:2], 255, np.uint8)
        return pixelmatch(*(np.ascontiguousarray(np.dstack([p, opaque])) for p in (a, b)))

    return call


def _flip() -> Call:
    import flip_evaluator  # noqa: PLC0415

    def call(a: Samples, b: Samples) -> object:
        floats = [np.divide(p, 255, dtype=np.float32) for p in (a, b)]
        return flip_evaluator.evaluate(*floats, "LDR", True, False, True, {})

    return call


RIVALS: dict[str, tuple[str, str, Callable[[], Call]]] = {
    "ssim": ("scikit-image", "gray", _skimage_ssim),
    "mse": ("scikit-image", "color", _skimage_mse),
    "pixelmatch-7": ("pybind11_pixelmatch", "color", _pixelmatch),
    "delta-e": ("scikit-image", "color", _skimage_delta_e),
    "flip": ("flip_evaluator", "color", _flip),
    "ms-ssim": ("pytorch_msssim", "gray", _pytorch_msssim),
    "gmsd": ("piq", "gray", _piq),
}
"""By method: the rival, gray or colour, and what makes its call."""


def child(method: str, who: str, *paths: str) -> None:
    """Measure one call; prints CPU and wall seconds and by how many bytes the peak grew."""
    color = cv2.IMREAD_COLOR_RGB if RIVALS[method][1] == "color" else cv2.IMREAD_GRAYSCALE
    before, after = (np.asarray(cv2.imread(path, color), np.uint8) for path in paths)
    call = _ours(method) if who == "ours" else RIVALS[method][2]()
    call(before[:256, :256].copy(), after[:256, :256].copy())  # loads what it needs
    start = forget_peak()
    cpu, wall = time.process_time(), time.perf_counter()
    call(before, after)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": status("VmHWM") - start}), flush=True)
    os._exit(0)  # tearing large arrays down is nobody's time


def _run(method: str, who: str, pair: tuple[Path, Path]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.methods", method, who, *map(str, pair)]
    answer = subprocess.run(command, capture_output=True, check=True)
    sample: dict[str, float] = json.loads(answer.stdout)
    return sample


def _compare(method: str, pair: tuple[Path, Path], repeats: int) -> None:
    runs: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    for _ in range(repeats):
        for who, samples in runs.items():
            samples.append(_run(method, who, pair))
    ours, theirs = (
        {key: median(sample[key] for sample in samples) for key in samples[0]}
        for samples in runs.values()
    )
    ratios = " | ".join(f"{theirs[key] / ours[key]:.1f}" for key in ("cpu", "wall", "peak"))
    print(
        f"| `{method}` | {RIVALS[method][1]} | {ours['cpu']:.2f} | {RIVALS[method][0]} | {ratios} |"
    )


def main(repeats: int, megapixels: float) -> None:
    """Print the table."""
    print(
        f"{megapixels:g} MP photograph and the same shot again; {repeats} runs, taken in turns.\n"
    )
    print("| method | channels | ours, CPU s | rival | × CPU | × wall | × peak memory |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        before = pictures.photo(megapixels)
        pair = pictures.write_pair(Path(folder), "photo.png", before, pictures.reshot(before))
        for method, (rival, _, _) in RIVALS.items():
            if importlib.util.find_spec("skimage" if rival == "scikit-image" else rival):
                _compare(method, pair, repeats)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        child(*sys.argv[1:5])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, 12)
