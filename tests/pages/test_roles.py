"""Roles on pages: stale buttons change nothing, and each sees what is theirs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from core.warehouse import audit
from pages.parts import cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Open
    from streamlit.testing.v1 import AppTest

ADA: Final = "ada@example.com"
AUTH: Final = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "cookie_secret": "0" * 32,
    "client_id": "a",
    "client_secret": "b",
    "server_metadata_url": "http://127.0.0.1/.well-known/openid-configuration",
}


def sign_in(app: AppTest, role: str, *, age_hours: float = 0) -> AppTest:
    """Sign Ada in, in a role; an app that is open already keeps what it shows."""
    app.secrets = {"auth": AUTH, "access": {role: [ADA]}}
    app.user = {
        "is_logged_in": True,
        "email": ADA,
        "email_verified": True,
        "iat": time.time() - age_hours * 3600,
    }
    return app


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


@pytest.fixture
def visit(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page as Ada in a role; what she did is asked of the machine's own."""

    def visited(script: str, role: str) -> AppTest:
        app = sign_in(open_page("audit.py"), role)
        return app.switch_page(script).run()

    return visited


def press(key: str) -> Callable[[AppTest], object]:
    return lambda app: app.button(key=key).click().run()


def toggle(app: AppTest) -> None:
    app.toggle(key="settings_fees").set_value(True).run()


ROUTES: Final[dict[str, tuple[str, Callable[[AppTest], object]]]] = {
    "undo": ("history.py", press("undo_4")),
    "decide": ("matching.py", press("decide_none")),
    "settings": ("settings.py", press("settings_save")),
    "fees": ("settings.py", toggle),
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("change", ["viewers", "expired"])
@pytest.mark.usefixtures("loaded_shop")
def test_a_stale_button_changes_nothing(
    route: str, change: str, visit: Callable[..., AppTest]
) -> None:
    script, push = ROUTES[route]
    app = visit(script, "editors")
    before = done()
    if change == "expired":
        sign_in(app, "editors", age_hours=13)
    else:
        sign_in(app, change)
    push(app)
    assert not app.exception
    assert done() == before
    if change == "expired":
        assert titles(app) == ["Sign in"]
    else:
        assert "ask an editor" in app.error[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_a_load_that_was_planned_as_an_editor_is_refused_to_a_viewer(
    visit: Callable[..., AppTest],
) -> None:
    app = visit("add_files.py", "editors")
    content = b"Subuser,Date,Bandwidth Usage (GB)\nnewname,2026-02,1\n"
    app.file_uploader(key="files").set_value([("new.csv", content, "text/csv")]).run()
    before = done()
    sign_in(app, "viewers")
    press("load")(app)
    assert done() == before
    assert titles(app) == ["For editors"]


@pytest.mark.parametrize("script", ["add_files.py", "add_customers.py"])
def test_pages_that_only_change_tell_a_viewer_so(
    script: str, visit: Callable[..., AppTest]
) -> None:
    app = visit(script, "viewers")
    assert titles(app) == ["For editors"]
    assert not app.file_uploader


@pytest.mark.usefixtures("loaded_shop")
def test_a_viewer_sees_figures_and_the_audit(visit: Callable[..., AppTest]) -> None:
    app = visit("audit.py", "viewers")
    rows = app.dataframe[0].value
    assert set(rows["What"]) == {"Load"}
    assert set(rows["Who"]) == {"tester"}


@pytest.mark.usefixtures("loaded_shop")
def test_who_did_it_is_who_is_signed_in(visit: Callable[..., AppTest]) -> None:
    press("undo_4")(visit("history.py", "editors"))
    deed = audit.deeds(cache.warehouse())[0]
    assert (deed.action.value, deed.done_by) == ("undo of a load", ADA)


@pytest.mark.parametrize(
    ("user", "title"),
    [
        ({}, "Sign in"),
        ({"email": "eve@example.org"}, "Sign in"),
        ({"iat": 1}, "Sign in"),
    ],
)
def test_the_gate_holds_where_no_border_stands_before_it(
    user: dict[str, object], title: str, visit: Callable[..., AppTest]
) -> None:
    app = visit("overview.py", "editors")
    app.user = {**app.user, "is_logged_in": bool(user), **user}
    app.run()
    assert titles(app) == [title]


def test_secrets_that_name_nobody_close_every_page(
    visit: Callable[..., AppTest],
) -> None:
    app = visit("overview.py", "nobody")
    assert titles(app) == ["Meterbook is closed"]
    assert "names no editors and no viewers" in app.text[0].value


def done() -> int:
    """Count what was done so far, as the machine's own."""
    return len(audit.deeds(cache.warehouse()))
