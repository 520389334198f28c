"""Lists of decisions: what was downloaded as `decisions.csv`, by hand if need be.

Columns, in any order and in any capitals: Subuser; Email, empty where the subuser is
no customer's; Reason, then one of test, internal, unknown; Note. Others are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import MissingColumnsError, RowProblem
from core.files.table import read_table
from core.models import Choice, NoCustomer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.files.table import TextTable
    from core.files.upload import Upload

NEEDED: Final = ("subuser", "email")
"""Columns without which a file is no list of decisions."""

OPTIONAL: Final = ("reason", "note")
"""Columns that may be missing."""


@dataclass(frozen=True)
class DecisionList:
    """What a list says: choices with the line of each, and the rows refused."""

    file: str
    choices: tuple[Choice, ...]
    lines: tuple[int, ...]
    problems: tuple[RowProblem, ...]


class _RefusedError(Exception):
    """A row that says nothing clear: column, value, reason."""


def read(upload: Upload) -> DecisionList:
    """Read a list of decisions.

    Returns:
        Choices in file order, one for each subuser; a second row about a subuser is
        refused. Emails are trimmed and lower-cased, as customers are known by.

    Raises:
        UnreadableFileError: The file is no table.
        MissingColumnsError: It lacks a column that a list needs.
    """
    table = read_table(upload)
    choices: list[Choice] = []
    lines: list[int] = []
    problems = list(table.problems)
    seen: dict[str, int] = {}
    for line, row in _rows(table):
        try:
            choice = _choice(row)
            if choice.subuser in seen:
                first = f"line {seen[choice.subuser]} says already whose it is"
                raise _RefusedError("subuser", choice.subuser, first)
        except _RefusedError as refused:
            problems.append(RowProblem(upload.name, line, *refused.args))
            continue
        seen[choice.subuser] = line
        choices.append(choice)
        lines.append(line)
    problems.sort(key=lambda problem: problem.line)
    return DecisionList(upload.name, tuple(choices), tuple(lines), tuple(problems))


def _rows(table: TextTable) -> Iterator[tuple[int, dict[str, str]]]:
    """Give out each row as text by column, empty for a column that is missing."""
    header = [name.strip().casefold() for name in table.header]
    missing = [name.title() for name in NEEDED if name not in header]
    if missing:
        kind = "a list of decisions"
        raise MissingColumnsError(table.file, kind, missing, table.header)
    known = [name for name in (*NEEDED, *OPTIONAL) if name in header]
    columns = [table.column(header.index(name)).to_pylist() for name in known]
    for line, *cells in zip(table.lines.to_pylist(), *columns, strict=True):
        yield line, dict.fromkeys(OPTIONAL, "") | dict(zip(known, cells, strict=True))


def _choice(row: dict[str, str]) -> Choice:
    """Read one row.

    Raises:
        _RefusedError: It is not clear what it says.
    """
    # A subuser is the text as sent: blanks in it may be part of the name.
    subuser, note = row["subuser"], row["note"].strip()
    email, reason = row["email"].strip().lower(), row["reason"].strip().casefold()
    if not subuser.strip():
        raise _RefusedError("subuser", subuser, "the subuser is empty")
    if email and reason:
        wrong = "a reason is for a subuser without a customer; leave one of both empty"
        raise _RefusedError("reason", row["reason"], wrong)
    if email:
        return Choice(subuser, email, None, note)
    if reason not in set(NoCustomer):
        known = ", ".join(NoCustomer)
        wrong = f"without an email the reason must be one of {known}"
        raise _RefusedError("reason", row["reason"], wrong)
    return Choice(subuser, None, NoCustomer(reason), note)
