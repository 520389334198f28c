"""Texts to exact decimals, decided per column."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.numbers import VALUE_DECIMALS, Numbers, decimals

VALUES = st.decimals(
    min_value=0, max_value=10**19, places=VALUE_DECIMALS, allow_nan=False
).map(lambda value: value.normalize())


def read(*cells: str, comma_is_likely: bool = False) -> Numbers:
    return decimals(pa.array(cells, pa.string()), comma_is_likely=comma_is_likely)


def values_of(numbers: Numbers) -> list[Decimal | None]:
    return list(numbers.values.to_pylist())


def expected(*texts: str | None) -> list[Decimal | None]:
    return [None if text is None else Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("cells", "result"),
    [
        (["5", "0.5", "007", "+3", "-0.25"], ["5", "0.5", "7", "3", "-0.25"]),
        ([".5", "5."], ["0.5", "5"]),
        ([".", "", "1.5"], [None, None, "1.5"]),
        (["0.1234567890123456789", "007"], ["0.1234567890123456789", "7"]),
        (["1.5", "2.5.1"], ["1.5", None]),
        (["9.77E-07", "1e3", "2E+5"], ["0.000000977", "1000", "200000"]),
        ([" 5\u00a0", "\t6"], ["5", "6"]),
        (["0,82", "12,5", "1.234,56"], ["0.82", "12.5", "1234.56"]),
        (["1.234", "0,5"], ["1234", "0.5"]),
        (["9,77E-07", "1,5"], ["0.000000977", "1.5"]),
        (["1,234.56", "1,234"], ["1234.56", "1234"]),
        (["1,234", "0.5"], ["1234", "0.5"]),
        (["1,234,567"], ["1234567"]),
        (["1.234.567"], ["1234567"]),
        (["1 234,5", "1\u202f234\u00a0567,8"], ["1234.5", "1234567.8"]),
        (["1'234.5", "1\u2019234.5"], ["1234.5", "1234.5"]),
        (["1.234", "12.345"], ["1.234", "12.345"]),
        (["12,34,567", "0.5"], [None, "0.5"]),
        (["", "abc", "NaN", "inf", "-", "1e", "0x1", "5%", "\uff15"], [None] * 9),
        (["1 2 3", "--5", "1.2.3"], [None, None, None]),
    ],
)
def test_column_is_read_in_its_own_writing(
    cells: list[str], result: list[str | None]
) -> None:
    assert values_of(read(*cells)) == expected(*result)


def test_two_decimal_marks_refuse_the_rarer_and_all_thousands() -> None:
    numbers = read("0,5", "0.5", "0.25", "1,234")
    assert values_of(numbers) == expected(None, "0.5", "0.25", None)
    assert numbers.decimal_mark == "."


@pytest.mark.parametrize(
    ("cells", "is_likely", "result", "is_unsure"),
    [
        (["1,234", "5"], False, ["1234", "5"], True),
        (["1,234", "5"], True, ["1.234", "5"], True),
        (["1.234", "5"], False, ["1.234", "5"], False),
        (["1.234", "5"], True, ["1.234", "5"], True),
        (["1.234", "0.5"], True, ["1.234", "0.5"], False),
        (["5", "6"], True, ["5", "6"], False),
    ],
)
def test_undecided_marks_are_told(
    cells: list[str], result: list[str], *, is_likely: bool, is_unsure: bool
) -> None:
    numbers = read(*cells, comma_is_likely=is_likely)
    assert values_of(numbers) == expected(*result)
    assert numbers.is_unsure is is_unsure


def test_units_behind_the_numbers_are_taken_off() -> None:
    numbers = read("12.01 GB", "845mb", "3 KiB", "7 bytes", "5", "6 apples")
    assert values_of(numbers) == expected("12.01", "845", "3", "7", "5", None)
    assert numbers.units.to_pylist() == ["GB", "MB", "KiB", "B", None, None]


def test_empty_and_too_large_cells_are_told_apart() -> None:
    numbers = read(" ", "1" * 21, "1e400", "9" * 20, "x")
    assert numbers.is_empty.to_pylist() == [True, False, False, False, False]
    assert numbers.is_too_large.to_pylist() == [False, True, True, False, False]


def test_decimals_beyond_the_type_are_rounded_half_even_and_counted() -> None:
    short, long = "0." + "1" * 25, "0." + "0" * 24
    numbers = read(short, long + "05", long + "15", long + "25", "1E-99999")
    assert values_of(numbers) == expected(short, "0", long + "2", long + "2", "0")
    assert numbers.rounded_count == 4


def test_a_value_that_rounds_up_beyond_the_type_is_too_large() -> None:
    numbers = read("9" * 20 + "." + "9" * 26)
    assert values_of(numbers) == [None]
    assert numbers.is_too_large.to_pylist() == [True]


def test_column_without_rows_is_read() -> None:
    numbers = read()
    assert len(numbers.values) == len(numbers.units) == 0


@given(st.lists(VALUES, min_size=1, max_size=20), st.sampled_from([".", ","]))
@settings(max_examples=80, deadline=None)
def test_written_decimals_read_back_to_the_last_digit(
    values: list[Decimal], mark: str
) -> None:
    cells = [f"{value:f}".replace(".", mark) for value in values]
    assert values_of(read(*cells, f"0{mark}5"))[:-1] == values


@given(st.lists(VALUES, min_size=1, max_size=20), st.sampled_from([",.", ".,", " ,"]))
@settings(max_examples=80, deadline=None)
def test_thousands_marks_change_no_value(values: list[Decimal], marks: str) -> None:
    table = str.maketrans(",.", marks)
    cells = [f"{value:,f}".translate(table) for value in values]
    assert values_of(read(*cells, f"0{marks[1]}5"))[:-1] == values


@given(st.lists(st.text("0123456789.,eE+- '", max_size=8), max_size=10))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_number_or_none_in_any_order(cells: list[str]) -> None:
    forward, backward = read(*cells), read(*cells[::-1])
    assert values_of(forward) == values_of(backward)[::-1]
    assert len(forward.values) == len(cells)
