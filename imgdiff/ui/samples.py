"""The sample pairs that come with the project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from imgdiff.ui.jobs import Upload

_FOLDER = Path(__file__).parents[2] / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """One pair, as ``samples.json`` lists it: file names lie in the same folder."""

    key: str
    title: str
    about: str
    before: str
    after: str

    def uploads(self) -> tuple[Upload, Upload]:
        """Both files, as if the user had dropped them."""
        return _upload(self.before), _upload(self.after)


def samples() -> dict[str, Sample]:
    """All samples by key, in the order of the list."""
    entries = json.loads((_FOLDER / "samples.json").read_text(encoding="utf-8"))
    return {entry["key"]: Sample(**entry) for entry in entries}


def _upload(name: str) -> Upload:
    return Upload(name, (_FOLDER / name).read_bytes())
