"""What tests of the page share, and what no test may depend on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest, app_test

# Before anything reads it: a comparison that has to wait for other programs is no defect.
os.environ.setdefault("IMGDIFF_DEADLINE_SECONDS", "300")

from imgdiff.ui import session_cleanup

from .doing import ROOT
from .waiting import PATIENCE


@pytest.fixture(scope="session", autouse=True)
def _nobody_cleans_up() -> Iterator[None]:
    """AppTest has no sessions that could expire, and its runtime is a stand-in without any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_cleanup, "start", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left_to_clean_up() -> Iterator[None]:
    """AppTest's folder: Python would warn of it at the very end, in the middle of the summary."""
    yield
    app_test.TMP_DIR.cleanup()


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()
