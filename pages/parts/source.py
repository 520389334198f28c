"""Where customers are: a file, a server or a folder; looked into once, then read."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError, SourceError
from core.files.upload import Upload
from core.mongo import fallback, folders, login
from core.mongo import source as sources
from core.mongo.backup import Backup
from core.mongo.namespace import Name, Namespace
from pages.parts import outcome, secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.mongo.source import CustomerSource

FILE, SERVER, FOLDER = "A file", "A server", "A folder"

PLACE: Final = "source"
"""Where failures to open are told."""

_FOUND: Final = "customer_source"


@dataclass(frozen=True)
class Found:
    """A source that was looked into, and its collections.

    kind and asked say what it is. home is the data folder that was chosen, of homes
    where there are several; is_home and feature_version are of a data folder. where may
    hold a password: it lives as long as the session, and is never shown. The source is
    closed between two looks.
    """

    kind: str
    asked: str
    where: str | Path | Upload = field(repr=False)
    spaces: tuple[Namespace, ...] = ()
    homes: tuple[str, ...] = ()
    home: str = ""
    is_home: bool = False
    feature_version: str = ""

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
        with closing(sources.open_source(self.where, home=self.home)) as source:
            if not (is_served and isinstance(source, Backup)):
                yield source
                return
            with fallback.served(source) as server:
                yield server


def pick() -> Found | None:
    """Let a person name a source; return it once it was looked into.

    It has no collections as long as one of several data folders is to be chosen.
    """
    parents = folders.allowed(os.environ, secret.mongodb_folders())
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
    if found is None or found.kind != kind:
        return None
    if found.homes:
        _choose_home(found)
    return found


def _choose_home(found: Found) -> None:
    """Ask which data folder is meant where there are several."""
    st.selectbox(
        "Data folder",
        found.homes,
        index=found.homes.index(found.home) if found.home else None,
        placeholder="Choose one",
        key="source_home",
        on_change=_look_into_home,
        args=(found,),
        help="Members of a replica set hold the same customers: take the newest.",
    )
    if not found.home:
        st.info("It holds several data folders. Choose the one with the customers.")


def _look_into_home(found: Found) -> None:
    home = st.session_state["source_home"] or ""
    _look(replace(found, home=home, spaces=(), is_home=False))


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
        _look(Found(FILE, upload.sha256, upload))


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
            if secret.mongodb_uri():
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
    _look(Found(SERVER, state["source_address"], address, _named()))


def _connect_secret() -> None:
    _look(Found(SERVER, "secret", secret.mongodb_uri(), _named()))


def _open_folder(parents: tuple[Path, ...]) -> None:
    text = str(st.session_state["source_path"])
    try:
        path = folders.checked(text, parents)
    except AppError as error:
        outcome.tell_failure(PLACE, str(error))
    else:
        _look(Found(FOLDER, str(path), path))


def _look(found: Found) -> None:
    """List the collections of a source, and keep it in place of the one before.

    Nothing is listed where the collection is named: the right to read it is enough.
    """
    st.session_state.pop(_FOUND, None)
    try:
        if not found.spaces:
            with st.spinner("Looking into it..."), found.opened() as source:
                found = _listed(found, source)
    except sources.SeveralHomesError as error:
        found = replace(found, homes=error.homes)
    except AppError as error:
        outcome.tell_failure(PLACE, str(error))
        if not found.homes:
            return
    st.session_state[_FOUND] = found


def _listed(found: Found, source: CustomerSource) -> Found:
    found = replace(found, spaces=tuple(source.namespaces()))
    if not found.spaces:
        raise SourceError(f"{source.file}: holds no collection. Choose another source.")
    if not isinstance(source, Backup):
        return found
    return replace(found, is_home=True, feature_version=source.feature_version)


def _named() -> tuple[Namespace, ...]:
    """Return the collection that is named whole, if one is."""
    state = st.session_state
    database = str(state["source_database"]).strip()
    collection = str(state["source_collection"]).strip()
    if not (database and collection):
        return ()
    return (Namespace(Name(database, collection), None),)
