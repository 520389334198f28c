"""Counters to usage, against a slow reading of the rule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import GB_TYPE
from core.sources.counters import Steps, steps

Row = tuple[str, int, int, bool]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.integers(0, 60),
        st.integers(0, 9),
        st.booleans(),
    ),
    max_size=14,
    unique_by=lambda row: row[:2],
)
FIRST = date(2024, 1, 1)


def run(rows: list[Row]) -> Steps:
    table = pa.table(
        {
            "subuser": pa.array([name for name, *_ in rows], pa.string()),
            "part": pa.nulls(len(rows)),
            "moment": pa.array([day * 86_400 for _, day, *_ in rows], pa.int64()),
            "period_start": pa.array(
                [FIRST + timedelta(days=day) for _, day, *_ in rows], pa.date32()
            ),
            "usage_gb": pa.array([Decimal(gb) for _, _, gb, _ in rows], GB_TYPE),
        }
    )
    return steps(table, pa.array([is_kept for *_, is_kept in rows], pa.bool_()))


def slow(rows: list[Row]) -> dict[tuple[str, int], int | None]:
    """Give the step of each kept row; None for the first of a subuser."""
    kept = sorted(row for row in rows if row[3])
    found: dict[tuple[str, int], int | None] = {}
    for name, group in groupby(kept, key=lambda row: row[0]):
        before: int | None = None
        for _, day, gb, _ in group:
            rest = gb if before is not None and gb < before else None
            found[name, day] = (
                None if before is None else gb - before if rest is None else rest
            )
            before = gb
    return found


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_steps_equal_a_direct_reading_of_the_rule(rows: list[Row]) -> None:
    found, expected = run(rows), slow(rows)
    for row, gb, is_first in zip(
        rows, found.usage_gb.to_pylist(), found.is_first.to_pylist(), strict=True
    ):
        if not row[3]:
            assert (gb, is_first) == (None, None)
            continue
        assert gb == expected[row[:2]]
        assert is_first == (expected[row[:2]] is None)


def test_falls_and_steps_over_a_month_are_counted() -> None:
    readings = [("ann", 0, 100), ("ann", 20, 350), ("ann", 40, 50),
                ("bob", 0, 5), ("bob", 10, 4), ("bob", 11, 3)]  # fmt: skip
    found = run([(*reading, True) for reading in readings])
    assert found.usage_gb.to_pylist() == [None, 250, 50, None, 4, 3]
    assert found.drops == (("ann", 1), ("bob", 2))
    assert found.crossing_count == 1
