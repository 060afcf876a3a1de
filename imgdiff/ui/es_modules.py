"""Plain ES modules as one text, without a build step: Streamlit takes one for each component."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(r'^import [^;]*? from "\./([\w]+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?!default)", re.MULTILINE)


def joined_modules(folder: Path, name: str, seen: set[str] | None = None) -> str:
    """A module's text after those that it imports, each once; their names share one scope."""
    seen = set() if seen is None else seen
    seen.add(name)
    text = (folder / f"{name}.js").read_text(encoding="utf-8")
    needed = [other for other in _IMPORT.findall(text) if other not in seen]
    before = "".join(joined_modules(folder, other, seen) for other in needed if other not in seen)
    return before + _EXPORT.sub("", _IMPORT.sub("", text))
