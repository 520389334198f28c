"""Nothing personal and no secret is in what a server prints and logs, faults included.

The server of the product runs with a page in place of its own that loads a shop full of
marks and then fails in every way that a library can.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 60

MARKS: Final = ("markowen", "markname", "markpass", "markfile")
"""Parts of an email, a subuser, a password and a file name that are nowhere else."""

PAGE: Final = """
import asyncio, logging, threading, warnings
from datetime import datetime
from pathlib import Path
import pymongo, streamlit as st
from core import job
from core.errors import AppError
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

MARK = "markowen@example.com markname markpass markfile"
USAGE = b"Subuser,Date,Bandwidth Usage (GB)\\nmarkname,2024-01,1\\nx,markowen,1\\n"

def cast():
    with Warehouse(Path("marked.duckdb")) as warehouse:
        readings = job.take([Upload("markfile.csv", USAGE)]).readings
        plan = plans.plan(warehouse, readings)
        job.load(warehouse, plan, now=datetime(2026, 1, 1), by="markowen@example.com")
        with warehouse.reading() as cursor:
            cursor.execute("SELECT subuser::DATE FROM subuser_month").fetchall()

def mongo():
    pymongo.MongoClient("mongodb://markowen:markpass:x@markname/")

def chain():
    try:
        {}[MARK]
    except KeyError as error:
        raise ValueError(MARK) from error

def group():
    raise ExceptionGroup(MARK, [ValueError(MARK)])

@st.fragment
def part():
    raise ValueError(MARK)

def thread():
    each = threading.Thread(target=chain, name=MARK)
    each.start()
    each.join()

def warning():
    warnings.warn(MARK)

def library():
    logging.getLogger("library").error(MARK)
    logging.getLogger("library").error("put %s in", MARK)
    logging.getLogger("streamlit.library").error(f"put {MARK} in")
    try:
        {}[MARK]
    except KeyError:
        logging.getLogger("library").exception("failed")

def task():
    async def failing():
        raise ValueError(MARK)
    async def leaving():
        asyncio.create_task(failing())
        await asyncio.sleep(0)
    asyncio.run(leaving())

class Closing:
    def __del__(self):
        raise ValueError(MARK)

def unraisable():
    Closing()

def told():
    raise AppError(MARK)

st.button("Fail", key="fail")
globals()[st.query_params["fault"]]()
st.text("no fault")
"""

TO_STAFF: Final = ("cast", "mongo", "chain", "group", "part")
"""Faults that end the page: staff see a box with a reference."""

ASIDE: Final = ("thread", "warning", "library", "task", "unraisable")
"""Faults beside the page: the page goes on."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run the server of the product with the failing page; its print is in console."""
    app = (ROOT / "app.py").read_text("utf-8")
    assert '"pages/shell.py"' in app
    (folder / "failing.py").write_text(PAGE, "utf-8")
    (folder / "app.py").write_text(app.replace("pages/shell.py", "failing.py"), "utf-8")
    (folder / ".streamlit").mkdir()
    config = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    (folder / ".streamlit" / "config.toml").write_text(config, "utf-8")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    places = {"PYTHONPATH": str(ROOT), "METERBOOK_WAREHOUSE": str(folder / "w.duckdb")}
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    with (folder / "console").open("wb") as output:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=folder,
            env={**inherited, **places},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def boxes(url: str, fault: str) -> list[str]:
    """Open the page so that it fails; return the texts that it shows."""
    line = connect(
        f"{url.replace('http', 'ws')}/_stcore/stream?markowen",
        subprotocols=["streamlit", "none"],
        additional_headers={"Cookie": "a=markowen"},
        origin=url,
    )
    with line:
        ask = BackMsg()
        ask.rerun_script.query_string = f"fault={fault}&customer=markowen"
        line.send(ask.SerializeToString())
        texts = []
        while True:
            said = ForwardMsg()
            said.ParseFromString(line.recv(timeout=60))
            element = said.delta.new_element
            texts.append(element.alert.body or element.text.body)
            assert not element.HasField("exception")
            if said.WhichOneof("type") == "script_finished":
                return [text for text in texts if text]


def ask_strange_things(url: str) -> None:
    """Send requests whose every part is a mark."""
    for path in ("/customer?customer=markowen@example.com", "/markname", "/media/m"):
        httpx.get(url + path, headers={"Cookie": "a=markpass", "Referer": "markname"})
    httpx.get(f"{url}/media/markfile.csv", headers={"X-Forwarded-For": "markowen"})
    upload = {"files": ("markfile.csv", b"markname", "text/markpass")}
    httpx.put(f"{url}/_stcore/upload_file/markowen/markname", files=upload)
    httpx.request("MARKNAME", f"{url}/")
    httpx.request("DELETE", f"{url}/_stcore/upload_file/markowen/markname")


def test_no_value_reaches_the_log_or_the_console(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        ask_strange_things(url)
        shown = {name: boxes(url, name) for name in (*TO_STAFF, *ASIDE, "told")}
    log = (tmp_path / "w.log").read_text("utf-8")
    printed = (tmp_path / "console").read_text("utf-8")
    for text in (log, printed):
        assert [mark for mark in MARKS if mark in text.lower()] == []
    assert "Uncaught app execution\n" in printed
    for name in TO_STAFF:
        box = shown[name][0]
        reference = re.findall(r"\*\*([0-9A-F]{8})\*\*", box)
        assert f"ERROR fault in=page reference={reference[0]}\n" in log
    assert [shown[name] for name in ASIDE] == [["no fault"]] * len(ASIDE)
    assert "markowen" in shown["told"][0]
    for kind in ("ConversionException", "InvalidURI", "KeyError", "ExceptionGroup"):
        assert kind in log
    for beside in ("fault in a thread", "UserWarning at ", "fault while cleaning up"):
        assert beside in log
    assert "put %s in" in printed
    assert "failed\nbuiltins.KeyError" in printed
    assert "request method=OTHER route=/ status=" in log
    assert "method=PUT route=/_stcore/upload_file/* " in log


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("The server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
