"""What rules take out of usernames, and endings that ask for a rule."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching import cleaning
from core.matching.cleaning import Ending
from core.models import CleaningRule, Where

NAMES = st.lists(st.text("abz2", max_size=8), max_size=20)


def column(*texts: str | None) -> pa.Array:
    return pa.array(texts, pa.string())


def natural(count: int) -> list[str]:
    """Make names that have nothing in common."""
    return [
        f"{number * 7919:x}"[::-1] + chr(97 + number % 26) for number in range(count)
    ]


def test_effects_count_names_and_show_them_before_and_after() -> None:
    rules = [CleaningRule("klgg2"), CleaningRule("zz", Where.END)]
    found = cleaning.effects(column("bobklgg2", "annzz", "bobklgg2", "cy", None), rules)
    assert [(each.names, each.examples) for each in found] == [
        (1, (("bobklgg2", "bob"),)),
        (1, (("annzz", "ann"),)),
    ]


def test_a_later_rule_is_told_of_what_the_earlier_leave() -> None:
    rules = [CleaningRule("2"), CleaningRule("klgg2")]
    first, second = cleaning.effects(column("bobklgg2"), rules)
    assert (first.names, second.names) == (1, 0)


def test_an_ending_is_suggested_as_long_as_nearly_all_names_have_it() -> None:
    stored = [f"{name}klgg2" for name in natural(30)]
    found = cleaning.endings(column(*stored, *natural(60)), column("oneklgg2", "two"))
    assert found == (Ending("klgg2", 30, 1),)


def test_endings_of_single_names_are_not_suggested() -> None:
    assert cleaning.endings(column(*natural(200)), column()) == ()
    few = [f"{name}klgg2" for name in natural(4)]
    assert cleaning.endings(column(*few), column()) == ()


def test_names_that_are_subusers_are_counted_once() -> None:
    names = column("ann", "ann", "bob", None)
    assert cleaning.equal_names(names, column("ann", "cy")) == 1


@given(NAMES, st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_of_names_does_not_matter(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    rules = [CleaningRule("z", Where.END), CleaningRule("b", Where.START)]
    assert cleaning.effects(column(*names), rules) == cleaning.effects(
        column(*shuffled), rules
    )
    assert cleaning.endings(column(*names), column()) == cleaning.endings(
        column(*shuffled), column()
    )
