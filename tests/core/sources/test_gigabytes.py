"""Values to GB, exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.gigabytes import to_gb, to_gb_by_row
from core.sources.numbers import VALUE_TYPE
from core.units import GB_PER_UNIT


def values(*texts: str | None) -> pa.Array:
    cells = [None if text is None else Decimal(text) for text in texts]
    return pa.array(cells, VALUE_TYPE)


@pytest.mark.parametrize(
    ("unit", "text", "gb"),
    [
        ("GB", "1.5", "1.5"),
        ("GiB", "1.5", "1.5"),
        ("MB", "1024", "1"),
        ("MB", "0.001", "0.0000009765625"),
        ("MiB", "12.083", "0.0117998046875"),
        ("KB", "1048576", "1"),
        ("B", "1073741824", "1"),
        ("TB", "1", "1024"),
    ],
)
def test_gb_is_1024_mb(unit: str, text: str, gb: str) -> None:
    found = to_gb(values(text), unit)
    assert found.values.to_pylist() == [Decimal(gb)]
    assert found.rounded_count == 0


@given(
    st.decimals(0, 10**8, places=25, allow_nan=False), st.sampled_from([*GB_PER_UNIT])
)
@settings(max_examples=100, deadline=None)
def test_conversion_equals_decimal_arithmetic(value: Decimal, unit: str) -> None:
    with localcontext(prec=100):
        exact = value * GB_PER_UNIT[unit]
        rounded = exact.quantize(Decimal("1e-18"), ROUND_HALF_EVEN)
    found = to_gb(pa.array([value], VALUE_TYPE), unit)
    assert found.values.to_pylist() == [rounded]
    assert found.rounded_count == (rounded != exact)


def test_what_does_not_fit_is_null() -> None:
    found = to_gb(values("99999999999999999999", None, "1"), "TB")
    assert found.values.to_pylist() == [None, None, Decimal(1024)]
    found = to_gb(values("1e12", "999999999999.5", "-1e12"), "GB")
    assert found.values.to_pylist() == [None, Decimal("999999999999.5"), None]


@pytest.mark.parametrize(
    ("unit", "text", "gb"),
    [("GB", "1.5", "1.5"), ("MB", "300.5", "0.3005"), ("B", "2500000000", "2.5"),
     ("KB", "1", "0.000001"), ("TB", "1", "1000"), ("GiB", "1", "1.073741824"),
     ("MiB", "1", "0.001048576")],
)  # fmt: skip
def test_gb_of_a_provider_can_be_1000_mb(unit: str, text: str, gb: str) -> None:
    assert to_gb(values(text), unit, 1000).values.to_pylist() == [Decimal(gb)]


def test_each_row_can_have_its_own_unit() -> None:
    found = to_gb_by_row(values("1", "1024", None), pa.array(["GB", "MB", "MB"]))
    assert found.values.to_pylist() == [Decimal(1), Decimal(1), None]
