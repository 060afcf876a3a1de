"""For tests of your own: pictures must look as they did.

::

    from imgdiff.testing import assert_images_alike


    def test_home_page(page):
        assert_images_alike(page.screenshot(), "baseline/home.png")

With pytest, the fixture `image_check` finds the baselines by itself: see `imgdiff.pytest_plugin`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypedDict, Unpack

from imgdiff.comparison.pipeline import compare
from imgdiff.comparison.result import Result
from imgdiff.errors import LoadError
from imgdiff.load import load_image
from imgdiff.load.objects import Source, as_image
from imgdiff.report.encoded import lossless_png, to_png
from imgdiff.types import Image, MotionKind, PresetName, Settings, Tolerance, preset_named

UPDATE: Final = "IMGDIFF_UPDATE"
"""With this environment variable set to 1, expected pictures that are missing or no longer met are
written, not failed for."""

_REPORTS: Final = Path("imgdiff-reports")
_named: Counter[str] = Counter()
"""How many reports each test has had: a second picture of it gets a name of its own."""


class ToleranceLimits(TypedDict, total=False):
    """How much may differ: the attributes of `imgdiff.Tolerance`."""

    max_diff_pixels: int | None
    diff_window: int | None
    max_diff_percent: float | None
    fail_under: float | None
    allow: frozenset[MotionKind] | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The files that are kept of a picture that isn't as expected, for people to look at."""

    expected: Path
    actual: Path
    diff: Path
    report: Path

    @classmethod
    def beside(cls, report: Path) -> Kept:
        """All of them in one folder, named after the report."""
        stem = report.stem
        return cls(
            expected=report.with_name(f"{stem}-expected.png"),
            actual=report.with_name(f"{stem}-actual.png"),
            diff=report.with_name(f"{stem}-diff.png"),
            report=report,
        )

    def write(self, result: Result, actual: bytes) -> None:
        """Write them; `actual` is the picture's own file."""
        for path in (self.expected, self.diff):
            path.parent.mkdir(parents=True, exist_ok=True)
        self.expected.write_bytes(lossless_png(result.pair.reference))
        self.write_actual(actual)
        self.diff.write_bytes(to_png(result.view().layers["boxed_diff"]))
        result.report(self.report)

    def write_actual(self, actual: bytes) -> None:
        """Write what came, where there is nothing to compare it with."""
        self.actual.parent.mkdir(parents=True, exist_ok=True)
        self.actual.write_bytes(actual)

    def remove(self) -> None:
        """Take away what an earlier run kept."""
        for path in (self.expected, self.actual, self.diff, self.report):
            path.unlink(missing_ok=True)


def assert_images_alike(
    actual: Source,
    expected: str | Path,
    settings: Settings | PresetName = "screenshot",
    *,
    report: str | Path | None = None,
    **limits: Unpack[ToleranceLimits],
) -> None:
    """Fail, with a report to look at, unless a picture looks as expected.

    Parameters
    ----------
    actual : bytes, str, Path, array or other object
        The picture that was made: all that `imgdiff.as_image` takes, such as a screenshot.
    expected : str or Path
        The baseline's file. If it's missing, the test fails too.
    settings : Settings or str
        As for `imgdiff.compare`, or the name of a preset: by default ``screenshot``, with which
        nothing may be moved, lit or blurred otherwise, nor have another size.
    report : str or Path, optional
        Where to write the HTML report on failure; by default
        ``imgdiff-reports/<name of the test>.html``. Expected, actual and diff lie beside it.
    **limits
        How much may differ, as in `imgdiff.Tolerance`: ``max_diff_pixels``, ``max_diff_percent``,
        ``fail_under``, and ``allow``, the motions that pass: by default those that the preset
        allows, and with `Settings` none.

    Raises
    ------
    AssertionError
        Something changed; the text says what, and where the report lies.
    ImgdiffError
        The pictures can't be compared.
    """
    __tracebackhide__ = True
    expected = Path(expected)
    if report is None:
        report = _default_place(expected)
    check_image(
        actual,
        expected,
        settings,
        tolerance_for(settings, limits),
        Kept.beside(Path(report)),
        update=os.environ.get(UPDATE) == "1",
        how_to_update=f"run this once with {UPDATE}=1",
    )


def tolerance_for(settings: Settings | PresetName, limits: ToleranceLimits) -> Tolerance:
    """The limits as they were given; the motions that pass follow from the preset."""
    allow = frozenset() if isinstance(settings, Settings) else preset_named(settings).allow
    wanted: ToleranceLimits = {"allow": allow, **limits}
    return Tolerance(**wanted)


def with_limits(tolerance: Tolerance, limits: ToleranceLimits) -> Tolerance:
    """The same, with those limits replaced that are given."""
    return replace(tolerance, **limits)


def check_image(  # noqa: PLR0913 (what helper and fixture have in common)
    actual: Source,
    expected: Path,
    settings: Settings | PresetName,
    tolerance: Tolerance,
    kept: Kept,
    *,
    update: bool,
    how_to_update: str,
) -> None:
    """Compare with the baseline, and write it instead where that's wanted and needed.

    Raises
    ------
    AssertionError
        The baseline is missing or not met, and `update` is False.
    ImgdiffError
        The pictures can't be compared, or the baseline can't be written.
    """
    __tracebackhide__ = True
    image, data = _picture_and_file(actual)
    if not expected.exists():
        if not update:
            kept.write_actual(data or lossless_png(image))
            raise AssertionError(
                f"A baseline picture is expected at {expected}, but there is none: "
                f"{how_to_update} to write it, and look at it."
            )
        _write(image, data, expected)
        return
    result = compare(load_image(expected), image, settings)
    failed = result.failures(tolerance)
    kept.remove()
    if failed and update:
        _write(image, data, expected)
    elif failed:
        kept.write(result, data or lossless_png(image))
        raise AssertionError(_told(result, failed, expected, kept))


def _told(result: Result, failed: tuple[str, ...], expected: Path, kept: Kept) -> str:
    """What went wrong in one paragraph."""
    view = result.view()
    facts = " ".join((f"{view.score_name}: {view.score_text}.", *view.facts))
    why = "" if failed == ("Something changed.",) else f" {' '.join(failed)}"
    return f"{expected}: {view.headline}{why} {facts} Report: {kept.report}"


def _picture_and_file(actual: Source) -> tuple[Image, bytes | None]:
    """The picture, and its file as it came if it came as one."""
    if isinstance(actual, str | os.PathLike):
        data = Path(actual).read_bytes() if Path(actual).is_file() else None
        return as_image(actual), data
    if isinstance(actual, bytes):
        return as_image(actual, name="actual"), actual
    return as_image(actual, name="actual"), None


def _write(image: Image, data: bytes | None, expected: Path) -> None:
    """Make the picture the baseline: a file as it is, samples as PNG."""
    if data is None and expected.suffix.lower() != ".png":
        raise LoadError(f"A baseline of samples is written as PNG, but {expected} isn't one.")
    expected.parent.mkdir(parents=True, exist_ok=True)
    expected.write_bytes(data or lossless_png(image))


def _default_place(expected: Path) -> Path:
    """By the test that pytest is running, else by the baseline's name; new for each picture."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    name = re.sub(r"[^\w.-]+", "-", test.rpartition("/")[2]) or expected.stem
    _named[test] += bool(test)
    count = f"-{_named[test]}" if _named[test] > 1 else ""
    return _REPORTS / f"{name}{count}.html"
