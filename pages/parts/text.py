"""Text from files, made safe for places where Streamlit renders markdown."""

from __future__ import annotations

import re
from typing import Final

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS: Final = re.compile(r"(https?:(?=//)|www(?=\.))", re.IGNORECASE)
_EMAIL: Final = re.compile(r"(?<=[\w.+-])@(?=[\w-])")
_WORD_JOINER: Final = "\u2060"
"""Has no width, and parts an address: Streamlit makes links of escaped ones, too."""


def as_text(value: str) -> str:
    """Escape a value from a file so that markdown shows it literally, on one line."""
    parted = _ADDRESS.sub(rf"\1{_WORD_JOINER}", " ".join(value.split()))
    parted = _EMAIL.sub(f"{_WORD_JOINER}@", parted)
    return _PUNCTUATION.sub(r"\\\1", parted)
