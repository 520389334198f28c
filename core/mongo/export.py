"""Documents out of mongoexport JSON.

Source: mongoexport, or the export of a MongoDB tool with a screen.
Shapes: a document per line, an array, either of them pretty printed; documents one
after the other need no commas. Extended JSON: canonical, relaxed, legacy.
Grain: one document.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from bson.errors import BSONError
from bson.json_util import object_hook

from core.errors import RowProblem, UnreadableFileError
from core.mongo.document import JSON_OPTIONS, Document, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_BLANK_OR_COMMA: Final = re.compile(r"[ \t\r\n,]*")
_CLOSING: Final = re.compile(r"[]}]")
_SHELL: Final = re.compile(
    r"(?:new\s+)?(?:ObjectId|ISODate|Date|NumberLong|NumberInt|NumberDecimal|Long|Int32"
    r"|Double|Decimal128|Timestamp|BinData|UUID|DBRef|MinKey|MaxKey|HexData)\s*\("
    r"|[A-Za-z_$][\w$]*\s*:|'"
)
"""What stands where JSON has a value or a name in double quotes."""
_BAD_VALUE: Final = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    re.error,
    BSONError,
)
"""What Extended JSON of the wrong form raises inside the BSON library."""

_to_bson: Final = partial(object_hook, json_options=JSON_OPTIONS)
_DECODER: Final = json.JSONDecoder(object_hook=_to_bson)
_LONGEST_NUMBER: Final = 4000
"""Digits that Python turns into a number; it refuses 4,300 and more."""


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


_PLAIN: Final = json.JSONDecoder(parse_int=_number)
"""Finds where a document ends; no value of a document is an error to it."""


class _ShellTextError(UnreadableFileError):
    """Text copied from the MongoDB shell: no line of it can be read."""


def shape(text: str) -> str:
    """Tell how documents stand in the text: `array` or `lines`."""
    start = _BLANK.match(text)
    return "array" if text[start.end() if start else 0 :][:1] == "[" else "lines"


def documents(text: str, file: str) -> Iterator[Document | RowProblem]:
    """Read the documents one by one, in file order.

    Args:
        text: The whole export, without a byte order mark.
        file: Its name, for messages.

    Yields:
        A document, or why the document at this place is refused.

    Raises:
        UnreadableFileError: The text is cut, is no JSON, or is text of the shell.
    """
    reader = _Reader(text, file)
    if shape(text) == "array":
        return reader.array()
    return reader.sequence()


class _Reader:
    """A place in the text that moves from document to document."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.position = 0
        self.line = 1
        self._counted = 0

    def array(self) -> Iterator[Document | RowProblem]:
        self._skip(_BLANK)
        self.position += 1
        self._skip(_BLANK)
        while not self.text.startswith("]", self.position):
            yield self._document()
            self._skip(_BLANK)
            if self.text.startswith(",", self.position):
                self.position += 1
                self._skip(_BLANK)
            elif not self.text.startswith("]", self.position):
                raise self._damage(self.position)
        self.position += 1
        self._skip(_BLANK)
        if self.position < len(self.text):
            raise UnreadableFileError(
                self.file,
                f"line {self.line} has text behind the end of the list: "
                f"{self._found(self.position)}",
                "One file must hold one export: export it again",
            )

    def sequence(self) -> Iterator[Document | RowProblem]:
        self._skip(_BLANK_OR_COMMA)
        while self.position < len(self.text):
            yield self._document_or_line()
            self._skip(_BLANK_OR_COMMA)

    def _skip(self, blanks: re.Pattern[str]) -> None:
        found = blanks.match(self.text, self.position)
        if found:
            self.position = found.end()
        self.line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position

    def _document(self) -> Document | RowProblem:
        """Read the document here and move behind it."""
        try:
            value, end = _DECODER.raw_decode(self.text, self.position)
        except _BAD_VALUE as error:
            return self._refused(error)
        except RecursionError as error:
            raise self._too_deep() from error
        self.position = end
        if isinstance(value, dict):
            return Document(self.line, value)
        reason = "this is no document: a document begins with {"
        return RowProblem(self.file, self.line, "", shown(value), reason)

    def _refused(self, error: Exception) -> RowProblem:
        """Refuse the document here for a value, or the file if it is no JSON."""
        start = self.position
        try:
            plain, self.position = _PLAIN.raw_decode(self.text, start)
        except json.JSONDecodeError as damage:
            raise self._damage(damage.pos, damage.msg) from damage
        except RecursionError as deep:
            raise self._too_deep() from deep
        column = _bad_field(plain)
        value = plain.get(column, plain) if isinstance(plain, dict) else plain
        reason = f"not Extended JSON: {error}"
        return RowProblem(self.file, self.line, column, shown(value), reason)

    def _document_or_line(self) -> Document | RowProblem:
        """Read the document here; damage within one line costs that line only."""
        start = self.position
        try:
            return self._document()
        except _ShellTextError:
            raise
        except UnreadableFileError:
            end = self.text.find("\n", start)
            following = _BLANK.match(self.text, max(end, 0))
            self.position = following.end() if following else start
            if end < 0 or not self._whole_line():
                raise
            self.position = end
        broken = shown(self.text[start:end].rstrip("\r"))
        return RowProblem(self.file, self.line, "", broken, "this line is not JSON")

    def _whole_line(self) -> bool:
        """Tell whether the line here is one whole document."""
        try:
            value, end = _PLAIN.raw_decode(self.text, self.position)
        except (json.JSONDecodeError, RecursionError):
            return False
        tail = self.text[end : self.text.find("\n", end) + 1 or None].strip(" \t\r\n,")
        one_line = "\n" not in self.text[self.position : end]
        return isinstance(value, dict) and one_line and not tail

    def _damage(self, position: int, message: str = "") -> UnreadableFileError:
        """Say what is wrong with the file at this place."""
        line = self.text.count("\n", 0, position) + 1
        if _SHELL.match(self.text, position):
            return _ShellTextError(
                self.file,
                f"line {line} has {self._found(position)}: this is text of the "
                "MongoDB shell, which is not JSON",
                "Export the collection with mongoexport and load that file",
            )
        begun = self.text[self.position : self.position + 1] in {"", "{", "["}
        ends = message.startswith("Unterminated") or not _CLOSING.search(
            self.text, position
        )
        if begun and ends:
            return UnreadableFileError(
                self.file,
                f"the JSON is cut: it ends on line {self.text.count(chr(10)) + 1} "
                f"within what begins on line {self.line}",
                "The export or the copy of it was broken off: export it again",
            )
        return UnreadableFileError(
            self.file,
            f"line {line} is not JSON: found {self._found(position)}",
            "Export the collection again with mongoexport",
        )

    def _too_deep(self) -> UnreadableFileError:
        return UnreadableFileError(
            self.file,
            f"line {self.line} begins a document nested deeper than MongoDB allows",
            "Export the collection again with mongoexport",
        )

    def _found(self, position: int) -> str:
        return repr(self.text[position : position + 40])


def _bad_field(plain: object) -> str:
    """Name the field whose value cannot be read; empty when it is not just one."""
    if not isinstance(plain, dict):
        return ""
    for name, value in plain.items():
        try:
            _DECODER.decode(json.dumps(value))
        except (*_BAD_VALUE, RecursionError):
            return str(name)
    return ""
