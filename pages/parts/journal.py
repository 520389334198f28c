"""What the server notes: requests, runs of pages, faults. Nothing of it is personal.

Each line has an event and pairs of name and value; SECURITY.md explains them.
Addresses are told by route, people and sessions by a code that changes with every start
of the server, faults by their skeleton.
"""

from __future__ import annotations

import hashlib
import secrets
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core import faults, logfile, places
from core.actors import LOCAL
from core.errors import AppError
from pages.parts import librarylog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor

NOBODY: Final = "-"
"""Stands where a value would, and there is none."""

_KEY: Final = secrets.token_bytes(16)
"""Key of the codes: without it a code could be found by trying out emails."""


@dataclass(frozen=True)
class Answered:
    """One request of HTTP or WebSocket, and how it was answered.

    status is the status of HTTP (101 for a WebSocket that was opened), body_bytes what
    was sent, actor who asked where that is known.
    """

    method: str
    route: str
    status: int
    body_bytes: int
    seconds: float
    actor: Actor | None


def begin() -> None:
    """Start the log of this process, and keep values out of all that it prints."""
    librarylog.begin()
    refused = logfile.begin(places.log(places.warehouse()))
    if refused:
        sys.stderr.write(f"{refused}\n")


def code(value: str) -> str:
    """Return eight letters that stand for a person or a session in this process."""
    return hashlib.blake2b(value.encode(), key=_KEY, digest_size=4).hexdigest()


def request(answered: Answered) -> None:
    """Note one request."""
    logfile.LOGGER.info(
        "request method=%s route=%s status=%d bytes=%d ms=%d %s",
        answered.method,
        answered.route,
        answered.status,
        answered.body_bytes,
        answered.seconds * 1000,
        _person(answered.actor),
    )


@contextmanager
def page_run(page: str, actor: Actor, session: str) -> Iterator[None]:
    """Note one run of a page's script: how it ended and how long it took.

    Args:
        page: Its address without the slash.
        actor: Who sees it.
        session: The session of the browser's tab; only its code is noted.
    """
    began = time.perf_counter()
    ended = "done"
    try:
        yield
    except AppError:
        ended = "told"
        raise
    except Exception:
        ended = "fault"
        raise
    except BaseException:
        # Streamlit stops and reruns a script by exceptions that are no faults.
        ended = "stopped"
        raise
    finally:
        logfile.LOGGER.info(
            "page route=/%s ended=%s ms=%d %s session=%s",
            page,
            ended,
            (time.perf_counter() - began) * 1000,
            _person(actor),
            code(session),
        )


def fault(error: BaseException, where: str) -> str:
    """Note a fault; return the reference by which it is found in the log.

    Args:
        error: What went wrong.
        where: `page` or `request`.
    """
    reference = secrets.token_hex(4).upper()
    logfile.LOGGER.error(
        "fault in=%s reference=%s\n%s", where, reference, faults.skeleton(error)
    )
    return reference


def _person(actor: Actor | None) -> str:
    if actor is None:
        return f"role={NOBODY} who={NOBODY}"
    who = NOBODY if actor == LOCAL else code(actor.name)
    return f"role={actor.role} who={who}"
