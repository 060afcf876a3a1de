"""Buttons to take something away work whenever they are seen, while the page runs anew too."""

from __future__ import annotations

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

_KEPT = "kept_downloads"
_RUNS = 4
"""So many runs may pass before the browser has heard of the first of them."""


def keep_last_downloads() -> None:
    """Let the buttons of the last runs do what they are for.

    At the end of a run Streamlit forgets what the buttons of the run before it would make, a
    moment before the browser has its new ones: who pressed one in that moment got nothing. What
    is made on demand has no other interface than Streamlit's media manager.
    """
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return
    manager = runtime.get_instance().media_file_mgr
    made = frozenset(manager._deferred_ids_by_session.get(context.session_id, ()))
    kept: tuple[frozenset[str], ...] = st.session_state.get(_KEPT, ())
    new = made.difference(*kept)
    if new:  # a run that was broken off may have made no button
        kept = (*kept, new)[-_RUNS:]
    st.session_state[_KEPT] = kept
    held = manager._files_by_session_and_coord[context.session_id]
    held.update({f"imgdiff/last download {button}": button for run in kept for button in run})
