"""Which set of download files is wanted: period, identities, spreadsheets, format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Format(StrEnum):
    """How a set of files is packed. The .json file is in sets of CSV only."""

    CSV = "csv"
    EXCEL = "xlsx"
    PARQUET = "parquet"
    HYPER = "hyper"


@dataclass(frozen=True)
class Edition:
    """What is in the files.

    Months are first days, both inclusive; None is open. is_private puts stand-ins for
    emails, account names and provider ids; is_rounded leaves two digits of each
    decimal. is_safe marks text that a spreadsheet would run, in CSV.
    """

    first_month: date | None = None
    last_month: date | None = None
    is_private: bool = False
    is_rounded: bool = False
    is_safe: bool = True

    def digest(self, version: int) -> str:
        """Name this edition of one state of the warehouse, in eight characters."""
        return hashlib.sha256(f"{version} {self!r}".encode()).hexdigest()[:8]


EVERYTHING = Edition()
"""All months, with the identities as they are."""
