"""Long columns of text: held coded where they repeat, read as what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from core.files import textcolumns
from core.files.table import read_table
from core.files.upload import Upload
from core.sources import usage

if TYPE_CHECKING:
    import pytest

ROWS = "".join(
    f"{name},2024-{month:02},{month}.{number}\n"
    for month in range(1, 10)
    for number, name in enumerate(["ann", "bob", "ann ", "", "6.46E+11", "Total"])
)
TEXT = f"Subuser,Date,Bandwidth Usage (GB)\n{ROWS}bob,2024-02,-1\nshort\n"


def test_columns_that_repeat_are_coded_and_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(textcolumns, "MIN_ROWS", 10)
    texts = pa.table({"name": ["a", "b"] * 8, "gb": [str(n) for n in range(16)]})
    packed = textcolumns.packed(texts)
    assert [pa.types.is_dictionary(column.type) for column in packed.columns] == [
        True,
        False,
    ]
    assert textcolumns.plain(packed["name"]).to_pylist() == ["a", "b"] * 8
    assert textcolumns.coded(packed["gb"]).dictionary.to_pylist() == [
        str(n) for n in range(16)
    ]


def test_a_long_file_reads_as_a_short_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> tuple[object, ...]:
        reading = usage.read(read_table(Upload("a.csv", TEXT.encode())), sha256="")
        return reading.rows.to_pydict(), reading.problems, reading.warnings

    short = read()
    monkeypatch.setattr(textcolumns, "MIN_ROWS", 10)
    monkeypatch.setattr(textcolumns, "REPEATS", 2)
    assert read() == short


def test_first_rows_of_a_long_file_are_plain_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(textcolumns, "MIN_ROWS", 10)
    top = read_table(Upload("a.csv", TEXT.encode())).top(2)
    assert top.columns.column("0").type == pa.string()
    assert top.columns.num_rows == 2
    assert top.problems == ()
