"""What is told of subuser names that a spreadsheet changed."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.sources.name_warnings import name_warnings


def warnings(*names: str) -> list[str]:
    flags = pa.array([False] * len(names), pa.bool_())
    table = {"subuser": pa.array(names, pa.string()), "is_destroyed": flags}
    return name_warnings(pa.table(table))


@pytest.mark.parametrize("name", ["Mar-20", "20-Mar", "3-sep", "Dec-1"])
def test_names_that_became_dates_are_told(name: str) -> None:
    [warning] = warnings(name, "ann")
    assert f"1 subuser names look like dates that a spreadsheet made of them ('{name}'"\
        in warning  # fmt: skip


def test_numbers_with_a_fraction_are_told() -> None:
    [warning] = warnings("802838.0", "ann")
    assert "1 subuser names are numbers with .0 behind them ('802838.0')" in warning


def test_numbers_shorter_than_the_others_are_told() -> None:
    usual = [f"9{number:05}" for number in range(20)]
    [warning] = warnings(*usual, "12345")
    assert "shorter than the usual 6 digits ('12345')" in warning


def test_numbers_cut_at_the_digits_that_a_spreadsheet_keeps_are_told() -> None:
    [warning] = warnings("123456789012345000", "ann")
    assert "zeros behind 15 digits ('123456789012345000')" in warning


@pytest.mark.parametrize(
    "names",
    [
        ["ann", "mar-20a", "march-20", "20", "1.5", "v1.0"],
        ["1", "22", "333", "4444", "55555", "666666"],
        ["123456", "12345"],
        ["1234567890123450", "1234567890123456"],
        [],
    ],
)
def test_other_names_are_not_told_of(names: list[str]) -> None:
    assert warnings(*names) == []
