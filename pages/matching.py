"""Matching page: subusers without a customer, and what a person says of them."""

import streamlit as st

from core.models import Kind, Rule
from core.reports import alarms as found
from core.reports import attention, notebook, quality, review
from core.warehouse import copies, settings
from pages.parts import (
    alarms,
    blind,
    bulk,
    cache,
    canvas,
    comparison,
    coverage,
    decision_file,
    decisions,
    desk,
    gate,
    notices,
    outcome,
    queue,
    verdicts,
)
from pages.parts.charts import coverage as charts

gate.require()
st.title("Matching")
warehouse = cache.warehouse()
kinds = cache.figure(copies.loaded_kinds, warehouse)
if not kinds:
    notices.nothing_loaded()
    st.stop()
notices.missing({Kind.USAGE, Kind.CUSTOMERS} - kinds)
if Kind.USAGE not in kinds:
    st.stop()

rule = cache.figure(settings.current, warehouse).rule
coverage.rule_in_force(rule)
coverage.shares(cache.awaited(attention.coverage, warehouse))
if Kind.CUSTOMERS not in kinds:
    st.stop()
coverage.effort(cache.figure(review.effort, warehouse))

is_off = rule is Rule.NOTEBOOK
names = ["Waiting", "Many at once", "Decisions", "Alarms", "Quality", "Notebook"]
waiting, many, decided, alarming, measured, compared = st.tabs(
    names, key="section", bind="query-params"
)
if waiting.open:
    with waiting:
        subuser = queue.pick(warehouse)
        outcome.show(desk.PLACE)
        verdicts.undo_button(warehouse, desk.PLACE)
        if subuser:
            desk.draw(warehouse, subuser, rule)
if many.open:
    with many:
        bulk.draw(warehouse, is_off=is_off)
if decided.open:
    with decided:
        decisions.draw(warehouse)
        decision_file.draw(warehouse, is_off=is_off)
if alarming.open:
    with alarming:
        alarms.shared_names(cache.figure(found.shared_names, warehouse))
        alarms.crowds(cache.figure(found.crowds, warehouse))
        coverage.destroyed(cache.figure(review.destroyed, warehouse))
if measured.open:
    with measured:
        months = cache.figure(quality.by_month, warehouse)
        with canvas.grid():
            canvas.draw("coverage_gb", charts.by_month_gb, months)
            canvas.draw("coverage_subusers", charts.by_month_subusers, months)
        blind.draw(warehouse)
if compared.open:
    with compared:
        comparison.moved(cache.figure(notebook.moved, warehouse))
        comparison.differences(cache.figure(notebook.differences, warehouse))
