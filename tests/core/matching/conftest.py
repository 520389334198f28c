"""Customers made by hand, for tests of matching."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from core.matching.schemas import CUSTOMER_NAMES_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    Customers = Callable[..., pa.Table]


@pytest.fixture(scope="session")
def customers() -> Customers:
    """Make a customer table of documents: dicts with at least an email."""

    def made(*documents: dict[str, str | None]) -> pa.Table:
        rows = [
            {"position": place, "email_key": (each["email"] or "").lower()} | each
            for place, each in enumerate(documents)
        ]
        return pa.Table.from_pylist(rows, CUSTOMER_NAMES_SCHEMA)

    return made
