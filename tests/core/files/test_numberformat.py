"""Number formats and what they make of a number."""

from __future__ import annotations

import pytest

from core.files.numberformat import (
    DATE,
    DURATION,
    MONTH,
    PLAIN,
    Form,
    Shape,
    form,
    form_of_code,
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", PLAIN),
        ("0.00", PLAIN),
        ("#,##0.00 [$€-407]", PLAIN),
        ("0.00%", PLAIN),
        ('0.00" GB"', PLAIN),
        ('0" days"', PLAIN),
        ("@", PLAIN),
        ("[Red]0.00;[Blue]-0.00", PLAIN),
        ("yyyy-mm-dd", DATE),
        ("[$-407]d. mmmm yyyy;@", DATE),
        ("dd\\.mm\\.yyyy", DATE),
        ("m/d/yy h:mm", DATE),
        ("h:mm AM/PM", DATE),
        ("mmm-yy", MONTH),
        ("yyyy\\-mm", MONTH),
        ("[h]:mm:ss", DURATION),
        ("0.00E+00", Form(Shape.SCIENTIFIC, 2)),
        ("0E+0", Form(Shape.SCIENTIFIC, 0)),
        ("000000", Form(Shape.PADDED, 6)),
        ("0", PLAIN),
        ("", PLAIN),
    ],
)
def test_a_format_code_tells_the_form(code: str, expected: Form) -> None:
    assert form_of_code(code) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((0, PLAIN), (1, PLAIN), (9, PLAIN), (49, PLAIN), (163, PLAIN)),
        *((14, DATE), (17, MONTH), (22, DATE), (30, DATE), (46, DURATION), (57, DATE)),
        (11, Form(Shape.SCIENTIFIC, 2)),
        (164, MONTH),
    ],
)
def test_a_number_names_a_built_in_format_or_one_of_the_workbook(
    number: int, expected: Form
) -> None:
    assert form(number, {164: "yyyy-mm"}) == expected


def test_a_format_of_the_workbook_goes_before_the_built_in_one() -> None:
    assert form(14, {14: "0.00"}) == PLAIN
