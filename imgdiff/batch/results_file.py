"""The results file: a line of JSON for each row, written as it comes, so that nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from imgdiff.batch.row import COLUMNS, Row, row_to_dict
from imgdiff.errors import SettingsError


class ResultsFile:
    """A results file open for writing; what it held before is dropped, unless it is to grow."""

    def __init__(self, path: Path, *, grow: bool = False) -> None:
        torn = grow and path.is_file() and not path.read_bytes().endswith(b"\n")
        self._file: TextIO = path.open("a" if grow else "w", encoding="utf-8")
        if torn:  # the writer before was killed within a line
            self._file.write("\n")

    def add(self, row: Row) -> None:
        """Write a row, past all buffers of this process."""
        self._file.write(_line(row))
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def read_results(path: Path) -> dict[str, Row]:
    """The rows of a results file by name, the last of each; none if there is no such file.

    Raises
    ------
    SettingsError
        The file is something else.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise _no_results(path) from None
    rows = [row for line in lines if line and (row := _row(line)) is not None]
    if not rows and any(lines):
        raise _no_results(path)
    return {row.name: row for row in rows}


def write_results(path: Path, rows: Iterable[Row]) -> None:
    """Put a results file in place, whole or not at all."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_text("".join(map(_line, rows)), encoding="utf-8")
    draft.replace(path)


def _line(row: Row) -> str:
    return json.dumps(row_to_dict(row), ensure_ascii=False) + "\n"


def _row(line: str) -> Row | None:
    """The row of a line; None if it was cut short."""
    try:
        found: dict[str, Any] = json.loads(line)
        # JSON has no tuples.
        return Row(**{name: _tuples(found[name]) for name in COLUMNS if name in found})
    except (ValueError, TypeError):
        return None


def _tuples(value: object) -> Any:  # noqa: ANN401 (whatever the column holds)
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _no_results(path: Path) -> SettingsError:
    return SettingsError(
        f"A results file of imgdiff batch is expected, but {path} is none: choose another."
    )
