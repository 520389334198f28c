"""The sizes at which a benchmark shows how its time grows."""

from __future__ import annotations

from typing import Final

LEAST: Final = 10_000
"""Rows of the smallest size; each next one has ten times as many."""


def sizes(most: int) -> list[int]:
    """List sizes from LEAST, ten times each, up to most, which is always one."""
    found = [LEAST]
    while found[-1] * 10 < most:
        found.append(found[-1] * 10)
    return [*found, most] if most > LEAST else [most]
