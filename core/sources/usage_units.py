"""The unit of a usage column, row by row, and the rule that told it.

The first of these tells: a person, the header, the cells or a column of units beside
them, the provider's profile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import OptionError
from core.sources.headers import UNIT_NAMES, header
from core.sources.profiles import DEFAULT_UNIT
from core.units import GB_PER_UNIT


@dataclass(frozen=True)
class RowUnits:
    """Units of the rows of a table.

    values has a key of GB_PER_UNIT per row, coded where it is one for all. reasons
    says why a row is refused for its unit, null where it is not. unit names all units
    that occur; rule is the sentence that tells how it was found; is_guess when only a
    profile told it; is_unknown when nothing did.
    """

    values: pa.Array
    reasons: pa.Array
    unit: str
    rule: str
    is_guess: bool
    is_unknown: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profiled:
    """What is known of a provider's export: its unit, and the MB of its GB."""

    provider: str
    unit: str | None
    gb_base: int = 1024


@dataclass(frozen=True)
class _Said:
    unit: str
    rule: str
    is_guess: bool = False
    is_unknown: bool = False
    warnings: tuple[str, ...] = ()


def row_units(
    written: pa.Array, *, usage_header: str, profile: Profiled, chosen: str | None
) -> RowUnits:
    """Find the unit of each row.

    Args:
        written: The unit that stands in or beside each cell, null where none does.
        usage_header: Name of the usage column.
        profile: What is known when the file does not tell.
        chosen: A key of GB_PER_UNIT chosen by hand, or None.

    Raises:
        OptionError: There is no such unit.
    """
    said = _said(usage_header, chosen)
    if said is None and written.null_count < len(written):
        units = _as_written(written)
    else:
        units = _as_said(said or _from_profile(profile), written)
    if profile.gb_base == 1024 or units.is_unknown:
        return units
    return replace(units, rule=f"{units.rule}; 1 GB = {profile.gb_base} MB")


def written_units(cells: pa.Array, column: pa.Array) -> pa.Array:
    """Join the units found in the cells with those of a column of units."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    known = pa.array(list(UNIT_NAMES), pa.string())
    canonical = pa.array(list(UNIT_NAMES.values()), pa.string())
    units = canonical.take(pc.index_in(words, value_set=known))
    return pc.coalesce(cells, units)


def _said(usage_header: str, chosen: str | None) -> _Said | None:
    """Return the unit that a person or the header says."""
    unit = header(usage_header).unit
    if chosen is None:
        return _Said(unit, f"header says {unit} ({usage_header!r})") if unit else None
    if chosen not in GB_PER_UNIT:
        known = ", ".join(GB_PER_UNIT)
        raise OptionError(f"There is no unit {chosen!r}. Units: {known}.")
    if unit is None or GB_PER_UNIT[unit] == GB_PER_UNIT[chosen]:
        return _Said(chosen, "chosen by hand")
    warning = f"The header says {unit}, but {chosen} was chosen by hand and is used."
    return _Said(chosen, "chosen by hand", warnings=(warning,))


def _from_profile(profile: Profiled) -> _Said:
    if profile.unit is None:
        return _Said(DEFAULT_UNIT, "nothing tells the unit", is_unknown=True)
    rule = f"no unit in the header: profile {profile.provider} says {profile.unit}"
    return _Said(profile.unit, rule, is_guess=True)


def _as_written(units: pa.Array) -> RowUnits:
    """Take each row's own unit; a row without one is refused."""
    names = sorted(pc.unique(units.drop_null()).to_pylist())
    no_unit = pa.scalar("no known unit stands beside the number")
    reasons = pc.if_else(pc.is_null(units), no_unit, pa.scalar(None, pa.string()))
    return RowUnits(
        values=pc.fill_null(units, DEFAULT_UNIT),
        reasons=reasons,
        unit=", ".join(names),
        rule="the unit stands beside each number",
        is_guess=False,
    )


def _as_said(said: _Said, written: pa.Array) -> RowUnits:
    """Take one unit for all; a row that says another one is refused."""
    if written.null_count == len(written):
        reasons = pa.nulls(len(written), pa.string())
    else:
        reasons = _other_units(said, written)
    codes = pa.repeat(pa.scalar(0, pa.int8()), len(written))
    return RowUnits(
        values=pa.DictionaryArray.from_arrays(codes, [said.unit]),
        reasons=reasons,
        unit=said.unit,
        rule=said.rule,
        is_guess=said.is_guess,
        is_unknown=said.is_unknown,
        warnings=said.warnings,
    )


def _other_units(said: _Said, written: pa.Array) -> pa.Array:
    """Say of each row that names another unit than all why it is refused."""
    factor = GB_PER_UNIT[said.unit]
    same = [name for name, other in GB_PER_UNIT.items() if other == factor]
    is_other = pc.invert(pc.is_in(written, value_set=pa.array([*same, None])))
    texts = pc.binary_join_element_wise(
        "says ", written, f" where the rest is read as {said.unit}", ""
    )
    return pc.if_else(is_other, texts, pa.scalar(None, pa.string()))
