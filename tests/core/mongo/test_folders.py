"""Folders and logins: what is allowed, and what an address may hold."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from core.errors import SourceError
from core.mongo import folders, login

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """Make an allowed parent with a folder, a link out of it, and a neighbour."""
    (tmp_path / "allowed" / "dump").mkdir(parents=True)
    (tmp_path / "allowed-not").mkdir()
    (tmp_path / "allowed" / "out").symlink_to(tmp_path / "allowed-not")
    return tmp_path / "allowed"


def test_nothing_is_allowed_by_default() -> None:
    assert folders.allowed({}) == ()
    with pytest.raises(SourceError, match="METERBOOK_MONGO_FOLDERS"):
        folders.checked("/", ())


def test_several_parents_are_parted_like_a_path(parent: Path) -> None:
    named = os.pathsep.join([str(parent), "", str(parent / "dump")])
    assert folders.allowed({folders.VARIABLE: named}) == (parent, parent / "dump")
    assert folders.allowed({}, [str(parent), " "]) == (parent,)


def test_a_folder_is_named_whole_or_below_a_parent(parent: Path) -> None:
    parents = (parent,)
    assert folders.checked("dump", parents) == parent / "dump"
    assert folders.checked(f" {parent / 'dump'} ", parents) == parent / "dump"


@pytest.mark.parametrize(
    "text", ["..", "../allowed-not", "/etc", "out", "dump/../..", "gone"]
)
def test_no_other_path_is_read_and_none_is_told_to_exist(
    parent: Path, text: str
) -> None:
    with pytest.raises(SourceError, match="no such folder below"):
        folders.checked(text, (parent,))


@pytest.mark.parametrize(
    ("server", "user", "password", "whole"),
    [
        ("db.example.com", "", "", "mongodb://db.example.com"),
        ("mongodb://a.example.com/x?y=1", "", "", "mongodb://a.example.com/x?y=1"),
        (
            "mongodb+srv://a.example.com/?tls=true",
            "me",
            "p@s/s:%",
            "mongodb+srv://me:p%40s%2Fs%3A%25@a.example.com/?tls=true",
        ),
        ("a.example.com", "only", "", "mongodb://only@a.example.com"),
    ],
)
def test_login_is_put_into_the_address(
    server: str, user: str, password: str, whole: str
) -> None:
    assert login.address(server, user, password) == whole


@pytest.mark.parametrize(
    ("server", "user", "password", "said"),
    [
        ("", "", "", "Name the server"),
        ("mongodb://me:hush@a.example.com", "", "", "their own fields"),
        ("a.example.com", "", "hush", "password without a user"),
    ],
)
def test_an_unclear_address_is_told_without_its_password(
    server: str, user: str, password: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        login.address(server, user, password)
    assert "hush" not in str(caught.value)
