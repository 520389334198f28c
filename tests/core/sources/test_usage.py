"""Usage exports: what is kept, what is refused, what is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import (
    NotLoadableError,
    OptionError,
    UnreadableFileError,
)
from core.files.table import read_table
from core.files.upload import Upload
from core.models import USAGE_SCHEMA, Kind, Reading
from core.sources import usage

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

HEADER = "Subuser,Date,Bandwidth Usage (GB)"


def read(text: str, *, provider: str | None = None, unit: str | None = None) -> Reading:
    upload = Upload("usage.csv", text.encode())
    return usage.read(
        read_table(upload), sha256=upload.sha256, provider=provider, unit=unit
    )


def read_rows(*rows: str, header: str = HEADER) -> Reading:
    return read("\n".join([header, *rows]))


def kept(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (row["subuser"], str(row["period_start"]), f"{row['usage_gb'].normalize():f}")
        for row in reading.rows.to_pylist()
    ]


def refused(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [
        (problem.line, problem.column, problem.value, problem.reason)
        for problem in reading.problems
    ]


def test_rows_have_the_schema_and_the_facts_of_the_file() -> None:
    reading = read("Subuser,Date,Bandwidth Usage (MB)\nann,2024-03,1536\n")
    assert reading.rows.schema == USAGE_SCHEMA
    assert reading.rows.to_pylist() == [
        {
            "line": 2,
            "subuser": "ann",
            "period_start": date(2024, 3, 1),
            "granularity": "month",
            "usage_gb": Decimal("1.5"),
            "is_destroyed": False,
        }
    ]
    assert reading.kind is Kind.USAGE
    assert reading.layout == "Subuser, Date, Bandwidth Usage (MB)"
    assert reading.header_signature == "subuser|date|bandwidth usage mb"
    assert (reading.provider, reading.unit) == ("Oxylabs", "MB")
    assert reading.unit_rule == "header says MB ('Bandwidth Usage (MB)')"
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("header", "gb"),
    [
        ("Subuser,Date,Bandwidth Usage", "2048"),
        ("Subuser,Date,Bandwidth Usage (GB)", "2048"),
        ("Subuser,Date,Bandwidth Usage (MB)", "2"),
        ("Subuser,Date,Bandwidth Usage (MiB)", "2"),
        ("SUB-USER,Month,bandwidth_usage_mb", "2"),
        ("username,d_usage,trafficInMB", "2"),
        ("Subuser,Date,Bandwidth Usage (KB)", "0.001953125"),
    ],
)
def test_header_spellings_are_read(header: str, gb: str) -> None:
    assert usage.identify(header.split(","))
    assert kept(read_rows("ann,2024-03,2048", header=header)) == [
        ("ann", "2024-03-01", gb)
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (",2024-01,5", "Subuser", "", "no subuser"),
        (" ,2024-01,5", "Subuser", " ", "no subuser"),
        ('"a\nb",2024-01,5', "Subuser", "a\nb", "a line break in the name"),
        ("bob,2024-13,5", "Date", "2024-13", "there is no month 13"),
        ("bob,,5", "Date", "", "no period"),
        ("bob,2024-01-02,5", "Date", "2024-01-02", "not written like the other"),
        ("bob,2024-01,", "Bandwidth Usage (GB)", "", "no usage"),
        ("bob,2024-01,five", "Bandwidth Usage (GB)", "five", "not a number"),
        ("bob,2024-01,-5", "Bandwidth Usage (GB)", "-5", "usage is below zero"),
        ("bob,2024-01,1e30", "Bandwidth Usage (GB)", "1e30", "too large"),
        ("bob,2024-01,5 MB", "Bandwidth Usage (GB)", "5 MB", "says MB where the rest"),
        ("bob,2024-01", "whole row", "bob,2024-01", "2 cells where the header has 3"),
        ("bob,2024-01,0,5", "whole row", "bob,2024-01,0,5", "4 cells where the header"),
        ("Total,,5", "Subuser", "Total", "total row"),
        (",TOTAL,5", "Subuser", "", "total row"),
        (",,10", "Subuser", "", "total row"),
        ("grand total:,2024-01,10", "Subuser", "grand total:", "total row"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_kept(
    row: str, column: str, value: str, reason: str
) -> None:
    reading = read_rows("ann,2024-01,4", row, "cid,2024-01,6")
    assert kept(reading) == [("ann", "2024-01-01", "4"), ("cid", "2024-01-01", "6")]
    [(line, *facts)] = refused(reading)
    assert (line, facts[0], facts[1]) == (3, column, value)
    assert facts[2].startswith(reason)
    assert reading.rows_read == 3


def test_a_row_with_several_faults_is_refused_once() -> None:
    reading = read_rows("ann,2024-01,4", ",2024-13,-5")
    assert [reason for *_, reason in refused(reading)] == ["no subuser"]


def test_total_row_at_the_bottom_is_a_checksum() -> None:
    rows = ["ann,2024-01,0.5", "bob,2024-02,1.25"]
    assert read_rows(*rows, "Total,,1.75").warnings == ()
    assert read_rows(*rows, "Total,,1.8").warnings == ()
    [warning] = read_rows(*rows, "Total,,1.9").warnings
    assert "line 4 says 1.9 GB" in warning
    assert "sum to 1.75 GB: the file may be incomplete" in warning


def test_subtotal_is_compared_with_its_period() -> None:
    reading = read_rows("a,2024-01,1", "b,2024-02,5", "total,2024-02,5", "Sum,,6")
    assert len(reading.rows) == 2
    assert reading.warnings == ()


def test_subuser_who_is_named_total_is_kept() -> None:
    reading = read_rows("ann,2024-01,4", "total,2024-01,1")
    assert ("total", "2024-01-01", "1") in kept(reading)
    assert "line 3 is named 'total' but is no sum" in reading.warnings[0]


def test_equal_repeats_are_kept_once() -> None:
    reading = read_rows("ann,2024-01,4", "bob,2024-01,4", "ann,2024-01,4.0")
    assert len(reading.rows) == 2
    assert refused(reading) == [(4, "Subuser", "ann", "repeats line 2")]


def test_contradicting_rows_are_all_refused() -> None:
    reading = read_rows("ann,2024-01,4", "bob,2024-01,4", "ann,2024-01,5")
    assert kept(reading) == [("bob", "2024-01-01", "4")]
    reason = "different usage for one subuser and period (4 GB, 5 GB)"
    assert refused(reading) == [
        (2, "Subuser", "ann", reason),
        (4, "Subuser", "ann", reason),
    ]


def test_names_that_differ_in_case_or_blanks_are_different() -> None:
    reading = read_rows("ann,2024-01,4", "Ann,2024-01,5", " ann,2024-01,6")
    assert [name for name, *_ in kept(reading)] == ["ann", "Ann", " ann"]
    assert "1 rows have blanks before or after the subuser" in reading.warnings[0]


@pytest.mark.parametrize("name", ["6.46E+11", "1E5", "2.1e-07", "9.99E+123"])
def test_destroyed_names_are_kept_marked_and_told(name: str) -> None:
    reading = read_rows(f"{name},2024-01,4.5", f"{name},2024-03,1", "ann,2024-01,1")
    assert reading.rows["is_destroyed"].to_pylist() == [True, True, False]
    [warning] = reading.warnings
    assert f"1 subuser names were turned into numbers by a spreadsheet ('{name}')" in (
        warning
    )
    assert "2 rows (2 months, 2024-01 to 2024-03) with 5.5 GB" in warning


def test_names_destroyed_where_commas_are_decimal_marks_are_marked() -> None:
    reading = read("Subuser;Date;Bandwidth Usage (GB)\n6,46E+11;2024-01;4,5\n")
    assert reading.rows["is_destroyed"].to_pylist() == [True]


@pytest.mark.parametrize("name", ["646E+11x", "12.5E+3", "E+11", "123456", "1.5"])
def test_other_names_are_not_taken_for_destroyed(name: str) -> None:
    reading = read_rows(f"{name},2024-01,4")
    assert reading.rows["is_destroyed"].to_pylist() == [False]


def test_two_users_under_one_destroyed_name_are_told() -> None:
    reading = read_rows("6.46E+11,2024-01,4", "6.46E+11,2024-01,5")
    assert len(reading.rows) == 0
    assert {reason for *_, reason in refused(reading)} == {
        "different usage under one lost name and period (4 GB, 5 GB)"
    }
    reading = read_rows("6.46E+11,2024-01,4", "6.46E+11,2024-01,4")
    assert refused(reading)[0][3].startswith("repeats line 2; the name is lost")


@pytest.mark.parametrize(
    ("header", "rows", "unit", "rule"),
    [
        ("Subuser,Date,Traffic", ["ann,2024-01,2 GB", "bob,2024-01,2048 MB"], "GB, MB",
         "the unit stands beside each number"),
        ("Subuser,Date,Traffic,Unit", ["ann,2024-01,2,GB", "bob,2024-01,2048,mb"],
         "GB, MB", "the unit stands beside each number"),
    ],
)  # fmt: skip
def test_unit_beside_the_number_is_used(
    header: str, rows: list[str], unit: str, rule: str
) -> None:
    reading = read_rows(*rows, header=header)
    assert [gb for *_, gb in kept(reading)] == ["2", "2"]
    assert (reading.unit, reading.unit_rule) == (unit, rule)


def test_row_without_unit_among_rows_with_units_is_refused() -> None:
    reading = read_rows("a,2024-01,2 GB", "b,2024-01,5", header="Subuser,Date,Traffic")
    assert refused(reading) == [
        (3, "Traffic", "5", "no known unit stands beside the number")
    ]


@pytest.mark.parametrize(
    ("provider", "unit", "rule"),
    [
        (None, "GB", "no unit in the header: profile Oxylabs says GB"),
        (" ", "GB", "no unit in the header: profile Oxylabs says GB"),
        ("HydraProxy", "MB", "no unit in the header: profile HydraProxy says MB"),
        ("Acme", "GB", "no unit in the header: profile Oxylabs says GB"),
    ],
)
def test_profile_tells_the_unit_when_the_file_does_not(
    provider: str | None, unit: str, rule: str
) -> None:
    reading = read("Subuser,Date,Bandwidth Usage\nann,2024-01,4\n", provider=provider)
    assert (reading.unit, reading.unit_rule) == (unit, rule)
    assert reading.warnings == (f"The file does not say its unit ({rule}).",)


def test_figures_that_are_large_for_the_guessed_unit_are_told() -> None:
    rows = ["ann,2024-01,845.125", "bob,2024-01,912", "cid,2024-01,1"]
    reading = read_rows(*rows, header="Subuser,Date,Bandwidth Usage")
    assert "2 of 3 rows are above 50 GB, the largest is 912 GB" in reading.warnings[1]
    assert read_rows(*rows).warnings == ()


def test_unit_chosen_by_hand_wins_and_differs_aloud() -> None:
    text = f"{HEADER}\nann,2024-01,1024\n"
    reading = read(text, unit="MB")
    assert kept(reading) == [("ann", "2024-01-01", "1")]
    assert reading.unit_rule == "chosen by hand"
    assert "header says GB, but MB was chosen" in reading.warnings[0]
    assert read(text, unit="GiB").warnings == ()


def test_unknown_unit_is_told() -> None:
    with pytest.raises(OptionError, match=r"no unit 'PB'\. Units: B, KB, KiB, MB"):
        read(f"{HEADER}\nann,2024-01,1\n", unit="PB")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"Extra,{HEADER}\nx,a,2024-01,1\n", "not used: 'Extra'"),
        (f"{HEADER}\na,2024-01-01,1\na,2024-02-01,1\n", "they were read as months"),
        ('Subuser,Date,GB\na,2024-01,"1,234"\n', "comma was read as thousands mark"),
        ("Subuser;Date;GB\na;2024-01;1,234\n", "comma was read as decimal mark"),
        ("Subuser,Date,Bandwidth usage [bytes]\na,2024-01,1\n",
         "1 values were rounded to 18 decimals"),
    ],
)  # fmt: skip
def test_what_is_true_of_the_whole_file_is_a_warning(text: str, told: str) -> None:
    [warning] = read(text.replace("Date,GB", "Date,Bandwidth Usage (GB)").replace(
        "Date;GB", "Date;Bandwidth Usage (GB)"
    )).warnings  # fmt: skip
    assert told in warning


def test_file_in_windows_1252_is_told() -> None:
    upload = Upload("f", f"{HEADER}\njos\u00e9,2024-01,1\n".encode("cp1252"))
    reading = usage.read(read_table(upload), sha256="", provider=None, unit=None)
    assert kept(reading)[0][0] == "jos\u00e9"
    assert "read as Windows-1252" in reading.warnings[0]


def test_semicolons_with_decimal_commas_are_read() -> None:
    reading = read("Subuser;Date;Usage (GB)\r\nann;2024-01;1.024,5\r\nbob;2024-01;0,5")
    assert [gb for *_, gb in kept(reading)] == ["1024.5", "0.5"]


def test_days_are_days() -> None:
    reading = read_rows("ann,2024-01-30,1", "ann,2024-01-31,2")
    assert reading.rows["granularity"].to_pylist() == ["day", "day"]


@pytest.mark.parametrize(
    ("header", "error", "told"),
    [
        (HEADER, UnreadableFileError, "has no rows below the header"),
        ("Subuser,Traffic", NotLoadableError, "a snapshot of usage. It has no column"),
        ("Subuser,Date,Traffic limit", NotLoadableError, "a list of limits or"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_loaded_is_told(
    header: str, error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as raised:
        read(header)
    assert told in str(raised.value)
    assert str(raised.value).startswith("usage.csv: ")


@pytest.mark.parametrize(
    "header", ["id,Created (UTC),Amount,Fee", "email,name", "Order,Date,Total"]
)
def test_other_tables_are_not_taken_for_usage(header: str) -> None:
    assert not usage.identify(header.split(","))


NAMES = st.sampled_from(["ann", "Ann", "b0b", "6.46E+11", "", "total", " cid"])
MONTHS = st.sampled_from(["2024-01", "2024-02", "2024-13", "", "2024-01-05"])
AMOUNTS = st.sampled_from(["0", "1.5", "9.77E-07", "-1", "x", "", "3"])
ROW = st.tuples(NAMES, MONTHS, AMOUNTS).filter(any)


@given(st.lists(ROW, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_changes_nothing(
    rows: list[tuple[str, str, str]], chance: random.Random
) -> None:
    rows.append(("zed", "2024-01", "1"))
    shuffled = rows[:]
    chance.shuffle(shuffled)
    first, second = both = [_read_tuples(rows), _read_tuples(shuffled)]
    for reading in both:
        assert reading.rows_read == len(reading.rows) + len(reading.problems)
        assert reading.rows_read == len(rows)
    assert sorted(kept(first)) == sorted(kept(second))
    assert first.unit_rule == second.unit_rule


def _read_tuples(rows: Sequence[tuple[str, str, str]]) -> Reading:
    return read_rows(*map(",".join, rows))
