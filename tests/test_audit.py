"""The audit of packages: fails on an advisory, tells a closed network, never hangs."""

from __future__ import annotations

import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    Auditing = Callable[[int, object], tuple[int, list[str]]]

ROOT = Path(__file__).resolve().parents[1]
LOCK = (
    "# made\nalpha==1.0 \\\n    --hash=sha256:00\nbeta==2.0 ; sys_platform == 'x' \\\n"
)
FOUND: dict[str, Any] = {"results": [{}, {"vulns": [{"id": "PYSEC-1"}, {"id": "G-2"}]}]}


class _Service(BaseHTTPRequestHandler):
    """Answer with what a test wants, and remember what was asked."""

    status: ClassVar[int] = 200
    answer: ClassVar[bytes] = b""
    asked: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        """Answer one question."""
        length = int(self.headers["content-length"])
        self.asked.append((self.path, json.loads(self.rfile.read(length))))
        self.send_response(self.status)
        self.send_header("content-length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK, "utf-8")
    return path


@pytest.fixture
def auditing(
    audit: ModuleType,
    service: str,
    lock: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Auditing:
    """Audit a lock of two packages against a service that answers as it is told."""

    def audited(status: int, answer: object) -> tuple[int, list[str]]:
        monkeypatch.setattr(_Service, "status", status)
        monkeypatch.setattr(_Service, "answer", json.dumps(answer).encode())
        monkeypatch.setenv("OSV_URL", service)
        return audit.main(lock), capsys.readouterr().err.splitlines()

    return audited


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (200, {"results": [{}, {}]}, "2 packages looked up, 0 known vulnerabilities"),
        (200, FOUND, "2 packages looked up, 2 known vulnerabilities"),
        (200, {"results": [{}]}, "NOT looked up, no answer (ValueError)"),
        (200, ["no"], "NOT looked up, no answer (TypeError)"),
        (503, {}, "NOT looked up, no answer (HTTPStatusError)"),
    ],
)
def test_it_fails_on_an_advisory_and_tells_what_happened(
    auditing: Auditing, status: int, answer: object, told: str
) -> None:
    code, lines = auditing(status, answer)
    assert lines[0] == f"audit: requirements.lock: {told}"
    ids = [line.rpartition("/")[2] for line in lines[1:]]
    assert (code, ids) == ((1, ["PYSEC-1", "G-2"]) if answer is FOUND else (0, []))


def test_it_asks_once_for_all_packages_of_the_lock(
    audit: ModuleType, service: str, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Service, "answer", json.dumps(FOUND).encode())
    monkeypatch.setattr(_Service, "asked", [])
    monkeypatch.setattr(audit, "ACCEPTED", {"PYSEC-1": "not used", "G-2": "not used"})
    assert audit.audit(lock, service)[1] == 0
    ((path, body),) = _Service.asked
    assert path == "/v1/querybatch"
    assert [(q["package"]["name"], q["version"]) for q in body["queries"]] == [
        ("alpha", "1.0"),
        ("beta", "2.0"),
    ]


def test_a_closed_network_is_told_and_stops_nothing(
    audit: ModuleType, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, code = audit.audit(lock, "http://127.0.0.1:9")
    assert (told, code) == (
        ["requirements.lock: NOT looked up, no answer (ConnectError)"],
        0,
    )


def test_a_network_that_never_answers_is_left(
    audit: ModuleType,
    lock: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    over = threading.Event()
    monkeypatch.setattr(audit, "ALL_SECONDS", 0.01)
    monkeypatch.setattr(audit, "look_up", lambda *_: over.wait() and {})
    assert audit.main(lock) == 0
    over.set()
    told = "audit: requirements.lock: NOT looked up, no answer in time\n"
    assert capsys.readouterr().err == told


def test_the_lock_of_the_product_is_looked_up_whole(audit: ModuleType) -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert len(audit.packages(lock)) == lock.count("==") - lock.count("_version ==")
    assert "audit.py requirements.lock" in (ROOT / "Makefile").read_text("utf-8")
