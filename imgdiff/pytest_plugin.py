"""The fixture `image_check` for pytest: pictures that a test makes must look as they did.

::

    def test_home_page(page, image_check):  # a page of Playwright's
        image_check(page.screenshot())

Each picture has a baseline of its own, named after the test. ``--imgdiff-update`` writes those that
are missing or no longer met; what failed is kept in ``imgdiff-reports/``, from where
``imgdiff accept`` takes it. How to compare stands in ``imgdiff.toml``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

import pytest

if TYPE_CHECKING:
    from imgdiff.load.objects import Source
    from imgdiff.testing import ToleranceLimits
    from imgdiff.types import PresetName, Settings

_FAILED: Final = "imgdiff picture"
"""Name of the property that tells of a picture that failed."""

_LONGEST: Final = 80


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option, and the places as settings of pytest's own."""
    parser.getgroup("imgdiff").addoption(
        "--imgdiff-update",
        action="store_true",
        help="write the baselines of image_check that are missing or no longer met",
    )
    parser.addini("imgdiff_baseline", "folder of the baselines of image_check", default="baseline")
    parser.addini(
        "imgdiff_reports", "where image_check keeps what failed", default="imgdiff-reports"
    )


@pytest.fixture
def image_check(
    request: pytest.FixtureRequest,
    record_property: Any,  # noqa: ANN401 (pytest's own)
) -> ImageCheck:
    """Call it with a picture, which must look like its baseline."""
    config = request.config
    root = config.rootpath
    return ImageCheck(
        node=request.node.nodeid,
        baseline=root / config.getini("imgdiff_baseline"),
        reports=root / config.getini("imgdiff_reports"),
        root=root,
        update=config.getoption("--imgdiff-update"),
        tell=lambda path: record_property(_FAILED, path),
    )


@dataclass(slots=True)
class ImageCheck:
    """What a test calls, once for each of its pictures.

    Attributes
    ----------
    node : str
        The test, as pytest names it.
    baseline, reports, root : Path
        Folders: of the baselines, of what failed, and where ``imgdiff.toml`` lies.
    update : bool
        Write baselines instead of failing.
    tell : callable
        Called with the name of each picture that failed.
    """

    node: str
    baseline: Path
    reports: Path
    root: Path
    update: bool
    tell: Any
    _used: Counter[str] = field(default_factory=Counter)

    def __call__(
        self,
        actual: Source,
        name: str = "",
        settings: Settings | PresetName | None = None,
        **limits: Unpack[ToleranceLimits],
    ) -> None:
        """Fail unless a picture looks like its baseline.

        Parameters
        ----------
        actual : bytes, str, Path, array or other object
            The picture that was made: all that `imgdiff.as_image` takes, such as a screenshot, a
            page of Playwright, a driver of Selenium, or a figure of Matplotlib.
        name : str, optional
            Of the picture, where a test has several; otherwise they are counted.
        settings : Settings or str, optional
            As for `imgdiff.compare`, or a preset's name; by default as ``imgdiff.toml`` says, or
            ``screenshot``.
        **limits
            How much may differ, as in `imgdiff.testing.assert_images_alike`.
        """
        __tracebackhide__ = True
        # Whoever doesn't use the fixture doesn't wait for it.
        from imgdiff.testing import check_image  # noqa: PLC0415

        path = self._path(name)
        wanted, tolerance = self._rules(path, settings, limits)
        try:
            check_image(
                actual,
                self.baseline / path,
                wanted,
                tolerance,
                self._kept(path),
                update=self.update,
                how_to_update="run pytest once with --imgdiff-update",
            )
        except AssertionError:
            self.tell(path)
            raise

    def _path(self, name: str) -> str:
        """The picture's own path in the folder of baselines."""
        path = f"{_as_path(self.node)}{f'-{_as_name(name)}' if name else ''}"
        self._used[path] += 1
        count = self._used[path]
        return f"{path}{f'-{count}' if count > 1 else ''}.png"

    def _rules(
        self, path: str, settings: Settings | PresetName | None, limits: ToleranceLimits
    ) -> Any:  # noqa: ANN401 (types that are imported only when needed)
        from imgdiff.configuration.settings_file import found_configuration  # noqa: PLC0415
        from imgdiff.testing import tolerance_for, with_limits  # noqa: PLC0415

        if settings is not None:
            return settings, tolerance_for(settings, limits)
        configuration = found_configuration(None, self.root)
        rules = configuration.rules_for(path, first={"preset": "screenshot"})
        return rules.settings, with_limits(rules.tolerance, limits)

    def _kept(self, path: str) -> Any:  # noqa: ANN401
        from imgdiff.testing import Kept  # noqa: PLC0415

        folder = self.reports
        page = (folder / "report" / path).with_suffix(".html")
        return Kept(
            folder / "expected" / path, folder / "actual" / path, folder / "diff" / path, page
        )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how to accept what failed, if it was meant."""
    failed = {
        value
        for report in terminalreporter.getreports("failed")
        for name, value in report.user_properties
        if name == _FAILED
    }
    if not failed:
        return
    baseline, reports = config.getini("imgdiff_baseline"), config.getini("imgdiff_reports")
    pictures = "1 picture isn't" if len(failed) == 1 else f"{len(failed)} pictures aren't"
    terminalreporter.write_sep("-", "imgdiff")
    terminalreporter.write_line(
        f"{pictures} as expected: see {reports}/report. If that is meant, run pytest with "
        f"--imgdiff-update, or: imgdiff accept {baseline} {reports}/actual"
    )


def _as_path(node: str) -> str:
    """A test's name as a path: its file's folders, then itself; no two have the same."""
    file, _, test = node.partition("::")
    folder = "/".join(_as_name(part) for part in Path(file).with_suffix("").parts)
    name = _as_name(test)
    if name != re.sub("::|[][]", "-", test).strip("-") or len(name) > _LONGEST:
        digest = hashlib.sha256(test.encode("utf-8", "surrogateescape")).hexdigest()
        name = f"{name[:_LONGEST]}-{digest[:8]}"
    return f"{folder}/{name}"


def _as_name(text: str) -> str:
    """Text as every file system takes it for a name."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.") or "picture"
