"""Settings that are not safe: what `doctor` says of config.toml and secrets.toml.

Settings of the command line are those of a running server, and not seen here.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from core import admission, places
from core.admission import AccessSettingsError
from core.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG: Final = places.ROOT / ".streamlit" / "config.toml"
"""Settings of the server; environment variables come before them."""

SECRETS: Final = (
    Path.home() / ".streamlit" / "secrets.toml",
    places.ROOT / ".streamlit" / "secrets.toml",
)
"""Where Streamlit looks for secrets, the later before the earlier."""

HERE: Final = frozenset(("127.0.0.1", "localhost", "::1"))
"""Names of this machine that nobody elsewhere can mean."""

SAFE: Final[dict[tuple[str, str], tuple[object, ...]]] = {
    ("server", "enableXsrfProtection"): (True, None),
    ("server", "enableCORS"): (True, None),
    ("server", "enableStaticServing"): (False, None),
    ("server", "enableAgentApi"): (False, None),
    ("server", "scriptHealthCheckEnabled"): (False, None),
    ("server", "trustedUserHeaders"): (None, {}, "{}"),
    ("global", "developmentMode"): (False, None),
    ("browser", "gatherUsageStats"): (False,),
    ("client", "showErrorDetails"): ("none",),
    ("client", "showErrorLinks"): (False,),
    ("logger", "enableRich"): (False,),
}
"""Settings of the server and the values that are safe; None is not set."""

MAX_UPLOAD_MB: Final = 400
"""Largest upload of the server as shipped; reading one takes several times its size."""


@dataclass(frozen=True)
class Settings:
    """What config.toml, secrets.toml and the environment say."""

    config: dict[str, Any]
    secrets: dict[str, Any]

    def get(self, section: str, name: str) -> object:
        """Return a setting of the server; None where it is not set."""
        words = re.sub("(?<=[a-z])(?=[A-Z])", "_", name)
        told = os.environ.get(f"STREAMLIT_{section}_{words}".upper())
        if told is None:
            return self.config.get(section, {}).get(name)
        return {"true": True, "false": False}.get(told.lower(), told)

    def listed(self, section: str, name: str) -> list[str]:
        """Return a setting that is a list."""
        found = self.get(section, name)
        if isinstance(found, str):
            return re.split(r"[\s,]+", found.strip())
        return [str(each) for each in found] if isinstance(found, list) else []


def unsafe() -> list[str]:
    """Say of each setting that is not safe what it is and what it should be.

    Raises:
        OptionError: The settings cannot be read.
    """
    paths = [path for path in SECRETS if path.exists()]
    secrets: dict[str, Any] = {}
    for path in paths:
        secrets |= _read(path)
    settings = Settings(_read(CONFIG) if CONFIG.exists() else {}, secrets)
    return [
        *(
            f"setting {section}.{name} is {found!r}; safe is {safe[0]!r}"
            for (section, name), safe in SAFE.items()
            if (found := settings.get(section, name)) not in safe
        ),
        *_uploads(settings),
        *_access(settings),
        *(told for path in paths for told in _rights(path)),
    ]


def _read(path: Path) -> dict[str, Any]:
    """Read a file of settings.

    Raises:
        OptionError: It cannot be read. What it says there may be a secret.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise OptionError(f"{path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        where = re.search(r"line \d+", str(error))
        at = f" at {where[0]}" if where else ""
        raise OptionError(f"{path} cannot be read: it is no TOML{at}.") from error


def _uploads(settings: Settings) -> Iterator[str]:
    found = str(settings.get("server", "maxUploadSize") or 200)
    if not found.isdigit() or int(found) > MAX_UPLOAD_MB:
        yield (
            f"setting server.maxUploadSize is {found} MB; larger than "
            f"{MAX_UPLOAD_MB} MB was never measured, and reading takes several times "
            "the size in memory"
        )


def _access(settings: Settings) -> Iterator[str]:
    """Say what is wrong with who is answered."""
    auth, access = (settings.secrets.get(name) for name in ("auth", "access"))
    address = settings.get("server", "address")
    if auth is None:
        if address not in HERE:
            yield (
                f"setting server.address is {address!r} and nobody has to sign in; "
                "safe is '127.0.0.1', or an [auth] section in secrets.toml"
            )
        if access is not None:
            yield "[access] in secrets.toml counts only beside [auth]: nobody signs in"
        return
    try:
        if not isinstance(auth, dict) or not isinstance(access or {}, dict):
            raise AccessSettingsError("[auth] and [access] are sections")
        admitting = admission.of_secrets(auth, access or {}, port=_port(settings))
    except AccessSettingsError as error:
        yield str(error)
        return
    yield from _origin(settings, urlsplit(admitting.origin).hostname or "", admitting)


def _origin(
    settings: Settings, host: str, admitting: admission.Admission
) -> Iterator[str]:
    """Say what is wrong with the address that people open."""
    if host in HERE:
        return
    if not admitting.is_encrypted:
        yield (
            f"redirect_uri of [auth] is at {admitting.origin}: cookies would travel "
            "unencrypted; put a proxy with TLS in front and write https"
        )
    allowed = settings.listed("server", "allowedHosts")
    if allowed and not {host, "*"} & set(allowed):
        yield (
            f"setting server.allowedHosts lacks {host!r}: pages opened there stay empty"
        )


def _port(settings: Settings) -> int:
    found = str(settings.get("server", "port") or "")
    return int(found) if found.isdigit() else 8501


def _rights(path: Path) -> Iterator[str]:
    """Say who besides its user can use a file of secrets."""
    if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
        yield f"{path} holds secrets and is open to others: chmod g-w,o-rwx {path}"
