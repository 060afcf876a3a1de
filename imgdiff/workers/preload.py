"""All that a task may come to need is imported and read here, before the process is locked.

Afterwards no file can be opened: what came late would fail. A test locks a process and has it do
everything that there is to do.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterable, Iterator
from typing import Final

import cv2

from imgdiff.alignment.learned import read_network
from imgdiff.load.decode import read_plugins
from imgdiff.metrics.ssim_kernel import kernel
from imgdiff.reading.networks import read_networks
from imgdiff.report.html import read_parts

_ROOMS: Final = ("load", "alignment", "metrics", "reading", "report", "comparison")
"""Of imgdiff: whatever is in them, as much is imported only when it's needed."""
_PAGES_ROOMS: Final = ("similar", "review")
"""What only the page asks for beside comparisons."""
_BATCH: Final = "imgdiff.batch.task"
"""Whoever does nothing else has no use for what the page asks for, and starts sooner without."""
_PDF_REPORT: Final = "imgdiff.report.pdf"
_LEFT_OUT: Final = ("imgdiff.similar.embedding.optional",)
"""Models from elsewhere aren't for files from anybody."""
_EXTRAS: Final = ("pillow_heif", "pypdfium2", "reportlab")
_MODULES: Final = (
    # What ZIP files, PDFium's binding, ReportLab and numpy would import when first asked for.
    "encodings.cp437",
    "encodings.shift_jis",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "numpy.fft",
    "numpy.ma",
    "numpy.random",
)


def preload(modules: Collection[str] = ()) -> None:
    """Import what tasks of these modules need, or all tasks; read models and templates."""
    whole = {*modules} != {_BATCH}
    pages_own = ("imgdiff.workers.tasks", *_in_rooms(_PAGES_ROOMS)) if whole else ()
    for name in (*_MODULES, *_in_rooms(_ROOMS), *pages_own):
        if whole or not name.startswith(_PDF_REPORT):
            _import(name)
    cv2.setNumThreads(1)
    read_plugins()
    read_parts()
    if whole:
        from imgdiff.similar.embedding import lite  # noqa: PLC0415 (only for the page)

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


def _in_rooms(rooms: Iterable[str]) -> Iterator[str]:
    for room in rooms:
        package = importlib.import_module(f"imgdiff.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name not in _LEFT_OUT:
                yield module.name
