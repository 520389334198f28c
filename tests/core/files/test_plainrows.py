"""Plain rows taken out of the XML of a sheet, against the parser alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files.cellnumber import EPOCH
from core.files.numberformat import DATE
from core.files.plainrows import without_plain_rows
from core.files.worksheet import Sheet, SheetReader, Style
from core.files.xmlstream import XmlError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

STYLE = Style(["shared", "texts"], {"1": DATE}, EPOCH)

CELLS = st.sampled_from(
    [
        '<c r="{}"><v>1.50</v></c>',
        '<c r="{}"><v> </v></c>',
        '<c r="{}"><v> 7 </v></c>',
        '<c r="{}" s="1"><v>45292</v></c>',
        '<c r="{}" s="1" t="n"><v>0.10000000000000001</v></c>',
        '<c r="{}" t="s"><v>1</v></c>',
        '<c r="{}" t="s"/>',
        '<c r="{}" t="b"><v>1</v></c>',
        '<c r="{}" t="str"><v>a\nb</v></c>',
        '<c r="{}" t="e"><v>#N/A</v></c>',
        '<c r="{}" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>',
        '<c r="{}" s="2"/>',
        '<c r="{}" t="str"><v>a &amp; b</v></c>',
        '<c r="{}"><f>A1</f><v>3</v></c>',
        '<c r="{}"><f>A1</f></c>',
        '<c t="b" r="{}"><v>1</v></c>',
        '<c r="{}" t="str"><v>é</v></c>',
        '<c r="{}" t="str"><v>\x01</v></c>',
        '<c r="{}" t="s"><v>9</v></c>',
        '<c r="A1"><v>1</v></c>',
        "<!-- <c><v>1</v></c> -->",
    ]
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *('<row r="{}">', '<row r="{}" hidden="1">', '<row r="{}" x:y="0">'),
                *("<row>", '<row r="1">', '<!-- <row r="{}"> -->', "\n<row r='{}'>"),
            ]
        ),
        st.lists(CELLS, max_size=4),
    ),
    max_size=6,
)


def xml_of(rows: list[tuple[str, list[str]]]) -> str:
    parts = ['<?xml version="1.0"?><worksheet><sheetData>']
    for line, (begin, cells) in enumerate(rows, 1):
        parts.append(begin.format(line))
        parts += [
            cell.replace("{}", f"{letter}{line}")
            for letter, cell in zip("ABCD", cells, strict=False)
        ]
        parts.append("</row>")
    return "".join([*parts, "</sheetData></worksheet>"])


def read(chunks: Iterable[bytes], *, is_cut: bool) -> Sheet | type[XmlError]:
    reader = SheetReader(STYLE)
    try:
        parse(without_plain_rows(chunks, reader.take) if is_cut else chunks, reader)
    except XmlError:
        return XmlError
    reader.flush()
    return reader.sheet


@given(rows=ROWS, size=st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_plain_rows_and_the_parser_say_the_same(
    rows: list[tuple[str, list[str]]], size: int
) -> None:
    xml = xml_of(rows).encode()
    chunks = [xml[start : start + size] for start in range(0, len(xml), size)]
    assert read(chunks, is_cut=True) == read([xml], is_cut=False)


@pytest.mark.parametrize(
    ("begin", "end", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "", "latin-1"),
        ('<?xml version="1.0" encoding="utf-16"?>', "", "utf-16"),
        ("", "<!-- end -->", "utf-8"),
    ],
)
def test_other_encodings_and_comments_are_left_to_the_parser(
    begin: str, end: str, encoding: str
) -> None:
    row = '<row r="1"><c r="A1" t="str"><v>é</v></c></row>'
    xml = f"{begin}<worksheet>{row}{end}</worksheet>".encode(encoding)
    found = read([xml], is_cut=True)
    assert isinstance(found, Sheet)
    assert found.columns == [bytearray("é\0".encode())]


def test_plain_rows_are_not_parsed() -> None:
    row = b'<row r="2" spans="1:2"><c r="A2"><v>1</v></c><c r="B2" s="1"/></row>'
    taken: list[int] = []
    left = without_plain_rows(
        [b"<sheetData>" + row + b"</sheetData>"], lambda line, _: taken.append(line)
    )
    assert b"".join(left) == b"<sheetData></sheetData>"
    assert taken == [2]
