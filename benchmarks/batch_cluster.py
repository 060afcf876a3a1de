"""What Dask costs: ``python -m benchmarks.batch_cluster [PAIRS]`` (needs the extra cluster).

Small pairs on two workers of each kind, both warm: what is over is the way there and back.
"""

import sys
import tempfile
import time
from concurrent.futures import Executor
from pathlib import Path

import cv2
from distributed import LocalCluster

from benchmarks import pictures
from imgdiff import Settings
from imgdiff.batch import FilePair, compare_pairs, pair_folders
from imgdiff.batch.cluster import cluster
from imgdiff.batch.run import machine

SETTINGS = Settings(method="ssim", align="none")


def seconds(pairs: list[FilePair], executor: Executor) -> float:
    """Wall time of a run."""
    start = time.perf_counter()
    assert sum(1 for _ in compare_pairs(pairs, SETTINGS, executor)) == len(pairs)  # noqa: S101
    return time.perf_counter() - start


def main(count: int = 200) -> None:
    """Make the pictures, measure in turns, print."""
    with tempfile.TemporaryDirectory() as name:
        picture = pictures.screenshot(640, 480)
        for side in ("before", "after"):
            Path(name, side).mkdir()
            for number in range(count):
                cv2.imwrite(str(Path(name, side, f"{number}.png")), picture)
        pairs = pair_folders(Path(name, "before"), Path(name, "after"))
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
            cluster(local.scheduler_address, pairs) as dask,
            machine(2) as workers,
        ):
            places: dict[str, Executor] = {"worker processes": workers, "Dask": dask}
            for place in places.values():
                seconds(pairs[:20], place)
            for _ in range(3):
                times = {key: seconds(pairs, place) for key, place in places.items()}
                per_pair = {key: f"{1000 * value / count:.1f} ms" for key, value in times.items()}
                over = 1000 * (times["Dask"] - times["worker processes"]) / count
                print(f"per pair: {per_pair}; Dask's share {over:.1f} ms", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
