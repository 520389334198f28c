"""The gate: who may see the pages.

Without `[auth]` in the secrets, visitors at this machine may; with it, people who
signed in and are on the list. pages.parts.border holds that for every path of the
server; the gate holds it once more for the pages, however the server was started.
"""

from __future__ import annotations

import streamlit as st

from core.actors import Role
from core.admission import NotAdmittedError, NotListedError
from core.errors import AppError
from pages.parts import loopback, session, signin
from pages.parts.text import as_text


def is_open() -> bool:
    """Tell whether this visitor may see pages."""
    try:
        session.actor()
        return signin.admission() is not None or _is_here()
    except AppError:
        return False


def is_editor() -> bool:
    """Tell whether this visitor may change something."""
    return is_open() and session.actor().role is Role.EDITOR


def require() -> None:
    """Show the gate in place of the page to a visitor who may not see it."""
    if is_open():
        return
    try:
        session.actor()
    except NotAdmittedError as error:
        _ask(error)
    except AppError as error:
        st.title("Meterbook is closed")
        st.text(str(error))
    else:
        st.title("Closed from here")
        st.text(
            "Meterbook answers only the machine it runs on. "
            "Open it there, or through a tunnel from your machine."
        )
    st.stop()


def require_editor() -> None:
    """Tell a viewer, in place of a page, that it is for those who change figures."""
    if is_editor():
        return
    st.title("For editors")
    st.info(
        "You may see all figures and download all files. Adding files is for editors; "
        "ask one, or whoever runs Meterbook to make you one."
    )
    st.page_link("overview.py", label="Overview", icon=":material/arrow_forward:")
    st.stop()


def draw_person() -> None:
    """Show in the sidebar who is signed in, and let them sign out."""
    if signin.admission() is None:
        return
    actor = session.actor()
    with st.sidebar:
        st.caption(f"{as_text(actor.name)}, {actor.role}")
        if st.button("Sign out", key="sign_out", icon=":material/logout:"):
            st.logout()


def _ask(error: NotAdmittedError) -> None:
    admitting = signin.admission()
    st.title("Sign in")
    st.text(str(error))
    if isinstance(error, NotListedError):
        st.button("Sign out", key="sign_out", on_click=st.logout)
        return
    providers = admitting.providers if admitting else ()
    for provider in providers:
        label = "Sign in" if len(providers) == 1 else f"Sign in with {provider}"
        if st.button(as_text(label), key=f"sign_in_{provider}", type="primary"):
            st.login(provider)


def _is_here() -> bool:
    """Tell whether the visitor is at this machine."""
    address = st.context.ip_address  # None: this machine, or no browser at all
    if address is not None and not loopback.is_loopback(address):
        return False
    headers = st.context.headers
    sent = [(name, value) for name in headers for value in headers.get_all(name)]
    return loopback.forwarded(sent) is None
