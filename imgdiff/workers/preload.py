"""All that a task may come to need is imported and read here, before the process is locked.

Afterwards no file can be opened: what came late would fail. A test locks a process and has it do
everything that there is to do.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable

import cv2

from imgdiff.load.decode import read_plugins
from imgdiff.reading.networks import read_networks
from imgdiff.report.html import read_parts
from imgdiff.similar.embedding import lite

_MODULES = (
    "imgdiff.workers.tasks",
    "imgdiff.load.pdf_file",
    "imgdiff.report.pdf",
    # What numpy would import when it is first asked for.
    "numpy.ma",
    "numpy.random",
)


def preload(modules: Iterable[str] = ()) -> None:
    """Import what tasks need, and `modules` too; read models and templates."""
    for name in _MODULES:
        importlib.import_module(name)
    _read_ahead()
    for name in modules:
        importlib.import_module(name)


def _read_ahead() -> None:
    cv2.setNumThreads(1)
    read_plugins()
    read_parts()
    lite.read_model()
    read_networks()
