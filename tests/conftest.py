"""What every test gets: its own warehouse, and no caches of the test before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their size: packed ones hold the time at which they were made."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > 8 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: their event loop lives until the session ends."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def fresh_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give each test its own warehouse path; nothing is there yet.

    Streamlit's caches outlive a test, and its errors are redacted by config.toml.
    Tests of core do not load Streamlit, and so do not wait for it.
    """
    warehouse = tmp_path / "warehouse.duckdb"
    monkeypatch.setenv("METERBOOK_WAREHOUSE", str(warehouse))
    if "streamlit" in sys.modules:
        _clear_caches()
    yield warehouse
    if "streamlit" in sys.modules:
        _clear_caches()


def _clear_caches() -> None:
    """Forget what Streamlit cached, and let errors show their text."""
    import streamlit as st

    st.set_option("client.showErrorDetails", "full")
    st.cache_data.clear()
    st.cache_resource.clear()
