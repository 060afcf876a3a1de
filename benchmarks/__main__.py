"""Measure everything and print the tables: ``python -m benchmarks [REPEATS]``.

Each pair of rivals is run alternately, each run in a process of its own, and the medians of CPU
time, wall time and peak memory are printed with their ratios. Peers that aren't installed
(``benchmarks/install`` brings those from npm) are left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks import pictures
from imgdiff.metrics.ssim_kernel import kernel

HERE = Path(__file__).parent
NODE = HERE / "node_modules" / ".bin"
RECIPE = ["--method", "ssim", "--grayscale", "--align", "none", "--min-area", "40"]
REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
Sample = dict[str, float]
Pair = tuple[Path, Path]

LOOKS_SAME = (
    "const l = require(process.argv[1]);"
    "l(process.argv[2], process.argv[3]).then(r => console.log(r.equal))"
)


# A child begins with the peak of the process that it was forked from, so a small one starts them.
LAUNCHER = """
import json, os, sys, time
start = time.perf_counter()
null = os.open(os.devnull, os.O_WRONLY)
actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
status, usage = os.wait4(child, 0)[1:]
wall = time.perf_counter() - start
print(json.dumps({"cpu": usage.ru_utime + usage.ru_stime, "wall": wall,
                  "peak": usage.ru_maxrss * 1024, "faults": usage.ru_minflt}))
"""


AS_INSTALLED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Bytecode is compiled once, as when a package is installed, and not by every run."""


def process(command: list[str]) -> Sample:
    """Run a whole program: CPU and wall seconds, peak bytes."""
    launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    answer = subprocess.run(launch, capture_output=True, check=True, env=AS_INSTALLED)
    sample: Sample = json.loads(answer.stdout)
    return sample


def call(what: str, color: str, pair: Pair) -> Sample:
    """Run one call in a fresh process: its own CPU and wall seconds, and growth of the peak."""
    command = [sys.executable, "-m", "benchmarks.child", what, color, *map(str, pair)]
    answer = subprocess.run(command, capture_output=True, check=True)
    sample: Sample = json.loads(answer.stdout)
    return sample


def alternate(rivals: dict[str, list[str] | tuple[str, str, Pair]]) -> dict[str, Sample]:
    """Medians of all rivals, taken in turns."""
    samples: dict[str, list[Sample]] = {name: [] for name in rivals}
    for _ in range(REPEATS):
        for name, rival in rivals.items():
            samples[name].append(process(rival) if isinstance(rival, list) else call(*rival))
    return {
        name: {key: median(run[key] for run in runs) for key in runs[0]}
        for name, runs in samples.items()
    }


def show(title: str, results: dict[str, Sample]) -> None:
    """Print a table; ratios are to the first row."""
    print(f"\n### {title}\n")
    print("| | CPU, s | × ours | wall, s | × ours | peak, MiB | × ours |")
    print("|---|---|---|---|---|---|---|")
    first = next(iter(results.values()))
    for name, result in results.items():
        cells = [name]
        for key, unit in (("cpu", 1), ("wall", 1), ("peak", 2**20)):
            digits = 0 if key == "peak" else 3
            cells += [f"{result[key] / unit:.{digits}f}", f"{result[key] / first[key]:.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


def compare(pair: Pair, *options: str) -> list[str]:
    """Our command, doing what the recipe does."""
    return [sys.executable, "-m", "imgdiff", "compare", *map(str, pair), *RECIPE, *options]


def peers(pair: Pair, out: Path) -> dict[str, list[str] | tuple[str, str, Pair]]:
    """Whole programs that only tell the result, as far as they are installed."""
    before, after = map(str, pair)
    found: dict[str, list[str] | tuple[str, str, Pair]] = {
        "recipe": [sys.executable, str(HERE / "recipe.py"), before, after]
    }
    if (NODE / "odiff").exists():
        found["odiff"] = [str(NODE / "odiff"), before, after]
    if pair[0].suffix == ".png" and (NODE / "pixelmatch").exists():
        found["pixelmatch"] = [str(NODE / "pixelmatch"), before, after]
    looks_same = HERE / "node_modules" / "looks-same"
    if pair[0].suffix == ".png" and looks_same.exists():
        found["looks-same"] = ["node", "-e", LOOKS_SAME, str(looks_same), before, after]
    if shutil.which("compare"):
        found["ImageMagick, RMSE"] = ["compare", "-metric", "RMSE", before, after, "null:"]
    if shutil.which("ffmpeg"):
        found["ffmpeg"] = [
            "ffmpeg", "-i", before, "-i", after, "-lavfi", "ssim", "-f", "null", str(out / "null"),
        ]  # fmt: skip
    return found


def engines(photo: Pair, screen: Pair) -> None:
    """The SSIM engine against scikit-image, in process."""
    for title, ours, theirs, color, pair in (
        ("SSIM and float32 map, 12 MP gray", "ours float32", "skimage", "gray", photo),
        ("SSIM and uint8 map, 12 MP gray", "ours uint8", "skimage", "gray", photo),
        ("SSIM and float64 map, 12 MP gray", "ours float64", "skimage", "gray", photo),
        ("SSIM and float32 map, 12 MP colour", "ours float32", "skimage color", "color", photo),
        (
            "SSIM, Gaussian, float64, 12 MP gray",
            "ours gaussian",
            "skimage gaussian",
            "gray",
            photo,
        ),
        ("SSIM and float32 map, 4K screenshot", "ours float32", "skimage", "gray", screen),
    ):
        rivals = {name: (name, color, pair) for name in (ours, theirs)}
        if ours == "ours float32" and kernel() is not None:  # by imgdiff native
            rivals["ours native"] = ("ours native", color, pair)
        show(title, alternate({**rivals}))
    if find_spec("fast_ssim"):
        title = "SSIM, 12 MP gray: ours with its map, Fast-SSIM (PyPI) the score alone"
        map_and_score, score = ("ours float32", "gray", photo), ("Fast-SSIM", "gray", photo)
        show(title, alternate({"ours float32": map_and_score, "Fast-SSIM": score}))


def programs(photo: Pair, reshot: Pair, screen: Pair, out: Path) -> None:
    """The command against other programs."""
    odiff, recipe = str(NODE / "odiff"), str(HERE / "recipe.py")
    for name, pair in (("12 MP JPEG, edited", photo), ("12 MP JPEG, shot again", reshot)):
        show(
            f"Whole process, result only, {name}",
            alternate({"imgdiff": compare(pair), **peers(pair, out)}),
        )
        writing: dict[str, list[str] | tuple[str, str, Pair]] = {
            "imgdiff --out": compare(pair, "--out", str(out)),
            "recipe, writing": [sys.executable, recipe, *map(str, pair), str(out)],
        }
        if Path(odiff).exists():
            writing["odiff, writing"] = [odiff, *map(str, pair), str(out / "odiff.png")]
        show(f"Whole process, pictures written, {name}", alternate(writing))
    show(
        "Whole process, result only, 4K screenshot, PNG",
        alternate({"imgdiff": compare(screen), **peers(screen, out)}),
    )


def growth(folder: Path) -> None:
    """The command over sizes."""
    results = {}
    for megapixels in (1, 4, 12, 24, 48):
        before = pictures.photo(megapixels)
        pair = pictures.write_pair(folder, f"{megapixels}.jpg", before, pictures.edited(before))
        results[f"{megapixels} MP"] = alternate({"ours": compare(pair)})["ours"]
    show("Growth of the command, JPEG, result only", results)


def show_waits() -> None:
    """The command by what it is asked, beside what it can't be faster than."""
    from benchmarks.command import main as command_main  # noqa: PLC0415 (it builds on this)

    command_main()


def main() -> None:
    """Make the pictures, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before, screen = pictures.photo(12), pictures.screenshot()
        edited = pictures.write_pair(folder, "photo.jpg", before, pictures.edited(before))
        reshot = pictures.write_pair(folder, "reshot.jpg", before, pictures.reshot(before))
        screens = pictures.write_pair(folder, "screen.png", screen, pictures.edited(screen))
        print(f"{REPEATS} runs each, taken in turns; medians. {os.cpu_count()} processors.")
        engines(reshot, screens)
        programs(edited, reshot, screens, folder)
        growth(folder)
    print("\n### What people wait for\n")
    show_waits()


if __name__ == "__main__":
    main()
