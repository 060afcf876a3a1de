"""The recipe as people write it, as a whole program: ``recipe.py BEFORE AFTER [OUT]``."""

import sys
from pathlib import Path

import cv2
import numpy as np
from skimage.metrics import structural_similarity

before, after = cv2.imread(sys.argv[1]), cv2.imread(sys.argv[2])
before_gray = cv2.cvtColor(before, cv2.COLOR_BGR2GRAY)
after_gray = cv2.cvtColor(after, cv2.COLOR_BGR2GRAY)
score, diff = structural_similarity(before_gray, after_gray, full=True)
print(f"Image similarity: {score * 100:.4f} %")
diff = (np.clip(diff, 0, 1) * 255).astype("uint8")
thresh = cv2.threshold(diff, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
contours, _ = cv2.findContours(thresh.copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
mask = np.zeros(before.shape, dtype="uint8")
filled = after.copy()
for c in contours:
    if cv2.contourArea(c) > 40:
        x, y, w, h = cv2.boundingRect(c)
        cv2.rectangle(before, (x, y), (x + w, y + h), (36, 255, 12), 2)
        cv2.rectangle(after, (x, y), (x + w, y + h), (36, 255, 12), 2)
        cv2.drawContours(mask, [c], 0, (255, 255, 255), -1)
        cv2.drawContours(filled, [c], 0, (0, 255, 0), -1)
if len(sys.argv) > 3:
    views = {"before": before, "after": after, "diff": diff, "mask": mask, "filled": filled}
    for name, picture in views.items():
        cv2.imwrite(str(Path(sys.argv[3]) / f"{name}.png"), picture)
