"""Total rows: told by name, by empty cells, by their sum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from core.models import GB_TYPE
from core.sources.totals import Totals, find_totals

Row = tuple[str, str, str]
USERS: list[Row] = [("ann", "2024-01", "1.5"), ("bob", "2024-02", "2")]


def find(*rows: Row, unit: str = "GB", gb_per_unit: str = "1") -> Totals:
    starts = [date.fromisoformat(f"{day}-01") if day[:1] == "2" else None
              for _, day, _ in rows]  # fmt: skip
    gb = [Decimal(usage) * Decimal(gb_per_unit) if usage else None
          for *_, usage in rows]  # fmt: skip
    return find_totals(
        pa.table(
            {
                "line": range(2, len(rows) + 2),
                "subuser": [name for name, *_ in rows],
                "period": [day for _, day, _ in rows],
                "usage": [usage for *_, usage in rows],
                "unit": [unit] * len(rows),
                "start": pa.array(starts, pa.date32()),
                "usage_gb": pa.array(gb, GB_TYPE),
            }
        )
    )


@pytest.mark.parametrize(
    "name",
    ["total", "Totals", "GRAND TOTAL", "Subtotal", "sub-total", "Sum", " Total: ",
     "summary", "all users", "\u0418\u0442\u043e\u0433\u043e", "Gesamt"],
)  # fmt: skip
def test_row_named_total_without_period_is_one(name: str) -> None:
    found = find(*USERS, (name, "", "3.5"))
    assert found == Totals(pa.array([False, False, True]), ())


@pytest.mark.parametrize("name", ["totally", "consumer", "my total", "sumo", "total1"])
def test_longer_names_are_people(name: str) -> None:
    assert find(*USERS, (name, "", "3.5")).is_total.to_pylist() == [False] * 3


@pytest.mark.parametrize(
    ("row", "is_total"),
    [
        (("total", "2024-01", "1.5"), True),
        (("total", "2024-01", "3.5"), True),
        (("total", "2024-01", "3.52"), True),
        (("total", "2024-01", "1"), False),
        (("total", "2024-01", ""), False),
        (("total", "2024-01", "2.5"), False),
        (("total", "2024-01", "9"), True),
        (("total", "2024-09", "3.5"), True),
        (("", "2024-02", "2"), True),
        (("", "2024-02", "2.1"), False),
        (("", "", "3.5"), True),
        (("", "", "9.77E-07"), False),
        (("", "total", "9"), True),
        (("total", "", ""), True),
    ],
)
def test_other_rows_are_totals_by_their_sum(row: Row, *, is_total: bool) -> None:
    assert find(*USERS, row).is_total.to_pylist() == [False, False, is_total]


@pytest.mark.parametrize(
    ("usage", "is_told"), [("4", False), ("3.5", False), ("3.4", True), ("5", True)]
)
def test_total_may_be_rounded_as_far_as_it_shows(usage: str, *, is_told: bool) -> None:
    assert bool(find(*USERS, ("Total", "", usage)).warnings) is is_told


def test_digits_of_a_total_count_in_its_own_unit() -> None:
    rows = [("ann", "2024-01", "1024.4"), ("Total", "", "1024"), ("Sum", "", "1023")]
    found = find(*rows, unit="MB", gb_per_unit="0.0009765625")
    [warning] = found.warnings
    assert "line 4 says 0.9990234375 GB" in warning


def test_total_above_all_rows_of_a_cut_file_is_no_subuser() -> None:
    found = find(*USERS, ("Total", "2024-01", "9"))
    [warning] = found.warnings
    assert "says 9 GB, but the rows that could be read sum to 3.5 GB" in warning


def test_total_in_the_column_of_periods_is_a_checksum_of_one_subuser() -> None:
    days = [("ann", "2024-01", "1.5"), ("ann", "2024-02", "2"), ("ann", "Total", "4.5")]
    found = find(*days)
    assert found.is_total.to_pylist() == [False, False, True]
    assert "sum to 3.5 GB" in found.warnings[0]
    assert not any(find(*days, ("bob", "2024-01", "1")).is_total.to_pylist())


def test_total_alone_has_nothing_to_be_compared_with() -> None:
    assert find(("Total", "", "5")) == Totals(pa.array([True]), ())
    assert find(("Total", "2024-01", "5")).is_total.to_pylist() == [False]


def test_rows_that_are_refused_do_not_count_into_the_sum() -> None:
    rows = [*USERS, ("cid", "13", "9"), ("dan", "2024-01", "-9"), ("Total", "", "3.5")]
    assert find(*rows).warnings == ()
