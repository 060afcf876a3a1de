"""All that a task may come to need is imported and read here, before the process is locked.

Afterwards no file can be opened: what came late would fail. A test locks a process and has it do
everything that there is to do.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Final

import cv2

from imgdiff.alignment.learned import read_network
from imgdiff.load.decode import read_plugins
from imgdiff.metrics.ssim_kernel import kernel
from imgdiff.reading.networks import read_networks
from imgdiff.report.html import read_parts
from imgdiff.similar.embedding import lite

_ROOMS: Final = (
    *("load", "alignment", "metrics", "reading", "similar"),
    *("report", "comparison", "review"),
)
"""Of imgdiff: whatever is in them, as much is imported only when it's needed."""
_LEFT_OUT: Final = ("imgdiff.similar.embedding.optional",)
"""Models from elsewhere aren't for files from anybody."""
_EXTRAS: Final = ("pillow_heif", "pypdfium2", "reportlab")
_MODULES: Final = (
    "imgdiff.workers.tasks",
    # What ZIP files, PDFium's binding, ReportLab and numpy would import when first asked for.
    "encodings.cp437",
    "encodings.shift_jis",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "numpy.fft",
    "numpy.ma",
    "numpy.random",
)


def preload(modules: Iterable[str] = ()) -> None:
    """Import what tasks need, and `modules` too; read models and templates."""
    for name in (*_MODULES, *_in_rooms()):
        _import(name)
    cv2.setNumThreads(1)
    read_plugins()
    read_parts()
    lite.read_model()
    read_networks()
    read_network()
    kernel()
    for name in modules:
        importlib.import_module(name)


def _import(name: str) -> None:
    """Import a module, unless it's for formats of which the package isn't installed.

    Whoever asks for one is told what to install, in a locked process too.
    """
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRAS:
            raise


def _in_rooms() -> Iterator[str]:
    for room in _ROOMS:
        package = importlib.import_module(f"imgdiff.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name not in _LEFT_OUT:
                yield module.name
