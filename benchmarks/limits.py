"""What a refusal costs, and the largest pictures: ``python -m benchmarks.limits``.

Prints CPU seconds, and by how many MB the call raised the process's peak (Linux only): for every
bad file of the tests, and for pictures of 50 megapixels in every format that there is an encoder
for. Each large picture is loaded in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage

from imgdiff import ImgdiffError, load_image
from tests.bad_files import HARMLESS, REFUSED, TINY_HEIC, small
from tests.files import DISPLAY_P3, encoded

from .child import forget_peak, status
from .pictures import photo

MOST_CPU, MOST_MEMORY = 0.2, 50
"""For a refusal: seconds, MB."""
LARGEST = 460
"""MB, for any picture."""
_MEGAPIXELS = 49.9


def cost(call: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds of a call, and by how many MB it raised the peak."""
    before, start = forget_peak(), time.process_time()
    result = call()
    seconds = time.process_time() - start
    peak = status("VmHWM") - before
    del result
    return seconds, peak / 1e6


def outcome(data: bytes) -> str:
    """Load a file; what came of it."""
    try:
        image = load_image(data)
    except ImgdiffError as error:
        return str(error)
    return f"{image.width} × {image.height}"


def _note_outcome(data: bytes, words: list[str]) -> None:
    words.append(outcome(data))


def refusals() -> None:
    """The table of bad files, dearest first."""
    for warm_up in (TINY_HEIC, encoded(small(), "AVIF"), encoded(small(), "TIFF")):
        load_image(warm_up)
    rows = []
    for name, data in (REFUSED | HARMLESS).items():
        words: list[str] = []
        seconds, megabytes = cost(partial(_note_outcome, data, words))
        rows.append((seconds, megabytes, name, words[0]))
    print(f"| {len(rows)} bad files | CPU s | MB | what becomes of it |\n|---|---|---|---|")
    for seconds, megabytes, name, sentence in sorted(rows, reverse=True):
        print(f"| {name} | {seconds:.3f} | {megabytes:+.1f} | {sentence} |")
    worst = max(row[0] for row in rows), max(row[1] for row in rows)
    print(f"worst: {worst[0]:.3f} s of {MOST_CPU}, {worst[1]:+.1f} MB of {MOST_MEMORY}\n")


def largest() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Pictures of as many pixels as are read, by what they are."""
    grains = photo(_MEGAPIXELS / 64)
    color = PillowImage.fromarray(np.kron(grains, np.ones((8, 8, 1), np.uint8)))
    gray = color.convert("L")
    fewer = color.crop(
        (0, 0, color.width, color.height * 2 // 3)
    )  # as 200 MB unpacked are the most
    see_through = PillowImage.merge("RGBA", (*color.split(), gray))
    profiled = {"icc_profile": DISPLAY_P3}

    def made(picture: PillowImage.Image, kind: str, **options: object) -> Callable[[], bytes]:
        return lambda: encoded(picture, kind, **options)

    def deep(extension: str) -> bytes:
        samples = np.asarray(fewer)[..., ::-1].astype(np.uint16) * 257
        return cv2.imencode(extension, samples)[1].tobytes()

    yield "JPEG", made(color, "JPEG")
    yield "JPEG, progressive", made(color, "JPEG", progressive=True)
    yield "JPEG, Display P3", made(color, "JPEG", **profiled)
    yield "JPEG, CMYK", made(color.convert("CMYK"), "JPEG")
    yield "JPEG, turned", made(color, "JPEG", exif=_turned())
    yield "PNG", made(color, "PNG", compress_level=1)
    yield "PNG, alpha", made(see_through, "PNG", compress_level=1)
    yield "PNG, palette", made(gray.convert("P"), "PNG", compress_level=1)
    yield "PNG, Display P3", made(color, "PNG", compress_level=1, **profiled)
    yield "PNG, 16 bits, 33 MP", lambda: deep(".png")
    yield "WebP", made(color, "WEBP", method=0)
    yield "WebP, alpha", made(see_through, "WEBP", method=0)
    yield "GIF", made(gray, "GIF")
    yield "BMP, gray", made(gray.crop((0, 0, gray.width, gray.height // 2)), "BMP")
    yield "TIFF, deflate", made(color, "TIFF", compression="tiff_adobe_deflate")
    yield "TIFF, JPEG", made(color, "TIFF", compression="jpeg")
    yield "TIFF, 16 bits, 33 MP", lambda: deep(".tiff")
    yield "AVIF", made(color, "AVIF", speed=10)
    yield "AVIF, Display P3", made(color, "AVIF", speed=10, **profiled)
    part = see_through.crop((0, 0, color.width, color.height * 65 // 100))
    yield "AVIF, alpha, 32 MP", made(part, "AVIF", speed=10)


def _turned() -> PillowImage.Exif:
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    return exif


def formats(more: list[Path]) -> None:
    """The table of large pictures; `more` are files of one's own."""
    print("| picture | file MB | CPU s | MB | loaded |\n|---|---|---|---|---|")
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "large"
        for title, make in largest():
            file.write_bytes(make())
            worst = max(worst, _row(title, file))
        for own in more:
            worst = max(worst, _row(own.name, own))
    print(f"worst: {worst:+.0f} MB of {LARGEST}")


def _row(title: str, file: Path) -> float:
    """Print a row of the table; by how much the peak rose, MB."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.limits", "--one", str(file)],
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(answer.stdout)
    size = file.stat().st_size / 1e6
    print(
        f"| {title} | {size:.1f} | {found['cpu']:.2f} | {found['peak']:+.0f} | {found['words']} |",
        flush=True,
    )
    return float(found["peak"])


def _one(file: Path) -> None:
    """Load a file in this process, and tell what it took beyond the file itself."""
    for warm_up in (TINY_HEIC, *(encoded(small(), kind) for kind in ("AVIF", "WEBP", "TIFF"))):
        load_image(warm_up)
    data, words = file.read_bytes(), list[str]()
    seconds, peak = cost(partial(_note_outcome, data, words))
    json.dump({"cpu": seconds, "peak": peak, "words": words[0]}, sys.stdout)


def main() -> None:
    """Print both tables."""
    if sys.argv[1:2] == ["--one"]:
        _one(Path(sys.argv[2]))
        return
    refusals()
    formats([Path(argument) for argument in sys.argv[1:]])


if __name__ == "__main__":
    main()
