"""imgdiff: what changed between two pictures, where and how much."""

import os

# OpenCV reads this once, when it's first imported: a file it can't read is ours to report.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")

from imgdiff.alignment import align
from imgdiff.errors import AlignmentError, ImgdiffError, LoadError, SettingsError, SizeError
from imgdiff.load import load_image
from imgdiff.methods import METHODS
from imgdiff.pipeline import compare
from imgdiff.types import Box, Comparison, Image, Method, Pair, Region, Settings
from imgdiff.view import View, view_of

__all__ = [
    "METHODS",
    "AlignmentError",
    "Box",
    "Comparison",
    "Image",
    "ImgdiffError",
    "LoadError",
    "Method",
    "Pair",
    "Region",
    "Settings",
    "SettingsError",
    "SizeError",
    "View",
    "align",
    "compare",
    "load_image",
    "view_of",
]
