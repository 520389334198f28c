"""Customers page: everybody who used or paid, to search, sort, open and act on."""

import streamlit as st

from core.reports import book, span
from core.warehouse.figures import Scope
from pages.parts import (
    cache,
    concentrated,
    directory,
    gate,
    lists,
    notices,
    pickers,
    state,
    unpaid,
)

gate.require()
top = st.container(horizontal=True, vertical_alignment="bottom")
top.title("Customers", anchor=False, width="content")
warehouse = cache.warehouse()
loaded = cache.awaited(span.of, warehouse)
if loaded is None:
    notices.nothing_loaded()
    st.stop()
state.restore("customer")
with top:
    scope = Scope(*pickers.period(loaded.months))
notices.missing(loaded.lacking)
everybody = cache.awaited(book.everybody, warehouse, scope)
directory.draw(everybody, loaded)
if loaded.has_usage:
    acting, curve = st.columns([5, 3], gap="large")
    with acting:
        st.subheader("To act on", anchor=False)
        lists.draw(warehouse, loaded, scope)
    with curve:
        st.subheader("Concentration", anchor=False)
        concentrated.draw(warehouse, scope)
with top:
    first = pickers.whole_period(loaded.months)
    state.reset_button(first | directory.FIRST | lists.FIRST | unpaid.FIRST)
