"""Sign-in over the wire: a real app, a real provider at this machine."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from unittest.mock import MagicMock
from urllib.parse import urlsplit

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pages.parts.signedin import LOGOUT, OPEN

if TYPE_CHECKING:
    from conftest import App, SignIn


def opened(app: App, cookies: httpx.Cookies) -> list[str]:
    """Open a session as the browser does; return the titles of the first page."""
    with _socket(app, cookies) as line:
        return _titles(line)


def _socket(app: App, cookies: httpx.Cookies) -> connect:
    sent = "; ".join(f"{each.name}={each.value}" for each in cookies.jar)
    token = cookies.get("_streamlit_xsrf") or "none"
    return connect(
        f"ws://{urlsplit(app.url).netloc}/_stcore/stream",
        additional_headers={"Cookie": sent} if sent else None,
        subprotocols=["streamlit", token],
        origin=app.url,
    )


def _titles(line: object) -> list[str]:
    """Run the script once; collect the headings that it draws."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    line.send(ask.SerializeToString())  # type: ignore[attr-defined]
    titles = []
    while True:
        said = ForwardMsg()
        said.ParseFromString(line.recv(timeout=60))  # type: ignore[attr-defined]
        heading = said.delta.new_element.heading
        if heading.tag == "h1":
            titles.append(heading.body)
        if said.WhichOneof("type") == "script_finished":
            return titles


def _session(line: object) -> str:
    """Run the script; return the name of the session, which uploads need."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    line.send(ask.SerializeToString())  # type: ignore[attr-defined]
    while True:
        said = ForwardMsg()
        said.ParseFromString(line.recv(timeout=60))  # type: ignore[attr-defined]
        if said.WhichOneof("type") == "new_session":
            return str(said.new_session.initialize.session_id)


def test_first_request_of_a_new_process_opens_no_page(signing_app: App) -> None:
    answer = httpx.get(
        f"{signing_app.url}/customer?customer=a", headers={"accept": "text/html"}
    )
    assert (answer.status_code, "Sign in to Meterbook" in answer.text) == (401, True)
    assert "/sign-in?provider=default" in answer.text


def is_nothing(answer: httpx.Response) -> bool:
    """Tell whether an answer holds no more than that one has to sign in."""
    policy = answer.headers["content-security-policy"]
    return (
        answer.status_code == 401
        and "streamlit" not in answer.text.lower()
        and answer.headers["cache-control"] == "no-store"
        and "set-cookie" not in answer.headers
        and "frame-ancestors 'none'" in policy
    )


def test_a_stranger_gets_nothing_from_the_first_request_of_a_process_on(
    signing_app: App,
) -> None:
    assert len(signing_app.first) > 30
    told = [asked for asked, got in signing_app.first.items() if not is_nothing(got)]
    assert told == []


def test_a_stranger_gets_nothing_while_others_work(
    signing_app: App, sign_in: SignIn
) -> None:
    browser = sign_in("ada@example.com")
    assert opened(signing_app, browser.cookies) == ["Overview"]
    with httpx.Client(headers={"accept": "text/html"}) as stranger:
        answers = {
            (method, path): stranger.request(method, signing_app.url + path)
            for method, path in signing_app.first
        }
    assert [asked for asked, got in answers.items() if not is_nothing(got)] == []


def test_every_route_of_streamlit_is_asked(signing_app: App) -> None:
    routes = create_streamlit_routes(MagicMock())
    asked = [path for _, path in signing_app.first]
    # Three open routes: health says ok, and two lead to the provider.
    open_ = {"/_stcore/health", "/_stcore/stream", *OPEN, LOGOUT}
    paths = [route for route in routes if getattr(route, "path", "") not in open_]
    missed = [
        route.path
        for route in paths
        if isinstance(route, Route)
        and not any(route.path_regex.match(path) for path in asked)
    ]
    assert missed == []
    assert len(paths) > 8


def test_a_stranger_opens_no_session(signing_app: App) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        opened(signing_app, httpx.Cookies())


def test_health_says_ok_and_sets_no_cookie(signing_app: App) -> None:
    answer = httpx.get(f"{signing_app.url}/_stcore/health")
    assert (answer.text, answer.headers.get("set-cookie")) == ("ok", None)


def test_an_editor_gets_in(signing_app: App, sign_in: SignIn) -> None:
    browser = sign_in("Ada@Example.com")
    assert browser.get("/").status_code == 200
    assert browser.get("/_stcore/metrics").status_code == 200
    assert opened(signing_app, browser.cookies) == ["Overview"]


def test_someone_of_a_listed_domain_gets_in_and_uploads_nothing(
    signing_app: App, sign_in: SignIn
) -> None:
    browser = sign_in("vera@example.org")
    assert opened(signing_app, browser.cookies) == ["Overview"]
    answer = browser.put("/_stcore/upload_file/a/b", content=b"a")
    assert (answer.status_code, answer.text) == (403, "Only editors load files.")


def test_a_file_beyond_the_limit_is_refused_before_it_is_sent(
    signing_app: App, sign_in: SignIn
) -> None:
    browser = sign_in("ada@example.com")
    cookies = [f"{name}={value}" for name, value in browser.cookies.items()]
    told = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(402 * 1024**2),
        "Cookie": "; ".join(cookies),
        "X-Xsrftoken": browser.cookies["_streamlit_xsrf"],
    }
    with _socket(signing_app, browser.cookies) as line:
        path = f"/_stcore/upload_file/{_session(line)}/a"
        upload = HTTPConnection(urlsplit(signing_app.url).netloc, timeout=30)
        upload.putrequest("PUT", path)
        for name, value in told.items():
            upload.putheader(name, value)
        upload.endheaders()
        assert upload.getresponse().status == 413
        upload.close()


@pytest.mark.parametrize(
    ("email", "claims", "status", "words"),
    [
        ("eve@example.com", {}, 403, "eve@example.com is not on the list"),
        ("eve@sub.example.org", {}, 403, "is not on the list"),
        ("ada@example.com", {"email_verified": False}, 403, "does not vouch"),
        ("ada@example.com", {"email_verified": None}, 403, "does not vouch"),
        ("", {}, 403, "gives no email"),
        ("ada@example.com", {"iat": time.time() - 13 * 3600}, 401, "has ended"),
    ],
)
def test_someone_else_gets_nothing(
    signing_app: App,
    sign_in: SignIn,
    email: str,
    claims: dict[str, object],
    status: int,
    words: str,
) -> None:
    browser = sign_in(email, sub="someone", **claims)
    answer = browser.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert browser.get("/media/0.csv").status_code == status
    with pytest.raises(InvalidStatus, match="403"):
        opened(signing_app, browser.cookies)


def test_a_sign_in_that_was_ended_opens_nothing_any_more(
    signing_app: App, sign_in: SignIn
) -> None:
    browser = sign_in("ada@example.com")
    copied = httpx.Cookies(browser.cookies)
    with _socket(signing_app, copied) as line:
        assert _titles(line) == ["Overview"]
        browser.get("/auth/logout")
        assert browser.get("/").status_code == 401
        again = httpx.get(signing_app.url + "/", cookies=copied)
        assert again.status_code == 401
        assert _titles(line) == ["Sign in"]


@pytest.mark.parametrize("secret", ["", "another-secret-another-secret-12"])
def test_a_cookie_signed_by_another_opens_nothing(
    signing_app: App, secret: str
) -> None:
    name = "_streamlit_user"
    claims = (
        '{"is_logged_in": true, "email": "ada@example.com", "email_verified": true, '
        f'"iat": {int(time.time())}, "origin": "{signing_app.url}"}}'
    )
    forged = URLSafeTimedSerializer(secret, salt=name).dumps(claims)
    for value in (forged, claims, "chunks-2", f"{forged}x"):
        answer = httpx.get(signing_app.url, headers={"cookie": f"{name}={value}"})
        assert answer.status_code == 401


def test_the_address_that_was_asked_for_comes_after_the_sign_in(
    signing_app: App,
) -> None:
    signing_app.provider.person = {"email": "ada@example.com", "email_verified": True}
    with httpx.Client(base_url=signing_app.url, follow_redirects=True) as browser:
        asked = {"provider": "default", "to": "/customer?customer=a%40example.com"}
        answer = browser.get("/sign-in", params=asked)
        assert str(answer.url).endswith("/customer?customer=a%40example.com")
        assert answer.status_code == 200


@pytest.mark.parametrize("to", ["https://example.com/", "//example.com", "/\\example"])
def test_a_sign_in_leads_to_no_other_host(signing_app: App, to: str) -> None:
    answer = httpx.get(
        f"{signing_app.url}/sign-in", params={"provider": "default", "to": to}
    )
    assert "meterbook_return" not in answer.headers.get("set-cookie", "")
