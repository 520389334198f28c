"""A provider of OpenID Connect at this machine, and an app that asks it."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
CLIENT = ("meterbook", "secret-of-the-client")
PAGES = sorted(
    f"/{path.stem}" for path in (ROOT / "pages").glob("*.py") if path.stem != "shell"
)
ENDPOINTS = """/media/0.csv /component/a/b /_stcore/component/a /app/static/a
/_stcore/bidi-components/a /static/index.html /static/js/index.js /favicon.png
/_stcore/metrics /_stcore/host-config /_stcore/script-health-check
/_stcore/agent/openapi.json /_stcore/agent/interact /_stcore/agent/mcp
/_stcore/allowed-message-origins /auth/nothing /index.html
/customers/_stcore/health //media/0.csv /media/../media/0.csv
/_stcore/upload_file/a/b""".split()
"""Addresses that Streamlit serves before any page, and ways around to them."""


@dataclass
class Provider:
    """What the next person to sign in is, and the keys of the provider."""

    url: str
    key: RSAKey
    person: dict[str, object] = field(default_factory=dict)
    codes: dict[str, dict[str, object]] = field(default_factory=dict)

    def answer(self, path: str, query: dict[str, str]) -> dict[str, object] | str:
        """Answer a request: JSON, or the address to go to."""
        if path.startswith("/.well-known/"):
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "end_session_endpoint": f"{self.url}/end",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/authorize":
            code = secrets.token_hex(8)
            self.codes[code] = {"nonce": query.get("nonce"), **self.person}
            back = urlencode({"code": code, "state": query["state"]})
            return f"{query['redirect_uri']}?{back}"
        if path == "/end":
            return query["post_logout_redirect_uri"].removesuffix("oauth2callback")
        return self._token(self.codes.pop(query["code"]))

    def _token(self, person: dict[str, object]) -> dict[str, object]:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT[0],
            "sub": person.get("email"),
            "iat": now,
            "exp": now + 3600,
            **person,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"id_token": token, "access_token": "x", "token_type": "Bearer"}


class _Handler(BaseHTTPRequestHandler):
    """Serve the provider of the server that it belongs to."""

    def do_GET(self) -> None:
        """Answer the browser and the app."""
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """Answer the app."""
        length = int(self.headers.get("content-length", 0))
        self._answer(self.rfile.read(length).decode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self, query: str) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        values = {name: value[0] for name, value in parse_qs(query).items()}
        answer = provider.answer(urlsplit(self.path).path, values)
        if isinstance(answer, str):
            self.send_response(302)
            self.send_header("location", answer)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """Run a provider of OpenID Connect in a thread."""
    key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    found = Provider(f"http://127.0.0.1:{server.server_port}", key)
    server.provider = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class App:
    """A running app, and the provider that it asks.

    first holds what a stranger got from the new process, by method and path, before
    anybody had signed in or opened a page.
    """

    url: str
    secrets: Path
    warehouse: Path
    provider: Provider
    first: dict[tuple[str, str], httpx.Response]


class SignIn(Protocol):
    """Signs people in."""

    def __call__(self, email: str, **claims: object) -> httpx.Client:
        """Sign a person in as a browser does; return the browser."""


@pytest.fixture(scope="session")
def signing_app(
    provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """Run the app with sign-in; nobody has asked it anything yet."""
    folder = tmp_path_factory.mktemp("signing")
    port = _free_port()
    written = folder / "secrets.toml"
    written.write_text(secrets_for(provider.url, port), "utf-8")
    warehouse = folder / "warehouse.duckdb"
    url = f"http://127.0.0.1:{port}"
    with _running(port, written, warehouse):
        yield App(url, written, warehouse, provider, _first_answers(url))


def _first_answers(url: str) -> dict[tuple[str, str], httpx.Response]:
    """Ask a new process for everything, as a stranger whose address is no page's."""
    asked = [("GET", path) for path in ("/", *PAGES, *ENDPOINTS)]
    upload = "/_stcore/upload_file/a/b"
    asked += [(method, upload) for method in ("PUT", "POST", "DELETE", "OPTIONS")]
    with httpx.Client(base_url=url) as stranger:
        return {
            (method, path): stranger.request(method, f"{url}{path}")
            for method, path in asked
        }


@pytest.fixture
def sign_in(signing_app: App) -> Iterator[SignIn]:
    """Sign people in, each with a browser of their own."""
    with ExitStack() as browsers:

        def signed_in(email: str, **claims: object) -> httpx.Client:
            person = {"email": email, "email_verified": True, **claims}
            signing_app.provider.person = person
            browser = httpx.Client(base_url=signing_app.url, follow_redirects=True)
            browsers.enter_context(browser)
            browser.get("/sign-in?provider=default")
            browser.get("/_stcore/health")
            return browser

        yield signed_in


def secrets_for(provider_url: str, port: int) -> str:
    """Write the secrets of an app that asks a provider."""
    return f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "{CLIENT[0]}"
client_secret = "{CLIENT[1]}"
server_metadata_url = "{provider_url}/.well-known/openid-configuration"

[access]
editors = ["ada@example.com"]
viewers = ["@example.org"]
"""


@contextmanager
def _running(port: int, secrets_file: Path, warehouse: Path) -> Iterator[None]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    options = ["--server.port", str(port), "--secrets.files", str(secrets_file)]
    log = warehouse.with_name("console")
    with log.open("wb") as output:
        server: subprocess.Popen[Any] = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env={**inherited, "METERBOOK_WAREHOUSE": str(warehouse)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(server, port, log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    printed = log.read_text("utf-8", "replace")
    noted = warehouse.with_name("warehouse.log").read_text("utf-8")
    assert re.findall(r"\S+@\S+", noted + printed) == []
    assert CLIENT[1] not in noted + printed


def _wait(server: subprocess.Popen[Any], port: int, log: Path) -> None:
    """Wait until the app listens, without asking it anything."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text('utf-8', 'replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
