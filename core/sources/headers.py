"""Header names: their plain form, the unit in them, the signature of a whole header."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT_NAMES: Final = {
    **dict.fromkeys(("b", "byte", "bytes"), "B"),
    **dict.fromkeys(("kb", "kilobyte", "kilobytes"), "KB"),
    **dict.fromkeys(("mb", "megabyte", "megabytes"), "MB"),
    **dict.fromkeys(("gb", "gigabyte", "gigabytes"), "GB"),
    **dict.fromkeys(("tb", "terabyte", "terabytes"), "TB"),
    **{f"{letter.lower()}ib": f"{letter}iB" for letter in "KMGT"},
    **dict(zip(("octets", "ko", "mo", "go"), ("B", "KB", "MB", "GB"), strict=True)),
    **dict(zip(("байт", "кб", "мб", "гб"), ("B", "KB", "MB", "GB"), strict=True)),  # noqa: RUF001
}
"""Canonical unit by its name in lower case: English, French, Russian."""

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))
_PUNCTUATION = re.compile(r"[_\-./()\[\]:,;\s]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETED = re.compile(r"[(\[]\s*(\w+)\s*[)\]]")
_CAMEL_UNIT = re.compile(r"(?<=[a-z])(In)?(KB|MB|GB|TB|KiB|MiB|GiB|TiB|Bytes)$")
_UNIT_WORD = re.compile(
    r"(?<![a-z])((?:[kmgt]i?b)|bytes?|(?:kilo|mega|giga|tera)bytes?)(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """One header name taken apart.

    name is the plain form without its unit; unit is canonical ("GB"), None without.
    """

    text: str
    name: str
    unit: str | None


def normalise(text: str) -> str:
    """Write a header in its plain form: `subUser_ID` and `Sub-user id` are one."""
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()
    return _PUNCTUATION.sub(" ", _CAMEL.sub(" ", text)).strip().casefold()


def header(text: str) -> Header:
    """Take a header apart into its plain name and its unit.

    A unit stands in brackets, as a word, or ends a camelCase name. `b` alone counts
    only in brackets.
    """
    clean = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()
    for match in _BRACKETED.finditer(clean):
        if unit := UNIT_NAMES.get(match[1].lower()):
            return Header(text, _without(clean, match), unit)
    if camel := _CAMEL_UNIT.search(clean):
        return Header(text, _without(clean, camel), UNIT_NAMES[camel[2].lower()])
    units = list(_UNIT_WORD.finditer(clean))
    if units:
        unit = UNIT_NAMES[units[-1][1].lower()]
        return Header(text, _without(clean, units[-1]), unit)
    return Header(text, normalise(clean), None)


def _without(text: str, match: re.Match[str]) -> str:
    rest = normalise(f"{text[: match.start()]} {text[match.end() :]}")
    return rest.removesuffix(" in")


def signature(names: Sequence[str]) -> str:
    """Write a header as one text by which a layout is known again."""
    return "|".join(normalise(name) for name in names)
