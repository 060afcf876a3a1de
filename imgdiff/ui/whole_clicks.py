"""What a click asks for is done, all of it, though the next one comes within milliseconds.

Streamlit lets a newer run break an older one off wherever that touches the session's state: before
the functions that clicks call, and in their midst as well. So the first of two quick clicks was
lost with its run, or done by half. There is no public way in: this module takes the back door, and
`tests/ui/test_whole_clicks.py` tells when it has moved.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState


@cache
def finish_clicks() -> None:
    """Let no run be broken off before it has done what was clicked; right after it may be."""
    begin = SafeSessionState.on_script_will_rerun

    def begin_whole(state: SafeSessionState, *arguments: Any, **keywords: Any) -> None:
        break_off = state._yield_callback
        object.__setattr__(state, "_yield_callback", lambda: None)
        try:
            begin(state, *arguments, **keywords)
        finally:
            object.__setattr__(state, "_yield_callback", break_off)

    SafeSessionState.on_script_will_rerun = begin_whole  # type: ignore[method-assign, assignment]
