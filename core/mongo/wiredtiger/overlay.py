"""Operations of the journal, laid over the records of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.mongo.wiredtiger.cells import Item
from core.mongo.wiredtiger.failures import DamagedFileError
from core.mongo.wiredtiger.journal import MODIFY, PUT, REMOVE, modified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.mongo.wiredtiger.journal import Operation


class Overlay:
    """What the journal says of one table. applied and truncates count operations."""

    def __init__(self, file: str, operations: Iterable[Operation]) -> None:
        self._file = file
        self._by_key: dict[bytes, list[Operation]] = {}
        self.applied = 0
        self.truncates = 0
        for operation in operations:
            self._add(operation)

    def items(self, pages: Iterable[Item]) -> Iterator[Item]:
        """Give out the records of the pages as they are after the operations.

        Records that the pages do not have come last, in the order of their operations.

        Raises:
            DamagedFileError: An operation does not fit its record.
        """
        if not self._by_key:
            yield from pages
            return
        left = dict(self._by_key)
        for item in pages:
            operations = left.pop(item.key, None)
            value = self._after(item.value, operations) if operations else item.value
            if value is not None:
                yield Item(item.key, value, item.timestamp)
        for key, operations in left.items():
            value = self._after(None, operations)
            if value is not None:
                yield Item(key, value, 0)

    def _add(self, operation: Operation) -> None:
        if operation.kind in (PUT, REMOVE):
            self._by_key[operation.key] = [operation]
        elif operation.kind == MODIFY:
            self._by_key.setdefault(operation.key, []).append(operation)
        else:
            self.truncates += 1
            return
        self.applied += 1

    def _after(self, value: bytes | None, operations: list[Operation]) -> bytes | None:
        for operation in operations:
            if operation.kind == PUT:
                value = operation.value
            elif operation.kind == REMOVE:
                value = None
            elif value is not None:
                value = self._modified(value, operation)
        return value

    def _modified(self, value: bytes, operation: Operation) -> bytes:
        try:
            return modified(value, operation.value)
        except ValueError as error:
            number, offset = operation.position
            wrong = f"a change at {offset} of log {number} does not fit ({error})"
            raise DamagedFileError(self._file, wrong) from error
