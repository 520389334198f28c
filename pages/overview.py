"""Overview page: money, bandwidth and users at one glance."""

import streamlit as st

from core.reports import attention, bandwidth, key_figures, revenue, span
from pages.parts import (
    cache,
    canvas,
    findings,
    gate,
    metrics,
    notices,
    pickers,
    sample,
    tables,
)
from pages.parts.charts import money, usage

gate.require()
warehouse = cache.warehouse()
loaded = cache.figure(span.of, warehouse)
top = st.container(horizontal=True, vertical_alignment="bottom")
top.title("Overview", anchor=False, width="content")
if loaded is None:
    notices.nothing_loaded()
    sample.load_button()
    st.stop()

with top:
    scope, currency = pickers.scope(loaded)
months = cache.figure(bandwidth.by_month, warehouse, scope)
money_months = cache.figure(revenue.by_month, warehouse)
paid = revenue.of_currency(money_months, currency, scope)
line = cache.figure(revenue.headline, warehouse)
metrics.row(key_figures.of_shop(months, paid, currency, loaded.has_customers, line))
findings.links(cache.figure(attention.findings, warehouse))

notices.missing(loaded)

grid = canvas.grid()
if loaded.has_money:
    with grid.cell():
        canvas.draw("net_volume", money.net_volume, paid, currency, column=line)
if loaded.has_usage:
    who = "Customer" if loaded.has_customers else "Subuser"
    bins = cache.figure(
        bandwidth.histogram, warehouse, scope, of_customers=loaded.has_customers
    )
    with grid.cell():
        if loaded.has_customers:
            ranked = cache.figure(bandwidth.ranking, warehouse, scope)
            owner = tables.ranking(ranked, who=who)
            if owner:
                st.switch_page("customer.py", query_params={"customer": owner})
        else:
            ranked = cache.figure(bandwidth.subuser_ranking, warehouse, scope)
            tables.ranking(ranked, who=who)
    with grid.cell():
        canvas.draw("usage_by_month", usage.by_month, months)
    with grid.cell():
        is_log = st.session_state.get("log_scale", False)
        canvas.draw(
            "distribution", usage.distribution, bins, scope, who=who, is_log=is_log
        )
        st.toggle("Logarithmic scale", key="log_scale")
