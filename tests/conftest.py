"""What every test gets: its own warehouse, and no caches of the test before."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from core.warehouse import store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their size: packed ones hold the time at which they were made."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > 8 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: their event loop lives until the session ends."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session", autouse=True)
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make one empty warehouse; each new one of this session starts as its copy.

    Making tables and views takes four times as long as copying them, and hundreds of
    tests want them. tests/core/warehouse/test_store.py proves that both are equal.
    """
    empty = tmp_path_factory.mktemp("empty") / "warehouse.duckdb"
    store.Warehouse(empty).close()
    connect = store._connect

    def copied(path: Path | None) -> duckdb.DuckDBPyConnection:
        if path is None:
            connection = connect(None)
            connection.execute(f"ATTACH '{empty}' AS empty (READ_ONLY)")
            connection.execute("COPY FROM DATABASE empty TO memory")
            connection.execute("DETACH empty")
            return connection
        if path.parent.is_dir() and not path.exists():
            shutil.copyfile(empty, path)
        return connect(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_connect", copied)
        yield empty


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
