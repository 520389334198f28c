"""Rows of one subuser and period, against a slow reading of the rule."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import GB_TYPE
from core.sources.repeats import repeat_reasons

Row = tuple[str, int, int, bool]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "1E+11"]),
        st.integers(1, 2),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=14,
)


def reasons(rows: list[Row]) -> list[str | None]:
    table = pa.table(
        {
            "line": pa.array(range(2, len(rows) + 2), pa.int64()),
            "subuser": pa.array([name for name, *_ in rows], pa.string()),
            "moment": pa.array([month * 86_400 for _, month, *_ in rows], pa.int64()),
            "part": pa.nulls(len(rows)),
            "usage_gb": pa.array([Decimal(gb) for _, _, gb, _ in rows], GB_TYPE),
            "is_destroyed": pa.array(["E+" in name for name, *_ in rows], pa.bool_()),
        }
    )
    kept = pa.array([is_kept for *_, is_kept in rows], pa.bool_())
    found: list[str | None] = repeat_reasons(table, kept).to_pylist()
    return found


def slow_decision(rows: list[Row]) -> list[bool]:
    """Say for each row whether it is refused for another row."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, (name, month, _, is_kept) in enumerate(rows):
        if is_kept:
            groups[name, month].append(at)
    refused: set[int] = set()
    for places in groups.values():
        is_same = len({rows[at][2] for at in places}) == 1
        refused.update(places[1:] if is_same else places)
    return [at in refused for at in range(len(rows))]


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_decision_equals_a_direct_reading_of_the_rule(rows: list[Row]) -> None:
    assert [reason is not None for reason in reasons(rows)] == slow_decision(rows)


def test_reasons_name_the_first_line_or_the_values() -> None:
    rows = [("ann", 1, 5, True), ("ann", 1, 5, True), ("bob", 1, 7, True),
            ("bob", 1, 6, True), ("ann", 1, 9, False)]  # fmt: skip
    different = "different usage for one subuser and period (6 GB, 7 GB)"
    assert reasons(rows) == [None, "repeats line 2", different, different, None]
