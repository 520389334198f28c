"""Names: how a subuser is made of an email, and how both are brought to one form.

A subuser is a handle and a generated suffix: `johnAsmith` + `2eda` + `zz`. The handle
is the email's local part, sometimes cut, with `.` written as a letter. The suffix is
four hex characters and the tail of its era. Customer fields carry the subuser with
strings that the shop inserted (`klgg2`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

TAILS: Final = ("", "6", "z", "xz", "zz", "zzxz")
"""What follows the hex characters: early names end with them or with one more `6`,
later ones with `z`, `zz` and, for a second account, `xz` more."""

DOT_FORMS: Final = ("a", "")
"""How `.` of an email may stand in a handle, in lower case: as a letter, or left out."""

DESTROYED: Final = re.compile(r"\d(\.\d+)?E[+-]?\d+")
"""A name that a spreadsheet took for a number: `6.46E+11`."""


@dataclass(frozen=True)
class Suffix:
    """The generated end of a subuser in one era: hex characters, then a tail."""

    hex_digits: int
    tail: str

    def pattern(self) -> str:
        """Write the suffix as a regular expression for the end of a name."""
        return f"[0-9a-f]{{{self.hex_digits}}}{re.escape(self.tail)}"


SUFFIXES: Final = tuple(Suffix(4, tail) for tail in TAILS)
"""The suffixes of all eras, from public files of the trade."""


def distinct(subusers: pa.Array | Sequence[str]) -> list[str]:
    """List distinct names in the order of their characters."""
    if isinstance(subusers, pa.Array | pa.ChunkedArray):
        return sorted(pc.unique(subusers).to_pylist())
    return sorted(set(subusers))


def cleaned(names: pa.Array, inserted: Sequence[str]) -> pa.Array:
    """Remove each inserted string wherever it stands, as the notebook does.

    Returns:
        One text per name; null where there was none or nothing is left.
    """
    for text in filter(None, inserted):
        names = pc.replace_substring(names, pattern=text, replacement="")
    return pc.if_else(pc.equal(names, ""), None, names)


def local_parts(emails: pa.Array) -> pa.Array:
    """Take what stands before the first `@`; all of a text without one."""
    parts = pc.replace_substring_regex(emails, pattern="(?s)@.*$", replacement="")
    return pc.if_else(pc.equal(parts, ""), None, parts)


def email_handles(local: pa.Array) -> tuple[pa.Array, ...]:
    """Write local parts as handles: one column for each form of the dot."""
    lower = pc.utf8_lower(local)
    return tuple(
        pc.replace_substring(lower, pattern=".", replacement=form) for form in DOT_FORMS
    )


def handles(
    names: pa.Array, suffixes: Sequence[Suffix] = SUFFIXES
) -> tuple[pa.Array, ...]:
    """Take the suffix off, lower-cased: one column per suffix, null where it is absent.

    A name can have several readings: `john2eda6` is `john` + `2eda` + `6` and
    `john2` + `eda6`. All of them are given; none is preferred.
    """
    return tuple(pc.utf8_lower(_before(names, suffix.pattern())) for suffix in suffixes)


def stems(
    names: pa.Array, suffixes: Sequence[Suffix] = SUFFIXES
) -> tuple[pa.Array, ...]:
    """Take only the tail of the era off: `john2edazz` is `john2eda`; else as handles.

    Names that are an account number and a tail (`123456zz`) have one as well.
    """
    return tuple(
        _before(
            names, re.escape(suffix.tail), least=f".[0-9a-f]{{{suffix.hex_digits}}}"
        )
        for suffix in suffixes
    )


def is_destroyed(name: str) -> bool:
    """Tell whether a spreadsheet turned this name into a number."""
    return DESTROYED.fullmatch(name) is not None


def as_spreadsheet_number(name: str) -> str | None:
    """Write a name of digits as a spreadsheet's export would: `6.46E+11`; else None."""
    if not re.fullmatch(r"[0-9]+([eE][0-9]{1,3})?", name):
        return None
    return f"{float(name):.2E}"


def _before(names: pa.Array, end: str, *, least: str = ".") -> pa.Array:
    """Take what stands before the end; null where the name does not end so."""
    pattern = f"(?s)^(?P<start>.*{least}){end}$"
    found = pc.extract_regex(names, pattern=pattern)
    return pc.if_else(pc.is_valid(found), pc.struct_field(found, "start"), None)
