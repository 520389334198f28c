"""Folders of this machine that customers may be read from: those that are allowed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE: Final = "METERBOOK_MONGO_FOLDERS"
"""Environment variable with the allowed parents, parted as PATH is."""


def allowed(
    environment: Mapping[str, str], kept: Sequence[str] = ()
) -> tuple[Path, ...]:
    """List the parents below which an administrator allows folders; none by default.

    Args:
        environment: Its VARIABLE names some.
        kept: Those that the server's secrets name.
    """
    named = [*environment.get(VARIABLE, "").split(os.pathsep), *kept]
    return tuple(Path(name).resolve() for name in named if name.strip())


def checked(text: str, parents: Sequence[Path]) -> Path:
    """Return the folder or file that a person names, links followed.

    Args:
        text: A path, whole or below one of the parents.
        parents: As allowed gives them.

    Raises:
        SourceError: It is not below a parent, or is not there; which of both is not
            told, so that nobody learns what else the machine holds.
    """
    for parent in parents:
        path = (parent / text.strip()).resolve()
        if path.is_relative_to(parent) and path.exists():
            return path
    named = ", ".join(str(parent) for parent in parents) or "none"
    raise SourceError(
        f"{text}: there is no such folder below those that are allowed ({named}). "
        f"An administrator allows them in {VARIABLE} or in the secrets."
    )
