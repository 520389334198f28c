"""Who uses the app, and when: the only place where pages read the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.actors import LOCAL, Actor
from pages.parts import signin


def now() -> datetime:
    """Return the present instant, UTC without a zone, as the warehouse keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def claims() -> dict[str, object]:
    """Return what the provider said of the visitor; empty where nobody signs in."""
    return dict(st.user.to_dict()) if hasattr(st.user, "to_dict") else {}


def who() -> str:
    """Name the signed-in person, or `local` where nobody has to sign in."""
    return str(claims().get("email") or LOCAL.name).strip().lower()


def visit() -> str:
    """Name this visit of the app: one tab of a browser, until it is closed."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def actor() -> Actor:
    """Say who asks, with the role they have at this moment.

    Raises:
        AppError: They have to sign in, again or at all, or are not on the list.
    """
    admitting = signin.admission()
    return LOCAL if admitting is None else signin.admit(admitting, claims())


def tab() -> str:
    """Name the session of the browser's tab; empty where no browser asks."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""
