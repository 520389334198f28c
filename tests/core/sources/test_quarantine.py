"""Refused rows: written so that they can be corrected and dropped in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.files.table import read_table
from core.files.upload import Upload
from core.sources import quarantine, registry

if TYPE_CHECKING:
    from core.models import Reading

TEXT = (
    "Provider report\n\n"
    "Subuser,Date,Bandwidth Usage (GB)\n"
    'ann,2024-03,"1,000.5"\n'
    "bob,2024-13,2\n"
    "cid,2024-03,0,5\n"
    '"d""e\nf",2024-03,2\n'
    ",2024-03,7\n"
)


def refused(text: str, file: str = "f.csv") -> tuple[bytes, Reading]:
    upload = Upload(file, text.encode())
    reading = job.read(upload)
    table = registry.table(upload, upload.sha256)
    return quarantine.csv_bytes(table, reading.problems), reading


def test_rows_stand_as_sent_behind_their_reason() -> None:
    content, _ = refused(TEXT)
    assert content.decode() == (
        "reason,Subuser,Date,Bandwidth Usage (GB)\n"
        "there is no month 13,bob,2024-13,2\n"
        "4 cells where the header has 3; a number with a decimal comma must stand in "
        "quotation marks,cid,2024-03,0,5\n"
        'a line break in the name,"d""e\nf",2024-03,2\n'
        "no subuser,,2024-03,7\n"
    )


def test_file_of_refused_rows_is_refused_again_for_the_same_reasons() -> None:
    content, reading = refused(TEXT)
    again = job.read(Upload("refused.csv", content))
    first = [problem.reason for problem in reading.problems]
    second = [problem.reason for problem in again.problems]
    assert [reason.lstrip("45 ") for reason in second] == [
        reason.lstrip("45 ").replace("header has 3", "header has 4") for reason in first
    ]
    assert again.header_signature == reading.header_signature
    assert not any("reason" in warning for warning in again.warnings)


def test_corrected_rows_are_kept() -> None:
    content, _ = refused(TEXT)
    corrected = content.decode().replace("2024-13", "2024-12")
    again = job.read(Upload("refused.csv", corrected.encode()))
    assert [row["subuser"] for row in again.rows.to_pylist()] == ["bob"]


def test_delimiter_of_the_file_is_kept_for_decimal_commas() -> None:
    text = "Subuser;Date;Usage (GB)\nann;2024-03;0,5\nbob;2024-33;1,5\n"
    content, _ = refused(text)
    assert content == (
        b"reason;Subuser;Date;Usage (GB)\nthere is no month 33;bob;2024-33;1,5\n"
    )
    fixed = content.replace(b"2024-33", b"2024-03")
    [row] = job.read(Upload("f", fixed)).rows.to_pylist()
    assert str(row["usage_gb"].normalize()) == "1.5"


def test_file_without_refused_rows_has_a_header_only() -> None:
    content, _ = refused("Subuser,Date,Usage (GB)\nann,2024-03,1\n")
    assert content == b"reason,Subuser,Date,Usage (GB)\n"


@pytest.mark.parametrize("header", ["Reason,A,B", "A,reason,B", "A,B"])
def test_other_columns_named_reason_stay(header: str) -> None:
    table = read_table(Upload("f", f"{header}\n1,2,3\n".encode()))
    assert quarantine.without_reason(table) is table


CELL = st.text('ab,;"\n 0-', max_size=4)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_refused_row_reads_back_as_it_was(rows: list[tuple[str, ...]]) -> None:
    quoted = (
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    )
    text = "\n".join(["Subuser,Date,Usage (GB)", *quoted, "sure,2024-03,1"]) + "\n"
    content, reading = refused(text)
    before = read_table(Upload("f", text.encode()))
    lines = {problem.line for problem in reading.problems}
    expected = [
        tuple(row.values())
        for line, row in zip(
            before.lines.to_pylist(), before.columns.to_pylist(), strict=True
        )
        if line in lines
    ]
    after = quarantine.without_reason(read_table(Upload("f", content)))
    found = [tuple(row.values()) for row in after.columns.to_pylist()]
    assert found == expected
