"""Units proposed by the size and the steps of figures."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from core.sources.magnitudes import likely_unit
from core.sources.numbers import VALUE_TYPE

STEP = Decimal("9.765625e-07")


def likely(*figures: str | Decimal) -> str:
    values = [Decimal(figure) for figure in figures]
    return likely_unit(pa.array(values, VALUE_TYPE))[0]


@pytest.mark.parametrize(
    ("figures", "unit"),
    [
        (["431879123", "2000000", "0"], "B"),
        (["431879", "20000", "300000"], "KB"),
        (["431", "2000", "5000"], "MB"),
        (["1.5", "0.25", "30"], "GB"),
        (["845.125", "912.001", "88.5"], "MB"),
        (["1.5", "0.25", "90000.5"], "MB"),
        ([STEP * 7, STEP * 12083, STEP * 99991], "GB"),
        ([], "GB"),
        (["0"], "GB"),
    ],
)
def test_unit_is_proposed(figures: list[str], unit: str) -> None:
    assert likely(*figures) == unit


def test_steps_of_divided_figures_are_named() -> None:
    values = pa.array([STEP * count for count in (7, 12083, 99991)], VALUE_TYPE)
    assert "0.001 MB divided by 1024" in likely_unit(values)[1]
    third = [Decimal(count) / 1024**3 for count in (7, 12083, 99991)]
    values = pa.array([value.quantize(Decimal("1e-20")) for value in third], VALUE_TYPE)
    assert "bytes divided by 1024" in likely_unit(values)[1]


def test_short_figures_are_no_evidence_of_a_step() -> None:
    values = pa.array([Decimal("0.5"), Decimal("0.25"), Decimal("2")], VALUE_TYPE)
    assert "step" not in likely_unit(values)[1]


def test_cells_that_are_no_numbers_do_not_count() -> None:
    assert likely_unit(pa.array([None, Decimal(5)], VALUE_TYPE))[0] == "MB"
