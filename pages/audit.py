"""Audit: who changed what, and when."""

import streamlit as st

from core.warehouse import audit
from pages.parts import cache, deeds, gate, notices

gate.require()
st.title("Audit", anchor=False)
st.caption(
    "Every change that people made, newest first: loads, undos, decisions, settings. "
    "Each was recorded together with the change, and none can be altered here. "
    "Times are UTC."
)
warehouse = cache.warehouse()
if not deeds.draw(cache.figure(audit.deeds, warehouse)):
    notices.nothing_loaded()
