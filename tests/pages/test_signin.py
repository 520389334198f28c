"""Sign-ins that people ended."""

from __future__ import annotations

from pages.parts.signin import EndedSignIns


def test_an_ended_sign_in_is_told_from_the_next_one() -> None:
    ended = EndedSignIns()
    first = {"email": "ada@example.com", "iat": 1_800_000_000.0}
    ended.add(first, now_seconds=1_800_000_060.0)
    assert ended.has(first)
    assert not ended.has({**first, "iat": 1_800_000_060.0})
