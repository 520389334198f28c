"""Columns read all at once say the same as cells read one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.letters import Letters
from core.sources.money import DecimalMark, read_amount

CELL = st.text("0123456789.-+, xE()\u0665\u00a0", max_size=6)
PLAIN = st.integers(-(10**15), 10**15).map(
    lambda cents: f"{cents // 100}.{cents % 100:02}"
)


def letters(*cells: str, offset: int = 0) -> Letters:
    found = Letters.of(pa.array(["cut", *cells])[1:][offset:])
    assert found is not None
    return found


@pytest.mark.parametrize("column", [pa.array(["a", None]), pa.array([], pa.string())])
def test_columns_with_nulls_or_without_cells_are_left_to_other_ways(
    column: pa.Array,
) -> None:
    assert Letters.of(column) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(CELL, PLAIN), min_size=1, max_size=5), st.integers(0, 3))
def test_whole_numbers_are_what_each_cell_reads_as(
    cells: list[str], decimals: int
) -> None:
    found = letters(*cells).unscaled(decimals)
    if found is not None:
        currency = {0: "jpy", 3: "kwd"}.get(decimals, "usd")
        scale = 10 if decimals == 1 else 1
        read = [read_amount(cell, currency, DecimalMark.POINT) for cell in cells]
        assert [value * scale for value in found.to_pylist()] == read


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.00", "-12345678901234.56"], [100, -1234567890123456]),
        (["0.05", "-.50"], [5, -50]),
        (["1.00", "1.0"], None),
        (["1.00", "1"], None),
        (["1.00", "1.000"], None),
        (["1.00", "1.1.00"], None),
        (["1.00", ""], None),
        (["1.00", "+1.00"], None),
        (["1.00", "1-0.00"], None),
        (["1.00", "1,000.00"], None),
        (["1.00", "0x1.00"], None),
        (["1.00", "1234567890123456.78"], None),
    ],
)
def test_numbers_are_read_at_once_only_where_all_have_one_form(
    cells: list[str], expected: list[int] | None
) -> None:
    found = letters(*cells).unscaled(2)
    assert (None if found is None else found.to_pylist()) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=4), st.booleans())
def test_cells_without_edge_blanks_stay_as_they_are_when_trimmed(
    cells: list[str], has_lead: bool
) -> None:
    column = letters(*(["x"] * has_lead), *cells, offset=int(has_lead))
    if not column.has_edge_blanks():
        assert [cell.strip() for cell in cells] == cells


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20), st.lists(st.integers(0, 999), min_size=1, max_size=60))
def test_cells_called_distinct_are_distinct(width: int, numbers: list[int]) -> None:
    cells = [f"{number:0{width}}" for number in numbers]
    is_proven = letters(*cells).are_distinct()
    has_one_width = len({len(cell) for cell in cells}) == 1
    assert is_proven is (has_one_width and len(set(cells)) == len(cells))


@pytest.mark.parametrize(
    ("cells", "is_shaped"),
    [
        (["2025-01-01", "2025-99-xx"], True),
        (["2025-01-01", "2025-01-1"], False),
        (["2025-01-01", "2025/01-01"], False),
        (["2025-01-0", "2025-01-011"], False),
    ],
)
def test_shape_is_width_and_marks_of_every_cell(
    cells: list[str], *, is_shaped: bool
) -> None:
    assert letters(*cells).is_shaped(10, {4: "-", 7: "-"}) is is_shaped
