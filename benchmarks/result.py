"""What was measured, and how it is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER: Final = (
    "question",
    "ours",
    "peer",
    "ratio",
    "peak memory",
    "sent",
    "against",
)
"""Columns of the table; ratio is the peer's time divided by ours."""

_RIGHT: Final = frozenset({1, 2, 3, 4, 5})


@dataclass(frozen=True)
class Result:
    """One answer: time of ours and of a peer in seconds, our peak memory in MiB.

    peer names who was measured beside us and is empty if nobody was; peer_seconds is
    then None. sent_bytes are those that went to a browser, None where none is asked.
    """

    question: str
    ours_seconds: float
    peak_mib: float
    peer: str = ""
    peer_seconds: float | None = None
    sent_bytes: int | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer the peer takes; None without one."""
        if self.peer_seconds is None or not self.ours_seconds:
            return None
        return self.peer_seconds / self.ours_seconds


def table(results: Sequence[Result]) -> str:
    """Write results as a text table, one line each, in the order given."""
    rows = [HEADER, *(_cells(result) for result in results)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADER))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in _RIGHT else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def as_json(results: Sequence[Result], *, size: int, machine: str) -> str:
    """Write results with what they depend on, for a comparison later."""
    entries = [asdict(result) | {"ratio": result.ratio} for result in results]
    content = {"size": size, "machine": machine, "results": entries}
    return json.dumps(content, indent=2) + "\n"


def _cells(result: Result) -> tuple[str, ...]:
    """Write one result as the cells of a line."""
    return (
        result.question,
        f"{result.ours_seconds:.3f} s",
        "-" if result.peer_seconds is None else f"{result.peer_seconds:.3f} s",
        "-" if result.ratio is None else f"{result.ratio:.1f} x",
        f"{result.peak_mib:.0f} MiB",
        "-" if result.sent_bytes is None else f"{result.sent_bytes / 1024:,.0f} KiB",
        result.peer or "-",
    )
