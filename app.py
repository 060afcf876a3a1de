"""Compare two pictures: the page that people open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from imgdiff.errors import ImgdiffError
from imgdiff.ui.controls import choose_settings
from imgdiff.ui.frame import open_page
from imgdiff.ui.jobs import Job
from imgdiff.ui.outcome import show_result
from imgdiff.ui.page_picker import at_one_page
from imgdiff.ui.pair_choice import choose_pair, missing_sides
from imgdiff.ui.viewer import show_viewer
from imgdiff.ui.viewer_state import obey

open_page("Compare two pictures")
settings = choose_settings()
pair = choose_pair()
shown: Mapping[str, Any] = {"id": "", "missing": missing_sides()}
with st.container(key="verdict"):
    if pair:
        try:
            shown = show_result(Job(*at_one_page(*pair, settings), settings))
        except ImgdiffError as error:
            st.error(str(error), icon=":material/error:")
            shown = {**shown, "failed": True}
show_viewer(shown, obey)
