"""Every format gives back the values and types that the dictionary tells."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from core import job
from core.csvtext import DANGEROUS
from core.errors import OptionError, PageOutdatedError
from core.exports import downloads, extract, workbook
from core.exports.contracts import CONTRACTS, DICTIONARY, Contract
from core.exports.edition import Edition, Format
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.conftest import Make

FILES = [each for each in (*CONTRACTS, DICTIONARY) if each.file.endswith(".csv")]
EVERY = (*CONTRACTS, DICTIONARY)
MONTHS = Edition(date(2025, 12, 1), date(2026, 2, 1))


def load(warehouse: Warehouse, make: Make, rows: list[tuple[str, str, str]]) -> None:
    plan = plans.plan(warehouse, [make.usage(rows)])
    job.load(warehouse, plan, now=datetime(2026, 1, 1), by="test")


@pytest.fixture(scope="module")
def written(sample_shop: Warehouse) -> dict[str, bytes]:
    return {each.file: downloads.content(sample_shop, each, MONTHS) for each in EVERY}


def told(text: str, type_name: str) -> Any:  # noqa: ANN401 - five types
    """Read the text of a cell as the dictionary says."""
    if text == "":
        return None
    readers = {
        "integer": int,
        "decimal": Decimal,
        "month": lambda month: date.fromisoformat(f"{month}-01"),
        "date": date.fromisoformat,
    }
    return readers.get(type_name, str)(text)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def values(contract: Contract, content: bytes) -> list[tuple[Any, ...]]:
    header, *rows = rows_of(content)
    assert header == [column.name for column in contract.columns]
    types = [column.type for column in contract.columns]
    return [tuple(map(told, row, types)) for row in rows]


@pytest.mark.parametrize("contract", FILES, ids=lambda each: each.file)
def test_csv_holds_only_what_the_dictionary_tells(
    written: dict[str, bytes], contract: Contract
) -> None:
    content = written[contract.file]

    assert values(contract, content)
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    for row in rows_of(content)[1:]:
        for cell, column in zip(row, contract.columns, strict=True):
            if column.type == "decimal":
                assert "E" not in cell.upper()


@pytest.mark.parametrize("contract", FILES, ids=lambda each: each.file)
def test_pandas_reads_csv_by_its_defaults(
    written: dict[str, bytes], contract: Contract
) -> None:
    content = written[contract.file]
    frame = pd.read_csv(io.BytesIO(content))
    expected = values(contract, content)

    assert len(frame) == len(expected)
    for place, column in enumerate(contract.columns):
        found, wanted = frame[column.name], [row[place] for row in expected]
        if column.type in {"integer", "decimal"} and any(wanted):
            assert pd.api.types.is_numeric_dtype(found), column.name
            numbers = [float("nan") if each is None else float(each) for each in wanted]
            assert found.astype(float).equals(pd.Series(numbers, name=column.name))
        else:
            parsed = [None if pd.isna(each) else str(each) for each in found]
            text = [row[place] or None for row in rows_of(content)[1:]]
            if column.identity != "id":
                assert parsed == text, column.name
            else:
                # Digits of an id are digits of a number; a gap makes them floats.
                assert [each and each.removesuffix(".0") for each in parsed] == text


@pytest.mark.parametrize("contract", FILES, ids=lambda each: each.file)
def test_duckdb_reads_csv_by_its_defaults(
    written: dict[str, bytes], contract: Contract, tmp_path: Path
) -> None:
    path = tmp_path / contract.file
    path.write_bytes(written[contract.file])
    expected = values(contract, written[contract.file])
    with duckdb.connect() as connection:
        found = connection.read_csv(str(path))
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        rows = found.fetchall()

    assert len(rows) == len(expected)
    for place, column in enumerate(contract.columns):
        wanted = [row[place] for row in expected]
        cells = [row[place] for row in rows]
        if column.type == "date" and any(wanted):
            assert (types[column.name], cells) == ("DATE", wanted)
        elif column.type in {"integer", "decimal"} and any(wanted):
            assert types[column.name] in {"BIGINT", "DOUBLE"}
            assert cells == [None if each is None else float(each) for each in wanted]
        else:
            text = [row[place] or None for row in rows_of(written[contract.file])[1:]]
            assert [None if each is None else str(each) for each in cells] == text


@pytest.fixture(scope="module")
def book(
    sample_shop: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    path.write_bytes(downloads.whole(sample_shop, Format.EXCEL, MONTHS))
    return openpyxl.load_workbook(path)


def test_a_workbook_has_a_sheet_for_each_file(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [contract.name for contract in EVERY]
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}


@pytest.mark.parametrize("contract", FILES, ids=lambda each: each.file)
def test_a_sheet_holds_typed_values(
    book: openpyxl.Workbook, written: dict[str, bytes], contract: Contract
) -> None:
    header, *rows = book[contract.name].iter_rows(values_only=True)
    found = [
        tuple(cell.date() if hasattr(cell, "date") else cell for cell in row)
        for row in rows
    ]

    assert list(header) == [column.name for column in contract.columns]
    expected = values(contract, written[contract.file])
    for place, column in enumerate(contract.columns):
        wanted = [row[place] for row in expected]
        if column.type == "decimal":
            # A number of a workbook has 15 digits that count.
            wanted = [pytest.approx(float(each), rel=1e-15) for each in wanted if each]
        cells = [row[place] for row in found if row[place] or column.type != "decimal"]
        assert cells == wanted, column.name


def test_a_workbook_of_the_same_data_has_the_same_bytes(make: Make) -> None:
    def made() -> bytes:
        with Warehouse() as warehouse:
            load(warehouse, make, [("ann", "2024-01", "1.5")])
            return downloads.whole(warehouse, Format.EXCEL)

    assert made() == made()


def test_a_file_longer_than_a_sheet_goes_on_in_the_next(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    with Warehouse() as warehouse:
        load(warehouse, make, [(name, "2024-01", "1") for name in "abcde"])
        found = openpyxl.load_workbook(
            io.BytesIO(downloads.whole(warehouse, Format.EXCEL))
        )

    names = [name for name in found.sheetnames if name.startswith("subuser_bw")]
    assert names == [f"subuser_bw_usage_sorted{end}" for end in ("", "_2", "_3")]
    cells = [row[0] for name in names for row in list(found[name].values)[1:]]
    assert cells == list("abcde")


def test_a_text_longer_than_a_cell_is_told(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "CELL_LENGTH", 100)
    with Warehouse() as warehouse:
        load(warehouse, make, [("a" * 101, "2024-01", "1")])
        with pytest.raises(OptionError, match="101 characters"):
            downloads.whole(warehouse, Format.EXCEL)


@pytest.fixture(scope="module")
def parquet(sample_shop: Warehouse) -> dict[str, bytes]:
    packed = downloads.whole(sample_shop, Format.PARQUET, MONTHS)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("contract", FILES, ids=lambda each: each.file)
def test_parquet_holds_typed_values(
    parquet: dict[str, bytes], written: dict[str, bytes], contract: Contract
) -> None:
    table = pq.read_table(io.BytesIO(parquet[f"{contract.name}.parquet"]))

    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    assert table.column_names == [column.name for column in contract.columns]
    assert list(rows) == values(contract, written[contract.file])


@pytest.mark.skipif(not extract.is_possible(), reason="tableauhyperapi has no wheel")
def test_an_extract_holds_typed_values(
    sample_shop: Warehouse, written: dict[str, bytes], tmp_path: Path
) -> None:
    import tableauhyperapi as api

    path = tmp_path / "book.hyper"
    path.write_bytes(downloads.whole(sample_shop, Format.HYPER, MONTHS))
    quiet = api.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU
    with (
        api.HyperProcess(quiet, parameters={"log_config": ""}) as server,
        api.Connection(server.endpoint, str(path)) as connection,
    ):
        for contract in FILES:
            name = api.TableName("Extract", contract.name)
            rows = connection.execute_list_query(f"SELECT * FROM {name}")  # noqa: S608
            found = [
                tuple(c.to_date() if isinstance(c, api.Date) else c for c in row)
                for row in rows
            ]
            expected = [
                tuple(float(c) if isinstance(c, Decimal) else c for c in row)
                for row in values(contract, written[contract.file])
            ]
            assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_an_extract_without_its_library_says_what_to_install(
    sample_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "PACKAGE", "a_library_that_is_not_there")

    with pytest.raises(OptionError, match="pip install a_library_that_is_not_there"):
        downloads.whole(sample_shop, Format.HYPER)


NAMES = [f"{sign}cmd" for sign in DANGEROUS] + ["-5", "+49", "plain", "a=b"]


def test_text_that_a_spreadsheet_would_run_is_marked_and_nothing_else(
    make: Make,
) -> None:
    with Warehouse() as warehouse:
        load(warehouse, make, [(name, "2024-01", "1") for name in NAMES])
        contract = CONTRACTS[0]
        safe = downloads.content(warehouse, contract)
        raw = downloads.content(warehouse, contract, Edition(is_safe=False))
        found = openpyxl.load_workbook(
            io.BytesIO(downloads.whole(warehouse, Format.EXCEL))
        )

    assert {row[0] for row in rows_of(raw)[1:]} == set(NAMES)
    assert {row[0] for row in rows_of(safe)[1:]} == {
        f"'{name}" if name.startswith(DANGEROUS) else name for name in NAMES
    }
    sheet = found["subuser_bw_usage_sorted"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    # A workbook tells text from formulas: the text is as it was, and stays text.
    assert {cell.data_type for cell in cells} == {"s"}
    assert {
        cell.value.replace("_x000D_", "\r"): cell.quotePrefix for cell in cells
    } == {name: name.startswith(DANGEROUS) for name in NAMES}


def test_numbers_below_zero_are_never_marked(sample_shop: Warehouse) -> None:
    contract = next(each for each in FILES if each.file == "monthly_net_volume.csv")
    rows = rows_of(downloads.content(sample_shop, contract))
    raw = downloads.content(sample_shop, contract, Edition(is_safe=False))

    assert any(cell.startswith("-") for row in rows for cell in row)
    assert rows_of(raw) == rows


def test_a_period_is_the_rows_of_its_months(
    sample_shop: Warehouse, written: dict[str, bytes]
) -> None:
    first, last = MONTHS.first_month, MONTHS.last_month
    assert first is not None
    assert last is not None

    for contract in FILES:
        if not contract.month:
            continue
        place = [column.name for column in contract.columns].index(contract.month)
        every = values(contract, downloads.content(sample_shop, contract))
        found = values(contract, written[contract.file])
        assert found == [row for row in every if first <= row[place] <= last]
        assert 0 < len(found) < len(every)


def test_rankings_and_bins_sum_over_the_period(written: dict[str, bytes]) -> None:
    def column(file: str, name: str) -> list[Any]:
        contract = next(each for each in FILES if each.file == file)
        place = [each.name for each in contract.columns].index(name)
        return [row[place] for row in values(contract, written[contract.file])]

    total = sum(
        column("total_bandwidth_usage_by_date.csv", "Total Monthly Bandwidth Usage")
    )
    assert sum(column("subuser_matches.csv", "Bandwidth Usage")) == total
    assert sum(column("users_by_bandwidth.csv", "usage_gb")) == total
    unmatched = column("users_by_bandwidth.csv", "usage_gb")[-1]
    assert sum(column("bandwidth_distribution.csv", "usage_gb")) == total - unmatched


def test_a_file_of_another_state_is_refused(sample_shop: Warehouse) -> None:
    version = sample_shop.version()
    contract = CONTRACTS[0]

    assert downloads.content(sample_shop, contract, version=version)
    with pytest.raises(PageOutdatedError):
        downloads.content(sample_shop, contract, version=version - 1)
