"""How well and how fast pictures are aligned: ``python -m benchmarks.alignment [FOLDER]``.

Everything is made from scikit-image's photographs, with the same random numbers on every run.
FOLDER may hold ``pairs.json``, a list of objects with `a`, `b` (paths below FOLDER/pairs) and
`gt_H_a_to_b` (the homography from a to b), and ``landmarks/landmarks.json``, a list of objects with
`name`, `a_points` and `b_points` (places in ``name_a.png`` and ``name_b.png`` that show the same
thing); those are measured too.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from benchmarks import pictures
from benchmarks.alignment_pages import pages_seen_again, rows_put_in
from imgdiff import Image, Pair, align, compare, load_image
from imgdiff.alignment.motion import find_motion

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]

REPEATS = 3

PHOTOS = (
    "astronaut", "camera", "chelsea", "coffee", "coins", "hubble_deep_field",
    "immunohistochemistry", "moon", "page", "retina", "rocket", "stereo_motorcycle",
)  # fmt: skip


def photo(name: str) -> Picture:
    """One of scikit-image's photographs, in colour, at most 1,000 px long."""
    picture = getattr(data, name)()
    picture = picture[0] if isinstance(picture, tuple) else picture
    picture = np.dstack([picture] * 3) if picture.ndim == 2 else picture[..., :3]
    scale = min(1, 1000 / max(picture.shape))
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def image(pixels: Picture) -> Image:
    """A picture as loaded."""
    return Image(np.ascontiguousarray(pixels), None, "picture")


def recorded_again(picture: Picture, seed: int) -> Picture:
    """Another exposure, saved as JPEG of quality 60."""
    rng = np.random.default_rng(seed)
    gain, gamma = rng.uniform(0.8, 1.2), rng.uniform(0.85, 1.15)
    exposed = np.clip(255 * gain * (picture / 255.0) ** gamma, 0, 255).astype(np.uint8)
    _, file = cv2.imencode(
        ".jpg", cv2.cvtColor(exposed, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 60]
    )
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR_RGB), np.uint8)


def around_middle(size: tuple[int, int], matrix: Matrix) -> Matrix:
    """`matrix` with the middle of a picture of `size` as its origin."""
    there = np.eye(3)
    there[:2, 2] = (np.array(size) - 1) / 2
    return np.asarray(there @ matrix @ np.linalg.inv(there))


def similarity(turn: float, scale: float) -> Matrix:
    """Turn by degrees and enlarge."""
    angle = np.deg2rad(turn)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def motions(kind: str, size: tuple[int, int], seed: int) -> Matrix:
    """A random motion of one kind, from the reference to the test picture."""
    rng = np.random.default_rng(seed)
    matrix = np.eye(3)
    if kind == "whole shift":
        matrix[:2, 2] = rng.integers(-30, 31, 2)
    elif kind == "half shift":
        matrix[:2, 2] = rng.integers(-30, 31, 2) + 0.5
    elif kind == "tenth shift":
        matrix[:2, 2] = rng.integers(-300, 301, 2) / 10
    elif kind == "rescaled crop":
        matrix = around_middle(size, similarity(0, float(2 ** rng.uniform(-1, 1))))
        matrix[:2, 2] += rng.uniform(-20, 20, 2)
    elif kind == "turn and scale":
        turn, scale = rng.uniform(-15, 15), rng.uniform(0.8, 1.25)
        matrix = around_middle(size, similarity(float(turn), float(scale)))
    else:
        tilt = np.eye(3)
        tilt[2, :2] = rng.uniform(-0.2, 0.2, 2) / max(size)
        matrix = around_middle(size, tilt @ similarity(float(rng.uniform(-5, 5)), 1))
    return matrix


def moved_pair(picture: Picture, kind: str, seed: int) -> tuple[Picture, Picture, Matrix]:
    """Reference, test, and the true motion from test to reference; the borders are cut off."""
    height, width = picture.shape[:2]
    matrix = motions(kind, (width, height), seed)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    blurred = cv2.GaussianBlur(picture, (0, 0), 0.5 / scale) if scale < 0.9 else picture
    test = cv2.warpPerspective(blurred, matrix, (width, height), flags=cv2.INTER_LANCZOS4)
    seen = cv2.warpPerspective(np.ones((height, width), np.uint8), matrix, (width, height))
    cut_test = inner_box(np.asarray(seen, np.uint8))
    cut_reference = inner_box(np.ones((height, width), np.uint8), margin=0.06)
    truth = (
        corner(*cut_reference[:2]) @ np.linalg.inv(matrix) @ np.linalg.inv(corner(*cut_test[:2]))
    )
    x, y, w, h = cut_reference
    reference = picture[y : y + h, x : x + w]
    x, y, w, h = cut_test
    return reference, recorded_again(np.asarray(test[y : y + h, x : x + w]), seed), truth


def corner(x: int, y: int) -> Matrix:
    """From the whole picture to a part of it that begins at (x, y)."""
    return np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]], np.float64)


def inner_box(seen: NDArray[np.uint8], margin: float = 0.0) -> tuple[int, int, int, int]:
    """The largest box around the middle that is seen all over."""
    height, width = seen.shape
    for step in range(int(100 * margin), 50):
        x, y = width * step // 100, height * step // 100
        if seen[y : height - y, x : width - x].all():
            return x, y, width - 2 * x, height - 2 * y
    raise ValueError("nothing is seen")


def corner_error(pair: Pair, truth: Matrix) -> float:
    """Mean distance of the corners of the test picture from where they belong, px."""
    width, height = pair.unmoved.width, pair.unmoved.height
    ends = np.array([[0, 0, 1], [width - 1, 0, 1], [width - 1, height - 1, 1], [0, height - 1, 1]])
    places = [
        (ends @ matrix.T)[:, :2] / (ends @ matrix.T)[:, 2:] for matrix in (truth, pair.transform)
    ]
    return float(np.linalg.norm(places[0] - places[1], axis=1).mean())


def timed(reference: Picture, test: Picture) -> tuple[Pair, float]:
    """An alignment and its CPU seconds."""
    before, after = image(reference), image(test)
    start = time.process_time()
    pair = align(before, after)
    return pair, time.process_time() - start


def synthetic() -> Iterator[str]:
    """Known motions of photographs."""
    for kind, limit in (
        ("whole shift", 0.1), ("half shift", 0.1), ("tenth shift", 0.1),
        ("rescaled crop", 0.5), ("turn and scale", 0.5), ("perspective", 0.5),
    ):  # fmt: skip
        errors, seconds, related = [], [], 0
        for seed, name in enumerate(PHOTOS):
            reference, test, truth = moved_pair(photo(name), kind, seed)
            pair, spent = timed(reference, test)
            errors.append(corner_error(pair, truth))
            seconds.append(spent)
            related += pair.related
        good = sum(error <= limit for error in errors)
        yield (
            f"{kind} | {good} of {len(errors)} ≤ {limit} px | {np.median(errors):.3f} | "
            f"{max(errors):.3f} | {related} of {len(errors)} | {np.median(seconds):.2f}"
        )


def flat_views() -> Iterator[str]:
    """Photographs laid on a table and seen 2.5 to 5 times shorter in one direction."""
    for tilt in (2.5, 4.0, 5.0):
        errors, seconds = [], []
        for seed, name in enumerate(PHOTOS[:8]):
            before = photo(name)
            size = before.shape[1], before.shape[0]
            turn = float(np.random.default_rng(seed).uniform(0, 180))
            forth = around_middle(size, np.diag([1 / tilt, 1, 1]) @ similarity(turn, 1))
            smooth = cv2.GaussianBlur(before, (0, 0), 0.8)
            after = cv2.warpPerspective(smooth, forth, size, flags=cv2.INTER_AREA)
            pair, spent = timed(before, recorded_again(np.asarray(after, np.uint8), seed))
            errors.append(corner_error(pair, np.asarray(np.linalg.inv(forth), np.float64)))
            seconds.append(spent)
        good = sum(error < 5 for error in errors)
        yield (
            f"{tilt} times | {good} of {len(errors)} < 5 px | {np.median(errors):.2f} | "
            f"{np.median(seconds):.2f}"
        )


def landmarks(folder: Path) -> Iterator[str]:
    """Pairs of one place in which somebody marked the same things by hand."""
    for entry in json.loads((folder / "landmarks.json").read_text("utf-8")):
        before, after = (load_image(folder / f"{entry['name']}_{side}.png") for side in "ab")
        start = time.process_time()
        pair = align(before, after)
        spent = time.process_time() - start
        ends = np.c_[np.array(entry["b_points"]), np.ones(len(entry["b_points"]))]
        places = ends @ pair.transform.T
        gaps = places[:, :2] / places[:, 2:] - np.array(entry["a_points"])
        error = float(np.median(np.linalg.norm(gaps, axis=1)))
        told = "yes" if pair.related else "refused"
        yield f"{entry['name']} | {error:.2f} | {told} | {spent:.2f}"


def unrelated() -> tuple[int, int, list[str]]:
    """How many pairs of different photographs are refused."""
    photos = {name: photo(name) for name in PHOTOS}
    missed = []
    pairs = list(combinations(PHOTOS, 2))
    for one, other in pairs:
        pair, _ = timed(photos[one], photos[other])
        if pair.related:
            missed.append(f"{one} and {other} ({pair.alignment.quality})")
    return len(pairs) - len(missed), len(pairs), missed


def rows() -> Iterator[str]:
    """A banner of 57 rows put into a screenshot that was edited too."""
    screen = pictures.screenshot(1920, 1080)
    edits = {
        region.box for region in compare(image(screen), image(pictures.edited(screen))).regions
    }
    after = pictures.edited(screen)
    for y in (0, 210, 700):
        grown = np.concatenate([after[:y], np.full((57, 1920, 3), 77, np.uint8), after[y:]])
        start = time.process_time()
        regions = compare(image(screen), image(grown)).regions
        spent = time.process_time() - start
        blocks = [(r.block.count, r.block.at) for r in regions if r.block]
        same = {region.box for region in regions if not region.block} == edits
        yield f"{y} | {blocks == [(57, y)]} | {same} | {spent:.2f}"


def speed() -> Iterator[str]:
    """Registration and the whole alignment of pairs of 1 and 12 megapixels."""
    for megapixels in (1, 12):
        before, again = pictures.photo(megapixels), pictures.reshot(pictures.photo(megapixels))
        size = before.shape[1], before.shape[0]
        turned = cv2.warpPerspective(again, around_middle(size, similarity(2, 1.02)), size)
        for name, one, other in (
            ("equal", before, before.copy()),
            ("shot again", before, again),
            ("shifted", before[60:, 50:], again[:-60, :-50]),
            ("turned by 2°", before, np.asarray(turned, np.uint8)),
        ):
            times = [searched(one, other) for _ in range(REPEATS)]
            whole = [timed(one, other)[1] for _ in range(REPEATS)]
            yield f"{megapixels} MP, {name} | {min(times):.3f} | {min(whole):.3f}"


def searched(reference: Picture, test: Picture) -> float:
    """CPU seconds of finding the motion alone."""
    start = time.process_time()
    find_motion(reference, test, "auto")
    return time.process_time() - start


def known_homographies(folder: Path) -> Iterator[str]:
    """Pairs whose true homography somebody measured by hand."""
    for entry in json.loads((folder / "pairs.json").read_text("utf-8")):
        if entry.get("gt_H_a_to_b"):
            before, after = (load_image(folder / "pairs" / entry[side]) for side in ("a", "b"))
            pair = align(before, after)
            error = corner_error(pair, np.linalg.inv(np.array(entry["gt_H_a_to_b"])))
            yield f"{entry['id']} | {error:.2f} | {'yes' if pair.related else 'refused'}"


def table(header: str, lines: Iterable[str]) -> None:
    """Print lines of cells below a header, each as soon as it's known."""
    print(f"\n| {header} |\n|{'---|' * (header.count('|') + 1)}")
    for line in lines:
        print(f"| {line} |", flush=True)


def main() -> None:
    """Print the tables."""
    cv2.setNumThreads(1)  # the sum over all processors is what's asked for
    table("motion | corner error | median, px | worst, px | related | CPU, s", synthetic())
    table("seen flatly | corner error | median, px | CPU, s", flat_views())
    refused, count, missed = unrelated()
    print(f"\nUnrelated pairs refused: {refused} of {count}. {'; '.join(missed)}")
    table("rows put into pages of like lines | found so", rows_put_in(0))
    table("pages seen again | false places a pair | most", pages_seen_again(0))
    table("57 rows put in at | found so | edits as without | compare, CPU s", rows())
    table("pair | motion, CPU s | whole alignment, CPU s", speed())
    for folder in sys.argv[1:]:
        lines = known_homographies(Path(folder))
        table("known homography | corner error, px | related", lines)
        marked = Path(folder) / "landmarks"
        if marked.exists():
            table("landmarks | median error, px | related | CPU, s", landmarks(marked))


if __name__ == "__main__":
    main()
