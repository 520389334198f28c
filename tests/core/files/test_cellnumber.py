"""Numbers of cells as text."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files.cellnumber import EPOCH, EPOCH_1904, formed_number, plain_number
from core.files.numberformat import DATE, DURATION, MONTH, Form, Shape

SCIENTIFIC = Form(Shape.SCIENTIFIC, 2)
PADDED = Form(Shape.PADDED, 6)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("802838", "802838"),
        ("802838.0", "802838"),
        ("1.50", "1.5"),
        ("0.288582128", "0.288582128"),
        ("9.7699999999999992E-7", "0.000000977"),
        ("0.10000000000000001", "0.1"),
        ("1.8999999999999999E+14", "190000000000000"),
        ("12345678901234567890", "12345678901234567890"),
        ("-3", "-3"),
        ("007", "007"),
        ("1E400", "1E400"),
        ("nan", "nan"),
        ("text", "text"),
        ("", ""),
    ],
)
def test_numbers_are_plain_and_without_float_noise(raw: str, text: str) -> None:
    assert plain_number(raw) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=100, deadline=None)
def test_a_double_keeps_its_value_in_plain_digits(number: float) -> None:
    for raw in (repr(number), f"{number:.17G}"):
        text = plain_number(raw)
        assert float(text) == number
        assert re.fullmatch(r"-?\d+(\.\d+)?", text)


@pytest.mark.parametrize(
    ("raw", "form", "text"),
    [
        ("45292", DATE, "2024-01-01"),
        ("45292.229166666664", DATE, "2024-01-01 05:30:00"),
        ("45292.999999999", DATE, "2024-01-02"),
        ("0.25", DATE, "06:00:00"),
        ("0.999999999", DATE, "1900-01-01"),
        ("1", DATE, "1900-01-01"),
        ("59", DATE, "1900-02-28"),
        ("61", DATE, "1900-03-01"),
        ("2958465", DATE, "9999-12-31"),
        ("2958465.9999999", DATE, "2958465.9999999"),
        ("2958466", DATE, "2958466"),
        ("1E+300", DATE, "1" + "0" * 300),
        ("-1", DATE, "-1"),
        ("soon", DATE, "soon"),
        ("45292", MONTH, "2024-01"),
        ("45293", MONTH, "2024-01-02"),
        ("1.25", DURATION, "30:00:00"),
        ("646000000000", SCIENTIFIC, "6.46E+11"),
        ("646012345678", SCIENTIFIC, "646012345678"),
        ("9.7699999999999992E-7", SCIENTIFIC, "0.000000977"),
        ("42", PADDED, "000042"),
        ("1234567", PADDED, "1234567"),
        ("4.5", PADDED, "4.5"),
    ],
)
def test_a_format_shapes_the_text(raw: str, form: Form, text: str) -> None:
    assert formed_number(raw, form, EPOCH) == text


def test_a_workbook_may_count_from_1904() -> None:
    assert formed_number("43830", DATE, EPOCH_1904) == "2024-01-01"
    assert formed_number("0", DATE, EPOCH_1904) == "1904-01-01"
    assert formed_number("2958465", DATE, EPOCH_1904) == "2958465"


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_every_day_reads_back(day: date) -> None:
    serial = (day - EPOCH.date()) // timedelta(days=1)
    assert formed_number(str(serial), DATE, EPOCH) == day.isoformat()
