"""A tab that is closed in the middle of a load or an undo: the work is done whole."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from benchmarks.sessions import Found, begin_load, begin_undo, usage
from benchmarks.visitor import Page, Visitor
from core import job
from core.warehouse import backups, batches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

ROWS = 3000


def after_return(port: int, button: str) -> Page:
    """Come back in another tab; look until the work is over and a button is there."""
    with Visitor(port) as visitor:
        page = visitor.go("history")
        while not page.widget_id(button) or "progress" in page.elements:
            page = visitor.run()
        return page


def test_work_goes_on_when_its_tab_is_closed(
    serve: Callable[[Path], str], tmp_path: Path
) -> None:
    path, found = tmp_path / "warehouse.duckdb", Found()
    port = urlsplit(serve(path)).port
    assert port is not None

    with Visitor(port) as visitor:
        begin_load(visitor, usage(0, ROWS), found)
        visitor.drawn(until="Loading")
    after_return(port, "undo_1")

    with Visitor(port) as visitor:
        begin_undo(visitor, found)
        visitor.drawn(until="Withdrawing")
    page = after_return(port, "again_1")

    assert page.widget_id("undo_1") == ""
    assert found.faults == []
    backups.write(path, tmp_path / "shop.tar")
    backups.restore(tmp_path / "shop.tar", tmp_path / "seen.duckdb")
    with job.open_warehouse(tmp_path / "seen.duckdb") as warehouse:
        (load,) = batches.history(warehouse)
    assert (load.rows_kept, load.is_live) == (ROWS, False)
