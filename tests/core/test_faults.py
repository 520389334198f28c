"""Faults are told by types and places, never by what they were about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from pymongo.errors import OperationFailure

from core import faults

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
MARK = "mark.owen@example.com"


def cast() -> None:
    duckdb.connect().execute(f"SELECT CAST('{MARK}' AS INTEGER)")


def chain() -> None:
    try:
        raise KeyError(MARK)
    except KeyError as error:
        raise OperationFailure(MARK, details={"email": MARK}) from error


def group() -> None:
    raise ExceptionGroup(MARK, [ValueError(MARK), KeyError(MARK)])


def deep(depth: int = 60) -> None:
    if not depth:
        raise ValueError(MARK)
    deep(depth - 1)


def told(fail: Callable[[], None]) -> str:
    """Return the skeleton of what a function fails with."""
    with pytest.raises(Exception, match=r".") as caught:
        fail()
    assert MARK in repr(caught.value)
    return faults.skeleton(caught.value)


@pytest.mark.parametrize(
    ("fail", "kinds"),
    [
        (cast, ["_duckdb.ConversionException"]),
        (chain, ["builtins.KeyError", "pymongo.errors.OperationFailure"]),
        (
            group,
            ["builtins.ExceptionGroup", "builtins.ValueError", "builtins.KeyError"],
        ),
        (deep, ["builtins.ValueError"]),
    ],
)
def test_a_fault_is_told_by_its_kinds_and_places(
    fail: Callable[[], None], kinds: list[str]
) -> None:
    lines = told(fail).splitlines()
    assert [line for line in lines if not line.startswith("  ")] == kinds
    assert any("core/test_faults.py:" in line for line in lines)
    assert not any(part in "\n".join(lines) for part in ("mark", "owen", str(ROOT)))
    assert len(lines) <= len(kinds) + faults.MOST_FRAMES


def test_a_chain_that_bites_its_tail_has_an_end() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    lines = faults.skeleton(first).splitlines()
    assert lines == ["builtins.KeyError", "builtins.ValueError"]


@pytest.mark.parametrize(("options", "is_told"), [([], False), (["-X", "dev"], True)])
def test_an_uncaught_fault_shows_values_to_developers_only(
    options: list[str], is_told: bool
) -> None:
    code = (
        "import sys; from core import faults; sys.excepthook = faults.tell\n"
        f"{{}}['{MARK}']"
    )
    run = subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (run.returncode, MARK in run.stderr) == (1, is_told)
    assert "KeyError" in run.stderr
