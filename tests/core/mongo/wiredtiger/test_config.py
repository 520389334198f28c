"""Configuration strings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mongo.wiredtiger.config import group, log_position, parse, size_bytes, word


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        (
            'a=1,b=(c=2,d="x"),e=[f,g]',
            {"a": "1", "b": {"c": "2", "d": "x"}, "e": {"f": "", "g": ""}},
        ),
        ("a=,b=()", {"a": "", "b": {}}),
        ('a="b=(c)",d=e', {"a": "b=(c)", "d": "e"}),
        (
            'checkpoint=(W.1=(addr="01",order=1),W.2=(addr="02",order=2))',
            {
                "checkpoint": {
                    "W.1": {"addr": "01", "order": "1"},
                    "W.2": {"addr": "02", "order": "2"},
                }
            },
        ),
        ("a=(b=(c=(d=1))),e=2", {"a": {"b": {"c": {"d": "1"}}}, "e": "2"}),
        ("a=1,a=2", {"a": "2"}),
        ("a=1\n", {"a": "1"}),
        (")a=1", {"a": "1"}),
    ],
)
def test_what_is_written_is_read(text: str, config: object) -> None:
    assert parse(text) == config


@given(st.text(alphabet='a=,()[]":1', max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_text_is_some_configuration(text: str) -> None:
    config = parse(text)
    assert word(config, "no such name", "default") == "default"
    assert group(config, "no such name") == {}


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a=1,checkpoint_lsn=(3,128),b=2", (3, 128)),
        ("checkpoint_lsn=(128,128)", (128, 128)),
        ("checkpoint_lsn=", None),
        ("", None),
    ],
)
def test_a_log_position_is_read(text: str, position: object) -> None:
    assert log_position(text) == position


@pytest.mark.parametrize(
    ("text", "size"),
    [("4KB", 4096), ("4096", 4096), ("1M", 1024**2), ("2GB", 2 * 1024**3), ("x", 7)],
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert size_bytes(text, 7) == size
