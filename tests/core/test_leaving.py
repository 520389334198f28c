"""Long work that is left in the middle: it finishes, or it leaves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import job, progress, scratch
from core.files.upload import Upload
from core.warehouse import batches, originals, plans

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from core.warehouse.store import Warehouse

FILES = [
    Upload(
        f"{month}.csv", f"Subuser,Date,Bandwidth Usage (GB)\nann,{month},5\n".encode()
    )
    for month in ("2024-01", "2024-02")
]


class LeftError(BaseException):
    """Ends a run as Streamlit does: no `except Exception` sees it."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Warehouse]:
    with job.open_warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


def load(shop: Warehouse, now: datetime) -> None:
    plan = plans.plan(shop, job.take(FILES).readings)
    job.load(shop, plan, now=now, by="tester", uploads=FILES)


def steps_of(shop: Warehouse, now: datetime) -> list[str]:
    """Load, and return what is told of it; reading is told of first."""
    told: list[tuple[float, str]] = []
    with progress.heard(lambda part, words: told.append((part, words))):
        load(shop, now)
    assert all(0 <= part <= 1 for part, _ in told)
    return [words for _, words in told]


@pytest.mark.parametrize("left_at", [0, 7, 8, 10, 11])
def test_work_that_is_left_at_any_step_leaves_nothing(
    shop: Warehouse, now: datetime, tmp_path: Path, left_at: int
) -> None:
    steps = 0

    def leave(part: float, words: str) -> None:
        nonlocal steps
        steps += 1
        if steps > left_at:
            raise LeftError

    with pytest.raises(LeftError), progress.heard(leave):
        load(shop, now)
    assert batches.history(shop) == ()
    assert shop.version() == 0
    assert shop.rows("SELECT * FROM usage_row") == []
    assert list(tmp_path.glob("*.originals/*")) == []
    # Nothing stands in the way of doing it again.
    assert steps_of(shop, now)[-1] == "making the figures"
    assert len(batches.history(shop)) == 2


def test_every_step_of_reading_and_loading_is_told(
    shop: Warehouse, now: datetime
) -> None:
    assert len(steps_of(shop, now)) == 12


def test_a_file_that_was_kept_before_stays_kept(shop: Warehouse, now: datetime) -> None:
    load(shop, now)
    for batch in batches.history(shop):
        job.undo(shop, batch.batch_id, now=now, by="tester")
    plan = plans.plan(shop, job.take(FILES).readings)

    def leave(part: float, words: str) -> None:
        raise LeftError

    with pytest.raises(LeftError), progress.heard(leave):
        job.load(shop, plan, now=now, by="tester", uploads=FILES)
    assert all(originals.is_kept(shop, upload.sha256) for upload in FILES)


def test_what_a_kill_left_is_cleared_away_and_finished(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    for place in (tmp_path, temporary):
        (place / f"{scratch.PREFIX}left" / "inner").mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    path = tmp_path / "w.duckdb"
    with job.open_warehouse(path) as shop:
        load(shop, now)
        originals.keep(shop, Upload("orphan.csv", b"nobody's"))
        (tmp_path / "w.originals" / f"half{originals.PART}").write_bytes(b"half")
        with shop.deriving() as cursor:
            cursor.execute("DELETE FROM match_state")
            cursor.execute("DELETE FROM match")
    with job.open_warehouse(path) as shop:
        kept = {file.stem for file in tmp_path.glob("*.originals/*")}
        assert kept == {upload.sha256 for upload in FILES}
        assert shop.rows("SELECT subuser FROM match") == [("ann",)]
    assert list(temporary.iterdir()) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "temporary",
        "w.duckdb",
        "w.duckdb.lock",
        "w.originals",
    ]
