"""Where customers are: a file, a server or a folder; opened once and held."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.files.upload import Upload
from core.mongo import folders, login
from core.mongo import source as sources
from core.mongo.namespace import Name, Namespace
from pages.parts import outcome

if TYPE_CHECKING:
    from pathlib import Path

    from core.mongo.source import CustomerSource

FILE, SERVER, FOLDER = "A file", "A server", "A folder"

PLACE: Final = "source"
"""Where failures to open are told."""

_OPENED: Final = "customer_source"
_SECRET: Final = ("mongodb", "uri")


@dataclass(frozen=True)
class Opened:
    """A source that is open, and its collections.

    kind and asked say what was opened. upload is the file, where it is one.
    """

    kind: str
    asked: str
    source: CustomerSource
    spaces: tuple[Namespace, ...]
    upload: Upload | None = None


def pick() -> Opened | None:
    """Let a person name a source; return it once it is open."""
    parents = folders.allowed(os.environ)
    kinds = [FILE, SERVER, *([FOLDER] if parents else [])]
    kind = st.segmented_control(
        "Where are the customers?",
        kinds,
        default=FILE,
        required=True,
        key="source_kind",
    )
    if kind == SERVER:
        _server()
    elif kind == FOLDER:
        _folder(parents)
    else:
        _file()
    outcome.show(PLACE)
    opened: Opened | None = st.session_state.get(_OPENED)
    return opened if opened and opened.kind == kind else None


def _file() -> None:
    file = st.file_uploader(
        "An export, a dump (.bson, archive, packed folder), a data folder as .tar.gz",
        key="source_file",
    )
    if file is None:
        return
    upload = Upload(file.name, file.getvalue())
    held: Opened | None = st.session_state.get(_OPENED)
    if held is None or held.asked != upload.sha256:
        _open(FILE, upload.sha256, upload, upload=upload)


def _server() -> None:
    with st.form("source_server"):
        st.text_input(
            "Server", key="source_address", placeholder="mongodb://db.example.com:27017"
        )
        user, password = st.columns(2)
        user.text_input("User", key="source_user", autocomplete="off")
        password.text_input(
            "Password",
            key="source_password",
            type="password",
            autocomplete="off",
            help="Used once to connect. It is not shown, logged or stored.",
        )
        database, collection = st.columns(2)
        database.text_input("Database", key="source_database")
        collection.text_input(
            "Collection",
            key="source_collection",
            help="With both named nothing is listed: the right to read it is enough.",
        )
        with st.container(horizontal=True):
            st.form_submit_button("Connect", key="connect", on_click=_connect)
            if _secret():
                st.form_submit_button(
                    "Connect to the shop's server",
                    key="connect_secret",
                    on_click=_connect_secret,
                    help="Its address is kept in the secrets of this server.",
                )


def _folder(parents: tuple[Path, ...]) -> None:
    st.caption("Allowed below")
    st.text("\n".join(str(parent) for parent in parents))
    with st.form("source_folder"):
        st.text_input("Folder or file", key="source_path")
        st.form_submit_button(
            "Look into it", key="open_folder", on_click=_open_folder, args=(parents,)
        )


def _connect() -> None:
    state = st.session_state
    password, state["source_password"] = state["source_password"], ""
    try:
        address = login.address(state["source_address"], state["source_user"], password)
    except AppError as error:
        outcome.tell_failure(PLACE, str(error))
        return
    _open(SERVER, state["source_address"], address, name=_named())


def _connect_secret() -> None:
    _open(SERVER, "secret", _secret(), name=_named())


def _open_folder(parents: tuple[Path, ...]) -> None:
    text = str(st.session_state["source_path"])
    try:
        path = folders.checked(text, parents)
    except AppError as error:
        outcome.tell_failure(PLACE, str(error))
    else:
        _open(FOLDER, str(path), path)


def _open(
    kind: str,
    asked: str,
    where: str | Path | Upload,
    *,
    upload: Upload | None = None,
    name: Name | None = None,
) -> None:
    """Open a source in place of the one before, and list its collections."""
    before: Opened | None = st.session_state.pop(_OPENED, None)
    if before is not None:
        before.source.close()
    source = None
    try:
        with st.spinner("Looking into it..."):
            source = sources.open_source(where)
            found = [Namespace(name, None)] if name else source.namespaces()
    except AppError as error:
        outcome.tell_failure(PLACE, str(error))
        if source is not None:
            source.close()
        return
    st.session_state[_OPENED] = Opened(kind, asked, source, tuple(found), upload)


def _named() -> Name | None:
    """Return the collection that is named whole, if one is."""
    state = st.session_state
    database = str(state["source_database"]).strip()
    collection = str(state["source_collection"]).strip()
    return Name(database, collection) if database and collection else None


def _secret() -> str:
    """Return the address of the shop's server, empty where none is kept."""
    if not st.secrets.load_if_toml_exists():
        return ""
    section, name = _SECRET
    return str(st.secrets.get(section, {}).get(name, ""))
