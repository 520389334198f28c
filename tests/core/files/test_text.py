"""Encodings told apart, and what is no text."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AppError, UnreadableFileError
from core.files.text import read_text, text_bytes
from core.files.upload import Upload

TABLE = "Subuser,Date\nann,2024-01\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8-sig"),
        (TABLE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-32"), "utf-32"),
        (gzip.compress(TABLE.encode("utf-16"), mtime=0), "utf-16"),
    ],
)
def test_encoding_is_recognised(content: bytes, encoding: str) -> None:
    text = read_text(Upload("f", content))
    assert text.content == TABLE.encode()
    assert text.encoding == encoding


@pytest.mark.parametrize("names", ["jos\u00e9", "jos\u00e9 pe\u00f1a \u20ac"])
def test_windows_1252_is_the_last_resort(names: str) -> None:
    text = read_text(Upload("f", f"Subuser\n{names}\n".encode("cp1252")))
    assert text.content.decode() == f"Subuser\n{names}\n"
    assert text.encoding == "cp1252"


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
@settings(max_examples=50, deadline=None)
def test_utf8_text_passes_unchanged(text: str) -> None:
    content = f"Subuser,Date\n{text}".encode()
    assert text_bytes(Upload("f", content)) == content


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "f: is empty. Export it again."),
        (gzip.compress(b"", mtime=0), "f: is empty"),
        (b"\xef\xbb\xbf", "holds no text"),
        (b" \r\n \n", "holds no text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a PNG picture, whatever its name says"),
        (b"a,b\n1,2\n3,\0\0\0\0\n", "holds a zero byte on line 3"),
        ("a\u20ac,b\n\u20ac,\u20ac".encode()[:-1], "UTF-8 text that is damaged on"),
        (b"a,b\nx\x81\xff,1", "in no encoding that can be told (line 2)"),
        (b"\xff\xfe" + b"a\0,\0\x00\xd8b\0", "begins like UTF-16 text but is damaged"),
        ("a,b\n".encode("utf-16") + b"\0", "begins like UTF-16 text but is damaged"),
    ],
)
def test_what_is_no_text_is_told(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFileError) as error:
        text_bytes(Upload("f", content))
    assert told in str(error.value)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_text_or_a_told_error(content: bytes) -> None:
    try:
        found = text_bytes(Upload("f", content)).decode()
    except AppError as error:
        found = str(error)
    assert found
