"""Cleaning: what each rule takes out of usernames, and endings that ask for one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from core.matching.names import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from core.models import CleaningRule

EXAMPLES: Final = 3
"""Names that are shown for a rule."""

LEAST_LENGTH: Final = 4
"""Characters of an ending; shorter ones end natural names, too (`son`)."""

LEAST_SHARE: Final = 0.02
"""Share of the names with an ending; four random letters are shared by next to none."""

LEAST_COUNT: Final = 5
"""Names with an ending; fewer are chance in a small shop."""

NEARLY_ALL: Final = 0.8
"""An ending grows while one longer one has this share of its names."""


@dataclass(frozen=True)
class Effect:
    """What one rule does after those before it: names changed, and some of them.

    examples are pairs of a name before and after the rule, in order of the names.
    """

    rule: CleaningRule
    names: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ending:
    """An ending that more names have than chance gives, and how many have it."""

    text: str
    usernames: int
    subusers: int


def effects(usernames: pa.Array, rules: Sequence[CleaningRule]) -> tuple[Effect, ...]:
    """Tell what each rule changes, in the order in which they are applied."""
    before = pc.unique(usernames.drop_null())
    before = before.take(pc.sort_indices(before))
    found = []
    for rule in rules:
        after = without(before, [rule])
        is_changed = pc.not_equal(before, after)
        pairs = zip(
            before.filter(is_changed).slice(0, EXAMPLES).to_pylist(),
            after.filter(is_changed).slice(0, EXAMPLES).to_pylist(),
            strict=True,
        )
        found.append(Effect(rule, pc.sum(is_changed).as_py() or 0, tuple(pairs)))
        before = after
    return tuple(found)


def equal_names(usernames: pa.Array, subusers: pa.Array) -> int:
    """Count the distinct usernames that are a subuser, letter by letter."""
    names = pc.unique(usernames.drop_null())
    return int(pc.sum(pc.is_in(names, value_set=subusers)).as_py() or 0)


def endings(usernames: pa.Array, subusers: pa.Array) -> tuple[Ending, ...]:
    """List endings that are over-represented among usernames, most names first.

    Args:
        usernames: As the rules leave them.
        subusers: Names with usage; an ending that they lack was put in by the shop.
    """
    names = [str(name) for name in pc.unique(usernames.drop_null()).to_pylist()]
    with_usage = [str(name) for name in pc.unique(subusers.drop_null()).to_pylist()]
    least = max(LEAST_COUNT, LEAST_SHARE * len(names))
    short = Counter(name[-LEAST_LENGTH:] for name in names if len(name) > LEAST_LENGTH)
    texts = {_grown(text, names) for text, count in short.items() if count >= least}
    found = [
        Ending(text, _count(text, names), _count(text, with_usage)) for text in texts
    ]
    return tuple(sorted(found, key=lambda each: (-each.usernames, each.text)))


def _grown(ending: str, names: Sequence[str]) -> str:
    """Lengthen an ending while nearly all names with it have the longer one."""
    while True:
        with_it = [name for name in names if name.endswith(ending)]
        size = len(ending) + 1
        longer = Counter(name[-size:] for name in with_it if len(name) > size)
        text, count = max(longer.items(), key=_most, default=("", 0))
        if count < NEARLY_ALL * len(with_it):
            return ending
        ending = text


def _most(item: tuple[str, int]) -> tuple[int, str]:
    text, count = item
    return count, text


def _count(ending: str, names: Iterable[str]) -> int:
    return sum(name.endswith(ending) for name in names)
