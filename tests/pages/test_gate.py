"""The gate: no page for a visitor elsewhere, on any address, from the first run on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.context import StreamlitHeaders
from streamlit.testing.v1 import AppTest

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
SCRIPTS = sorted(path for path in SHELL.parent.glob("*.py") if path != SHELL)
CLOSED = "Closed from here"


def visit(
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    address: str | None,
    headers: tuple[tuple[str, str], ...] = (),
) -> list[str]:
    """Open a page as the first request of a visitor; return its titles."""
    context = type(st.context)
    monkeypatch.setattr(context, "ip_address", property(lambda _: address))
    monkeypatch.setattr(
        context, "headers", property(lambda _: StreamlitHeaders(headers))
    )
    app = AppTest.from_file(SHELL, default_timeout=20)
    app.switch_page(script).run()
    assert not app.exception
    return [title.value for title in app.title]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_no_page_runs_for_a_visitor_elsewhere(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visit(monkeypatch, script.name, "192.0.2.1") == [CLOSED]


def test_no_page_runs_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = (("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "192.0.2.1"))
    assert visit(monkeypatch, "overview.py", None, headers) == [CLOSED]


@pytest.mark.parametrize("address", [None, "127.0.0.1", "127.0.0.2", "::1"])
def test_visitor_at_this_machine_sees_the_page(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = (("Host", "localhost:8501"), ("X-Forwarded-For", "127.0.0.1"))
    assert CLOSED not in visit(monkeypatch, "overview.py", address, headers)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_page_asks_the_gate_before_it_draws(script: Path) -> None:
    body = ast.parse(script.read_text("utf-8")).body
    calls = [ast.unparse(node) for node in body if does_something(node)]
    assert calls[0] == "gate.require()"


def does_something(node: ast.stmt) -> bool:
    """Tell whether a statement calls anything, as all drawing does."""
    return any(isinstance(inner, ast.Call) for inner in ast.walk(node))
