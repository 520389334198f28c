"""Header names of usage exports: their plain form, their unit, their role.

Source of the aliases: field names in the documents and clients of the providers, and
headings that spreadsheets of staff use.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


class Role(StrEnum):
    """What a column of a usage export holds.

    LIMIT is a quota, a balance or an average: never usage. UNIT names the unit of the
    usage in the same row.
    """

    SUBUSER = "subuser"
    PERIOD = "period"
    USAGE = "usage"
    UNIT = "unit"
    LIMIT = "limit"


ALIASES: Final[dict[Role, tuple[tuple[str, ...], ...]]] = {
    Role.SUBUSER: (
        (
            "subuser",
            "sub user",
            "sub users",
            "subusers",
            "subuser name",
            "sub user name",
            "subuser username",
        ),
        (
            "username",
            "user name",
            "user",
            "login",
            "proxy user",
            "proxy username",
            "proxy list login",
            "account",
            "account name",
            "usuario",
            "subusuario",
            "benutzer",
            "пользователь",
            "用户名",
        ),
        ("label", "credential", "subuser id", "sub user id", "sub uid", "uid"),
        ("id", "hash", "package key", "zone", "customer", "client", "email"),
    ),
    Role.PERIOD: (
        (
            "date",
            "day",
            "month",
            "period",
            "d usage",
            "usage date",
            "usage month",
            "fecha",
            "mes",
            "datum",
            "monat",
            "дата",
            "日期",
        ),
        ("date time", "datetime", "timestamp", "time", "ts", "period start"),
    ),
    Role.USAGE: (
        (
            "bandwidth usage",
            "bandwidth used",
            "bandwidth total",
            "total bandwidth",
            "total bandwidth usage",
            "monthly bandwidth usage",
            "traffic used",
            "traffic usage",
            "total traffic",
            "usage traffic",
            "total usage traffic",
            "data usage",
            "data used",
            "usage bandwidth",
            "total used",
        ),
        (
            "bandwidth",
            "traffic",
            "usage",
            "used",
            "bw",
            "bw sum",
            "verbrauch",
            "datenverkehr",
            "tráfico",
            "tráfego",
            "трафик",
            "流量",
        ),
        ("total rx tx", "rx tx", "used flow", "use flow", "flow", "consumption"),
        ("data", "total", "consumed", ""),
    ),
    Role.UNIT: (("unit", "units", "measurement unit", "metric"),),
}
"""Plain names by role, in tiers: a name of an earlier tier is the surer one.

The empty name is a header that is a unit and nothing else, such as `Bytes`.
"""

LAST_SURE_TIER: Final = {Role.SUBUSER: 1, Role.PERIOD: 0, Role.USAGE: 1, Role.UNIT: 0}
"""Names beyond this tier mean a role only beside a surer name of another role."""

LIMIT_WORDS: Final = frozenset(
    "limit limits quota plan available left remaining balance surplus un "
    "percentage projected average avg allocated gbps mbps kbps speed".split()
)
"""Words that make a column a limit, a balance, a forecast, a mean or a speed."""

LIMIT_NAMES: Final = frozenset({"total bandwidth in gb"})
"""Plain names that look like usage and are the size of a plan (Geonode)."""

UNIT_NAMES: Final = {
    **dict.fromkeys(("b", "byte", "bytes"), "B"),
    **dict.fromkeys(("kb", "kilobyte", "kilobytes"), "KB"),
    **dict.fromkeys(("mb", "megabyte", "megabytes"), "MB"),
    **dict.fromkeys(("gb", "gigabyte", "gigabytes"), "GB"),
    **dict.fromkeys(("tb", "terabyte", "terabytes"), "TB"),
    **{f"{letter.lower()}ib": f"{letter}iB" for letter in "KMGT"},
}
"""Canonical unit by its name in lower case."""

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


def role(parts: Header) -> tuple[Role, int] | None:
    """Tell the role of a header, and the tier of its alias; None if unknown.

    A usage name of the last tier (`total`) means usage only with a unit in it.
    """
    plain = normalise(parts.text)
    if LIMIT_WORDS & set(plain.split()) or plain in LIMIT_NAMES:
        return Role.LIMIT, 0
    if not plain:
        return None
    for found, tiers in ALIASES.items():
        for tier, names in enumerate(tiers):
            if parts.name in names:
                is_vague = found is Role.USAGE and tier == len(tiers) - 1
                return None if is_vague and parts.unit is None else (found, tier)
    return None


@dataclass(frozen=True)
class Roles:
    """Columns of a header by role.

    Each list holds the positions of the best tier that occurs, in header order; more
    than one position means that the header does not decide. is_sure tells whether a
    subuser and a usage or limit column stand beside each other, one of them named
    beyond doubt.
    """

    columns: dict[Role, tuple[int, ...]]
    is_sure: bool

    def __getitem__(self, wanted: Role) -> tuple[int, ...]:
        """Return the positions of a role, none when it is absent."""
        return self.columns.get(wanted, ())


def roles(names: Sequence[str]) -> Roles:
    """Find the columns of a usage export in a header."""
    best: dict[Role, tuple[int, tuple[int, ...]]] = {}
    for position, text in enumerate(names):
        found = role(header(text))
        if found is None:
            continue
        kind, tier = found
        known, positions = best.get(kind, (tier, ()))
        if tier < known:
            known, positions = tier, ()
        if tier == known:
            best[kind] = known, (*positions, position)
    columns = {kind: positions for kind, (_, positions) in best.items()}
    return Roles(columns, _is_sure({kind: tier for kind, (tier, _) in best.items()}))


def _is_sure(tiers: dict[Role, int]) -> bool:
    if Role.SUBUSER not in tiers or not {Role.USAGE, Role.LIMIT} & set(tiers):
        return False
    named = (Role.SUBUSER, Role.USAGE)
    return any(tiers.get(kind, 99) <= LAST_SURE_TIER[kind] for kind in named)


def signature(names: Sequence[str]) -> str:
    """Write a header as one text by which a layout is known again."""
    return "|".join(normalise(name) for name in names)
