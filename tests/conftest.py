"""What tests of the page share."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from .doing import ROOT


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
