"""Compare two pictures: the page that people open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from imgdiff.errors import ImgdiffError
from imgdiff.ui.brought_settings import with_brought_settings
from imgdiff.ui.controls import choose_settings
from imgdiff.ui.document_mode import has_several_pages, show_document
from imgdiff.ui.frame import open_page
from imgdiff.ui.jobs import Job
from imgdiff.ui.keeping import keep_comparison
from imgdiff.ui.link_note import note_link, tell_of_link
from imgdiff.ui.outcome import hold_place, one_picture, show_failure, show_result
from imgdiff.ui.pair_choice import choose_pair
from imgdiff.ui.third_version import has_third
from imgdiff.ui.viewer import show_viewer
from imgdiff.ui.viewer_state import keep_to_pair, obey

open_page("Compare two pictures")
note_link()
pair = choose_pair()
if pair:
    keep_to_pair(*(upload.sha256 for upload in pair))
settings = choose_settings()
if pair:
    settings = with_brought_settings(settings, (pair[0].sha256, pair[1].sha256))
tell_of_link()
shown: Mapping[str, Any] = one_picture()
with st.container(key="verdict"):
    hold_place()
    if pair:
        try:
            several = any(map(has_several_pages, pair))
            shown = show_document(*pair, settings) if several else show_result(Job(*pair, settings))
        except ImgdiffError as error:
            show_failure(error)
            shown = {**shown, "failed": True}
if has_third():
    shown = {**shown, "tiles": one_picture()}
show_viewer(shown, obey)
keep_comparison(pair, settings, shown)
