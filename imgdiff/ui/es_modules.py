"""Plain ES modules as one text, without a build step: Streamlit takes one for each component."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(r'^import [^;]*? from "(\.[\w./]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?!default)", re.MULTILINE)


def joined_modules(path: Path, seen: set[Path] | None = None) -> str:
    """A module's text after those that it imports, each once; their names share one scope."""
    seen = set() if seen is None else seen
    seen.add(path)
    text = path.read_text(encoding="utf-8")
    needed = [(path.parent / other).resolve() for other in _IMPORT.findall(text)]
    before = "".join(joined_modules(other, seen) for other in needed if other not in seen)
    return before + _EXPORT.sub("", _IMPORT.sub("", text))
