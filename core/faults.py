"""Faults of ours, told without anything that they were about.

The text of an exception often holds a value: an email, a row, a password of an address.
So nothing of it is written anywhere: types and places in the source are enough to find
a fault.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

MOST_FRAMES: Final = 40
"""Calls told of one exception, from the innermost: one that calls itself has no end."""


def skeleton(fault: BaseException) -> str:
    """Describe a fault by types and places, the exception that began it first.

    Returns:
        Lines: the type of each exception, then one indented line per call, the outer
        before the inner. No text of an exception, no value, no line of source.
    """
    return "\n".join(_lines(fault, set()))


def tell(
    kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """Tell an uncaught fault on standard error, as sys.excepthook is asked to.

    `python -X dev` tells everything, values included.
    """
    if sys.flags.dev_mode or isinstance(fault, KeyboardInterrupt):
        sys.__excepthook__(kind, fault, trace)
        return
    sys.stderr.write(
        "A fault of this program. Where it happened, without any of your data:\n"
        f"{skeleton(fault)}\n"
    )


def _lines(fault: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(fault))
    before = fault.__cause__ or fault.__context__
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
    yield f"{type(fault).__module__}.{type(fault).__qualname__}"
    calls = traceback.extract_tb(fault.__traceback__)
    for call in calls[-MOST_FRAMES:]:
        yield f"  {_shown(call.filename)}:{call.lineno} in {call.name}"
    if isinstance(fault, BaseExceptionGroup):
        for part in fault.exceptions:
            if id(part) not in seen:
                yield from _lines(part, seen)


def _shown(file: str) -> str:
    """Name a source file without the folders of this machine."""
    path = Path(file)
    if path.is_relative_to(ROOT):
        path = path.relative_to(ROOT)
    parts = path.parts
    if "site-packages" in parts:
        parts = parts[parts.index("site-packages") + 1 :]
    return "/".join(parts[-4:])
