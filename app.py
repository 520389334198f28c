"""Server entry: `streamlit run app.py`. The screen starts in pages/shell.py.

Keep the line `app = st.App(...)` as it is: Streamlit finds it by reading the source.
"""

import streamlit as st
from starlette.middleware import Middleware

from pages.parts import faultbox, journal
from pages.parts.border import Border
from pages.parts.headers import SecurityHeaders
from pages.parts.limits import Limits
from pages.parts.requestlog import RequestLog

journal.begin()
app = st.App(
    "pages/shell.py",
    middleware=[
        Middleware(RequestLog),
        Middleware(SecurityHeaders),
        Middleware(Limits),
        Middleware(Border),
    ],
    on_script_error=faultbox.show,
)
