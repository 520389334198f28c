"""Who acts, what they may do, and what they did: roles, actors and deeds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SHOWN: Final = 3
"""How many things of one deed the audit names before it counts the rest."""


class Role(StrEnum):
    """What a person may do: a viewer sees and downloads, an editor changes as well."""

    VIEWER = "viewer"
    EDITOR = "editor"


class Action(StrEnum):
    """What a person can change in a warehouse."""

    LOAD = "load"
    UNDO = "undo of a load"
    DECISION = "decision"
    DECISION_BACK = "decision taken back"
    LABEL = "blind answer"
    SETTING = "setting"
    LAYOUT = "columns of a file"
    COST = "wholesale price"
    RATE = "exchange rate"
    NOTE = "note on a customer"


@dataclass(frozen=True)
class Actor:
    """A person, or the machine, in whose name a warehouse is used."""

    name: str
    role: Role


LOCAL: Final = Actor("local", Role.EDITOR)
"""Who acts where nobody signs in: whoever is at this machine may do everything."""


@dataclass(frozen=True)
class Deed:
    """One change: what, on which things, when (UTC without a zone) and by whom."""

    action: Action
    detail: str
    done_at: datetime
    done_by: str


def named(things: Sequence[str]) -> str:
    """Name the things of one deed: the first of them, and how many more."""
    more = len(things) - SHOWN
    return "; ".join(things[:SHOWN]) + (f"; and {more:,} more" if more > 0 else "")
