"""One call, measured in a process of its own: ``python -m benchmarks.child WHAT BEFORE AFTER``.

Prints by how many bytes the first call raised the process's peak, and the CPU and wall seconds of
a second one, which finds everything loaded.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import DTypeLike

from imgdiff.metrics import ssim_kernel
from imgdiff.metrics.ssim import ssim
from imgdiff.types import Pixels


def _scikit_image(**options: object) -> Callable[[object, object], object]:
    from skimage.metrics import structural_similarity  # noqa: PLC0415

    return lambda a, b: structural_similarity(a, b, full=True, **options)


def _fast_ssim() -> Callable[..., object]:
    from fast_ssim import ssim as score  # noqa: PLC0415 (a rival that needn't be installed)

    found: Callable[..., object] = score
    return found


def _ours(dtype: DTypeLike, *, native: bool = False) -> Callable[[Pixels, Pixels], object]:
    if not native:  # whatever was compiled here
        ssim_kernel.kernel = lambda: None  # type: ignore[assignment]
    return lambda a, b: ssim(a, b, dtype=dtype)


_GAUSSIAN = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
CALLS: dict[str, Callable[[], Callable[..., object]]] = {
    "ours float32": lambda: _ours(np.float32),
    "ours native": lambda: _ours(np.float32, native=True),
    "ours float64": lambda: _ours(np.float64),
    "ours uint8": lambda: _ours(np.uint8),
    "ours gaussian": lambda: lambda a, b: ssim(a, b, gaussian_weights=True),
    "Fast-SSIM": _fast_ssim,
    "skimage": _scikit_image,
    "skimage color": lambda: _scikit_image(channel_axis=2),
    "skimage gaussian": lambda: _scikit_image(**_GAUSSIAN),
}


def main() -> None:
    """Measure what the arguments ask for."""
    what, color, before, after = sys.argv[1:]
    call = CALLS[what]()
    flag = cv2.IMREAD_COLOR if color == "color" else cv2.IMREAD_GRAYSCALE
    pair = cv2.imread(before, flag), cv2.imread(after, flag)
    before_call = forget_peak()
    call(*pair)
    peak = status("VmHWM") - before_call
    cpu, wall = time.process_time(), time.perf_counter()
    call(*pair)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    json.dump({"cpu": cpu, "wall": wall, "peak": peak}, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # tearing large arrays down is nobody's time


def forget_peak() -> int:
    """Begin the process's peak anew, from the memory in use (Linux only); that, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def status(name: str) -> int:
    """A line of the kernel's account of this process, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(name)).split()[1])


if __name__ == "__main__":
    main()
