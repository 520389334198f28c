"""Routes: what kind of address a request asks for, without what it names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PAGES: Final = frozenset(
    f"/{script.stem}"
    for script in Path(__file__).resolve().parents[1].glob("*.py")
    if script.stem != "shell"
)
"""Addresses of the pages. Source: the navigation in pages/shell.py, by file name."""

EXACT: Final = PAGES | frozenset(
    "/ /_stcore/health /_stcore/host-config /_stcore/metrics /_stcore/stream "
    "/_stcore/script-health-check /_stcore/allowed-message-origins "
    "/_stcore/agent/openapi.json /favicon.png /sign-in /auth/login /auth/logout "
    "/oauth2callback".split()
)
"""Addresses that name nothing: they are their own route."""

BELOW: Final = (
    "/_stcore/upload_file/",
    "/_stcore/bidi-components/",
    "/media/",
    "/component/",
    "/static/",
)
"""Beginnings of addresses that name a file, a session or a component."""

OTHER: Final = "other"
"""The route of an address that is none of these; a stranger may write anything."""


def route(path: str) -> str:
    """Return the route of a path: at most one of a few dozen texts, all ours."""
    if path in EXACT:
        return path
    for start in BELOW:
        if path.startswith(start):
            return f"{start}*"
    return OTHER
