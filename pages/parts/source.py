"""Where customers are: a file, a server or a folder; looked into once, then read."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.files.upload import Upload
from core.mongo import fallback, folders, login
from core.mongo import source as sources
from core.mongo.backup import Backup
from core.mongo.namespace import Name, Namespace
from core.mongo.wiredtiger.home import CATALOG
from pages.parts import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.mongo.source import CustomerSource

FILE, SERVER, FOLDER = "A file", "A server", "A folder"

PLACE: Final = "source"
"""Where failures to open are told."""

_FOUND: Final = "customer_source"
_SECRET: Final = ("mongodb", "uri")


@dataclass(frozen=True)
class Found:
    """A source that was looked into, and its collections.

    kind and asked say what it is; feature_version and has_oplog are of a data folder.
    where may hold a password: it lives as long as the session, and is never shown. The
    source is closed between two looks.
    """

    kind: str
    asked: str
    where: str | Path | Upload = field(repr=False)
    spaces: tuple[Namespace, ...]
    feature_version: str = ""
    has_oplog: bool = False

    @property
    def folder(self) -> Path | None:
        """The data folder of a server, where it is one on this machine."""
        if not self.feature_version or isinstance(self.where, str | Upload):
            return None
        # A folder that only holds a data folder somewhere is none that a server opens.
        return self.where if (self.where / f"{CATALOG}.wt").is_file() else None

    @property
    def upload(self) -> Upload | None:
        """The file, where it is one."""
        return self.where if isinstance(self.where, Upload) else None

    @contextmanager
    def opened(self, *, is_served: bool = False) -> Iterator[CustomerSource]:
        """Open the source for one pass, a data folder by MongoDB itself if is_served.

        Raises:
            AppError: It cannot be opened.
        """
        if is_served and self.folder is not None:
            with fallback.served(
                self.folder, self.feature_version, has_oplog=self.has_oplog
            ) as server:
                yield server
            return
        with closing(sources.open_source(self.where)) as source:
            yield source


def pick() -> Found | None:
    """Let a person name a source; return it once it was looked into."""
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
    found: Found | None = st.session_state.get(_FOUND)
    return found if found and found.kind == kind else None


def _file() -> None:
    file = st.file_uploader(
        "An export, a dump (.bson, archive, packed folder), a data folder as .tar.gz",
        key="source_file",
    )
    if file is None:
        return
    upload = Upload(file.name, file.getvalue())
    held: Found | None = st.session_state.get(_FOUND)
    if held is None or held.asked != upload.sha256:
        _look(FILE, upload.sha256, upload)


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
            help="Never shown, logged or stored; forgotten when you leave.",
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
    _look(SERVER, state["source_address"], address, name=_named())


def _connect_secret() -> None:
    _look(SERVER, "secret", _secret(), name=_named())


def _open_folder(parents: tuple[Path, ...]) -> None:
    text = str(st.session_state["source_path"])
    try:
        path = folders.checked(text, parents)
    except AppError as error:
        outcome.tell_failure(PLACE, str(error))
    else:
        _look(FOLDER, str(path), path)


def _look(
    kind: str, asked: str, where: str | Path | Upload, *, name: Name | None = None
) -> None:
    """List the collections of a source, and keep it in place of the one before."""
    st.session_state.pop(_FOUND, None)
    # With the collection named nothing is listed: the right to read it is enough.
    named = (Namespace(name, None),) if name else ()
    found = Found(kind, asked, where, named)
    if not named:
        try:
            with st.spinner("Looking into it..."), found.opened() as source:
                found = replace(found, spaces=tuple(source.namespaces()))
                if isinstance(source, Backup):
                    version, has_oplog = source.feature_version, source.has_oplog
                    found = replace(found, feature_version=version, has_oplog=has_oplog)
        except AppError as error:
            outcome.tell_failure(PLACE, str(error))
            return
    st.session_state[_FOUND] = found


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
