"""What page tests get: a tiny shop in a warehouse, and pages opened from the shell."""

from __future__ import annotations

import functools
import json
import pickle
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import StreamlitHeaders
from streamlit.testing.v1 import AppTest, local_script_runner

from core import job
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse
from pages.parts import cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streamlit.testing.v1.local_script_runner import LocalScriptRunner

SHELL: Final = Path(__file__).resolve().parents[2] / "pages" / "shell.py"

USAGE: Final = """Subuser,Date,Bandwidth Usage (GB)
amberharbor71zz,2025-11,10
amberharbor71zz,2026-01,12.5
amberharbor71zz,2026-02,20
coralmeadow5c0de,2025-11,4
coralmeadow5c0de,2026-02,5.25
slateferry12,2026-01,3
strangername,2026-01,2
strangername,2026-02,1.5
6.46E+11,2026-02,0.75
"""
"""Nobody has usage in 2025-12; one name is destroyed, two wait for a person."""

CUSTOMERS: Final = [
    {
        "email": "amber.harbor71@example.com",
        "oxyId": 802838,
        "oxyUsername": "amberharbor71klgg2zz",
    },
    {
        "email": "coralmeadow@example.org",
        "briefOxyId": 41,
        "briefOxyUsername": "coralmeadow5c0de",
    },
    {"email": "slate.ferry12@example.com"},
    {"email": "idle.canal3@example.com", "oxyId": 7, "oxyUsername": "idlecanal3zz"},
]

ACTIVITY: Final = """\
id,Type,Source,Amount,Fee,Destination Platform Fee,\
Destination Platform Fee Currency,Net,Currency,Created (UTC),Available On (UTC),\
Description,Customer Facing Amount,Customer Facing Currency,Transfer,\
Transfer Date (UTC),Transfer Group
txn_1,charge,ch_1,100.00,3.20,,,96.80,usd,2025-11-05 10:00,2025-11-09 00:00,\
"Order 1",100.00,usd,,,
txn_2,charge,ch_2,50.00,1.75,,,48.25,usd,2026-01-07 10:00,2026-01-11 00:00,\
"Order 2",50.00,usd,,,
txn_3,refund,ch_1,-20.00,0.00,,,-20.00,usd,2026-02-01 10:00,2026-02-01 10:00,\
REFUND FOR CHARGE (Order 1),-20.00,usd,,,
txn_4,charge,ch_3,30.00,1.10,,,28.90,eur,2026-02-03 10:00,2026-02-07 00:00,\
"Order 3",30.00,eur,,,
"""

PAYMENTS: Final = """\
id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,\
Converted Amount Refunded,Converted Currency,Decline Reason,Description,Fee,\
Refunded date (UTC),Statement Descriptor,Status,Seller Message,Taxes On Fee,Card ID,\
Customer ID,Customer Description,Customer Email,Invoice ID,Transfer
ch_1,2025-11-05 10:00:00,100.00,20.00,usd,true,100.00,20.00,usd,,Order 1,3.20,\
2026-02-01 10:00:00,,Paid,,0.00,,cus_1,,amber.harbor71@example.com,,
ch_2,2026-01-07 10:00:00,50.00,0.00,usd,true,50.00,0.00,usd,,Order 2,1.75,,,Paid,,\
0.00,,cus_2,,coralmeadow@example.org,,
ch_3,2026-02-03 10:00:00,30.00,0.00,eur,true,30.00,0.00,eur,,Order 3,1.10,,,Paid,,\
0.00,,cus_3,,payer.only9@example.net,,
"""


class Open(Protocol):
    """Opens a page from the shell, as a browser does."""

    def __call__(self, script: str, **query: str) -> AppTest:
        """Run a page, named as its file, with parameters of its address."""


@pytest.fixture(scope="session", autouse=True)
def quick_app_test() -> Iterator[None]:
    """Spare each app under test what has nothing to do with it.

    Each would read the metadata of all installed packages, in search of components
    that we do not use, and ask a thousand times a second whether its run has ended.
    """
    scan = functools.cache(manifest_scanner.scan_component_manifests)
    wait = local_script_runner.require_widgets_deltas

    def joined(runner: LocalScriptRunner, timeout: float = 3) -> None:
        runner._script_thread.join(timeout)
        wait(runner, timeout)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        patch.setattr(local_script_runner, "require_widgets_deltas", joined)
        yield


@pytest.fixture(scope="session")
def shop_files() -> dict[str, bytes]:
    """Files of a tiny shop, by name; one for each kind."""
    return {
        "usage.csv": USAGE.encode(),
        "customers.json": json.dumps(CUSTOMERS).encode(),
        "activity.csv": ACTIVITY.encode(),
        "payments.csv": PAYMENTS.encode(),
    }


@pytest.fixture(scope="session")
def shop(
    shop_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Keep a folder with the warehouse of the tiny shop, to be copied."""
    folder = tmp_path_factory.mktemp("shop")
    uploads = [Upload(name, content) for name, content in shop_files.items()]
    with Warehouse(folder / "warehouse.duckdb") as warehouse:
        plan = plans.plan(warehouse, job.take(uploads).readings)
        now = datetime(2026, 3, 2, 9, 30)
        job.load(warehouse, plan, now=now, by="tester", uploads=uploads)
    return folder


@pytest.fixture(scope="session")
def made(shop: Path) -> Callable[..., object]:
    """Give figures of the tiny shop that the tests before have made already.

    Their state is that of the shop as it was loaded: what changes it counts it on.
    """
    with Warehouse(shop / "warehouse.duckdb") as warehouse:
        loaded = warehouse.version()
    kept: dict[str, bytes] = {}
    make = cache._figure

    def given(key: str, version: int, _call: Callable[[], object]) -> object:
        if version != loaded:
            return make(key, version, _call=_call)
        if key not in kept:
            kept[key] = pickle.dumps(_call())
        return pickle.loads(kept[key])  # noqa: S301 - made here

    given.clear = make.clear  # type: ignore[attr-defined]
    return given


@pytest.fixture
def loaded_shop(
    shop: Path,
    fresh_warehouse: Path,
    made: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Put the tiny shop where the app of this test keeps its warehouse."""
    shutil.copytree(shop, fresh_warehouse.parent, dirs_exist_ok=True)
    monkeypatch.setattr(cache, "_figure", made)
    return fresh_warehouse


@pytest.fixture
def local_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test visit from this machine; AppTest itself comes from nowhere."""
    context = type(st.context)
    monkeypatch.setattr(context, "ip_address", property(lambda _: "127.0.0.1"))
    no_headers = property(lambda _: StreamlitHeaders(()))
    monkeypatch.setattr(context, "headers", no_headers)


@pytest.fixture
def open_page(fresh_warehouse: Path, local_visitor: None) -> Iterator[Open]:
    """Open pages from the shell; no page may end in a fault."""

    def opened(script: str, **query: str) -> AppTest:
        app = AppTest.from_file(SHELL, default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(script).run()
        assert not app.exception
        return app

    yield opened
    if fresh_warehouse.exists():
        cache.warehouse().close()
