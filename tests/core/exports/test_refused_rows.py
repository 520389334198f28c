"""Refused rows to be corrected and added again."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from core import job
from core.exports import refused_rows
from core.files.upload import Upload
from core.warehouse import batches, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

TEXT = "Subuser,Date,Usage (GB)\nann,2024-03,1\nbob,2024-13,2\n"
REFUSED = b"reason,Subuser,Date,Usage (GB)\nthere is no month 13,bob,2024-13,2\n"


def packed() -> Upload:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("other.csv", TEXT.replace("-13", "-04"))
        archive.writestr("june.csv", TEXT)
    return Upload("all.zip", target.getvalue())


def test_rows_of_a_file_are_written_as_sent() -> None:
    upload = Upload("usage.csv", TEXT.encode())
    assert refused_rows.as_sent(upload, job.read(upload)) == REFUSED


def test_rows_of_a_part_of_a_zip_are_written_as_sent() -> None:
    upload = packed()
    _, reading = job.read_all(upload)
    assert refused_rows.as_sent(upload, reading) == REFUSED


def test_documents_are_listed_by_their_problems() -> None:
    upload = Upload("c.json", b'[{"email": "a@example.com"}, {"name": 1}]')
    written = refused_rows.as_sent(upload, job.read(upload)).decode()
    assert written.startswith("line,column,value,reason\n")
    assert len(written.splitlines()) == 2


def test_rows_of_a_load_are_written_from_its_original(
    tmp_path: Path, now: datetime
) -> None:
    upload = packed()
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        plan = plans.plan(warehouse, job.read_all(upload))
        job.load(warehouse, plan, now=now, by="ann", uploads=[upload])
        found = {
            batch.file: refused_rows.of_batch(warehouse, batch)
            for batch in batches.history(warehouse)
        }
    assert found["all.zip: june.csv"] == REFUSED
    assert found["all.zip: other.csv"] == REFUSED.splitlines(keepends=True)[0]


def test_rows_of_a_load_without_original_are_listed(now: datetime) -> None:
    upload = Upload("usage.csv", TEXT.encode())
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, [job.read(upload)])
        job.load(warehouse, plan, now=now, by="ann", uploads=[upload])
        [batch] = batches.history(warehouse)
        assert refused_rows.of_batch(warehouse, batch) == (
            b"line,column,value,reason\n3,Date,2024-13,there is no month 13\n"
        )
