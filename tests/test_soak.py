"""Kills at random instants: the warehouse opens, and is as before or as after."""

from __future__ import annotations

import pytest

from benchmarks.soak import WORK, Soak


@pytest.fixture(scope="module")
def soak(tmp_path_factory: pytest.TempPathFactory) -> Soak:
    return Soak(tmp_path_factory.mktemp("soak"), seed=7)


@pytest.mark.parametrize("name", WORK)
def test_a_kill_leaves_the_state_before_or_after(name: str, soak: Soak) -> None:
    assert {soak.kill(name) for _ in range(2)} <= {"before", "after"}


def test_the_work_that_is_killed_changes_something(soak: Soak) -> None:
    changing = {n for n, legal in soak.legal.items() if legal.before != legal.after}
    assert changing == {"load", "undo", "decision", "restore"}
