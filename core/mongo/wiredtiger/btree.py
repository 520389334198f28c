"""The records of one table, in order of key, as its checkpoint has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.mongo.wiredtiger.blocks import Address, BlockFile, read_address
from core.mongo.wiredtiger.cells import Item, PreparedError, children, items
from core.mongo.wiredtiger.config import Config, group, word
from core.mongo.wiredtiger.failures import (
    DamagedFileError,
    EncryptedFileError,
    UnsupportedFileError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.mongo.wiredtiger.blocks import Page

OVERFLOW: Final = 5
INTERNAL: Final = 6
LEAF: Final = 7
"""Page types of a row store."""

_COOKIE_VERSION: Final = 1
_HEADER_BYTES: Final = 40


def root_address(config: Config, name: str) -> Address | None:
    """Find the root of the newest checkpoint; None for an empty table.

    Raises:
        EncryptedFileError: The table is encrypted.
        UnsupportedFileError: The checkpoint is of another version.
        DamagedFileError: What it says is no address.
    """
    if word(group(config, "encryption"), "name") not in {"", "none"}:
        raise EncryptedFileError(name)
    all_found = group(config, "checkpoint").values()
    found = [checkpoint for checkpoint in all_found if isinstance(checkpoint, dict)]
    if not found:
        return None
    try:
        newest = max(found, key=lambda checkpoint: int(word(checkpoint, "order", "0")))
        cookie = bytes.fromhex(word(newest, "addr"))
        if not cookie:
            return None
        if cookie[0] != _COOKIE_VERSION:
            raise UnsupportedFileError(name, f"checkpoint of version {cookie[0]}")
        return read_address(cookie, 1)[0]
    except (ValueError, IndexError) as error:
        raise DamagedFileError(name, "its checkpoint is no address") from error


class Table:
    """Walks the pages of a file from a root."""

    def __init__(self, file: BlockFile, root: Address | None) -> None:
        self._file = file
        self._root = root
        self.count = 0
        self.newest_timestamp = 0

    def items(self, from_key: bytes = b"") -> Iterator[Item]:
        """Give out the records in order of key.

        Args:
            from_key: Pages that end before this key are not read; records before it
                may still come.

        Raises:
            DamagedFileError: A block is damaged; names it, and how many records came
                before.
            UnsupportedFileError: A page is of a kind that MongoDB does not write.
        """
        if self._root is None:
            return
        try:
            for page in self._leaves(self._root, from_key):
                yield from self._records(page)
        except DamagedFileError as error:
            raise DamagedFileError(self._file.name, error.wrong, self.count) from error

    def _records(self, page: Page) -> list[Item]:
        try:
            found = items(page, self._overflow)
        except PreparedError as error:
            name = "an unfinished transaction that was prepared"
            raise UnsupportedFileError(self._file.name, name) from error
        except (ValueError, IndexError) as error:
            raise self._bad_cell(page, error) from error
        self.count += len(found)
        newest = max((item.timestamp for item in found), default=0)
        self.newest_timestamp = max(self.newest_timestamp, newest)
        return found

    def _leaves(self, root: Address, from_key: bytes) -> Iterator[Page]:
        """Give out the leaf pages in order; no page is read twice."""
        waiting = [root]
        seen: set[int] = set()
        while waiting:
            address = waiting.pop()
            if address.offset in seen:
                wrong = f"the block at {address.offset} is used twice"
                raise DamagedFileError(self._file.name, wrong)
            seen.add(address.offset)
            page = self._file.page(address)
            if page.kind == LEAF:
                yield page
            elif page.kind == INTERNAL:
                waiting.extend(reversed(self._below(page, from_key)))
            else:
                raise UnsupportedFileError(self._file.name, f"page type {page.kind}")

    def _below(self, page: Page, from_key: bytes) -> list[Address]:
        try:
            found = children(page)
        except (ValueError, IndexError) as error:
            raise self._bad_cell(page, error) from error
        nexts = [key for key, _ in found[1:]] + [b""]
        return [
            address
            for (_, address), following in zip(found, nexts, strict=True)
            if not following or following > from_key
        ]

    def _overflow(self, cookie: bytes) -> bytes:
        address, _ = read_address(cookie)
        if address is None:
            return b""
        page = self._file.page(address)
        if page.kind != OVERFLOW:
            message = f"an overflow address leads to page type {page.kind}"
            raise ValueError(message)
        return page.data[_HEADER_BYTES : _HEADER_BYTES + page.entries]

    def _bad_cell(self, page: Page, error: Exception) -> DamagedFileError:
        wrong = f"the block at {page.offset} holds damaged cells ({error})"
        return DamagedFileError(self._file.name, wrong)
