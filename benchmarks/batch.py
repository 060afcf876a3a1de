"""Measure ``imgdiff batch``: ``python -m benchmarks.batch [PAIRS [REPEATS]]``.

The command is run in turns with odiff, two at a time, and with the recipe in a process pool; then
it is run with one worker and with two, on more pairs for its memory, and on a Dask cluster. CPU
time is that of all processes that a command starts.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks import pictures

HERE = Path(__file__).parent
ARCHITECTURE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
ODIFF = HERE / "node_modules/.bin/odiff"
ODIFF_PROGRAM = HERE / f"node_modules/@odiff/{sys.platform}-{ARCHITECTURE}/odiff"
OURS = ["--method", "ssim", "--align", "none"]
Sample = dict[str, float]

# Orphans come to the launcher, and their children's time with them. Who is ended while its parent
# ignores it, as our template of workers does, is in nobody's account: so all are looked at, too.
LAUNCHER = """
import ctypes, json, os, resource, subprocess, sys, threading, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
start = time.perf_counter()
command = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
tick, peak, done, seen = os.sysconf("SC_CLK_TCK"), 0, threading.Event(), {}

def family(parent):
    children = []
    try:
        for thread in os.listdir(f"/proc/{parent}/task"):
            children += open(f"/proc/{parent}/task/{thread}/children").read().split()
    except OSError:
        return []
    return [int(child) for child in children] + [g for child in children for g in family(child)]

def share(process):
    try:
        lines = open(f"/proc/{process}/smaps_rollup").read().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0

def spent(process):
    try:
        fields = open(f"/proc/{process}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / tick
    except OSError:
        return 0

def watch():
    global peak
    looks = 0
    while not done.wait(.05):
        there = family(os.getpid())
        seen.update({process: max(spent(process), seen.get(process, 0)) for process in there})
        if looks % 10 == 0:
            peak = max(peak, sum(map(share, there)))
        looks += 1

watcher = threading.Thread(target=watch)
watcher.start()
errors = command.stderr.read()
command.wait()
wall = time.perf_counter() - start
done.set()
watcher.join()
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = max(usage.ru_utime + usage.ru_stime, sum(seen.values()))
print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak}))
if command.returncode not in (0, 1, 21, 22, 123):
    sys.exit(errors.decode())
"""


def measured(command: Sequence[str]) -> Sample:
    """CPU and wall seconds of a command and all it starts, and the peak of their memory."""
    launch = [sys.executable, "-c", LAUNCHER, *command]
    answer = subprocess.run(launch, stdout=subprocess.PIPE, check=True)
    sample: Sample = json.loads(answer.stdout)
    return sample


def write_pairs(folder: Path, kind: str, count: int) -> None:
    """1080p pairs, each of its own, all changed."""
    source = pictures.screenshot(1920, 1080) if "screen" in kind else _photo()
    suffix = ".png" if "PNG" in kind else ".jpg"
    for side in ("before", "after"):
        (folder / side).mkdir(parents=True)
    for number in range(count):
        before = np.roll(source, (37 * number, 53 * number), (0, 1))
        for side, picture in (("before", before), ("after", pictures.edited(before, 6))):
            path = str(folder / side / f"{number:05}{suffix}")
            cv2.imwrite(path, picture, [cv2.IMWRITE_JPEG_QUALITY, 90] if suffix == ".jpg" else [])


def link_pairs(source: Path, folder: Path, *, times: int) -> None:
    """The same pairs several times over."""
    for side in ("before", "after"):
        (folder / side).mkdir(parents=True)
        for file in (source / side).iterdir():
            for turn in range(times):
                (folder / side / f"{turn}-{file.name}").hardlink_to(file)


def _photo() -> pictures.Picture:
    return np.asarray(cv2.resize(pictures.photo(2), (1920, 1080)), np.uint8)


def ours(folder: Path, *options: str, preset: str = "") -> list[str]:
    """Our command, with `--method ssim` in colour or a preset."""
    how = ["--preset", preset] if preset else OURS
    places = [str(folder / side) for side in ("before", "after")]
    return [sys.executable, "-m", "imgdiff", "batch", *places, *how, *options]


def odiff(folder: Path, program: Path) -> list[str]:
    """Odiff for each pair: its command, or the program that its command starts by Node."""
    line = f"ls before | xargs -P 2 -I NAME {program} before/NAME after/NAME"
    return ["sh", "-c", f"cd {folder} && {line}"]


def recipe(folder: Path) -> list[str]:
    """The recipe, in a pool of two processes that start once."""
    return [sys.executable, "-m", "benchmarks.batch_recipe", str(folder)]


def alternate(rivals: dict[str, list[str]], repeats: int) -> dict[str, Sample]:
    """Medians of all rivals, taken in turns."""
    runs: dict[str, list[Sample]] = {name: [] for name in rivals}
    for _ in range(repeats):
        for name, command in rivals.items():
            runs[name].append(measured(command))
    return {
        name: {key: median(run[key] for run in found) for key in found[0]}
        for name, found in runs.items()
    }


def show(title: str, results: dict[str, Sample]) -> None:
    """Print a table; ratios are to the first row."""
    print(f"\n### {title}\n\n| | CPU, s | ÷ ours | wall, s | ÷ ours | peak, MiB |")
    print("|---|---|---|---|---|---|")
    first = next(iter(results.values()))
    for name, found in results.items():
        print(
            f"| {name} | {found['cpu']:.2f} | {found['cpu'] / first['cpu']:.2f} "
            f"| {found['wall']:.2f} | {found['wall'] / first['wall']:.2f} "
            f"| {found['peak'] / 2**20:.0f} |",
            flush=True,
        )


def main(count: int = 100, repeats: int = 3) -> None:
    """Make the pictures, measure, print."""
    print(f"{count} pairs of 1080p, {repeats} runs each in turns; {os.cpu_count()} processors.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("JPEG photos", "PNG screens", "PNG photos"):
            place = folder / kind.replace(" ", "-")
            write_pairs(place, kind, count)
            rivals = {
                "imgdiff batch": ours(place),
                "imgdiff batch --preset screenshot": ours(place, preset="screenshot"),
            }
            if ODIFF.exists():
                rivals["odiff, 2 at a time"] = odiff(place, ODIFF)
                rivals["odiff's program without Node"] = odiff(place, ODIFF_PROGRAM)
            show(kind, alternate(rivals, repeats))
        place = folder / "JPEG-photos"
        reported = ours(place, "--report", str(folder / "report.html"))
        show(
            "JPEG photos: workers and a gallery of all",
            alternate({"two": ours(place), "one": ours(place, "--workers", "1"),
                       "two, --report": reported}, repeats),
        )  # fmt: skip
        many = folder / "many"
        link_pairs(place, many, times=10)
        show("Memory", alternate({f"{count} pairs": ours(place),
                                  f"{10 * count} pairs": ours(many)}, 1))  # fmt: skip
        show(
            "JPEG photos: the recipe",
            alternate({"imgdiff batch --preset recipe": ours(place, preset="recipe"),
                       "two processes": recipe(place)}, repeats),
        )  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
