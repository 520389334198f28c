"""Progress: how far long work is, told to whoever listens while it is done."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Listener = Callable[[float, str], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("progress", default=None)


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Let a listener hear of the work that is done inside; of this thread alone.

    A listener is called with the part that is done, 0 to 1, and what is done next, in
    words for staff. What it raises ends the work where it is.
    """
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def tell(part: float, words: str) -> None:
    """Tell the listener, if there is one."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(part, words)
