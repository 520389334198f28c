"""Equal texts are paired as a nested loop would."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching import pairs

texts = st.lists(st.none() | st.text("ab", max_size=2), max_size=10)


@settings(max_examples=60, deadline=None)
@given(left=texts, right=texts)
def test_equal_texts_are_paired_and_null_never(
    left: list[str | None], right: list[str | None]
) -> None:
    found = pairs.equal(pa.array(left, pa.string()), pa.array(right, pa.string()))
    expected = [
        (ours, theirs)
        for ours, one in enumerate(left)
        for theirs, other in enumerate(right)
        if one is not None and one == other
    ]
    assert len(found) == len(expected)
    listed = zip(found.query.tolist(), found.target.tolist(), strict=True)
    assert sorted(listed) == expected


def test_readings_keep_the_places_of_their_names() -> None:
    columns = [pa.array(["a", None, "c"]), pa.array([None, "b", "d"])]
    found, places = pairs.readings(columns)
    assert found.to_pylist() == ["a", "c", "b", "d"]
    assert places.tolist() == [0, 2, 1, 2]
