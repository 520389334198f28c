"""What needs a person: each finding, and nothing where nothing is the matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from core import job
from core.errors import RowProblem
from core.reports import attention, reconciliation
from core.reports.reconciliation import Gap, Verdict
from core.warehouse import batches, plans

if TYPE_CHECKING:
    import pytest

    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

NOW = datetime(2026, 5, 1)
CUSTOMERS = [("amber.harbor71@example.com", "amberharbor71zz", None)]


def load(warehouse: Warehouse, *readings: Reading) -> None:
    """Load files and match."""
    job.load(warehouse, plans.plan(warehouse, list(readings)), now=NOW, by="tester")


def test_nothing_to_do_is_no_finding(make: Make, warehouse: Warehouse) -> None:
    rows = [("amberharbor71zz", "2026-01", "5"), ("amberharbor71zz", "2026-02", "5")]
    load(warehouse, make.usage(rows), make.customers(CUSTOMERS))
    assert attention.findings(warehouse) == ()


def test_findings_say_how_many_and_where_to_act(
    make: Make, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        ("amberharbor71zz", "2026-01", "5"),
        ("6.46E+11", "2026-01", "0.5"),
        ("stranger", "2026-03", "1200"),
        ("stranger", "2026-04-01", "1"),
        ("stranger", "2026-04", "2"),
    ]
    load(warehouse, make.usage(rows), make.customers(CUSTOMERS))
    lacking = [Gap(NOW.replace(month=m).date(), "usd", "no_data") for m in (1, 2, 3, 4)]
    estimate = Gap(NOW.date(), "usd", "estimated")
    monkeypatch.setattr(reconciliation, "gaps", lambda _: (*lacking, estimate))
    monkeypatch.setattr(reconciliation, "verdict", lambda _: Verdict(4, 2, 0, 9, 1))
    told = [(each.words, each.page) for each in attention.findings(warehouse)]
    assert told == [
        ("2 subusers without a customer, 1,202.5 GB", "matching"),
        ("1 name destroyed by a spreadsheet, 0.5 GB", "matching"),
        ("No usage loaded for 2026-02", "add_files"),
        ("No payments loaded for 2026-01, 2026-02, 2026-03 and 1 more", "add_files"),
        ("1 month with some days beside the whole month", "add_files"),
        ("3 differences to Stripe", "revenue"),
    ]


def test_rows_refused_are_found_while_their_load_is_live(
    make: Make, warehouse: Warehouse
) -> None:
    reading = make.usage([("amberharbor71zz", "2026-01", "5")])
    problem = RowProblem("usage.csv", 3, "Date", "soon", "not a month")
    refused = replace(reading, rows_read=2, problems=(problem,))
    load(warehouse, refused, make.customers(CUSTOMERS))
    (finding,) = attention.findings(warehouse)
    assert finding.words == "1 row refused in 1 load"
    assert finding.page == "history"
    (loaded,) = [b for b in batches.history(warehouse) if b.rows_refused]
    batches.undo(warehouse, loaded.batch_id, now=NOW, by="tester")
    assert attention.findings(warehouse) == ()
