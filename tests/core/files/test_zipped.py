"""Files inside a zip."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.files import zipped
from core.files.zipped import Zip, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Pack = Callable[..., bytes]


def contents(content: bytes) -> dict[str, bytes]:
    packed = Zip(content, "all.zip")
    packed.check(packed.members)
    return {member.name: packed.read(member) for member in packed.members}


def test_files_are_listed_and_unpacked_in_order(zip_of: Pack) -> None:
    files = {"b.csv": b"1", "a/": b"", "a/c.csv": b"2" * 5000}
    assert list(contents(zip_of(files)).items()) == [
        ("b.csv", b"1"),
        ("a/c.csv", b"2" * 5000),
    ]


def test_a_file_without_a_name_is_read_as_any_other() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        member = zipfile.ZipInfo("x")
        member.filename = ""
        files.writestr(member, b"1")
    assert contents(packed.getvalue()) == {"": b"1"}


def test_names_are_shown_in_one_short_line() -> None:
    assert shown_name("a\nb\u202e\x1b.csv") == "a?b??.csv"
    assert shown_name("x" * 300) == "x" * 200 + "..."


def test_a_bomb_is_refused_before_it_is_unpacked(zip_of: Pack) -> None:
    content = zip_of({"a.csv": bytes(17 * 1024**2)})
    with pytest.raises(UnreadableFileError, match="more than 200 times its size"):
        contents(content)


def test_a_claim_of_gigabytes_is_refused(zip_of: Pack) -> None:
    content = bytearray(zip_of({"a.csv": b"1"}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (1024**3 + 1).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError, match="unpacks to more than 1024 MB"):
        contents(bytes(content))


def test_a_file_larger_than_its_claim_is_never_read_beyond_it(zip_of: Pack) -> None:
    content = bytearray(zip_of({"a.csv": b"1" * 5000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError, match=r"damaged in 'a\.csv'"):
        contents(bytes(content))


def test_too_many_files_are_refused_before_they_are_listed(
    zip_of: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = zip_of({f"{number}.csv": b"" for number in range(4)})
    assert len(contents(content)) == 4
    monkeypatch.setattr(zipped, "MAX_ENTRIES", 3)
    with pytest.raises(UnreadableFileError, match="more than 3 files"):
        contents(content)


def test_a_password_is_told(zip_of: Pack) -> None:
    content = bytearray(zip_of({"a.csv": b"1"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFileError, match="protected by a password"):
        contents(bytes(content))


@pytest.mark.parametrize("packing", [9, zipfile.ZIP_LZMA])
def test_a_rare_packing_is_told(zip_of: Pack, packing: int) -> None:
    content = bytearray(zip_of({"a.csv": b"1"}))
    content[8] = content[content.index(b"PK\x01\x02") + 10] = packing
    with pytest.raises(UnreadableFileError, match="packed in a rare way"):
        contents(bytes(content))


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]
)
@given(place=st.integers(0, 10_000), damage=st.binary(max_size=4))
@settings(max_examples=40, deadline=None)
def test_damage_is_told_or_changes_nothing(
    packing: int, place: int, damage: bytes
) -> None:
    stream = io.BytesIO()
    inside = b"Subuser,Date\n" * 9
    with zipfile.ZipFile(stream, "w", packing) as packed:
        packed.writestr("a.csv", inside)
    content = stream.getvalue()
    place %= len(content)
    content = content[:place] + damage + content[place + len(damage) :]
    try:
        found = contents(content)
    except UnreadableFileError as error:
        assert str(error).startswith("all.zip: ")  # noqa: PT017
    else:
        assert all(text == inside for text in found.values())
