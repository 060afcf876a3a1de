"""The recipe over a folder, in two processes: ``python -m benchmarks.batch_recipe FOLDER``."""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from skimage.metrics import structural_similarity


def changed(pair: tuple[str, str]) -> int:
    """How many places changed."""
    before, after = (np.asarray(cv2.imread(path)) for path in pair)
    before, after = (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in (before, after))
    _, diff = structural_similarity(before, after, full=True)
    diff = (np.clip(diff, 0, 1) * 255).astype("uint8")
    over = cv2.threshold(diff, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    outlines, _ = cv2.findContours(over, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return sum(cv2.contourArea(outline) > 40 for outline in outlines)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    pairs = [
        (str(path), str(folder / "after" / path.name)) for path in (folder / "before").iterdir()
    ]
    with ProcessPoolExecutor(2) as pool:
        print(sum(map(bool, pool.map(changed, pairs))))
