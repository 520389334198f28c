"""One hostile file, taken as staff would drop it: told or read, within limits."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import job

if TYPE_CHECKING:
    from core.files.upload import Upload
    from core.job import Intake

MEMORY_MIB: Final = 600
"""Most memory that reading one of the files may add."""

CPU_SECONDS: Final = 20
"""Most processor time that one of the files may take, on a slow machine."""

MESSAGE_CHARS: Final = 2100
"""Longest message that is told of a file."""

_STATUS: Final = Path("/proc/self/status")
_PEAK: Final = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Trial:
    """What came of a file; faults are sentences, none when all was well."""

    intake: Intake
    faults: tuple[str, ...]


def of(upload: Upload) -> Trial:
    """Take a file and look at what comes of it.

    What is no AppError is raised: it is a fault of ours.
    """
    before, began = _started(), time.process_time()
    intake = job.take([upload])
    faults = []
    if (spent := time.process_time() - began) > CPU_SECONDS:
        faults.append(f"took {spent:.1f} s")
    if (more := _mib("VmHWM") - before) > MEMORY_MIB:
        faults.append(f"took {more} MiB")
    if not intake.readings and not intake.refusals:
        faults.append("was neither read nor told")
    for reading in intake.readings:
        if reading.rows_read != reading.rows.num_rows + len(reading.problems):
            faults.append("lost rows")
    for refusal in intake.refusals:
        text = refusal.message
        if len(text) > MESSAGE_CHARS or not text.replace("\n", "").isprintable():
            faults.append(f"was told in words not fit to be shown: {text[:80]!r}")
    return Trial(intake, tuple(faults))


def _started() -> int:
    """Forget the peak of memory where the system can, and return what is used."""
    if os.access(_PEAK, os.W_OK):
        _PEAK.write_text("5")
    return _mib("VmHWM")


def _mib(name: str) -> int:
    """Return a size of this process; 0 where the system does not tell."""
    if not _STATUS.exists():
        return 0
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) // 1024
    return 0
