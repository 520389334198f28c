"""What can go wrong, and how it is told to staff.

* AppError                  str(error) is shown to staff as it stands
  - UnreadableFileError     the bytes cannot be read as what they claim to be
  - UnknownFileError        readable, but no known kind of export
  - NotLoadableError        recognised, but nothing to load from it
  - MissingColumnsError     a recognised export lacks columns it needs
  - MappingNeededError      a usage export does not tell enough; a person must
                            (core.sources.mapping, which has the words it carries)
  - SourceError             customers cannot be had from the named place
  - PlanOutdatedError       the warehouse changed after the plan was shown
  - PageOutdatedError       the warehouse changed after the page was shown
  - UnconfirmedError        a load needs a person's word first
  - ForbiddenError          the person may not do this
  - WarehouseError          the warehouse cannot be opened, read or written
    - WarehouseLockedError  another program has it open
  - OptionError             an option or setting has a value it cannot have

RowProblem is no exception: one bad row is reported, the other rows are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, order=True)
class RowProblem:
    """One refused row: where it stands, what was found, why it is refused.

    line is the line of the file on which the row begins, counted from 1. value is
    the text found there, whole.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str


MAX_MESSAGE_CHARS: Final = 2000
"""Longest message that is shown whole; a name in a damaged file may have no end."""


class AppError(Exception):
    """A failure that staff can understand and act on.

    Its text is fit to be shown: letters that cannot be seen are written as escapes.
    """

    def __str__(self) -> str:
        text = super().__str__()
        if len(text) > MAX_MESSAGE_CHARS:
            text = f"{text[:MAX_MESSAGE_CHARS]}..."
        return text if text.isprintable() else "".join(map(_visible, text))


def _visible(letter: str) -> str:
    if letter.isprintable() or letter == "\n":
        return letter
    return letter.encode("unicode_escape").decode()


class UnreadableFileError(AppError):
    """The bytes of a file cannot be read as what they claim to be."""

    def __init__(self, file: str, wrong: str, action: str) -> None:
        self.wrong = wrong
        self.action = action
        super().__init__(f"{file}: {wrong}. {action}.")


class UnknownFileError(AppError):
    """A readable file that is no known kind of export."""

    def __init__(self, file: str, found: Sequence[str], known: Sequence[str]) -> None:
        self.found = tuple(found)
        super().__init__(
            f"{file}: not recognised. Columns found: {listed(found)}. "
            f"Known kinds: {', '.join(known)}."
        )


class NotLoadableError(AppError):
    """A file that is recognised, and is nothing to load."""

    def __init__(self, file: str, kind: str, why: str) -> None:
        super().__init__(f"{file}: this is {kind}. {why}")


class MissingColumnsError(AppError):
    """A recognised export lacks columns that it needs."""

    def __init__(
        self, file: str, kind: str, missing: Sequence[str], found: Sequence[str]
    ) -> None:
        super().__init__(
            f"{file}: {kind} without {listed(missing)}. "
            f"Columns found: {listed(found)}. Export it again with these columns."
        )


class SourceError(AppError):
    """Customers cannot be had from the place that was named."""


class PlanOutdatedError(AppError):
    """The warehouse changed after the plan was made."""

    def __init__(self) -> None:
        super().__init__(
            "Someone changed the data after this plan was made. "
            "Nothing was loaded. Look at the new plan and load again."
        )


class PageOutdatedError(AppError):
    """The warehouse changed after the page was made."""

    def __init__(self) -> None:
        super().__init__(
            "Someone changed the data after this page was made. Nothing was "
            "downloaded. Load the page anew and download again."
        )


class UnconfirmedError(AppError):
    """A load has something odd that a person must confirm first."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            f"{' '.join(reasons)} Nothing was loaded. "
            "Confirm that this is right, or correct the file or its unit."
        )


class ForbiddenError(AppError):
    """A viewer asked for a change."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} may see and download, but not change anything. "
            "Nothing was changed; ask an editor."
        )


class WarehouseError(AppError):
    """The warehouse cannot be opened, read or written."""


class WarehouseLockedError(WarehouseError):
    """Another program has the warehouse open; holder is its process, where known."""

    def __init__(self, path: Path, holder: int | None) -> None:
        self.holder = holder
        super().__init__(
            f"the warehouse {path}: another program has it open. "
            "Close the other program, or give this one a file of its own."
        )


class OptionError(AppError):
    """An option or setting has a value that it cannot have."""


def listed(names: Sequence[str], *, limit: int = 40) -> str:
    """Name columns in a message: at most limit of them, each cut at 80 characters."""
    if not names:
        return "none"
    shown = ", ".join(repr(name[:80]) for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"
