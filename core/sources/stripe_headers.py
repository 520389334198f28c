"""Column names of Stripe's files.

Staff choose the columns of an export, in any order, so columns are found one by one.
A name is looked for as written first, then without regard to capitals. Columns of
staff's own metadata, `type (metadata)` or `payment_metadata[type]`, are no columns of
Stripe's and are never found. A time column names its zone in brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from core.errors import MissingColumnsError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_METADATA: Final = re.compile(r".* \(metadata\)|.*\[.*\].*", re.IGNORECASE | re.DOTALL)
_ZONED: Final = re.compile(r"(?P<name>.*\S) \((?P<zone>[^()]+)\)", re.DOTALL)
_BARE_UTC: Final = re.compile(r"(?P<name>Created|.*[Dd]ate) (?P<zone>UTC)")


@dataclass(frozen=True)
class Column:
    """A column of Stripe's: its place, its name as sent, the zone of its times."""

    index: int
    sent: str
    name: str
    zone: str


@dataclass(frozen=True)
class StripeHeader:
    """The columns of a file that are Stripe's own, in file order."""

    columns: tuple[Column, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> StripeHeader:
        """Read the header of a file."""
        columns = (_column(index, sent) for index, sent in enumerate(names))
        return cls(tuple(column for column in columns if column is not None))

    @cached_property
    def _exact(self) -> dict[str, list[Column]]:
        return _grouped((column.name, column) for column in self.columns)

    @cached_property
    def _folded(self) -> dict[str, list[Column]]:
        return _grouped((column.name.casefold(), column) for column in self.columns)

    def matches(self, name: str) -> list[Column]:
        """Return the columns of a name, in file order."""
        return self._exact.get(name) or self._folded.get(name.casefold(), [])

    def find(self, *names: str) -> Column | None:
        """Return the column of the first of names that is there."""
        for name in names:
            if found := self.matches(name):
                return found[0]
        return None

    def column(self, *names: str) -> Column:
        """Return the column of the first of names that is there; check came before.

        Raises:
            KeyError: None of them is there.
        """
        found = self.find(*names)
        if found is None:
            raise KeyError(names)
        return found

    def has(self, *names: str) -> bool:
        """Tell whether there is a column of each name."""
        return all(self.matches(name) for name in names)

    def has_any(self, *names: str) -> bool:
        """Tell whether there is a column of one of the names."""
        return any(self.matches(name) for name in names)

    def check(
        self,
        file: str,
        kind: str,
        needed: Sequence[Sequence[str]],
        optional: Sequence[str] = (),
    ) -> None:
        """See that each needed column is there; each has one or more names.

        Raises:
            MissingColumnsError: Some are not there.
            UnreadableFileError: A needed or optional column is there twice.
        """
        missing = [names[0] for names in needed if self.find(*names) is None]
        if missing:
            found = [column.sent for column in self.columns]
            raise MissingColumnsError(file, kind, missing, found)
        for name in (*(name for names in needed for name in names), *optional):
            if (count := len(self.matches(name))) > 1:
                wrong = f"has {count} columns named {name!r}"
                raise UnreadableFileError(file, wrong, "Export it again")


def _column(index: int, sent: str) -> Column | None:
    """Read one name; None for metadata and for a column without a name."""
    name = sent.strip("\ufeff\"' \t")
    if not name or _METADATA.fullmatch(name):
        return None
    zoned = _ZONED.fullmatch(name) or _BARE_UTC.fullmatch(name)
    if zoned is None:
        return Column(index, sent, name, "")
    return Column(index, sent, zoned["name"], zoned["zone"])


def _grouped(pairs: Iterable[tuple[str, Column]]) -> dict[str, list[Column]]:
    groups: dict[str, list[Column]] = {}
    for key, column in pairs:
        groups.setdefault(key, []).append(column)
    return groups
