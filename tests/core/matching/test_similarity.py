"""Similar pairs are found exactly: none lost, none invented."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching import segments, similarity
from core.matching.signatures import signatures

LEASTS = [Fraction(159, 200), Fraction(3, 4), Fraction(7, 10), Fraction(1)]

alike_names = st.lists(st.text("ab1.A\u00e9\U0001f600", max_size=14), max_size=12)
"""Few letters make many near pairs, at all lengths."""


def common(first: str, second: str) -> int:
    """Count the characters of the longest common subsequence, the slow way."""
    row = [0] * (len(second) + 1)
    for letter in first:
        before = row
        row = [0]
        for at, other in enumerate(second):
            together = before[at] + 1 if letter == other else 0
            row.append(max(together, before[at + 1], row[at]))
    return row[-1]


def by_hand(
    queries: list[str], targets: list[str], least: Fraction
) -> set[tuple[int, int, int]]:
    return {
        (query, target, common(ours, theirs))
        for query, ours in enumerate(queries)
        for target, theirs in enumerate(targets)
        if ours
        and theirs
        and Fraction(2 * common(ours, theirs), len(ours) + len(theirs)) >= least
    }


def listed(parts: list[similarity.Similar]) -> list[tuple[int, int, int]]:
    return [
        row
        for part in parts
        for row in zip(
            part.query.tolist(), part.target.tolist(), part.common.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize("least", LEASTS)
@settings(max_examples=60, deadline=None)
@given(queries=alike_names, targets=alike_names)
def test_index_finds_the_pairs_of_a_slow_search(
    least: Fraction, queries: list[str], targets: list[str]
) -> None:
    found = listed(list(similarity._indexed_pairs(queries, targets, least)))
    assert sorted(found) == sorted(by_hand(queries, targets, least))


@pytest.mark.parametrize("least", [Fraction(1, 2), Fraction(159, 200)])
@settings(max_examples=60, deadline=None)
@given(queries=alike_names, targets=alike_names)
def test_few_pairs_are_compared_as_in_a_slow_search(
    least: Fraction, queries: list[str], targets: list[str]
) -> None:
    found = listed([similarity.similar(queries, targets, least=least)])
    assert sorted(found) == sorted(by_hand(queries, targets, least))


@settings(max_examples=60, deadline=None)
@given(text=st.text("abc12", min_size=20, max_size=60), data=st.data())
def test_index_finds_long_texts_after_edits(text: str, data: st.DataObject) -> None:
    edited = list(text)
    for _ in range(data.draw(st.integers(0, len(text) // 4))):
        place = data.draw(st.integers(0, len(edited)))
        if data.draw(st.booleans()):
            edited.insert(place, data.draw(st.sampled_from("abc12")))
        elif place < len(edited):
            del edited[place]
    queries, targets = ["".join(edited)], [text]
    found = listed(list(similarity._indexed_pairs(queries, targets, LEASTS[1])))
    assert set(found) == by_hand(queries, targets, LEASTS[1])


def test_parts_of_a_crowded_bucket_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "PAIRS_AT_ONCE", 7)
    monkeypatch.setattr(similarity, "KEYS_AT_ONCE", 5)
    monkeypatch.setattr(similarity, "PAIRS_AT_ONCE", 10)
    queries = [f"handle{each}zz" for each in range(10)]
    targets = [f"handle{each}zzx" for each in range(8)]
    expected = by_hand(queries, targets, LEASTS[0])
    indexed = listed(list(similarity._indexed_pairs(queries, targets, LEASTS[0])))
    compared = listed(list(similarity._all_pairs(queries, targets, LEASTS[0])))
    assert sorted(indexed) == sorted(compared) == sorted(expected)


@settings(max_examples=100, deadline=None)
@given(pair=st.tuples(*[st.text("aAbz19_.\u00e9", min_size=1, max_size=12)] * 2))
def test_signatures_never_differ_more_than_texts(pair: tuple[str, str]) -> None:
    bits = [
        signatures(np.array([[ord(letter)] for letter in text], np.uint32))[0]
        for text in pair
    ]
    distance = sum(map(len, pair)) - 2 * common(*pair)
    assert np.bitwise_count(bits[0] ^ bits[1]) <= distance


def test_signatures_tell_common_letters_and_their_repetition() -> None:
    one, two, other = signatures(
        np.array([list(map(ord, text)) for text in ("ab", "aa", "cd")], np.uint32).T
    )
    assert len({int(one), int(two), int(other)}) == 3
