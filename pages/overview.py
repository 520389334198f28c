"""Overview page: money, bandwidth and users at one glance."""

import streamlit as st

from core.reports import attention, bandwidth, span
from pages.parts import (
    cache,
    canvas,
    filters,
    findings,
    gate,
    glance,
    histogram,
    notices,
    ranking,
    state,
)

gate.require()
top = st.container(horizontal=True, vertical_alignment="bottom")
top.title("Overview", anchor=False, width="content")
warehouse = cache.warehouse()
loaded = cache.awaited(span.of, warehouse)
if loaded is None:
    notices.nothing_loaded()
    st.stop()

state.restore("customer")
with top:
    scope, currency = filters.scope(loaded)
cards = st.container()
links = st.container(horizontal=True, gap="small")
notices.missing(loaded.lacking)

grid = canvas.grid()
money_place = grid.cell() if loaded.has_money else None
owner = None
if loaded.has_usage:
    with grid.cell():
        if loaded.has_customers:
            everybody = cache.figure(bandwidth.ranking, warehouse, glance.whole(scope))
            ranked = cache.figure(bandwidth.ranking, warehouse, scope)
            owner = ranking.of_customers(ranked, everybody)
        else:
            ranked = cache.figure(bandwidth.subuser_ranking, warehouse, scope)
            ranking.of_subusers(ranked)
with cards:
    seen = glance.of(warehouse, loaded, scope, currency, owner)
    glance.cards(seen)
with links:
    glance.link(seen)
    findings.links(cache.figure(attention.findings, warehouse))
if money_place:
    with money_place:
        glance.net_volume(seen)
if loaded.has_usage:
    with grid.cell():
        glance.bandwidth_by_month(seen)
    with grid.cell():
        histogram.draw(warehouse, loaded, scope, ranked[ranked["owner"] == owner])
state.leave()
