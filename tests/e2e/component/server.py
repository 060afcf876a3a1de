"""The page above behind our headers."""

import streamlit as st
from starlette.middleware import Middleware

from imgdiff.ui.headers import SecurityHeaders

app = st.App("page.py", middleware=[Middleware(SecurityHeaders)])
