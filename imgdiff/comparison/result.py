"""What `imgdiff.compare` returns: a comparison that can be kept, shown and told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from imgdiff.comparison.passing import different_fraction, different_pixels, failures
from imgdiff.errors import SettingsError
from imgdiff.report.numbers import region_rows, to_json
from imgdiff.types import Comparison, Tolerance
from imgdiff.view import Layer, View, view_of

if TYPE_CHECKING:
    import pandas

WRITTEN: Final = ("diff", "boxed_before", "boxed_after", "mask", "filled")
"""The pictures that `save_layers` writes, each as PNG."""

# What makes files is imported by whoever wants one: the command mostly prints its answer.

REPORTS: Final = {".html": "imgdiff.html", ".pdf": "imgdiff.pdf"}
"""Which report is made, by the extension of its name."""


class Result(Comparison):
    """A `Comparison` with what is done with one: words, files, tables, and whether it passes."""

    __slots__ = ()

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        return self.view().headline

    @property
    def different_pixels(self) -> int:
        """How many pixels differ, those that one picture alone has included."""
        return different_pixels(self)

    @property
    def different_fraction(self) -> float:
        """The same as a share of all pixels that either picture has, 0 to 1."""
        return different_fraction(self)

    def view(self) -> View:
        """The comparison in words and layers."""
        return view_of(self)

    def failures(self, tolerance: Tolerance | None = None) -> tuple[str, ...]:
        """Why it doesn't pass a gate, a sentence each; none if it passes."""
        return failures(self, tolerance or Tolerance())

    def save(self, folder: str | Path) -> list[Path]:
        """Write diff, boxed_before, boxed_after, mask and filled as PNG into a folder.

        Returns
        -------
        list of Path
            The files; the folder is made if it's missing.
        """
        return save_layers(self.view(), Path(folder))

    def report(self, path: str | Path) -> Path:
        """Write a report: ``FILE.html`` or ``FILE.pdf``; SettingsError for another name."""
        path = Path(path)
        name = REPORTS.get(path.suffix.lower())
        if name is None:
            raise SettingsError(
                f"A report is {' or '.join(REPORTS)}, but its name is {path.name!r}: change it."
            )
        from imgdiff.report.downloads import FILES  # noqa: PLC0415

        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILES[name].make(self.view()))
        return path

    def to_json(self) -> str:
        """All numbers and words as JSON text, as ``imgdiff compare --json`` prints it."""
        return to_json(self.view(), more=gate_facts(self, self.failures()))

    def to_dataframe(self) -> pandas.DataFrame:
        """The places as a table of pandas, a row each; SettingsError if that isn't installed."""
        try:
            import pandas  # noqa: PLC0415 (slow to import, and not a dependency)
        except ImportError:
            raise SettingsError(
                "pandas is needed for this, but it isn't installed: install pandas."
            ) from None
        return pandas.DataFrame(region_rows(self.view()))

    def __repr__(self) -> str:
        method, words = self.method, self.method.in_words(self.score)
        return f"<Result: {self.headline} {method.score_name}: {words}>"

    def _repr_html_(self) -> str:
        """The report, for notebooks."""
        from imgdiff.report.html import to_html  # noqa: PLC0415

        page = to_html(self.view()).replace("&", "&amp;").replace('"', "&quot;")
        return (
            f'<iframe srcdoc="{page}" title="Comparison" sandbox="allow-scripts" '
            'style="width: 100%; height: 640px; border: 0"></iframe>'
        )


def save_layers(view: View, folder: Path) -> list[Path]:
    """Write the pictures of a view, named after their keys; the folder is made if it's missing."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = [view.layers[key] for key in WRITTEN]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(partial(_write_png, folder), layers))


def gate_facts(comparison: Comparison, failed: Sequence[str]) -> dict[str, Any]:
    """What JSON says of a gate."""
    return {
        "different_pixels": different_pixels(comparison),
        "passed": not failed,
        "failures": list(failed),
    }


def _write_png(folder: Path, layer: Layer) -> Path:
    from imgdiff.report.encoded import png_pieces  # noqa: PLC0415

    path = folder / f"{layer.key}.png"
    with path.open("wb") as file:
        file.writelines(png_pieces(layer))
    return path
