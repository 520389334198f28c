"""How the columns of a usage export are read: by recognition, or chosen by hand."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from core.errors import AppError, OptionError, listed
from core.models import Granularity
from core.units import GB_BASES, GB_PER_UNIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SAMPLE_ROWS: Final = 20
"""Rows that a request shows."""


@dataclass(frozen=True)
class Mapping:
    """What each column of a usage export holds; columns are positions from 0.

    usage are columns that are added up: one, or upload and download. period_end is set
    where a period stands in two columns. parts split the usage of one subuser and
    period, so rows that differ in them alone are added up. unit_column holds the unit
    of each row; unit (a key of GB_PER_UNIT) is that of all rows, None to tell it from
    the file. gb_base is the number of MB that the provider calls a GB. projected marks
    rows that are a forecast. is_cumulative: usage is a counter that only grows.
    granularity, time_zone and day_first are as in periods.Reader.

    subuser_name and period_text stand for a column that the file does not have; they
    hold for one file and are never remembered.
    """

    usage: tuple[int, ...] = ()
    subuser: int | None = None
    period: int | None = None
    period_end: int | None = None
    parts: tuple[int, ...] = ()
    unit_column: int | None = None
    unit: str | None = None
    gb_base: int = 1024
    granularity: Granularity | None = None
    time_zone: str = "UTC"
    day_first: bool | None = None
    projected: int | None = None
    is_cumulative: bool = False
    provider: str = ""
    subuser_name: str = ""
    period_text: str = ""

    def columns(self) -> tuple[int, ...]:
        """Return the positions that are used, in the order of the fields."""
        single = (self.subuser, self.period, self.period_end)
        more = (self.unit_column, self.projected)
        found = (*single, *self.usage, *self.parts, *more)
        return tuple(dict.fromkeys(at for at in found if at is not None))

    def for_layout(self) -> Mapping:
        """Return what holds for every file with these columns."""
        return replace(self, subuser_name="", period_text="")

    def as_json(self) -> str:
        """Write as JSON; from_json reads it back."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Read what as_json wrote.

        Raises:
            OptionError: It is not a mapping.
        """
        try:
            values = json.loads(text)
            names = {each.name for each in fields(cls)}
            known = {name: value for name, value in values.items() if name in names}
            for name in ("usage", "parts"):
                known[name] = tuple(known.get(name, ()))
            if known.get("granularity") is not None:
                known["granularity"] = Granularity(known["granularity"])
            return cls(**known)
        except (AttributeError, ValueError, TypeError) as error:
            raise OptionError("The saved choice of columns cannot be read.") from error


@dataclass(frozen=True)
class Question:
    """One thing that a file does not tell: a field of Mapping, and the words.

    words are empty where those of another question speak for this one, too.
    """

    field: str
    words: str


@dataclass(frozen=True)
class Request:
    """What a person must say before a usage export can be read.

    sample are the first rows as text, cells in the order of header. proposal is what
    seems likely; it is sure but for the fields that questions name. file_sha256 is the
    fingerprint of what is read: the file, or one part of an archive or workbook.
    """

    file: str
    file_sha256: str
    header: tuple[str, ...]
    header_signature: str
    sample: tuple[tuple[str, ...], ...]
    proposal: Mapping
    questions: tuple[Question, ...]


class MappingNeededError(AppError):
    """A usage export does not tell enough by itself; request says what is missing."""

    def __init__(self, request: Request) -> None:
        words = " ".join(filter(None, (each.words for each in request.questions)))
        super().__init__(
            f"{request.file}: a person must say how to read it. {words} "
            f"Columns found: {listed(request.header)}."
        )
        self.request = request


def check(mapping: Mapping, width: int) -> None:
    """Check a mapping for a table of this many columns.

    Raises:
        OptionError: A column is missing, used twice, or a value is unknown.
    """
    wrong = next(_faults(mapping, range(width)), None)
    if wrong is not None:
        raise OptionError(f"The choice of columns cannot be used: {wrong}.")


def _faults(mapping: Mapping, columns: Collection[int]) -> Iterator[str]:
    roles = [mapping.subuser, mapping.period, mapping.period_end, *mapping.usage]
    roles += [mapping.unit_column, mapping.projected, *mapping.parts]
    used = [at for at in roles if at is not None]
    if not mapping.usage:
        yield "no column of usage is chosen"
    if any(at not in columns for at in used):
        yield f"the file has {len(columns)} columns"
    if len(set(used)) < len(used):
        yield "one column is chosen for two things"
    if mapping.unit is not None and mapping.unit not in GB_PER_UNIT:
        yield f"there is no unit {mapping.unit!r}"
    if mapping.gb_base not in GB_BASES:
        yield "a GB is 1000 or 1024 MB"
    if not _is_zone(mapping.time_zone):
        yield f"there is no time zone {mapping.time_zone!r}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True
