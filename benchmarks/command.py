"""What a call of the command costs: ``python -m benchmarks.command [REPEATS]``.

Start-up beside what it can't be less than, Python with numpy and OpenCV; and the default method on
photographs of 12 MP: in place, saved once more, and moved. All in turns; medians of CPU and wall
time, peak memory, and page faults.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from benchmarks import pictures
from benchmarks.__main__ import Pair, alternate

IMPORTS = "import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; import numpy, cv2"
COMPARE = [sys.executable, "-m", "imgdiff", "compare"]


def commands(folder: Path) -> dict[str, list[str] | tuple[str, str, Pair]]:
    """Whole programs, by what they do."""
    small, large = pictures.photo(1), pictures.photo(12)
    screen = pictures.screenshot(1250, 800)
    screens = pictures.write_pair(folder, "screen.png", screen, pictures.edited(screen, 3))
    photos = pictures.write_pair(folder, "small.jpg", small, pictures.edited(small, 3))
    after = pictures.edited(large)
    turn = cv2.getRotationMatrix2D((2000, 1500), 0.7, 1.01)
    moved = np.asarray(cv2.warpAffine(after, turn, large.shape[1::-1]), np.uint8)
    pairs = {
        "in place": pictures.write_pair(folder, "place.jpg", large, after),
        "saved once more": pictures.write_pair(folder, "again.jpg", large, _saved_again(after)),
        "moved": pictures.write_pair(folder, "moved.jpg", large, moved),
    }
    return {
        "Python with numpy and OpenCV": [sys.executable, "-c", IMPORTS],
        "imgdiff --help": [sys.executable, "-m", "imgdiff", "--help"],
        "1 MP screenshots, preset screenshot": _compared(screens, "--preset", "screenshot"),
        "1 MP photographs, preset recipe": _compared(photos, "--preset", "recipe"),
        "1 MP photographs, default": _compared(photos),
        **{f"12 MP photographs, default, {name}": _compared(p) for name, p in pairs.items()},
    }


def _compared(pair: Pair, *options: str) -> list[str]:
    return [*COMPARE, *map(str, pair), *options]


def _saved_again(picture: pictures.Picture) -> pictures.Picture:
    encoded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), np.uint8)


def main() -> None:
    """Make the pictures, measure in turns, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        found = alternate(commands(Path(name)))
    print("| what | CPU, s | × imports | wall, s | peak, MiB | page faults |")
    print("|---|---|---|---|---|---|")
    imports = next(iter(found.values()))["cpu"]
    for what, middle in found.items():
        cells = f"{middle['cpu']:.3f} | {middle['cpu'] / imports:.2f} | {middle['wall']:.3f}"
        print(f"| {what} | {cells} | {middle['peak'] / 2**20:.0f} | {middle['faults']:,.0f} |")


if __name__ == "__main__":
    main()
