"""SSIM in machine code: the same numbers, and nothing lost where there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from imgdiff.cli import main
from imgdiff.errors import SettingsError
from imgdiff.metrics import ssim_kernel
from imgdiff.metrics.ssim import ssim
from imgdiff.metrics.ssim_kernel import SumKernel
from imgdiff.metrics.ssim_tiles import is_exact

NOISE = np.random.default_rng(25).integers(0, 256, (2, 150, 301, 3), np.uint8)
NEAR = NOISE // 16 + 100
has_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A library of its own, whatever whoever runs the tests has compiled."""
    path = tmp_path / "kernel.bin"
    monkeypatch.setattr(ssim_kernel, "library_path", lambda: path)
    monkeypatch.delenv("CC", raising=False)
    ssim_kernel.kernel.cache_clear()
    return path


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> SumKernel:
    path = tmp_path_factory.mktemp("native") / "kernel.bin"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssim_kernel, "library_path", lambda: path)
        return ssim_kernel.loaded(ssim_kernel.build(is_exact))


@has_compiler
@pytest.mark.parametrize("side", [3, 7, 13])
@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
@pytest.mark.parametrize(
    "pair", [NOISE, NEAR, NOISE[..., 0], NEAR[:, ::-1, ::2, :2]], ids=["rgb", "flat", "gray", "cut"]
)
def test_numbers_are_equal_to_the_last_bit(
    monkeypatch: pytest.MonkeyPatch,
    compiled: SumKernel,
    pair: np.ndarray,
    dtype: type,
    side: int,
) -> None:
    found = []
    for code in (None, compiled):
        monkeypatch.setattr(ssim_kernel, "kernel", lambda code=code: code)
        found.append(ssim(pair[0], pair[1], dtype=dtype, window_size=side))
    (score, similarity), (native_score, native) = found
    assert score == native_score
    assert np.array_equal(similarity, native)


def test_other_windows_and_depths_do_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ssim_kernel, "kernel", lambda: forbidden)
    deep = NOISE.astype(np.uint16) * 257
    assert ssim(deep[0], deep[1], dtype=np.float32)[0] < 0.1
    assert ssim(NOISE[0], NOISE[1])[0] < 0.1
    assert ssim(NOISE[0], NOISE[1], dtype=np.float32, gaussian_weights=True)[0] < 0.1
    with pytest.raises(AssertionError):
        ssim(NOISE[0], NOISE[1], dtype=np.float32)


@has_compiler
def test_the_command_compiles_and_removes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ssim_kernel.kernel() is None
    assert main(["native"]) == 0
    assert str(place) in capsys.readouterr().out
    ssim_kernel.kernel.cache_clear()
    assert ssim_kernel.kernel() is not None
    assert [*place.parent.iterdir()] == [place]
    assert main(["native", "--remove"]) == 0
    assert not place.exists()


@has_compiler
def test_a_kernel_with_other_numbers_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Path
) -> None:
    wrong = tmp_path / "wrong.c"
    right = Path(ssim_kernel.__file__).with_suffix(".c").read_text(encoding="utf-8")
    wrong.write_text(right.replace("t * 0.5f", "t * 0.5001f"), encoding="utf-8")
    monkeypatch.setattr(ssim_kernel, "_SOURCE", wrong)
    with pytest.raises(SettingsError, match="other numbers"):
        ssim_kernel.build(is_exact)
    assert not place.exists()


@pytest.mark.parametrize(
    ("compiler", "why"),
    [("no-such-compiler", "no 'no-such-compiler'"), ("false", "didn't compile")],
)
def test_without_a_compiler_it_is_told(
    monkeypatch: pytest.MonkeyPatch, compiler: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", compiler)
    assert main(["native"]) == 2
    error = capsys.readouterr().err
    assert why in error
    assert "without it" in error


def test_what_is_no_library_is_passed_over(place: Path) -> None:
    place.write_bytes(b"\x7fELF of another system")
    assert ssim_kernel.kernel() is None


@has_compiler
def test_where_nothing_may_be_written_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ssim_kernel, "library_path", lambda: tmp_path / "missing" / "kernel.bin")
    with pytest.raises(SettingsError, match="whoever installed"):
        ssim_kernel.build(is_exact)
