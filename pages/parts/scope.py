"""What the layers of the server read of a request, and tell each other about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streamlit import config

if TYPE_CHECKING:
    from starlette.types import Scope

    from core.actors import Actor

_ACTOR: Final = "meterbook.actor"


def base() -> str:
    """Return the path that the app is served under, without a slash at its end."""
    name = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{name}" if name else ""


def path(scope: Scope) -> str:
    """Return the path below the one that the app is served under."""
    whole, start = str(scope["path"]), base()
    return whole[len(start) :] if start and whole.startswith(start + "/") else whole


def tell_actor(scope: Scope, actor: Actor) -> None:
    """Leave word of who asks, for the layers in front."""
    scope[_ACTOR] = actor


def actor(scope: Scope) -> Actor | None:
    """Return who asks; None where the border let nobody in."""
    found: Actor | None = scope.get(_ACTOR)
    return found
