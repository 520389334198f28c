"""Money text to minor units: exactly, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.money import DecimalMark, decimal_mark, minor_units, read_amount

POINT, COMMA = DecimalMark.POINT, DecimalMark.COMMA


def units(texts: list[str], currency: str, mark: DecimalMark) -> list[int | None]:
    codes = pa.array([currency] * len(texts), pa.string())
    return minor_units(pa.array(texts, pa.string()), codes, mark).to_pylist()


@pytest.mark.parametrize(
    ("text", "currency", "mark", "expected"),
    [
        ("0", "usd", POINT, 0),
        ("12.34", "usd", POINT, 1234),
        ("-0.06", "usd", POINT, -6),
        ("+5", "usd", POINT, 500),
        ("5.", "usd", POINT, 500),
        (".5", "usd", POINT, 50),
        ("1,000.00", "usd", POINT, 100000),
        ("1 234 567.8", "usd", POINT, 123456780),
        ("1\u00a0234,56", "eur", COMMA, 123456),
        ("1'234.50", "chf", POINT, 123450),
        ("1\u2019234.50", "chf", POINT, 123450),
        ("(5.00)", "usd", POINT, -500),
        ("\u22125,00", "eur", COMMA, -500),
        ("1.234,56", "eur", COMMA, 123456),
        ("-75,57", "eur", COMMA, -7557),
        ("104", "eur", COMMA, 10400),
        ("1500", "jpy", POINT, 1500),
        ("1500.00", "jpy", POINT, 1500),
        ("1.500", "krw", COMMA, 1500),
        ("12.345", "kwd", POINT, 12345),
        ("12,3", "kwd", COMMA, 12300),
        ("1.2300", "usd", POINT, 123),
        ("92233720368547758.07", "usd", POINT, 2**63 - 1),
    ],
)
def test_amount_is_read_exactly(
    text: str, currency: str, mark: DecimalMark, expected: int
) -> None:
    assert read_amount(text, currency, mark) == expected
    assert units([text], currency, mark) == [expected]


@pytest.mark.parametrize(
    ("text", "currency", "mark", "reason"),
    [
        ("", "usd", POINT, "is empty"),
        ("12.345", "usd", POINT, r"more decimals than USD has \(2\)"),
        ("0.5", "jpy", POINT, r"more decimals than JPY has \(0\)"),
        ("1.2345", "kwd", POINT, r"more decimals than KWD has \(3\)"),
        ("1.234", "jpy", POINT, "more decimals"),
        ("1.23E+05", "usd", POINT, "shortened by a spreadsheet"),
        ("1e5", "usd", POINT, "shortened by a spreadsheet"),
        ("104,13", "usd", POINT, "not an amount"),
        ("12,34.00", "usd", POINT, "not an amount"),
        ("1,000 000", "usd", POINT, "not an amount"),
        ("12.34", "eur", COMMA, "not an amount"),
        ("$5.00", "usd", POINT, "not an amount"),
        ("free", "usd", POINT, "not an amount"),
        (".", "usd", POINT, "not an amount"),
        ("--5", "usd", POINT, "not an amount"),
        ("\u0663", "usd", POINT, "not an amount"),
        ("nan", "usd", POINT, "not an amount"),
        ("92233720368547758.08", "usd", POINT, "too large"),
    ],
)
def test_amount_that_is_not_exact_is_not_read(
    text: str, currency: str, mark: DecimalMark, reason: str
) -> None:
    assert units([text, "1"], currency, mark)[0] is None
    with pytest.raises(ValueError, match=reason):
        read_amount(text, currency, mark)


@pytest.mark.parametrize(
    ("columns", "mark", "warning"),
    [
        ([["1.00", "2.50"], ["", "0"]], POINT, None),
        ([["1,000.00"], ["5"]], POINT, None),
        ([["104,13"], ["5"]], COMMA, "decimal comma"),
        ([["1.234,56"]], COMMA, "decimal comma"),
        ([["0,125"]], COMMA, "decimal comma"),
        ([["1.234.567"]], COMMA, "decimal comma"),
        ([["1,234,567"]], POINT, None),
        ([["1,234"], ["0"]], POINT, "thousands is taken"),
        ([["1,234"], ["0,50"]], COMMA, "decimal comma"),
        ([["1,234"], ["0.50"]], POINT, None),
        ([["1.50", "2.50", "3,50"]], POINT, "written in two ways"),
        ([["1,50", "2,50", "3.50"]], COMMA, "written in two ways"),
        ([["1,50", "3.50"]], POINT, "written in two ways"),
    ],
)
def test_decimal_mark_is_decided_by_all_columns_of_a_file(
    columns: list[list[str]], mark: DecimalMark, warning: str | None
) -> None:
    found, warnings = decimal_mark(pa.array(c, pa.string()) for c in columns)
    assert found is mark
    assert warnings == () if warning is None else warning in " ".join(warnings)


def test_currencies_of_one_column_have_their_own_decimals() -> None:
    texts = pa.array(["5.00", "5", "5.000", ""])
    codes = pa.array(["usd", "jpy", "kwd", "usd"])
    assert minor_units(texts, codes, POINT).to_pylist() == [500, 5, 5000, None]


def test_one_odd_amount_leaves_the_others_as_they_are() -> None:
    assert units(["1.10", "x", "2.20"], "usd", POINT) == [110, None, 220]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from(["usd", "jpy", "kwd"]),
    st.sampled_from(list(DecimalMark)),
    st.booleans(),
)
def test_written_amount_is_read_back(
    minor: int, currency: str, mark: DecimalMark, is_grouped: bool
) -> None:
    exponent = {"usd": 2, "jpy": 0, "kwd": 3}[currency]
    text = f"{Decimal(minor).scaleb(-exponent):{',' if is_grouped else ''}.{exponent}f}"
    if mark is COMMA:
        text = text.translate(str.maketrans(",.", ".,"))
    assert units([text], currency, mark) == [minor]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0123456789.,-+() 'E", max_size=8), max_size=8))
def test_bulk_and_single_reading_agree(texts: list[str]) -> None:
    singles: list[int | None] = []
    for text in texts:
        try:
            singles.append(read_amount(text, "usd", POINT))
        except ValueError:
            singles.append(None)
    assert units(texts, "usd", POINT) == singles
    assert [units([text], "usd", POINT)[0] for text in texts] == singles
