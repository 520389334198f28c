"""All that one upload gives: the readings of its parts, and what is not to be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import (
    AppError,
    NotLoadableError,
    UnknownFileError,
    UnreadableFileError,
    listed,
)
from core.files import container, textcolumns
from core.files.table import TextTable
from core.sources.registry import KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.files.container import Part
    from core.files.upload import Upload
    from core.models import Reading

    Reader = Callable[[Upload | TextTable, str], Reading]


@dataclass(frozen=True)
class Failure:
    """A file, or a part of one, that was not read, and why."""

    file: str
    error: AppError


@dataclass(frozen=True)
class Bundle:
    """What an upload held, in the order of its parts."""

    readings: tuple[Reading, ...]
    failures: tuple[Failure, ...]


def read_whole(upload: Upload, read_part: Reader) -> Bundle:
    """Read an upload that is one thing, however it is packed."""
    try:
        return Bundle((read_part(upload, upload.sha256),), ())
    except AppError as error:
        return Bundle((), (Failure(upload.name, error),))


def read_all(upload: Upload, read_part: Reader) -> Bundle:
    """Read every part of an upload by itself; a part that fails stops no other.

    Parts in which there is nothing to load are failures only where no part can be
    loaded; else the first reading names them in its warnings.

    Args:
        upload: The file.
        read_part: Reads a file or a sheet with this SHA-256; may raise any AppError.
    """
    textcolumns.let_go()
    try:
        parts = container.parts(upload)
    except UnreadableFileError as error:
        return Bundle((), (Failure(upload.name, error),))
    found = _read_parts(upload, parts, read_part)
    textcolumns.let_go()
    return found


def _read_parts(upload: Upload, parts: Sequence[Part], read_part: Reader) -> Bundle:
    readings: list[Reading] = []
    failures: list[Failure] = []
    notes: list[str] = []
    for part in parts:
        notes += part.warnings
        try:
            readings.append(_reading(part, read_part))
        except AppError as error:
            failures.append(Failure(part.name, error))
    idle = [failure for failure in failures if _is_idle(failure.error)]
    if len(idle) < len(parts):
        notes += map(_note, idle)
        failures = [failure for failure in failures if failure not in idle]
    elif len(parts) > 1 and all(_is_unknown(failure.error) for failure in failures):
        failures = [_none_known(upload, failures)]
    return Bundle(_noted(readings, notes), tuple(failures))


def _reading(part: Part, read_part: Reader) -> Reading:
    """Read a part; the reading says which upload it comes from."""
    if isinstance(part.content, UnreadableFileError):
        raise part.content
    reading = read_part(part.content, part.sha256)
    if isinstance(part.content, TextTable):
        warnings = (*part.content.notes, *reading.warnings)
        reading = replace(reading, warnings=warnings)
    if part.sha256 == part.original_sha256:
        return reading
    return replace(reading, original_sha256=part.original_sha256)


def _is_idle(error: AppError) -> bool:
    """Tell whether there is just nothing to load, and nothing wrong."""
    return isinstance(error, UnknownFileError | NotLoadableError)


def _is_unknown(error: AppError) -> bool:
    return isinstance(error, UnknownFileError)


def _note(failure: Failure) -> str:
    error = failure.error
    if isinstance(error, UnknownFileError):
        columns = listed(error.found, limit=8)
        return f"{failure.file} is not recognised and not loaded. Columns: {columns}."
    return f"Not loaded: {error}"


def _none_known(upload: Upload, failures: Sequence[Failure]) -> Failure:
    """Tell at once that no part is of a known kind."""
    found = [
        f"{failure.file.removeprefix(upload.name).lstrip(',: ')}: "
        f"{', '.join(failure.error.found)}"
        for failure in failures
        if isinstance(failure.error, UnknownFileError)
    ]
    return Failure(upload.name, UnknownFileError(upload.name, found, KNOWN))


def _noted(readings: Sequence[Reading], notes: Sequence[str]) -> tuple[Reading, ...]:
    """Add sentences about the whole upload to the first reading."""
    if not readings or not notes:
        return tuple(readings)
    first, *others = readings
    return (replace(first, warnings=(*notes, *first.warnings)), *others)
