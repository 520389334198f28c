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

from core.models import CleaningRule, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    Inserted = Sequence[CleaningRule | str]

TAILS: Final = ("", "6", "z", "xz", "zz", "zzxz")
"""What follows the hex characters: early names end with them or with one more `6`,
later ones with `z`, `zz` and, for a second account, `xz` more."""

DOT_FORMS: Final = ("a", "")
"""What `.` of an email becomes in a handle, in lower case: a letter, or nothing."""

DESTROYED: Final = r"[0-9]([.,][0-9]+)?E[+-]?[0-9]+"
"""Pattern of a name that a spreadsheet took for a number: `6.46E+11`, `6,46E+11`."""


@dataclass(frozen=True)
class Suffix:
    """The generated end of a subuser in one era: hex characters, then a tail."""

    hex_digits: int
    tail: str


SUFFIXES: Final = tuple(Suffix(4, tail) for tail in TAILS)
"""The suffixes of all eras, as public exports of the trade show them."""


def distinct(subusers: pa.Array | Sequence[str]) -> list[str]:
    """List distinct names in the order of their characters."""
    if isinstance(subusers, pa.Array | pa.ChunkedArray):
        return sorted(pc.unique(subusers).to_pylist())
    return sorted(set(subusers))


def cleaning_rules(inserted: Inserted) -> tuple[CleaningRule, ...]:
    """Return inserted strings as rules: a plain text is removed wherever it stands."""
    rules = (CleaningRule(each) if isinstance(each, str) else each for each in inserted)
    return tuple(rule for rule in rules if rule.text)


def without(names: pa.Array, inserted: Inserted) -> pa.Array:
    """Remove each inserted string where its rule says, one rule after the other.

    Returns:
        One text per name, empty where nothing is left; null stays null.
    """
    for rule in cleaning_rules(inserted):
        names = _without(names, rule)
    return names


def _without(names: pa.Array, rule: CleaningRule) -> pa.Array:
    size = len(rule.text)
    if rule.where is Where.ANYWHERE:
        return pc.replace_substring(names, pattern=rule.text, replacement="")
    if rule.where is Where.START:
        has_it = pc.starts_with(names, rule.text)
        return pc.if_else(has_it, pc.utf8_slice_codeunits(names, size), names)
    has_it = pc.ends_with(names, rule.text)
    return pc.if_else(has_it, pc.utf8_slice_codeunits(names, 0, -size), names)


def has(text: str, rule: CleaningRule) -> bool:
    """Tell whether a rule finds its string in a name."""
    if rule.where is Where.START:
        return text.startswith(rule.text)
    return text.endswith(rule.text) if rule.where is Where.END else rule.text in text


def cleaned(names: pa.Array, inserted: Inserted) -> pa.Array:
    """Remove each inserted string, for matching.

    Returns:
        One text per name; null where there was none or nothing is left.
    """
    names = without(names, inserted)
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


@dataclass(frozen=True)
class Readings:
    """Names taken apart, in lower case: one column for each suffix they could have.

    A name can have several readings: `jo2eda6` is `jo` + `2eda` + `6` and `jo2` +
    `eda6`. All of them are given, null where a name lacks the suffix; none is
    preferred. stems lack only the tail (`jo2eda`), handles the whole suffix (`jo`). An
    account number has no handle.
    """

    stems: tuple[pa.Array, ...]
    handles: tuple[pa.Array, ...]


def readings(names: pa.Array, suffixes: Sequence[Suffix] = SUFFIXES) -> Readings:
    """Take names apart by every suffix."""
    lower, is_number = pc.utf8_lower(names), pc.is_valid(numbers(names))
    stems = tuple(_stems(names, lower, suffix) for suffix in suffixes)
    handles = tuple(
        pc.if_else(
            is_number, None, pc.utf8_slice_codeunits(stem, 0, -suffix.hex_digits)
        )
        for stem, suffix in zip(stems, suffixes, strict=True)
    )
    return Readings(stems, handles)


def suffixes(names: pa.Array) -> pa.Array:
    """Give the generated end of each name, as long as it can be read; null if none."""
    kinds = "|".join(_pattern(suffix) for suffix in SUFFIXES)
    found = pc.extract_regex(names, pattern=f"(?P<suffix>{kinds})$")
    return pc.if_else(pc.is_valid(found), pc.struct_field(found, "suffix"), None)


def numbers(names: pa.Array) -> pa.Array:
    """Give the account number of names like `123456zz`; null for all other names."""
    found = pc.extract_regex(names, pattern="^(?P<number>[0-9]{5,})(?:z|xz|zz|zzxz)$")
    return pc.if_else(pc.is_valid(found), pc.struct_field(found, "number"), None)


def are_destroyed(names: pa.Array) -> pa.Array:
    """Mark names that a spreadsheet turned into a number: `6.46E+11`."""
    return pc.match_substring_regex(names, pattern=f"^(?:{DESTROYED})$")


def spreadsheet_numbers(names: pa.Array) -> pa.Array:
    """Write names that are numbers as a spreadsheet exports them: `6.46E+11`.

    Names of digits, or of digits with one `e` between them, are numbers; all others
    become null.
    """
    is_number = pc.match_substring_regex(names, pattern="^[0-9]+([eE][0-9]{1,3})?$")
    texts = pc.if_else(is_number, names, None).to_pylist()
    return pa.array([text and f"{float(text):.2E}" for text in texts], pa.string())


def _stems(names: pa.Array, lower: pa.Array, suffix: Suffix) -> pa.Array:
    """Drop the tail of the names that have the suffix and a handle; null for others."""
    fits = pc.match_substring_regex(names, pattern=f"(?s).{_pattern(suffix)}$")
    tail = len(suffix.tail)
    cut = pc.utf8_slice_codeunits(lower, 0, -tail) if tail else lower
    return pc.if_else(fits, cut, None)


def _pattern(suffix: Suffix) -> str:
    """Write a suffix as a regular expression."""
    return f"[0-9a-f]{{{suffix.hex_digits}}}{re.escape(suffix.tail)}"
