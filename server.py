"""The app for hosting: `streamlit run server.py`, the pages with security headers around them."""

from __future__ import annotations

import os

# For a host of 1 GiB; set before anything reads them, and inherited by the worker processes.
os.environ.setdefault("IMGDIFF_MAX_MEGAPIXELS", "25")
os.environ.setdefault("IMGDIFF_WORKER_MB", "700")
os.environ.setdefault("IMGDIFF_SERVER_MB", "450")
# Where nothing holds machine code, HEIC isn't read.
os.environ.setdefault("IMGDIFF_HOSTED", "1")

import streamlit as st
from starlette.middleware import Middleware

from imgdiff.ui import connections, memory
from imgdiff.ui.first_paint import FirstPaint
from imgdiff.ui.gate import Gate
from imgdiff.ui.headers import SecurityHeaders
from imgdiff.ui.upload_limit import UploadLimit

memory.keep_tidy()
connections.close_the_silent()
connections.allow_many_connections()
app = st.App(
    "app.py",
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(Gate),
        Middleware(UploadLimit),
        Middleware(FirstPaint),
    ],
)
