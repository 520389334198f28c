"""What the process that reads a workbook writes."""

from __future__ import annotations

import io
import json
import resource
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from core.files import workbookreader

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., bytes]
    Run = Callable[[bytes], tuple[int, bytes, str]]

ROWS = [["Subuser", "Date"], ["ann", "2024-01"]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the reader in this process, without its limits."""

    def reader(content: bytes) -> tuple[int, bytes, str]:
        out, told = io.BytesIO(), io.StringIO()
        monkeypatch.setattr(workbookreader, "limit", lambda: None)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
        monkeypatch.setattr(sys, "stderr", told)
        return workbookreader.main(), out.getvalue(), told.getvalue()

    return reader


def test_sheets_that_hold_something_are_written_packed(
    run: Run, workbook_of: Build
) -> None:
    code, out, told = run(workbook_of({"June": ROWS, "Empty": []}))
    assert (code, told) == (0, "")
    head, packed = out.split(b"\n", 1)
    assert json.loads(head) == {
        "name": "June",
        "is_hidden": False,
        "hidden_rows": 0,
        "lines": [1, 2],
        "merged": [],
        "sizes": [12, 13, 6],
    }
    assert packed == b"Subuser\0ann\0Date\x002024-01\0tt\0tt\0"


def test_a_wrong_workbook_is_refused_with_what_to_do(run: Run) -> None:
    code, out, told = run(b"PK\x03\x04")
    assert (code, out) == (workbookreader.REFUSED, b"")
    wrong, action = json.loads(told)
    assert wrong.startswith("is a zip that is cut off or damaged")
    assert action == "Download or pack it again"


def test_too_little_memory_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def sheets(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(workbookreader, "sheets", sheets)
    code, _, told = run(b"")
    assert (code, json.loads(told)[0]) == (3, "needs too much memory to be read")


def test_limits_that_the_system_refuses_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = []

    def setrlimit(what: int, most: tuple[int, int]) -> None:
        if what == resource.RLIMIT_AS:
            raise ValueError
        held.append((what, most[0]))

    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    workbookreader.limit()
    assert held == [
        (resource.RLIMIT_CPU, workbookreader.CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ]
