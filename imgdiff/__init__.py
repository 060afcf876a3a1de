"""imgdiff: what changed between two pictures, where and how much.

The names are fetched when they are first used, so that ``import imgdiff`` costs nothing and the
command can choose how numpy starts.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imgdiff.alignment import align as align
    from imgdiff.comparison.pipeline import compare as compare
    from imgdiff.comparison.result import Result as Result
    from imgdiff.errors import AlignmentError as AlignmentError
    from imgdiff.errors import BlankError as BlankError
    from imgdiff.errors import Cancelled as Cancelled
    from imgdiff.errors import ImgdiffError as ImgdiffError
    from imgdiff.errors import LoadError as LoadError
    from imgdiff.errors import ModelError as ModelError
    from imgdiff.errors import SettingsError as SettingsError
    from imgdiff.errors import SizeError as SizeError
    from imgdiff.load import load_image as load_image
    from imgdiff.load import load_pair as load_pair
    from imgdiff.load.objects import as_image as as_image
    from imgdiff.metrics.registry import METHODS as METHODS
    from imgdiff.metrics.registry import register_method as register_method
    from imgdiff.similar.embedding import embed as embed
    from imgdiff.similar.embedding import similarity as similarity
    from imgdiff.types import PRESETS as PRESETS
    from imgdiff.types import AreaMask as AreaMask
    from imgdiff.types import Box as Box
    from imgdiff.types import Comparison as Comparison
    from imgdiff.types import Image as Image
    from imgdiff.types import Method as Method
    from imgdiff.types import Pair as Pair
    from imgdiff.types import Polygon as Polygon
    from imgdiff.types import Preset as Preset
    from imgdiff.types import Region as Region
    from imgdiff.types import Settings as Settings
    from imgdiff.types import Tolerance as Tolerance
    from imgdiff.view import View as View
    from imgdiff.view import view_of as view_of

__version__ = "0.2.0"

_ROOMS = {
    "alignment": ("align",),
    "similar.embedding": ("embed", "similarity"),
    "errors": (
        "AlignmentError",
        "BlankError",
        "Cancelled",
        "ImgdiffError",
        "LoadError",
        "ModelError",
        "SettingsError",
        "SizeError",
    ),
    "load": ("load_image", "load_pair"),
    "load.objects": ("as_image",),
    "metrics.registry": ("METHODS", "register_method"),
    "comparison.pipeline": ("compare",),
    "comparison.result": ("Result",),
    "types": (
        "PRESETS",
        "AreaMask",
        "Box",
        "Comparison",
        "Image",
        "Method",
        "Pair",
        "Polygon",
        "Preset",
        "Region",
        "Settings",
        "Tolerance",
    ),
    "view": ("View", "view_of"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_ROOM_OF)  # noqa: PLE0605 (the table above is the one place)

# OpenCV reads this once, when it's first imported: a file it can't read is ours to report.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
# Its own limit, far above that of `imgdiff.load.limits`, for a file that fools our look at it.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**28))


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> object:
    """A public name, from the room it lives in (PEP 562)."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'imgdiff' has no attribute {name!r}")
    return getattr(importlib.import_module(f"imgdiff.{_ROOM_OF[name]}"), name)
