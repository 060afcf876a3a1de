"""``-`` as a picture's path: what standard input brings, as a file among files."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from imgdiff.errors import ImgdiffError, LoadError, SettingsError
from imgdiff.load.limits import MAX_BYTES

Command = Callable[[argparse.Namespace], tuple[str, int]]

STANDARD_INPUT = "standard input"
"""What the file is called that holds it, and in messages."""


def with_paths(run: Command) -> Command:
    """A command that is given a path where its user wrote ``-`` for BEFORE or AFTER."""

    @wraps(run)
    def wrapper(options: argparse.Namespace) -> tuple[str, int]:
        piped = [side for side in ("before", "after") if getattr(options, side) == "-"]
        if not piped:
            return run(options)
        if len(piped) > 1:
            raise SettingsError(
                "Standard input brings one picture, but both are to come from it: name a file for "
                "one of them."
            )
        with tempfile.TemporaryDirectory(prefix="imgdiff-") as folder:
            path = Path(folder, STANDARD_INPUT)
            path.write_bytes(_content())
            setattr(options, piped[0], str(path))
            try:
                return run(options)
            except ImgdiffError as error:
                raise type(error)(str(error).replace(str(path), STANDARD_INPUT)) from None

    return wrapper


def _content() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise LoadError(
            "A picture is expected on standard input, but there is none: pipe one into imgdiff."
        )
    return sys.stdin.buffer.read(MAX_BYTES + 1)
