"""Text from files, where Streamlit renders markdown."""

from __future__ import annotations

import pytest

from pages.parts.text import as_text


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("plain words 5", "plain words 5"),
        ("two\nlines\t of  text ", "two lines of text"),
        ("**bold** [x](y)", r"\*\*bold\*\* \[x\]\(y\)"),
        ("a<b>&c", r"a\<b\>\&c"),
        ("http://a", "http\\:\u2060\\/\\/a"),
        ("HTTPS://a", "HTTPS\\:\u2060\\/\\/a"),
        ("www.a", "www\u2060\\.a"),
        ("awww, http: b", r"awww\, http\: b"),
        ("to a.b+c@d.example", "to a\\.b\\+c\u2060\\@d\\.example"),
        ("5 @ 3, @all", r"5 \@ 3\, \@all"),
    ],
)
def test_nothing_in_a_value_is_markdown_or_a_link(value: str, escaped: str) -> None:
    assert as_text(value) == escaped
