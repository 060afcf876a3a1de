"""For tests of your own: pictures must look as they did.

::

    from imgdiff.testing import assert_images_alike


    def test_home_page(page):
        assert_images_alike(page.screenshot(), "baseline/home.png")
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imgdiff.comparison.pipeline import compare
from imgdiff.errors import LoadError
from imgdiff.load import load_image
from imgdiff.report import to_html
from imgdiff.types import Image, Settings
from imgdiff.view import view_of

UPDATE: Final = "IMGDIFF_UPDATE"
"""With this environment variable set to 1, the expected pictures are written, not compared."""

Actual = Image | bytes | str | Path | NDArray[np.uint8]


def assert_images_alike(
    actual: Actual,
    expected: str | Path,
    settings: Settings | None = None,
    *,
    report: str | Path | None = None,
) -> None:
    """Fail, with a report to look at, unless a picture looks as expected.

    Parameters
    ----------
    actual : Image, bytes, str, Path or ndarray of uint8, shape (H, W, 3) or (H, W)
        The picture that was made: loaded, as a file's content, as a path, or as sRGB samples.
    expected : str or Path
        The baseline's file. If it's missing, the test fails too.
    settings : Settings, optional
        As for `imgdiff.compare`; ``min_area`` and ``threshold`` say what is too little to matter.
    report : str or Path, optional
        Where to write the HTML report on failure; by default
        ``imgdiff-reports/<name of the test>.html``.

    Raises
    ------
    AssertionError
        Something changed; the text says what, and where the report lies.
    ImgdiffError
        The pictures can't be compared: of different sizes, or no pictures.
    """
    __tracebackhide__ = True
    expected = Path(expected)
    if os.environ.get(UPDATE) == "1":
        _write(actual, expected)
        return
    if not expected.exists():
        raise AssertionError(
            f"A baseline picture is expected at {expected}, but there is none: "
            f"run this once with {UPDATE}=1 to write it, and look at it."
        )
    comparison = compare(load_image(expected), _loaded(actual), settings)
    if comparison.alike:
        return
    view = view_of(comparison)
    place = Path(report) if report is not None else _default_place(expected)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(to_html(view), encoding="utf-8")
    facts = " ".join((f"{view.score_name}: {view.score_text}.", *view.facts))
    raise AssertionError(f"{expected}: {view.headline} {facts} Report: {place}")


def _loaded(actual: Actual) -> Image:
    if isinstance(actual, Image):
        return actual
    if isinstance(actual, np.ndarray):
        color = np.dstack([actual] * 3) if actual.ndim == 2 else actual
        return Image(np.ascontiguousarray(color), None, "actual")
    return load_image(actual, name="actual" if isinstance(actual, bytes) else None)


def _write(actual: Actual, expected: Path) -> None:
    """Make the picture the baseline: a file as it is, samples as PNG."""
    expected.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(actual, bytes):
        load_image(actual)
        expected.write_bytes(actual)
    elif isinstance(actual, (str, Path)):
        load_image(actual)
        expected.write_bytes(Path(actual).read_bytes())
    elif expected.suffix.lower() == ".png":
        expected.write_bytes(_png(_loaded(actual)))
    else:
        raise LoadError(f"A baseline of samples is written as PNG, but {expected} isn't one.")


def _png(image: Image) -> bytes:
    from imgdiff.pixels.png import encode_png  # noqa: PLC0415

    return b"".join(encode_png([np.asarray(image.pixels, np.uint8)], image.height))


def _default_place(expected: Path) -> Path:
    """By the test that pytest is running, else by the baseline's name."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0]
    name = re.sub(r"[^\w.-]+", "-", test.rpartition("/")[2]) or expected.stem
    return Path("imgdiff-reports", f"{name}.html")
