"""The parts of an Excel workbook: which sheets it has, and what their cells refer to.

Source: ECMA-376, parts 1 and 2. Runs in the process of workbookreader alone.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import UnreadableFileError
from core.files.cell import unescaped
from core.files.cellnumber import EPOCH, EPOCH_1904
from core.files.numberformat import form
from core.files.worksheet import Sheet, Style, read_sheet
from core.files.xmlstream import XmlError, chunks, parse
from core.files.zipped import DAMAGE, Zip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.files.numberformat import Form
    from core.files.xmlstream import Handler
    from core.files.zipped import Member

MAX_SHEETS: Final = 200
"""Most sheets of a workbook."""

MAX_TEXTS: Final = 5_000_000
"""Most shared texts of a workbook."""

SAVE_AGAIN: Final = "Open it in a spreadsheet program and save it as CSV UTF-8"
"""What to do with a workbook that cannot be read."""


@dataclass(frozen=True)
class NamedSheet:
    """A sheet with its name, as the workbook lists it."""

    name: str
    is_hidden: bool
    cells: Sheet


def sheets(content: bytes, file: str) -> Iterator[NamedSheet]:
    """Read the sheets of a workbook one by one, in its order.

    Raises:
        UnreadableFileError: It is damaged or beyond the limits.
    """
    parts = _Parts(Zip(content, file))
    try:
        yield from _sheets(parts)
    except XmlError as error:
        raise UnreadableFileError(file, str(error), SAVE_AGAIN) from error
    except DAMAGE as error:
        wrong = f"is a workbook that is cut off or damaged ({error})"
        raise UnreadableFileError(file, wrong, SAVE_AGAIN) from error


def _sheets(parts: _Parts) -> Iterator[NamedSheet]:
    home = parts.related("", "/officeDocument", "xl/workbook.xml")
    index = _Index()
    parts.read(home, index)
    if len(index.entries) > MAX_SHEETS:
        raise XmlError(f"holds more than {MAX_SHEETS} sheets")
    relations = parts.relations(home)
    texts = _SharedTexts()
    parts.read(parts.related(home, "/sharedStrings"), texts)
    formats = _Formats()
    parts.read(parts.related(home, "/styles"), formats)
    epoch = EPOCH_1904 if index.is_1904 else EPOCH
    style = Style(texts.found, formats.forms(), epoch)
    for name, is_hidden, relation in index.entries:
        kind, path = relations.get(relation, ("/worksheet", ""))
        if kind.endswith("/worksheet"):
            yield NamedSheet(name, is_hidden, parts.sheet(path, style))


class _Parts:
    """Named parts of the package."""

    def __init__(self, packed: Zip) -> None:
        self._zip = packed
        self._members: dict[str, Member] = {
            part_name(member.info.filename): member for member in packed.members
        }

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: kind and part, by id."""
        folder, name = posixpath.split(part)
        found = _Relations(folder)
        self.read(posixpath.join(folder, "_rels", f"{name}.rels"), found)
        return found.found

    def related(self, part: str, kind: str, default: str = "") -> str:
        """Return the part that another one refers to as its kind."""
        for found, path in self.relations(part).values():
            if found.endswith(kind):
                return path
        return default

    def read(self, part: str, handler: Handler) -> None:
        """Parse a part; one that is absent is as if empty."""
        member = self._members.get(part_name(part))
        if member is not None:
            with self._zip.open(member) as stream:
                parse(chunks(stream), handler)

    def sheet(self, part: str, style: Style) -> Sheet:
        """Read the cells of a part."""
        member = self._members.get(part_name(part))
        if member is None:
            raise XmlError("is damaged: a sheet that it lists is missing")
        with self._zip.open(member) as stream:
            return read_sheet(stream, style)


def part_name(path: str) -> str:
    """Write the name of a part in the form by which parts are compared."""
    return path.replace("\\", "/").lstrip("/").casefold()


class _Relations:
    """Reads a part with relations."""

    def __init__(self, folder: str) -> None:
        self.text: list[str] = []
        self.found: dict[str, tuple[str, str]] = {}
        self._folder = folder

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(posixpath.join("/", self._folder, target))
            kind = attributes.get("Type", "")
            self.found[attributes.get("Id", "")] = kind, path.lstrip("/")

    def end(self, name: str) -> None:
        self.text.clear()


class _Index:
    """Reads the list of sheets: name, whether it is hidden, id of its part."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.entries: list[tuple[str, bool, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next(
                (text for key, text in attributes.items() if key.endswith(":id")), ""
            )
            is_hidden = attributes.get("state", "visible") != "visible"
            self.entries.append((attributes.get("name", ""), is_hidden, relation))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in {"1", "true"}

    def end(self, name: str) -> None:
        self.text.clear()


class _SharedTexts:
    """Reads the texts that cells share, without the readings of Asian names."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.found: list[str] = []
        self._runs: list[str] = []
        self._is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.text.clear()
        elif name == "rPh":
            self._is_phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            if not self._is_phonetic:
                self._runs.append("".join(self.text))
        elif name == "si":
            self.found.append(unescaped("".join(self._runs)))
            self._runs.clear()
            if len(self.found) > MAX_TEXTS:
                raise XmlError(f"holds more than {MAX_TEXTS:,} texts")
        elif name == "rPh":
            self._is_phonetic = False


class _Formats:
    """Reads the number formats of the cells."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._codes: dict[int, str] = {}
        self._cells: list[int] = []
        self._is_in_cells = False

    def forms(self) -> dict[str, Form]:
        """Return the forms by the number that cells give."""
        return {
            str(number): form(format_id, self._codes)
            for number, format_id in enumerate(self._cells)
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            code = attributes.get("formatCode", "")
            self._codes[_whole(attributes.get("numFmtId"))] = code
        elif name == "cellXfs":
            self._is_in_cells = True
        elif name == "xf" and self._is_in_cells:
            self._cells.append(_whole(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_in_cells = False
        self.text.clear()


def _whole(text: str | None) -> int:
    """Return a whole number, 0 when it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
