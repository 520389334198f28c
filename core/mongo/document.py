"""One customer document, whatever it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bson.codec_options import CodecOptions, DatetimeConversion
from bson.json_util import JSONMode, JSONOptions, dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

BSON_OPTIONS: Final[CodecOptions[dict[str, Any]]] = CodecOptions(
    datetime_conversion=DatetimeConversion.DATETIME_AUTO,
    unicode_decode_error_handler="replace",
)
"""Without them one date outside the years 1 to 9999 makes a document unreadable."""

JSON_OPTIONS: Final = JSONOptions(
    tz_aware=False, datetime_conversion=DatetimeConversion.DATETIME_AUTO
)
"""Read Extended JSON to the same Python values as BSON_OPTIONS reads BSON."""

_CANONICAL: Final = JSONOptions(json_mode=JSONMode.CANONICAL)
_READABLE: Final = JSONOptions(json_mode=JSONMode.RELAXED)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as BSON values.

    line is the line of a text file on which it begins, or the number of the document
    in a binary source; both count from 1. raw is the document as BSON, empty when it
    was read from text.
    """

    line: int
    fields: Mapping[str, Any]
    raw: bytes = b""


def canonical_json(document: Document) -> str:
    """Write a whole document as one line of canonical Extended JSON."""
    return dumps(document.fields, json_options=_CANONICAL)


def shown(value: object) -> str:
    """Write a value for a message: text as it is, all else as relaxed Extended JSON."""
    try:
        text = value if isinstance(value, str) else dumps(value, json_options=_READABLE)
    except RecursionError:
        text = "(nested too deep to show)"
    return text.encode("utf-8", "backslashreplace").decode()
