"""Tables with a column for each month: the same usage as a row for each month."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.errors import NotLoadableError
from core.files.upload import Upload
from core.sources import quarantine, registry
from core.sources.mapping import Mapping, MappingNeededError

ROWS = [
    ("ann", "2025-12-01", "1.5"),
    ("ann", "2026-01-01", "0"),
    ("bob", "2026-01-01", "3"),
]


def upload(text: str) -> Upload:
    return Upload("usage.csv", text.encode())


def kept(reading: object) -> list[tuple[str, str, str]]:
    """List subuser, period and GB as stored, without closing zeros."""
    rows = sorted(
        reading.rows.to_pylist(), key=lambda row: (row["subuser"], row["period_start"])
    )
    return [
        (
            row["subuser"],
            str(row["period_start"]),
            f"{Decimal(row['usage_gb']).normalize():f}",
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Subuser,2025-12 (GB),2026-01 (GB)",
        "Subuser,Dec 2025 GB,Jan 2026 GB",
        "username,12/2025 [GB],01/2026 [GB]",
        "Subuser,Dec-25 (GB),Jan-26 (GB)",
        "Subuser,2025-12-01 (GB),2026-01-01 (GB)",
    ],
)
def test_each_cell_is_a_row_whatever_the_months_are_called(header: str) -> None:
    reading = job.read(upload(f"{header}\nann,1.5,0\nbob, ,3\n"))
    assert kept(reading) == ROWS
    assert (reading.rows_read, reading.problems) == (3, ())
    assert reading.unit == "GB"
    assert set(reading.rows["granularity"].to_pylist()) == {"month"}
    (told,) = [each for each in reading.warnings if "columns of periods" in each]
    assert "1 empty ones are not" in told


def test_unit_is_asked_once_and_kept_for_other_months() -> None:
    with pytest.raises(MappingNeededError) as raised:
        job.read(upload("Subuser,2025-12,2026-01\nann,1.5,0\nbob,,3\n"))
    request = raised.value.request
    assert request.header == ("Subuser", "Period", "Usage")
    assert request.sample[0] == ("ann", "2025-12", "1.5")
    answer = Mapping(subuser=0, period=1, usage=(2,), unit="GB")
    later = upload("Subuser,2026-02,2026-03,2026-04\nann,1,2,3\n")
    reading = job.read(later, mappings={request.header_signature: answer})
    assert [row[2] for row in kept(reading)] == ["1", "2", "3"]


def test_totals_of_rows_and_columns_are_not_counted() -> None:
    text = (
        "Subuser,2025-12 (MB),2026-01 (MB),Total (MB)\n"
        "ann,1024,2048,3072\nbob,512,512,1024\nTotal,1536,2560,4096\n"
    )
    reading = job.read(upload(text))
    assert sum(row["usage_gb"] for row in reading.rows.to_pylist()) == 4
    assert [each.value for each in reading.problems] == ["Total", "Total"]
    assert any("is not read: 'Total (MB)'." in each for each in reading.warnings)


def test_usage_of_no_period_is_never_taken_for_that_of_each() -> None:
    text = (
        "Subuser,Bandwidth Usage (GB),Plan,2025-12 (GB),2026-01 (GB)\n"
        "ann,4.5,basic,1.5,3\n"
    )
    reading = job.read(upload(text))
    assert [row[2] for row in kept(reading)] == ["1.5", "3"]


def test_refused_rows_come_back_as_they_were_sent() -> None:
    file = upload("Subuser,2025-12 (GB),2026-01 (GB)\nann,x,1\nbob,2,3\n")
    reading = job.read(file)
    sent = quarantine.csv_bytes(
        registry.table(file, file.sha256), reading.problems
    ).decode()
    reason, ann = sent.splitlines()
    assert reason == "reason,Subuser,2025-12 (GB),2026-01 (GB)"
    assert ann.endswith(",ann,x,1")
    again = job.read(upload(sent.replace(",x,", ",7,")))
    assert kept(again) == [("ann", "2025-12-01", "7"), ("ann", "2026-01-01", "1")]
    assert again.header_signature == reading.header_signature


def test_months_of_several_units_are_explained() -> None:
    with pytest.raises(NotLoadableError, match="differ in unit"):
        job.read(upload("Subuser,2025-12 (GB),2026-01 (MB)\nann,1,2\n"))


@given(
    rows=st.dictionaries(
        st.text("abc", min_size=3, max_size=5),
        st.lists(st.none() | st.integers(0, 9999), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_wide_and_long_are_the_same_usage(rows: dict[str, list[int | None]]) -> None:
    months = ["2025-11", "2025-12", "2026-01"]
    cells = [
        (name, month, value)
        for name, values in rows.items()
        for month, value in zip(months, values, strict=True)
        if value is not None
    ]
    if not cells:
        return
    wide = "".join(
        f"{name},{','.join('' if each is None else str(each) for each in values)}\n"
        for name, values in rows.items()
    )
    long = "".join(f"{name},{month},{value}\n" for name, month, value in cells)
    header = ",".join(f"{month} (MB)" for month in months)
    found = job.read(upload(f"Subuser,{header}\n{wide}"))
    expected = job.read(upload(f"Subuser,Month,Usage (MB)\n{long}"))
    assert kept(found) == kept(expected)
