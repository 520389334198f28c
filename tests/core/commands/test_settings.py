"""Settings that are not safe are told, each with what is safe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.commands import settings
from core.errors import OptionError

AUTH = """
[auth]
redirect_uri = "https://meterbook.example.com/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "a"
client_secret = "secret-of-the-client"
server_metadata_url = "https://id.example.com/.well-known/openid-configuration"
"""
ACCESS = """
[access]
editors = ["ada@example.com"]
"""
HERE = AUTH.replace("https://meterbook.example.com", "http://localhost:8501")
SAFE = """
[server]
address = "127.0.0.1"
allowedHosts = ["127.0.0.1"]
[browser]
gatherUsageStats = false
[client]
showErrorDetails = "none"
showErrorLinks = false
[logger]
enableRich = false
"""
PROXIED = SAFE.replace('["127.0.0.1"]', '["meterbook.example.com"]')


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("STREAMLIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "CONFIG", tmp_path / "config.toml")
    monkeypatch.setattr(settings, "SECRETS", (tmp_path / "secrets.toml",))
    return tmp_path


def unsafe(folder: Path, config: str, secrets: str | None) -> list[str]:
    """Write settings and return what is said of them."""
    (folder / "config.toml").write_text(config, "utf-8")
    if secrets is not None:
        (folder / "secrets.toml").write_text(secrets, "utf-8")
        (folder / "secrets.toml").chmod(0o600)
    return settings.unsafe()


def test_the_settings_of_the_product_are_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
    monkeypatch.setattr(settings, "CONFIG", shipped)
    assert settings.unsafe() == []


@pytest.mark.parametrize(
    ("config", "secrets"),
    [
        (SAFE, None),
        (SAFE, "[mongodb]\nuri = 'mongodb://example.com'"),
        (SAFE, HERE + ACCESS),
        (PROXIED, AUTH + ACCESS),
        (PROXIED.replace("127.0.0.1", "0.0.0.0"), AUTH + ACCESS),  # noqa: S104
        (PROXIED, AUTH + "[access]\nviewers = ['@example.org']"),
    ],
)
def test_complete_settings_are_safe(
    folder: Path, config: str, secrets: str | None
) -> None:
    assert unsafe(folder, config, secrets) == []


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("", "server.address is None and nobody has to sign in"),
        (SAFE.replace("127.0.0.1", "0.0.0.0"), "server.address is '0.0.0.0'"),  # noqa: S104
        (f"{SAFE}[global]\ndevelopmentMode = true", "global.developmentMode is True"),
        (SAFE.replace('"none"', '"full"'), "client.showErrorDetails is 'full'"),
        (SAFE.replace("enableRich = false", ""), "logger.enableRich is None"),
        (
            SAFE.replace("[server]", "[server]\nmaxUploadSize = 2000"),
            "server.maxUploadSize is 2000 MB",
        ),
        (
            SAFE.replace("[server]", "[server]\ntrustedUserHeaders = {a = 'b'}"),
            "server.trustedUserHeaders is {'a': 'b'}; safe is None",
        ),
        *(
            (
                SAFE.replace("[server]", f"[server]\n{name} = {value}"),
                f"server.{name} is",
            )
            for name, value in (
                ("enableXsrfProtection", "false"),
                ("enableCORS", "false"),
                ("enableStaticServing", "true"),
                ("enableAgentApi", "true"),
                ("scriptHealthCheckEnabled", "true"),
            )
        ),
    ],
)
def test_a_setting_of_the_server_that_is_not_safe(
    folder: Path, config: str, told: str
) -> None:
    assert [problem for problem in unsafe(folder, config, None) if told in problem]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SERVER_ADDRESS", "192.0.2.1", "server.address is '192.0.2.1'"),
        ("SERVER_ENABLE_XSRF_PROTECTION", "false", "enableXsrfProtection is False"),
        ("SERVER_ENABLE_CORS", "False", "server.enableCORS is False"),
        ("SERVER_MAX_UPLOAD_SIZE", "401", "server.maxUploadSize is 401 MB"),
        ("LOGGER_ENABLE_RICH", "true", "logger.enableRich is True"),
    ],
)
def test_the_environment_comes_before_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"STREAMLIT_{name}", value)
    (problem,) = unsafe(folder, SAFE, None)
    assert told in problem


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        (
            AUTH.replace("cookie_secret", "x") + ACCESS,
            "cookie_secret needs at least 32",
        ),
        (AUTH.replace("0123456789abcdef", "0", 1) + ACCESS, "cookie_secret needs"),
        (AUTH, "[access] names no editors and no viewers"),
        (AUTH + "[access]\neditors = []", "[access] names no editors and no viewers"),
        (AUTH.replace("client_id", "x") + ACCESS, "default lacks client_id"),
        (AUTH.replace("client_secret", "x") + ACCESS, "default lacks client_secret"),
        (AUTH.replace("/oauth2callback", "") + ACCESS, "ends in /oauth2callback"),
        (AUTH + ACCESS.replace("ada@", "ada"), "in editors is no email or @domain"),
        (AUTH.replace("https://m", "http://m") + ACCESS, "would travel unencrypted"),
        (AUTH.replace("//meterbook", "//other") + ACCESS, "lacks 'other.example.com'"),
        (ACCESS, "[access] in secrets.toml counts only beside [auth]"),
        ("auth = 1" + ACCESS, "[auth] and [access] are sections"),
    ],
)
def test_a_sign_in_that_is_not_complete(folder: Path, secrets: str, told: str) -> None:
    (problem,) = unsafe(folder, PROXIED, secrets)
    assert told in problem
    assert "secret-of-the-client" not in problem


def test_the_host_that_people_open_may_be_named_by_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = "127.0.0.1 meterbook.example.com"
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", hosts)
    assert unsafe(folder, SAFE, AUTH + ACCESS) == []


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620])
def test_secrets_that_others_can_read_or_change(folder: Path, mode: int) -> None:
    assert unsafe(folder, SAFE, "") == []
    secrets = folder / "secrets.toml"
    secrets.chmod(mode)
    (problem,) = settings.unsafe()
    assert (
        problem
        == f"{secrets} holds secrets and is open to others: chmod g-w,o-rwx {secrets}"
    )


@pytest.mark.parametrize("file", ["config.toml", "secrets.toml"])
def test_settings_that_cannot_be_read_are_told_without_what_they_say(
    folder: Path, file: str
) -> None:
    (folder / file).write_text("[server]\npassword = secret-of-the-client\n", "utf-8")
    with pytest.raises(
        OptionError, match=f"{file} cannot be read: .* at line 2"
    ) as told:
        settings.unsafe()
    assert "secret-of" not in str(told.value)
    assert "secret-of" not in "".join(map(str, told.value.args))
