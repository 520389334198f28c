"""Rows of a download file as a query: of a period, masked, rounded, typed or text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.csvtext import DANGEROUS, MARK

if TYPE_CHECKING:
    from datetime import date

STAND_INS: Final = "stand_in"
"""Relation of (kind, original, stand_in) that masked selections read."""

WITHHELD: Final = "(withheld)"
"""What stands for an identity that has no stand-in."""

FIXED_WORDS: Final = ("(unmatched)", "(unknown payer)")
"""What stands where an identity would, and names nobody."""

DECIMAL: Final = "DECIMAL(38, 18)"
"""Type of every decimal in typed files: that of a stored GB."""

_CASTS: Final = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "decimal": DECIMAL,
    "month": "DATE",
    "date": "DATE",
}


@dataclass(frozen=True)
class Field:
    """One column of a file: its name, its type, and the kind of identity it holds.

    type is text, integer, decimal, month or date; identity is empty for none.
    """

    name: str
    type: str
    identity: str = ""


@dataclass(frozen=True)
class Selection:
    """Which rows of a view of text columns, and how their values are written.

    view takes the period as a macro if is_over_period; otherwise month_column, where
    there is one, decides. Months are first days, both inclusive; None is open. Masked
    rows have stand-ins for identities and stand in the order of order, by what is
    shown. Rounded decimals keep two digits.
    """

    view: str
    fields: tuple[Field, ...]
    order: tuple[str, ...] = ()
    month_column: str = ""
    is_over_period: bool = False
    first_month: date | None = None
    last_month: date | None = None
    is_masked: bool = False
    is_rounded: bool = False
    is_ranking: bool = False

    def text(self, *, is_safe: bool, has_days: bool = False) -> str:
        """Write the query that gives text: empty is null, dangerous text is marked.

        has_days writes a month as its first day, for readers that know no months.
        """
        columns = ", ".join(
            f"{_text(field, self._shown(field), is_safe, has_days)} "
            f"AS {_name(field.name)}"
            for field in self.fields
        )
        return f"SELECT {columns} FROM ({self._rows()})"

    def typed(self, *, has_empty: bool = False) -> str:
        """Write the query that gives integers, decimals and dates as such.

        Empty text is null, unless has_empty tells it from null.
        """
        columns = ", ".join(
            _name(field.name)
            if has_empty and field.type == "text"
            else f"{_typed(field, self._shown(field))} AS {_name(field.name)}"
            for field in self.fields
        )
        return f"SELECT {columns} FROM ({self._rows()})"

    def _rows(self) -> str:
        columns = ", ".join(
            f"{self._value(field)} AS {_name(field.name)}" for field in self.fields
        )
        query = f"SELECT {columns} FROM {self._source()} AS source{self._period()}"
        if self.is_masked and self.is_ranking:
            return _ranked_again(query)
        if self.is_masked and self.order:
            # Of the rows as shown: the order of the originals would tell them.
            query = f"SELECT * FROM ({query}) AS shown ORDER BY {_keys(self.order)}"
        return query

    def _source(self) -> str:
        if not self.is_over_period:
            return _name(self.view)
        bounds = (_day(self.first_month), _day(self.last_month))
        return f"{_name(self.view)}({', '.join(bounds)})"

    def _period(self) -> str:
        if self.is_over_period or not self.month_column:
            return ""
        month = f"left({_name(self.month_column)}, 7)"
        bounds = (
            ("WHERE", ">=", self.first_month),
            ("AND" if self.first_month else "WHERE", "<=", self.last_month),
        )
        return "".join(
            f" {word} {month} {sign} '{day:%Y-%m}'" for word, sign, day in bounds if day
        )

    def _value(self, field: Field) -> str:
        value = f"source.{_name(field.name)}"
        if self.is_masked and field.identity:
            return _masked(value, field.identity)
        return value

    def _shown(self, field: Field) -> str:
        """Give a value, null where it is empty, rounded where that is wanted."""
        value = f"nullif({_name(field.name)}, '')"
        if self.is_rounded and field.type == "decimal":
            return f"plain({_two_digits(f'{value}::{DECIMAL}')})"
        return value


def _text(field: Field, value: str, is_safe: bool, has_days: bool) -> str:
    if has_days and field.type == "month":
        return f"{value} || '-01'"
    return _safe(value) if is_safe and field.type == "text" else value


def _safe(value: str) -> str:
    """Write core.csvtext.safe as SQL."""
    first = ", ".join(f"chr({ord(sign)})" for sign in DANGEROUS)
    return (
        f"CASE WHEN left({value}, 1) IN ({first}) "
        f"THEN chr({ord(MARK)}) || {value} ELSE {value} END"
    )


def _typed(field: Field, value: str) -> str:
    day = f"{value} || '-01'" if field.type == "month" else value
    return f"({day})::{_CASTS[field.type]}"


def _masked(value: str, identity: str) -> str:
    fixed = ", ".join(f"'{word}'" for word in FIXED_WORDS)
    return (
        f"CASE WHEN {value} IS NULL OR {value} IN ('', {fixed}) THEN {value} "
        f"ELSE coalesce((SELECT s.stand_in FROM {STAND_INS} AS s "
        f"WHERE s.kind = '{identity}' AND s.original = {value}), '{WITHHELD}') END"
    )


def _two_digits(amount: str) -> str:
    """Round a decimal to two digits, exactly: no logarithm, no float."""
    steps = " ".join(
        f"WHEN abs({amount}) >= 1e{power}::{DECIMAL} "
        f"THEN round({amount}, {1 - power})::{DECIMAL}"
        for power in range(19, -17, -1)
    )
    return f"CASE {steps} ELSE {amount} END"


def _ranked_again(query: str) -> str:
    """Order customers of equal usage by what is shown, and rank them by that."""
    order = "shown.rank = '', used_gb DESC, lower(shown.email), shown.email"
    return (
        "SELECT * EXCLUDE (used_gb) REPLACE ("
        "CASE WHEN rank <> '' THEN (row_number() OVER ranked)::VARCHAR ELSE '' END "
        "AS rank, plain(round((sum(used_gb) OVER ranked)::DOUBLE "
        "/ nullif((sum(used_gb) OVER ())::DOUBLE, 0), 6)::DECIMAL(9, 6)) "
        f"AS cumulative_share) FROM (SELECT *, usage_gb::{DECIMAL} AS used_gb "
        f"FROM ({query})) AS shown WINDOW ranked AS "
        f"(ORDER BY {order} ROWS UNBOUNDED PRECEDING) ORDER BY {order}"
    )


def _keys(names: tuple[str, ...]) -> str:
    return ", ".join(f"lower({_name(each)}), {_name(each)}" for each in names)


def _name(name: str) -> str:
    return f'"{name}"'


def _day(day: date | None) -> str:
    return "NULL" if day is None else f"DATE '{day.isoformat()}'"
