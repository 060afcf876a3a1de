"""Compare two pictures: the page that people open."""

from __future__ import annotations

import streamlit as st

from imgdiff.errors import ImgdiffError
from imgdiff.ui.controls import choose_settings
from imgdiff.ui.jobs import Job
from imgdiff.ui.page import open_page
from imgdiff.ui.pictures import choose_pair
from imgdiff.ui.results import show_result

open_page("Compare two pictures")
settings = choose_settings()
pair = choose_pair()
if pair:
    try:
        show_result(Job(*pair, settings))
    except ImgdiffError as error:
        st.error(str(error), icon=":material/error:")
