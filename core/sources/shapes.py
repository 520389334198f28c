"""Shapes of exports: an export is known by the names of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.sources.headers import header, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Granularity


@dataclass(frozen=True)
class Shape:
    """The shape of one export of a provider, known by the names of its columns.

    required are the names that it is known by, each in plain form (with or without
    the unit in it), spellings divided by `|`. The other fields name columns likewise;
    usage has two where upload and download are added up. Without subuser the column
    is told as in any other header. unit is None where the header or a column of units
    tells it. refusal is set where the export holds no usage per period: what it is,
    and why it is nothing to load.
    """

    provider: str
    required: tuple[str, ...]
    usage: tuple[str, ...] = ()
    period: str = ""
    period_end: str = ""
    subuser: str = ""
    parts: tuple[str, ...] = ()
    unit_column: str = ""
    projected: str = ""
    unit: str | None = None
    granularity: Granularity | None = None
    day_first: bool | None = None
    refusal: tuple[str, str] | None = None


def place(names: Sequence[str], wanted: str) -> int | None:
    """Return the position of the one column of a name, None without or with several.

    The first of the spellings divided by `|` that occurs decides.
    """
    for spelling in filter(None, wanted.split("|")):
        found = [at for at, text in enumerate(names) if _is_named(text, spelling)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _is_named(text: str, spelling: str) -> bool:
    return spelling in (normalise(text), header(text).name)


def find(names: Sequence[str], shapes: Sequence[Shape]) -> Shape | None:
    """Return the shape with most required names of those that a header fits.

    Of several of its provider that fit it is the first: a total goes before its parts.
    """
    fitting = [
        shape
        for shape in shapes
        if all(place(names, wanted) is not None for wanted in shape.required)
    ]
    best = max(fitting, key=lambda shape: len(shape.required), default=None)
    if best is None:
        return None
    return next(shape for shape in fitting if shape.provider == best.provider)
