"""XML read as a stream, within limits: nothing is fetched, declared or expanded."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, Protocol
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STEP: Final = 1024**2
"""Bytes handed to the parser at a time."""


class XmlError(Exception):
    """What is wrong with a piece of XML, as a part of a sentence."""


class Handler(Protocol):
    """What wants to know of elements; prefixes of names are cut off."""

    text: list[str]
    """Every piece of character data is appended; a handler clears it."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Read a stream piece by piece."""
    while chunk := stream.read(STEP):
        yield chunk


def parse(pieces: Iterable[bytes], handler: Handler) -> None:
    """Read XML to its end, each piece when the one before has been handled.

    Raises:
        XmlError: It is damaged, or declares a document type, as no workbook does.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.CharacterDataHandler = handler.text.append
    parser.StartElementHandler = _choose_names(parser, handler)
    parser.EndElementHandler = handler.end
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise XmlError(f"is damaged inside ({error})") from error


def _refuse(*_: object) -> None:
    raise XmlError("declares a document type, as no workbook does")


def _choose_names(
    parser: expat.XMLParserType, handler: Handler
) -> Callable[[str, dict[str, str]], None]:
    """Cut prefixes only where the root has one: that takes time for each cell."""

    def start_root(name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            parser.StartElementHandler = start_cut
            parser.EndElementHandler = end_cut
            start_cut(name, attributes)
        else:
            parser.StartElementHandler = handler.start
            handler.start(name, attributes)

    def start_cut(name: str, attributes: dict[str, str]) -> None:
        handler.start(name.rpartition(":")[2], attributes)

    def end_cut(name: str) -> None:
        handler.end(name.rpartition(":")[2])

    return start_root
