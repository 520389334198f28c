"""Rows of a sheet as nearly every program writes them, taken out of its XML.

Only what a pattern proves to be plain is taken: cells in the usual order of
attributes, without formulas, entities or comments. All else is left to the parser.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_ROW_BYTES: Final = 4 * 1024**2
"""Longest row that is looked for; a longer one is left to the parser."""

_TEXT = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*"
_ATTRIBUTES = rb'(?: (?!hidden)[\w:]+="[^"<>&\x00-\x1f]*")*'
_ROW = re.compile(rb'<row r="(\d{1,7})"' + _ATTRIBUTES + rb">")
_ROW_END = b"</row>"
_CELL = re.compile(
    r'(<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>(?:'
    rf'<v>({_TEXT})</v>|<is><t(?: xml:space="preserve")?>({_TEXT})</t></is>)?</c>))'
)
_XML = itemgetter(0)
_ENCODING = re.compile(rb"encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)


def without_plain_rows(
    chunks: Iterable[bytes], take: Callable[[int, list[tuple[str, ...]]], None]
) -> Iterator[bytes]:
    """Give plain rows to take and yield all other XML, each in its turn.

    Args:
        chunks: The XML of a sheet.
        take: Called with the number of a row and its cells, as Cell.
    """
    rest = b""
    is_plain = True
    is_first = True
    for chunk in chunks:
        data, rest = rest + chunk, b""
        is_plain = is_plain and not _is_odd(data, is_first=is_first)
        is_first = False
        if not is_plain:
            yield data
            continue
        *rows, tail = data.split(_ROW_END)
        for row in rows:
            start = row.rfind(b"<row ")
            head = _ROW.match(row, start) if start >= 0 else None
            cells = _plain_cells(row[head.end() :]) if head else None
            if head and cells is not None:
                if start:
                    yield row[:start]
                take(int(head[1]), cells)
            else:
                yield row + _ROW_END
        place = _whole_end(tail)
        yield tail[:place]
        rest = tail[place:]
    yield rest


def _is_odd(data: bytes, *, is_first: bool) -> bool:
    """Tell whether data may hold rows that are no rows, or is no UTF-8."""
    if is_first and _ENCODING.search(data[:200]):
        return True
    return b"<!" in data or data.find(b"<?", 1) > 0 or len(data) > 2 * MAX_ROW_BYTES


def _plain_cells(xml: bytes) -> list[tuple[str, ...]] | None:
    """Read the cells of a row; None when it holds anything else."""
    try:
        text = xml.decode()
    except UnicodeDecodeError:
        return None
    cells = _CELL.findall(text)
    return cells if sum(map(len, map(_XML, cells))) == len(text) else None


def _whole_end(data: bytes) -> int:
    """Tell where the last row begins, which may be cut, or else the last tag."""
    for mark in (b"<row", b"<"):
        place = data.rfind(mark)
        if place >= 0:
            return place
    return len(data)
