"""Values as people read them, and text that markdown must leave alone."""

from __future__ import annotations

from datetime import date
from math import nan

import pytest

from pages.parts import formats
from pages.parts.text import as_text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234.56, "1,234.6 GB"),
        (0, "0.0 GB"),
        (5.678, "5.68 GB"),
        (0.0312, "0.03 GB"),
        (0.000034, "0.000034 GB"),
        (1e-8, "0.000000010 GB"),
        (-12.34, "-12.3 GB"),
        (None, "\u2013"),
        (nan, "\u2013"),
    ],
)
def test_gigabytes_show_what_is_there(value: float | None, shown: str) -> None:
    assert formats.gb(value) == shown


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (1234.5, "usd", "1,234.50 USD"),
        (1234.0, "jpy", "1,234 JPY"),
        (1.2345, "kwd", "1.234 KWD"),
        (-0.001, "eur", "0.00 EUR"),
        (-20, "eur", "-20.00 EUR"),
        (None, "eur", "\u2013"),
    ],
)
def test_money_has_the_decimals_of_its_currency(
    value: float | None, currency: str, shown: str
) -> None:
    assert formats.money(value, currency) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1234, "+12.3 %"),
        (-0.5, "-50.0 %"),
        (0.0001, "0.0 %"),
        (-0.0001, "0.0 %"),
        (None, "\u2013"),
    ],
)
def test_change_has_a_sign_unless_it_reads_zero(
    value: float | None, shown: str
) -> None:
    assert formats.change(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.44, "0.4"),
        (9.96, "10"),
        (640.2, "640"),
        (999.9, "1.0k"),
        (12345, "12.3k"),
        (99960, "100k"),
        (2.5e6, "2.5M"),
        (3e9, "3.0B"),
        (-1500, "-1.5k"),
        (nan, ""),
    ],
)
def test_labels_of_bars_are_short(value: float, shown: str) -> None:
    assert formats.short(value) == shown


def test_a_figure_is_written_by_its_unit() -> None:
    assert formats.by_unit(10, "GB") == "10.0 GB"
    assert formats.by_unit(10, "USD") == "10.00 USD"
    assert formats.by_unit(1000, "subusers") == "1,000"
    assert formats.month(date(2026, 3, 1)) == "Mar 2026"
    assert formats.share(0.5) == "50.0 %"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain words 12", "plain words 12"),
        ("**bold**", r"\*\*bold\*\*"),
        ("![x](http://a)", r"\!\[x\]\(http\:" "\u2060" r"\/\/a\)"),
        (":red[a] $x$", r"\:red\[a\] \$x\$"),
        ("<b>\n# head", r"\<b\> \# head"),
    ],
)
def test_text_of_files_is_escaped_on_one_line(value: str, shown: str) -> None:
    assert as_text(value) == shown
