"""What pages read of months is what the single rows add up to, whatever happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import job
from core.models import Choice
from core.warehouse import courses, figures, ownership, plans, schema
from core.warehouse.figures import Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.core.conftest import Make

ONE, TWO = "amber.harbor@example.com", "coral@example.com"
CUSTOMERS = [(ONE, "amber1", "amber2"), (TWO, None, "coral1")]
NAMES = ["amber1", "amber2", "coral1", "stranger"]
# Twenty years stand in two sets of months; these are more, and begin within a year.
MONTHS = ["1999-11", "2000-01", "2000-12", "2001-03", "2014-07", "2023-02"]

row = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(MONTHS),
    st.sampled_from(["0", "0.0000273", "1.5", "7"]),
)
load = st.tuples(
    st.sampled_from(["one", "two"]),
    st.lists(row, min_size=1, max_size=7, unique_by=lambda each: each[:2]),
)
undo = st.integers(0, 3)
decision = st.builds(Choice, st.sampled_from(NAMES), st.sampled_from([ONE, TWO, None]))
month = st.sampled_from([None, *(date.fromisoformat(f"{m}-01") for m in MONTHS)])
scope = st.builds(
    Scope,
    month,
    month,
    provider=st.sampled_from([None, "one", "two"]),
    least_gb=st.sampled_from([None, Decimal("1.5")]),
    most_gb=st.sampled_from([None, Decimal(8)]),
    subuser_type=st.sampled_from([None, "Pro", ""]),
)

EVERYTHING = [
    (
        "one",
        [
            ("amber1", "1999-11", "0"),
            ("amber1", "2000-01", "1.5"),
            ("amber2", "2000-01", "7"),
            ("amber2", "2023-02", "0"),
            ("coral1", "2014-07", "7"),
            ("coral1", "2023-02", "1.5"),
            ("stranger", "2000-01", "1.5"),
        ],
    ),
    (
        "two",
        [
            ("amber1", "2000-01", "7"),
            ("coral1", "2000-12", "0"),
            ("stranger", "2001-03", "0.0000273"),
        ],
    ),
    Choice("stranger", ONE),
    Choice("coral1", None),
]
OPEN = [Scope(), Scope(provider="one"), Scope(subuser_type="Pro")]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=EVERYTHING, scope=Scope(first_month=date(2000, 1, 1)))
@given(steps=st.lists(st.one_of(load, undo, decision), max_size=6), scope=scope)
def test_any_loads_undos_and_decisions_leave_the_sums_of_rows(
    make: Make, now: datetime, steps: list[object], scope: Scope
) -> None:
    with Warehouse() as warehouse:
        _load(warehouse, now, make.customers(CUSTOMERS))
        made: list[int] = []
        for step in steps:
            if isinstance(step, Choice):
                job.decide(warehouse, [step], now=now, by="test")
            elif isinstance(step, int):
                for batch_id in made[step : step + 1]:
                    job.undo(warehouse, batch_id, now=now, by="test")
                    made.remove(batch_id)
            else:
                provider, rows = step
                made += _load(warehouse, now, make.usage(rows, provider=provider))
        for each in (*OPEN, scope):
            _agrees(warehouse, each)


def _load(warehouse: Warehouse, now: datetime, reading: object) -> tuple[int, ...]:
    plan = plans.plan(warehouse, [reading])
    return job.load(warehouse, plan, now=now, by="test", is_confirmed=True)


def _agrees(warehouse: Warehouse, scope: Scope) -> None:
    """Compare every figure of months with sums over usage as it is, in Python."""
    kept = warehouse.rows("SELECT * FROM usage_year ORDER BY ALL")
    always = date(1, 1, 1), date(9999, 12, 31)
    assert kept == warehouse.rows(
        "SELECT * FROM usage_year_of(?, ?) ORDER BY ALL", always
    )
    raw = warehouse.rows(
        "SELECT provider, subuser, period_start, usage_gb, status, email_key, "
        "subuser_type FROM current_usage LEFT JOIN match USING (subuser)"
    )
    rows = [
        (*each[:4], each[4], each[5] if each[4] == "matched" else None, each[6] or "")
        for each in raw
    ]
    assert _coverage(rows) == [
        tuple(each.values())
        for each in ownership.coverage_months(warehouse).to_pylist()
    ]
    assert _cohorts(rows) == {
        (each["first_month"], each["month"]): (each["customers"], each["active"])
        for each in courses.cohorts(warehouse).to_pylist()
        if each["active"]
    }
    meant = [
        each
        for each in rows
        if scope.provider in {None, each[0]}
        and (each[5] is None or scope.subuser_type in {None, each[6]})
    ]
    first, last = scope.first_month or date.min, scope.last_month or date.max
    within = [each for each in meant if first <= each[2] <= last]
    assert _ranked(within) == {
        each["owner"]: (
            each["usage_gb"],
            each["subusers"],
            each["months_active"],
            each["first_month"],
            each["last_month"],
        )
        for each in figures.ranking(
            warehouse,
            Scope(*scope.period, subuser_type=scope.subuser_type),
        ).to_pylist()
    }
    assert _months(meant, within, scope) == {
        each["month"]: tuple(each.values())[1:]
        for each in figures.usage_months(warehouse, scope).to_pylist()
    }


def _coverage(rows: list[tuple]) -> list[tuple]:
    found = defaultdict(lambda: (set(), []))
    for _, subuser, at, gb, status, _, _ in rows:
        names, amounts = found[at, status]
        names.add(subuser)
        amounts.append(gb)
    return [
        (*key, len(names), sum(amounts))
        for key, (names, amounts) in sorted(found.items())
    ]


def _cohorts(rows: list[tuple]) -> dict[tuple[date, date], tuple[int, int]]:
    used = {(owner, at) for _, _, at, gb, _, owner, _ in rows if owner and gb}
    first = {owner: min(at for each, at in used if each == owner) for owner, _ in used}
    return {
        (first[owner], at): (
            list(first.values()).count(first[owner]),
            sum(first[each] == first[owner] and day == at for each, day in used),
        )
        for owner, at in used
    }


def _ranked(rows: list[tuple]) -> dict[str, tuple]:
    owners = {each[5] for each in rows}
    return {
        owner or "(unmatched)": (
            sum(each[3] for each in mine),
            len({each[1] for each in mine}),
            len({each[2] for each in mine}),
            min(each[2] for each in mine),
            max(each[2] for each in mine),
        )
        for owner in owners
        for mine in [[each for each in rows if each[5] == owner]]
    }


def _months(rows: list[tuple], within: list[tuple], scope: Scope) -> dict:
    total = defaultdict(Decimal)
    for each in within:
        total[each[5]] += each[3]
    is_open = scope.least_gb is None and scope.most_gb is None
    least, most = scope.least_gb or Decimal(0), scope.most_gb or Decimal(10**9)
    chosen = {owner for owner, gb in total.items() if least <= gb <= most} | {None}
    kept = [each for each in rows if is_open or each[5] in chosen]
    return {
        at: (
            sum(each[3] for each in there),
            sum(each[3] for each in there if each[5]),
            sum(each[3] for each in there if not each[5]),
            len({each[1] for each in there}),
            len({each[5] for each in there if each[5] and each[3]}),
        )
        for at in {each[2] for each in kept}
        for there in [[each for each in kept if each[2] == at]]
    }


def test_an_older_warehouse_has_the_same_usage_after_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER)")
        for version, name in enumerate(schema.MIGRATIONS[:6], 1):
            connection.execute((schema.SQL / name).read_text(encoding="utf-8"))
            connection.execute("INSERT INTO schema_version VALUES (?)", [version])
        connection.executemany(
            "INSERT INTO usage_month VALUES (?, ?, ?, ?, ?)",
            [
                ("one", "amber1", date(2024, 1, 1), Decimal("1.5"), False),
                ("two", "amber1", date(2024, 1, 1), Decimal(0), False),
                ("one", "stranger", date(2023, 12, 1), Decimal(2), True),
            ],
        )
        connection.execute(
            "INSERT INTO usage_row SELECT 1, 2, provider, subuser, month, 'month', "
            "usage_gb, is_destroyed FROM usage_month"
        )
        connection.execute(
            "INSERT INTO month_granularity SELECT DISTINCT provider, month, true, "
            "false, false, 'month' FROM usage_month"
        )
        connection.execute("INSERT INTO match_state VALUES ('old', 'old')")
        before = connection.execute("FROM usage_month ORDER BY ALL").fetchall()

    with job.open_warehouse(path) as warehouse:
        assert warehouse.rows("FROM usage_month ORDER BY ALL") == before
        found = figures.usage_months(warehouse, Scope()).to_pylist()
    assert [(each["usage_gb"], each["active_subusers"]) for each in found] == [
        (Decimal(2), 1),
        (Decimal("1.5"), 1),
    ]
