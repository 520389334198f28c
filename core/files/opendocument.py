"""The sheets of an OpenDocument workbook (.ods), cell by cell.

Source: OASIS OpenDocument 1.3, part 3. Runs in the process of workbookreader alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import UnreadableFileError
from core.files.cell import (
    FORMULA_TEXT,
    INLINE,
    VALUE,
    Cell,
    cell_of,
    column_letters,
)
from core.files.cellnumber import EPOCH
from core.files.dialect import MAX_COLUMNS
from core.files.workbook import MAX_SHEETS, SAVE_AGAIN, NamedSheet
from core.files.worksheet import MAX_CELL_CHARS, MAX_ROW, SheetReader, Style
from core.files.xmlstream import XmlError, chunks, parse
from core.files.zipped import DAMAGE, Zip

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND: Final = b"application/vnd.oasis.opendocument.spreadsheet"
"""Begins the file `mimetype` of such a workbook, or of a template of one."""

_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_ASIDE: Final = frozenset({"annotation", "frame", "custom-shape"})
_TYPES: Final = {
    "float": ("n", "office:value"),
    "percentage": ("n", "office:value"),
    "currency": ("n", "office:value"),
    "date": ("d", "office:date-value"),
    "boolean": ("b", "office:boolean-value"),
}
"""Type of a cell as workbooks of Excel have it, and the attribute with its value."""


def is_open_document(packed: Zip) -> bool:
    """Tell whether a zip is an OpenDocument workbook.

    Raises:
        UnreadableFileError: The file that tells its kind is damaged.
    """
    for member in packed.members:
        if member.info.filename == "mimetype" and member.size < 2 * len(KIND):
            return packed.read(member).startswith(KIND)
    return False


def sheets(content: bytes, file: str) -> Iterator[NamedSheet]:
    """Read the sheets of a workbook, in its order.

    Raises:
        UnreadableFileError: It is damaged, protected, or beyond the limits.
    """
    packed = Zip(content, file)
    members = {member.info.filename: member for member in packed.members}
    manifest, body = _Manifest(), _Content()
    try:
        for name, handler in (
            ("META-INF/manifest.xml", manifest),
            ("content.xml", body),
        ):
            if name in members:
                with packed.open(members[name]) as stream:
                    parse(chunks(stream), handler)
            if manifest.is_encrypted:
                wrong, action = "is protected by a password", "Save it without one"
                raise UnreadableFileError(file, wrong, action)
    except XmlError as error:
        raise UnreadableFileError(file, str(error), SAVE_AGAIN) from error
    except DAMAGE as error:
        wrong = f"is a workbook that is cut off or damaged ({error})"
        raise UnreadableFileError(file, wrong, SAVE_AGAIN) from error
    yield from body.sheets


class _Manifest:
    """Reads the list of files: whether any is encrypted."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.is_encrypted = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.is_encrypted |= name == "encryption-data"

    def end(self, name: str) -> None:
        self.text.clear()


class _Content:
    """Reads content.xml: styles that hide a sheet, then the sheets."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.sheets: list[NamedSheet] = []
        self._hiding: set[str] = set()
        self._style = ""
        self._table: dict[str, str] | None = None
        self._reader = SheetReader(Style([], {}, EPOCH))
        self._line = 0
        self._row: dict[str, str] = {}
        self._cells: list[Cell] = []
        self._position = 0
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._aside: list[str] = []
        self._kept: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside:
            self._aside += [name] if name in _ASIDE else []
        elif name in _CELLS:
            self._cell = attributes
            self._paragraphs.clear()
        elif name == "p":
            self.text.clear()
        elif name == "table-row":
            self._row, self._position = attributes, 0
            self._cells.clear()
        elif name in _ASIDE:
            self._aside.append(name)
            self._kept = [*self.text]
        else:
            self._start_rarer(name, attributes)

    def _start_rarer(self, name: str, attributes: dict[str, str]) -> None:
        if name == "s":
            count = _count(attributes, "text:c")
            self.text.append(" " * min(count, MAX_CELL_CHARS))
        elif name in {"tab", "line-break"}:
            self.text.append("\t" if name == "tab" else "\n")
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._hiding.add(self._style)
        elif name == "table":
            if self._table is not None:
                raise XmlError("holds a table inside a table")
            self._table, self._line = attributes, 0
            self._reader = SheetReader(Style([], {}, EPOCH))

    def end(self, name: str) -> None:
        if self._aside:
            if name == self._aside[-1]:
                self._aside.pop()
                self.text[:] = self._kept
        elif name == "p":
            self._paragraphs.append("".join(self.text))
        elif name in _CELLS:
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._end_table()

    def _end_cell(self) -> None:
        """Add a cell as often as it is repeated; an empty one only takes its place."""
        found = self._cell or {}
        self._cell = None
        count = _count(found, "table:number-columns-repeated")
        cell = _cell(found, "\n".join(self._paragraphs))
        spanned = _count(found, "table:number-rows-spanned")
        if spanned > 1:
            last = min(self._line + spanned, MAX_ROW)
            self._reader.sheet.merged.append((self._position, self._line + 1, last))
        if cell.kind or cell.value or cell.inline:
            if self._position + count > MAX_COLUMNS:
                place = f"column {self._position + count:,} of row {self._line + 1:,}"
                raise XmlError(f"holds a value in {place}: no export is so wide")
            places = range(self._position, self._position + count)
            self._cells += [cell._replace(letters=column_letters(at)) for at in places]
        self._position += count

    def _end_row(self) -> None:
        count = _count(self._row, "table:number-rows-repeated")
        is_hidden = self._row.get("table:visibility") in {"collapse", "filter"}
        if self._cells:
            for line in range(self._line + 1, self._line + count + 1):
                self._reader.take(line, [*self._cells], is_hidden=is_hidden)
        self._line += count

    def _end_table(self) -> None:
        if len(self.sheets) == MAX_SHEETS:
            raise XmlError(f"holds more than {MAX_SHEETS} sheets")
        self._reader.flush()
        found = self._table or {}
        self._table = None
        is_hidden = found.get("table:style-name") in self._hiding
        name = found.get("table:name", "")
        self.sheets.append(NamedSheet(name, is_hidden, self._reader.sheet))


def _cell(found: dict[str, str], text: str) -> Cell:
    """Write a cell as one of Excel; the text of a number is its value, not its look."""
    kind, name = _TYPES.get(found.get("office:value-type", ""), ("", ""))
    cell: dict[str, str] = {}
    if formula := found.get("table:formula"):
        cell[FORMULA_TEXT] = formula.partition("=")[2]
    if kind and found.get(name):
        cell["t"] = kind
        cell[VALUE] = {"true": "1", "false": "0"}.get(found[name], found[name])
    elif text := text or found.get("office:string-value", ""):
        # The reader resolves `_x000D_`, which stands for itself here.
        cell |= {"t": "inlineStr", VALUE: "", INLINE: text.replace("_x", "_x005F_x")}
    return cell_of(cell)


def _count(attributes: dict[str, str], name: str) -> int:
    """Return how often something is repeated, 1 where nothing is said."""
    text = attributes.get(name, "1")
    if not (text.isdecimal() and len(text) < 9):
        raise XmlError("is damaged: it repeats something an impossible number of times")
    return int(text)
