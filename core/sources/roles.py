"""Columns of a usage export, told by the names in its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.sources.aliases import ALIASES, LIMIT_NAMES, LIMIT_WORDS, Role
from core.sources.headers import Header, header, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST_SURE_TIER: Final = {Role.SUBUSER: 1, Role.USAGE: 1}
"""Names beyond this tier mean a role only beside a surer name of the other role."""

_NO_TIER: Final = 99
_NAMED_LIKE_LIMITS: Final = (Role.SUBUSER, Role.PART)


@dataclass(frozen=True)
class Roles:
    """Columns of a header by role.

    Each list holds the positions of the best tier that occurs, in header order; more
    than one position means that the header does not decide. A position can stand for
    several roles. is_sure tells whether a subuser stands beside usage, its two parts
    or a limit, one of them named beyond doubt.
    """

    columns: dict[Role, tuple[int, ...]]
    is_sure: bool

    def __getitem__(self, wanted: Role) -> tuple[int, ...]:
        """Return the positions of a role, none when it is absent."""
        return self.columns.get(wanted, ())


def candidates(parts: Header) -> list[tuple[Role, int]]:
    """List the roles that a header can have, each with the tier of its alias.

    A usage name of the last tier (`total`) means usage only with a unit in it, a period
    of the last tier (`data`) a period only without one.
    """
    plain = normalise(parts.text)
    if not plain:
        return []
    named = [
        (found, tier)
        for found, tiers in ALIASES.items()
        for tier, names in enumerate(tiers)
        if parts.name in names
    ]
    if LIMIT_WORDS & set(plain.split()) or plain in LIMIT_NAMES:
        kept = [each for each in named if each[0] in _NAMED_LIKE_LIMITS]
        return kept if kept and parts.unit is None else [(Role.LIMIT, 0)]
    last = Role.USAGE if parts.unit is None else Role.PERIOD
    return [each for each in named if each != (last, len(ALIASES[last]) - 1)]


def role(parts: Header) -> tuple[Role, int] | None:
    """Tell the likeliest role of a header, and the tier of its alias; None if unknown.

    Roles come in the order of ALIASES.
    """
    return next(iter(candidates(parts)), None)


def roles(names: Sequence[str]) -> Roles:
    """Find the columns of a usage export in a header."""
    best: dict[Role, tuple[int, tuple[int, ...]]] = {}
    for position, text in enumerate(names):
        for kind, tier in candidates(header(text)):
            known, positions = best.get(kind, (tier, ()))
            if tier < known:
                known, positions = tier, ()
            if tier == known:
                best[kind] = known, (*positions, position)
    columns = {kind: positions for kind, (_, positions) in best.items()}
    return Roles(columns, _is_sure({kind: tier for kind, (tier, _) in best.items()}))


def _is_sure(tiers: dict[Role, int]) -> bool:
    has_parts = {Role.UPLOAD, Role.DOWNLOAD} <= set(tiers)
    has_amount = has_parts or bool({Role.USAGE, Role.LIMIT} & set(tiers))
    if Role.SUBUSER not in tiers or not has_amount:
        return False
    named = [tiers.get(kind, _NO_TIER) <= last for kind, last in LAST_SURE_TIER.items()]
    return any(named) or has_parts
