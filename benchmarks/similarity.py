"""Measure similarity on photographs: ``python -m benchmarks.similarity [FOLDER …]``.

The photographs are scikit-image's own and those in the folders given (``benchmarks/photographs``
fetches some). Each is edited in fourteen ways; every edit then looks for its original among all.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.edits import EDITS, Photo
from imgdiff.similar.embedding import embed, lite
from imgdiff.similar.keypoints import Keypoints, find_keypoints, match_keypoints
from imgdiff.types import Image

_SIDE = 640
_OWN = (
    *("astronaut", "brick", "camera", "chelsea", "coffee", "coins", "grass", "gravel"),
    *("hubble_deep_field", "ihc", "moon", "motorcycle_left", "retina", "rocket"),
)
_EXTENSIONS = {".jpg", ".jpeg", ".png", ".webp"}


def photographs(folders: Sequence[str]) -> dict[str, Photo]:
    """All photographs by name, at most 640 px long."""
    import skimage.data  # noqa: PLC0415

    own = Path(skimage.data.__file__).parent
    paths = [next(own.glob(f"{name}.*")) for name in _OWN]
    for folder in folders:
        found = (path for path in Path(folder).rglob("*") if path.suffix.lower() in _EXTENSIONS)
        paths += sorted(found)
    return {path.name: _read(path) for path in paths}


def _read(path: Path) -> Photo:
    photo = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if photo is None:
        sys.exit(f"{path} isn't a picture.")
    scale = min(1, _SIDE / max(photo.shape))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _image(photo: Photo) -> Image:
    return Image(photo, None, "")


def main(folders: Sequence[str]) -> None:
    """Print every figure."""
    _speed()
    photos = photographs(folders)
    print(f"\n{len(photos)} photographs, {len(EDITS)} edits of each")
    originals = np.stack([embed(_image(photo)) for photo in photos.values()])
    points = [find_keypoints(_image(photo)) for photo in photos.values()]
    related, unrelated, hits, checks = [], list(_above_diagonal(originals @ originals.T)), [], []
    false_checks: list[int] = []
    print(f"\n{'edit':28}{'recall@1':>9}{'mean':>7}{'least':>7}{'confirmed':>11}")
    for title, edit in EDITS.items():
        edited = [_image(edit(photo)) for photo in photos.values()]
        scores = np.stack([embed(image) for image in edited]) @ originals.T
        own = scores.diagonal()
        found = scores.argmax(axis=1) == np.arange(len(scores))
        keypoints = [find_keypoints(image) for image in edited]
        confirmed = [
            match_keypoints(a, b).confirmed for a, b in zip(points, keypoints, strict=True)
        ]
        false_checks += _shifted(points, keypoints)
        print(f"{title:28}{found.mean():9.3f}{own.mean():7.2f}{own.min():7.2f}"
              f"{np.mean(confirmed):11.3f}", flush=True)  # fmt: skip
        related += list(own)
        unrelated += list(scores[~np.eye(len(scores), dtype=bool)])
        hits += list(found)
        checks += confirmed
    false_checks += [match_keypoints(a, b).count for a, b in combinations(points, 2)]
    _summary(np.array(related), np.array(unrelated), hits, checks, np.array(false_checks))


def _summary(
    related: NDArray[np.float32],
    unrelated: NDArray[np.float32],
    hits: list[bool],
    checks: list[bool],
    false_checks: NDArray[np.int64],
) -> None:
    print(f"\nrecall@1 {np.mean(hits):.4f}, AUC {auc(related, unrelated):.4f}")
    wrong = int((false_checks >= 10).sum())
    print(f"verification: {np.mean(checks):.3f} of {len(checks)} edits confirmed, {wrong} of "
          f"{len(false_checks)} unrelated pairs (most points: {false_checks.max()})")  # fmt: skip
    for percent in (80, 55, 30):
        limit = percent / 100 - 0.005
        print(f"from {percent} %: {np.mean(related >= limit):.3f} of edits, "
              f"{np.mean(unrelated >= limit):.5f} of {len(unrelated)} unrelated pairs")  # fmt: skip


def _above_diagonal(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(scores[np.triu_indices(len(scores), 1)], np.float32)


def _shifted(points: list[Keypoints], edited: list[Keypoints]) -> Iterator[int]:
    """Matching points of each photograph with the edit of the next."""
    for index, ours in enumerate(points):
        yield match_keypoints(ours, edited[(index + 1) % len(edited)]).count


def auc(related: NDArray[np.float32], unrelated: NDArray[np.float32]) -> float:
    """Chance that a related pair scores higher than an unrelated one (Mann–Whitney)."""
    ordered = np.sort(unrelated)
    below = np.searchsorted(ordered, related, "left") + np.searchsorted(ordered, related, "right")
    return float(below.mean() / 2 / len(ordered))


def _speed() -> None:
    """Loading, time of a picture, and memory of a process that has done nothing else."""
    picture = _image(np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8))
    start = time.perf_counter()
    lite._network()
    loading = time.perf_counter() - start
    embed(picture)
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(20):
        embed(picture)
    wall, cpu = (time.perf_counter() - start) / 20, (time.process_time() - busy) / 20
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20
    print(f"load {loading:.3f} s; a picture {1000 * cpu:.0f} ms CPU, {1000 * wall:.0f} ms wall; "
          f"resident {resident:.0f} MiB")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
