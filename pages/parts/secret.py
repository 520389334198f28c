"""What an administrator keeps in this server's secrets; no page can change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

SECTION: Final = "mongodb"
"""Section of the secrets: `uri`, the shop's server; `folders`, allowed parents."""


def mongodb_uri() -> str:
    """Return the address of the shop's server; empty where none is kept."""
    uri = _section().get("uri", "")
    return uri if isinstance(uri, str) else ""


def mongodb_folders() -> tuple[str, ...]:
    """Return the parents below which folders may be read; none by default."""
    named = _section().get("folders", ())
    # A lone text would be taken apart into letters, and `/` be one of them.
    return tuple(map(str, named)) if isinstance(named, list | tuple) else ()


def _section() -> Mapping[str, object]:
    if not st.secrets.load_if_toml_exists():
        return {}
    section = st.secrets.get(SECTION, {})
    return section if isinstance(section, Mapping) else {}
