"""SSIM in machine code, for whoever has a compiler: the same numbers in less than half the time.

``imgdiff native`` compiles `ssim_kernel.c` with the system's compiler and puts the library beside
it. It is loaded from there alone: who may write there may change this very file. Without it nothing
is missing.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import SettingsError
from imgdiff.types import Pixels

SumKernel: TypeAlias = Callable[..., None]
"""``imgdiff_ssim`` of the C file."""

_SOURCE: Final = Path(__file__).with_suffix(".c")
_FLAGS: Final = ("-O3", "-std=gnu11", "-ffp-contract=off", "-shared", "-fPIC")
_PATIENCE: Final = 120
"""Seconds for the compiler."""
_POINTER, _STRIDE, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int, ctypes.c_float
_ARGUMENTS: Final = (
    *(_POINTER, _STRIDE, _POINTER, _STRIDE, _INT, _INT, _INT, _INT),
    *(_FLOAT, _FLOAT, _POINTER, _POINTER, _STRIDE),
)


def library_path() -> Path:
    """Where the library is or would be: its name is the source's, so that none is used for another.

    Two kinds of processors that share an installation have one each.
    """
    source = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:16]
    return _SOURCE.with_name(f"ssim_kernel-{sys.platform}-{platform.machine()}-{source}.bin")


@cache
def kernel() -> SumKernel | None:
    """The compiled kernel; None without one. A worker asks before it is locked."""
    try:
        path = library_path()
        return loaded(path) if path.exists() else None
    except OSError:  # made for another system, or not to be read
        return None


def loaded(path: Path) -> SumKernel:
    """The kernel of a library; OSError if it can't be loaded."""
    found: Any = ctypes.CDLL(str(path)).imgdiff_ssim
    found.argtypes, found.restype = _ARGUMENTS, None
    return found  # type: ignore[no-any-return]


def run_kernel(  # noqa: PLR0913 (as the C function has them)
    kernel: SumKernel,
    a: Pixels,
    b: Pixels,
    *,
    side: int,
    half_c1: float,
    half_c2: float,
    sums: NDArray[np.uint32],
    out: NDArray[np.float32],
) -> None:
    """Fill `out` with S of samples that have half a window around them.

    Parameters
    ----------
    kernel : callable
        As `kernel` returns it.
    a, b : ndarray of uint8, shape (H + side − 1, W + side − 1) or (…, C)
    side : int
        Of the window, px: odd, to 13.
    half_c1, half_c2 : float
        As in `imgdiff.metrics.windows.Terms`.
    sums : ndarray of uint32
        Working memory: three for each sample of a row.
    out : ndarray of float32, shape (H, W) or (H, W, C)
        Its rows without gaps.
    """
    a, b = _with_whole_rows(a), _with_whole_rows(b)
    step = a.shape[2] if a.ndim == 3 else 1
    kernel(
        *(a.ctypes.data, a.strides[0], b.ctypes.data, b.strides[0]),
        *(a.shape[0], a.shape[1] * step, step, side, half_c1, half_c2),
        *(sums.ctypes.data, out.ctypes.data, out.strides[0]),
    )


def _with_whole_rows(samples: Pixels) -> Pixels:
    """The same, with the samples of a row one after the other."""
    whole = samples[:1].flags.c_contiguous
    return samples if whole else np.ascontiguousarray(samples)


def build(check: Callable[[SumKernel], bool]) -> Path:
    """Compile the kernel, and put it where it's found.

    Parameters
    ----------
    check : callable
        Tells whether a kernel gives the right numbers; one that doesn't is thrown away.

    Raises
    ------
    SettingsError
        There is no compiler, it fails, or the place may not be written to.
    """
    compiler = shlex.split(os.environ.get("CC", "")) or ["cc"]
    if shutil.which(compiler[0]) is None:
        raise SettingsError(
            f"A C compiler is needed for this, but there is no {compiler[0]!r} here: install one, "
            "or name it by CC. Everything works without it."
        )
    path = library_path()
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".native-") as folder:
            made = Path(folder) / path.name
            _compile([*compiler, *_FLAGS, "-o", str(made), str(_SOURCE)])
            if not check(loaded(made)):
                raise SettingsError(
                    f"What {compiler[0]} compiled gives other numbers, so it isn't used: try "
                    "another compiler by CC."
                )
            made.replace(path)
    except OSError as error:
        raise SettingsError(
            f"The library must be written to {path.parent}, but that failed ({error.strerror}): "
            "run this as whoever installed imgdiff."
        ) from None
    return path


def _compile(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()[:1]
        raise SettingsError(
            f"{command[0]} didn't compile the kernel ({''.join(said) or 'no word why'}): try "
            "another compiler by CC. Everything works without it."
        ) from None
