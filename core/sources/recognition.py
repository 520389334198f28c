"""Which column of a usage export holds what, and what a person must say.

A known export of a provider is told by its field names, any other by the aliases of
its header. Where the header leaves a choice, it is a question, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.errors import NotLoadableError
from core.sources import shapes
from core.sources.aliases import LEFT_WORDS, SO_FAR_NAMES, Role
from core.sources.file_names import likely_subuser, subuser_in
from core.sources.headers import header, normalise
from core.sources.mapping import Mapping, Question, check
from core.sources.profiles import provider_of
from core.sources.refused_shapes import NOT_USAGE
from core.sources.roles import Roles, roles
from core.sources.shapes import Shape, place
from core.sources.usage_shapes import USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.table import TextTable

_SNAPSHOT: Final = (
    "It has no column with the month or the day, so it is a running counter. "
    "Export the usage by month."
)
_LIMITS: Final = (
    "It has no column with what was used, only what is allowed or left. "
    "Export the usage by month."
)


@dataclass(frozen=True)
class Recognised:
    """How a table is read, and what is open.

    shape is the known export, None for any other. is_chosen tells that a person chose
    the columns. The provider of the mapping is empty when nothing names it.
    """

    mapping: Mapping
    questions: tuple[Question, ...] = ()
    shape: Shape | None = None
    is_chosen: bool = False

    @property
    def is_complete(self) -> bool:
        """Tell whether subuser, period and usage are known: rows can be read."""
        mapping = self.mapping
        has_subuser = mapping.subuser is not None or mapping.subuser_name
        has_period = mapping.period is not None or mapping.period_text
        return bool(mapping.usage and has_subuser and has_period)


def is_usage(names: Sequence[str]) -> bool:
    """Tell whether a header is that of a usage export, loadable or not."""
    if shapes.find(names, USAGE) or shapes.find(names, NOT_USAGE):
        return True
    found = roles(names)
    return found.is_sure or bool(found[Role.PERIOD] and _usage(names, found))


def named(names: Sequence[str]) -> Mapping:
    """Return the subuser and the usage that names tell, without a period."""
    found = roles(names)
    return Mapping(
        usage=_usage(names, found)[:1],
        subuser=next(iter(found[Role.SUBUSER]), None),
        period=next(iter(found[Role.PERIOD]), None),
    )


def recognise(table: TextTable, provider: str | None) -> Recognised:
    """Find the columns of a table by its header alone.

    Args:
        table: The export as text.
        provider: Who sent it, as a person says; None when nobody does.

    Raises:
        NotLoadableError: The file has limits or running counters, no usage.
    """
    shape = shapes.find(table.header, USAGE)
    refused = None if shape else shapes.find(table.header, NOT_USAGE)
    if refused is not None and refused.refusal is not None:
        raise NotLoadableError(table.file, *refused.refusal)
    if shape is not None:
        found = Recognised(_of_shape(table.header, shape), (), shape)
    else:
        found = _of_roles(table)
    name = (provider or "").strip() or found.mapping.provider
    known = provider_of(name)
    mapping = replace(
        found.mapping, provider=name, gb_base=known.gb_base, time_zone=known.time_zone
    )
    return _with_subuser(table, replace(found, mapping=mapping))


def by_hand(table: TextTable, mapping: Mapping, provider: str | None) -> Recognised:
    """Take the columns that a person chose; ask for what the file does not have.

    Raises:
        OptionError: The mapping does not fit the table.
    """
    check(mapping, len(table.header))
    name = (provider or "").strip() or mapping.provider
    found = Recognised(replace(mapping, provider=name), is_chosen=True)
    if mapping.period is None and not mapping.period_text:
        words = "It has no column with the month or the day: of which month is it?"
        found = replace(found, questions=(Question("period", words),))
    return _with_subuser(table, found)


def _with_subuser(table: TextTable, found: Recognised) -> Recognised:
    """Take the subuser from the name of the file where no column holds it, or ask."""
    mapping = found.mapping
    if mapping.subuser is not None or mapping.subuser_name:
        return found
    if name := subuser_in(table.file):
        return replace(found, mapping=replace(mapping, subuser_name=name))
    words = "It has no column 'Subuser' or the like: whose usage is it?"
    return replace(
        found,
        mapping=replace(mapping, subuser_name=likely_subuser(table.file)),
        questions=(*found.questions, Question("subuser", words)),
    )


def _of_shape(names: Sequence[str], shape: Shape) -> Mapping:
    usage = tuple(place(names, wanted) for wanted in shape.usage)
    taken = {place(names, shape.period), place(names, shape.period_end), *usage}
    subuser = place(names, shape.subuser)
    if subuser is None:
        subuser = _free(roles(names)[Role.SUBUSER], taken)
    parts = tuple(place(names, wanted) for wanted in shape.parts)
    return Mapping(
        usage=tuple(at for at in usage if at is not None),
        subuser=subuser,
        period=place(names, shape.period),
        period_end=place(names, shape.period_end),
        parts=tuple(at for at in parts if at is not None and at != subuser),
        unit_column=place(names, shape.unit_column),
        granularity=shape.granularity,
        day_first=shape.day_first,
        projected=place(names, shape.projected),
        provider=shape.provider,
    )


def _free(positions: Sequence[int], taken: set[int | None]) -> int | None:
    free = [at for at in positions if at not in taken]
    return free[0] if len(free) == 1 else None


def _of_roles(table: TextTable) -> Recognised:
    """Find columns by the aliases of their names."""
    found = roles(table.header)
    usage = _usage(table.header, found)
    if not usage:
        raise NotLoadableError(table.file, "a list of limits or balances", _LIMITS)
    periods = found[Role.PERIOD] or (found[Role.START] if found[Role.END] else ())
    if not periods:
        raise NotLoadableError(table.file, "a snapshot of usage", _SNAPSHOT)
    ends = () if found[Role.PERIOD] else found[Role.END][:1]
    is_pair = len(usage) == 2 and usage[0] in found[Role.UPLOAD]
    mapping = Mapping(
        usage=usage if is_pair else usage[:1],
        subuser=next(iter(found[Role.SUBUSER]), None),
        period=periods[0],
        period_end=next(iter(ends), None),
        unit_column=next(iter(found[Role.UNIT]), None),
    )
    used = set(mapping.columns())
    parts = tuple(at for at in found[Role.PART] if at not in used)
    questions = [
        *_choices(table, "subuser", found[Role.SUBUSER]),
        *_choices(table, "period", periods),
        *_choices(table, "usage", () if is_pair else usage),
        *_choices(table, "unit_column", found[Role.UNIT]),
        *_counter(table, found, mapping),
    ]
    return Recognised(replace(mapping, parts=parts), tuple(questions))


def _usage(names: Sequence[str], found: Roles) -> tuple[int, ...]:
    """Return the columns that can be the usage: a total, or else its two parts."""
    if found[Role.USAGE]:
        return found[Role.USAGE]
    pair = (*found[Role.UPLOAD], *found[Role.DOWNLOAD])
    if not (found[Role.UPLOAD] and found[Role.DOWNLOAD]):
        return ()
    totals = tuple(at for at, text in enumerate(names) if normalise(text) == "total")
    if totals or len(pair) > 2:
        return totals or pair[:1]
    units = {header(names[at]).unit for at in pair}
    return pair if len(units) == 1 else ()


def _choices(
    table: TextTable, field: str, positions: Sequence[int]
) -> tuple[Question, ...]:
    """Ask which column is meant where several can be."""
    if len(positions) < 2:
        return ()
    names = [table.header[at] for at in positions]
    if len(set(names)) < len(names):
        name = max(names, key=names.count)
        words = f"It has {names.count(name)} columns named {name!r}"
    else:
        quoted = ", ".join(map(repr, names))
        what = field.replace("_column", "")
        words = f"It has {len(names)} columns that can be the {what}: {quoted}"
    return (Question(field, f"{words}. Choose the right one."),)


def _counter(table: TextTable, found: Roles, mapping: Mapping) -> tuple[Question, ...]:
    """Ask whether usage is a counter where what is left stands beside it."""
    so_far = table.header[mapping.usage[0]]
    left = [table.header[at] for at in found[Role.LIMIT]]
    left = [name for name in left if LEFT_WORDS & set(normalise(name).split())]
    if not left or header(so_far).name not in SO_FAR_NAMES:
        return ()
    words = (
        f"It has {so_far!r} beside {left[0]!r}: is each row the usage of its period, "
        "or a counter of all usage so far?"
    )
    return (Question("is_cumulative", words),)
