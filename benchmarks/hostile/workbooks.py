"""Hostile workbooks: XML that fetches, grows, or claims what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from benchmarks.hostile.packages import zipped
from benchmarks.hostile.payloads import ACTIVE, FORMULAS
from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
MB: Final = 1024**2

_ENTITY: Final = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_LAUGHS: Final = (
    '<!DOCTYPE x [<!ENTITY a "zqxzqxzqx">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">'
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def _row(number: object, *cells: str) -> str:
    return f'<row r="{number}">' + "".join(cells) + "</row>"


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _number(place: str, value: str) -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


HEADER: Final = _row(
    1, _text("A1", "Subuser"), _text("B1", "Date"), _text("C1", "Usage (GB)")
)


def good(number: int, name: str = "ann", usage: str = "1.5") -> str:
    """Write a row of usage as XML."""
    cells = (
        _text(f"A{number}", name),
        _text(f"B{number}", "2024-01"),
        _number(f"C{number}", usage),
    )
    return _row(number, *cells)


_SHEETS: Final = {
    "a cell at the end of the sheet": HEADER
    + good(2)
    + _row(1048576, _number("XFD1048576", "1")),
    "a row beyond the end": HEADER + _row(99999999999, _number("A99999999999", "1")),
    "a negative row": HEADER + _row(-5, _number("A-5", "1")),
    "a row that is no number": HEADER + _row("zqx", _number("zqx", "1")),
    "a column beyond the end": HEADER + _row(2, _number("ZZZZZZ2", "1")),
    "rows in no order": good(9) + HEADER + good(2),
    "one row twice": HEADER + good(2) + good(2, "bob"),
    "one cell twice": HEADER + _row(2, *[_text("A2", f"x{n}") for n in range(1000)]),
    "10,000 columns": _row(1, *[_text("", f"c{n}") for n in range(10_000)]),
    "a text of 10 MB": HEADER + good(2, "x" * (10 * MB)),
    "a number without end": HEADER + good(2, usage="9" * 5000),
    "a number that is none": HEADER + good(2, usage="zqx"),
    "a number beyond belief": HEADER + good(2, usage="1e999999999"),
    "no number": HEADER + good(2, usage="NaN"),
    "a text that is not there": HEADER + _row(2, '<c r="A2" t="s"><v>999999</v></c>'),
    "a text before the first": HEADER + _row(2, '<c r="A2" t="s"><v>-1</v></c>'),
    "a kind of cell that is none": HEADER + _row(2, '<c r="A2" t="zqx"><v>1</v></c>'),
    "a style that is not there": HEADER + _row(2, '<c r="A2" s="99999"><v>1</v></c>'),
    "a date beyond time": HEADER + _row(2, '<c r="B2" s="0"><v>1e300</v></c>'),
    "an ISO date that is none": HEADER + _row(2, '<c r="B2" t="d"><v>zqx</v></c>'),
    "a formula alone": HEADER + _row(2, "<c r='A2'><f>WEBSERVICE(1)</f></c>") + good(3),
    "escapes within a text": HEADER + good(2, "_x0000_zqx_x000D__xD800_"),
    "a zero byte as a number": HEADER + good(2, "&#0;"),
    "half a surrogate as a number": HEADER + good(2, "&#xD800;"),
    "an entity that is not there": HEADER + good(2, "&zqx;"),
    "10,000 elements within elements": HEADER + "<x>" * 10_000 + "</x>" * 10_000,
    "elements that never end": HEADER + "<row><c>" * 1000,
    "200,000 empty rows": HEADER + "<row/>" * 200_000 + good(200_002),
    "an attribute of 10 MB": f'{HEADER}<row r="2" zqx="{"x" * (10 * MB)}"/>',
    "an instruction": f"{HEADER}<?php zqx() ?>{good(2)}",
}

_MERGED: Final = {
    "the whole sheet merged": '<mergeCell ref="A1:XFD1048576"/>',
    "an area that is none": '<mergeCell ref="zqx:zqx"/>',
    "an area backwards": '<mergeCell ref="C9:A1"/>',
    "100,000 areas": '<mergeCell ref="A2:A3"/>' * 100_000,
}


def files() -> Iterator[tuple[str, Upload]]:
    """Give out the files with what they try."""
    for what, data in _SHEETS.items():
        yield f"{what} of a workbook", book(data)
    for what, cells in _MERGED.items():
        merged = f"<mergeCells>{cells}</mergeCells>"
        yield what, book(HEADER + good(2) + good(3), after=merged)
    for what, text in (ACTIVE | FORMULAS).items():
        yield f"{what} in a workbook", book(HEADER + good(2, escape(text)), name=text)
    for what, begin in {
        "an entity of a file": _ENTITY,
        "a billion laughs": _LAUGHS,
    }.items():
        name = "e" if "file" in what else "i"
        yield what, book(HEADER + good(2, f"&{name};"), begin=begin)
    for what, target in {
        "a sheet above the package": "../../../etc/passwd",
        "a sheet of the machine": "file:///etc/passwd",
        "a sheet of the web": "https://zqx.example.com/sheet.xml",
        "a sheet that is the book": "workbook.xml",
    }.items():
        yield what, book(HEADER + good(2), target=target)
    shared = f'<sst xmlns="{MAIN}" count="999999999" uniqueCount="999999999"/>'
    yield "a billion texts claimed", book(HEADER, shared=shared)
    yield "300 sheets", book(HEADER + good(2), sheets=300)


def book(  # noqa: PLR0913
    data: str,
    *,
    after: str = "",
    begin: str = "",
    name: str = "June",
    target: str = "worksheets/sheet1.xml",
    shared: str = "",
    sheets: int = 1,
) -> Upload:
    """Write a workbook from the XML of its sheet."""
    names = [quoteattr(name[:31] + str(n or "")) for n in range(sheets)]
    listed = "".join(
        f'<sheet name={named} sheetId="{n}" r:id="r1"/>'
        for n, named in enumerate(names)
    )
    relations = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="{target}"/>'
    relations += (
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="shared.xml"/>'
        * bool(shared)
    )
    root = '<Relationship Id="r1" Type="'
    root += f'{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    named_sheets = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}'
    cells = f'{begin}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{root}</Relationships>',
        "xl/workbook.xml": f"{named_sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f"{cells}{after}</worksheet>",
        **({"xl/shared.xml": shared} if shared else {}),
    }
    packed = zipped(*((part, text.encode()) for part, text in parts.items()))
    return Upload("usage.xlsx", packed)
