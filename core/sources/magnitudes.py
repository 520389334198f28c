"""The unit that figures look like. A person confirms it: figures alone never decide."""

from __future__ import annotations

from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

SAMPLE: Final = 2000
"""About so many values are looked at, evenly spread over the sorted ones."""

MB_STEP_AS_GB: Final = Decimal("0.001") / 1024
"""Step of MB with three decimals that were divided by 1024."""

GIB_STEP: Final = Decimal(1) / 1024**3
"""Step of bytes that were divided by 1024 three times."""


def likely_unit(values: pa.Array) -> tuple[str, str]:
    """Propose a unit of GB_PER_UNIT for figures without one, and say why.

    Args:
        values: Decimals, null where a cell is no number.
    """
    found = [value for value in _spread(values) if value > 0]
    if not found:
        return "GB", "there is no figure above zero"
    middle, largest = median(found), pc.max(values).as_py()
    if all(value == value.to_integral_value() for value in found):
        return _of_whole(middle)
    if _has_step(found, MB_STEP_AS_GB):
        return "GB", "the figures are steps of 0.001 MB divided by 1024"
    if _has_step(found, GIB_STEP):
        return "GB", "the figures are bytes divided by 1024 three times"
    told = f"the middle figure is {middle.normalize():f}"
    return ("GB" if middle < 50 and largest < 5_000 else "MB"), told


def _spread(values: pa.Array) -> Sequence[Decimal]:
    order = pc.sort_indices(values.drop_null())
    ordered: list[Decimal] = values.drop_null().take(order).to_pylist()
    every = max(1, len(ordered) // SAMPLE)
    return ordered[::every]


def _of_whole(middle: Decimal) -> tuple[str, str]:
    told = f"the figures are whole numbers, the middle one is {middle.normalize():f}"
    if middle > 1_000_000:
        return "B", told
    return ("MB" if middle < 100_000 else "KB"), told


def _has_step(values: Sequence[Decimal], step: Decimal) -> bool:
    """Tell whether values are multiples of a step, as far as they are printed.

    Only values whose digits could deny it count as evidence; it takes three.
    """
    told = [value for value in values if _half_digit(value) * 20 < step]
    return len(told) >= 3 and all(
        abs(value - round(value / step) * step) <= _half_digit(value) for value in told
    )


def _half_digit(value: Decimal) -> Decimal:
    """Return half a unit of the last printed digit."""
    return Decimal(5).scaleb(int(value.normalize().as_tuple().exponent) - 1)
