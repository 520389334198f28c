"""Configuration strings: `a=1,b=(c=2,d="x"),e=[...]`."""

from __future__ import annotations

import re
from typing import Final

Config = dict[str, "str | Config"]
"""A word without a value is a key with an empty text."""

_PIECE: Final = re.compile(r'"[^"]*"|[()\[\]=:,]|[^()\[\]=:,"]+')
_OPENING: Final = frozenset("([")
_CLOSING: Final = frozenset(")]")
_ASSIGNS: Final = frozenset("=:")
_SIZE: Final = re.compile(r"(\d+)\s*([KMG]?)B?")
_LOG_POSITION: Final = re.compile(r"checkpoint_lsn=\((\d+),(\d+)\)")
_FACTOR: Final = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def parse(text: str) -> Config:
    """Read a configuration string; a name that repeats keeps its last value."""
    stack: list[Config] = [{}]
    key = ""
    assigned = False
    for piece in _PIECE.findall(text.strip("\0\n ")):
        if piece in _OPENING:
            inner: Config = {}
            stack[-1][key if assigned or key else ""] = inner
            stack.append(inner)
            key, assigned = "", False
        elif piece in _CLOSING:
            if len(stack) > 1:
                stack.pop()
            key, assigned = "", False
        elif piece in _ASSIGNS:
            assigned = True
        elif piece == ",":
            key, assigned = "", False
        else:
            word = piece.strip('"') if piece.startswith('"') else piece.strip()
            if assigned:
                stack[-1][key] = word
            else:
                key = word
                stack[-1].setdefault(key, "")
    return stack[0]


def group(config: Config, name: str) -> Config:
    """Return a nested group; empty when it is absent or no group."""
    value = config.get(name, {})
    return value if isinstance(value, dict) else {}


def word(config: Config, name: str, default: str = "") -> str:
    """Return a plain value."""
    value = config.get(name, default)
    return value if isinstance(value, str) else default


def size_bytes(text: str, default: int) -> int:
    """Read a size such as `4KB`."""
    found = _SIZE.fullmatch(text)
    return int(found[1]) * _FACTOR[found[2]] if found else default


def log_position(text: str) -> tuple[int, int] | None:
    """Read `checkpoint_lsn=(file,offset)` of a configuration string, or None."""
    found = _LOG_POSITION.search(text)
    return (int(found[1]), int(found[2])) if found else None
