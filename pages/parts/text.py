"""Text from files, made safe for places where Streamlit renders markdown."""

from __future__ import annotations

import re
from typing import Final

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")


def as_text(value: str) -> str:
    """Escape a value from a file so that markdown shows it literally, on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(value.split()))
