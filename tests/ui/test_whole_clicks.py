"""A click isn't broken off by the next: Streamlit's inner parts are where we reach for them."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

from imgdiff.ui import whole_clicks


def _break_off() -> None:
    raise RerunException(RerunData())


class _Clicked(SessionState):
    """State whose one click counts in it, as the page's own functions would."""

    seen: SafeSessionState

    def on_script_will_rerun(self, *_: Any, **__: Any) -> None:
        self.seen["clicks"] = self.seen["clicks"] + 1


def test_a_run_that_is_to_be_broken_off_does_first_what_was_clicked() -> None:
    whole_clicks.finish_clicks()
    state = _Clicked()
    state["clicks"] = 0
    state.seen = SafeSessionState(state, _break_off)
    state.seen.on_script_will_rerun(None)
    assert state["clicks"] == 1
    with pytest.raises(RerunException):
        state.seen["clicks"]
