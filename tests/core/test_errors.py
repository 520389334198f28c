"""Failures are told in text that is fit to be shown."""

from __future__ import annotations

import pytest

from core.errors import MAX_MESSAGE_CHARS, AppError, UnreadableFileError


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.csv", "a.csv"),
        ("zoë €.csv", "zoë €.csv"),
        ("a\0b\x1b[31m", "a\\x00b\\x1b[31m"),
        ("gpj\u202eexe", "gpj\\u202eexe"),
        ("a\ud800b", "a\\ud800b"),
    ],
)
def test_letters_that_cannot_be_seen_are_written_as_escapes(
    name: str, shown: str
) -> None:
    error = UnreadableFileError(name, "is empty", "Export it again")
    assert str(error) == f"{shown}: is empty. Export it again."


def test_lines_of_a_message_stay_lines() -> None:
    assert str(AppError("one\ntwo\x07")) == "one\ntwo\\x07"


def test_a_message_has_an_end() -> None:
    text = str(AppError("x" * 10_000_000))
    assert text == "x" * MAX_MESSAGE_CHARS + "..."
