"""Who uses the app, and when: the only place where pages read the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st


def now() -> datetime:
    """Return the present instant, UTC without a zone, as the warehouse keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def who() -> str:
    """Name the signed-in person, or `local` where nobody has to sign in."""
    user = st.user.to_dict() if hasattr(st.user, "to_dict") else {}
    return str(user.get("email") or "local")
