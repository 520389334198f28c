"""History: every load, what it changed, its file, its undo."""

import streamlit as st

from pages.parts import cache, gate, history, notices, underway

gate.require()
st.title("History", anchor=False)
st.caption(
    "Every load, newest first. For each subuser and period the newest load counts; "
    "an undo brings back what it had replaced. The file of each load is kept as it was."
)
warehouse = cache.warehouse()
underway.follow()
underway.draw_others()
if not history.draw(warehouse):
    notices.nothing_loaded()
