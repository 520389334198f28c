"""Taking customers out of a collection: the press of a button, progress, the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.mongo import customers, fallback
from core.warehouse import customer_fields
from pages.parts import session
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.models import Reading
    from core.mongo.namespace import Namespace
    from core.mongo.rows import CustomerFields
    from core.warehouse.store import Warehouse
    from pages.parts.source import Found

_TAKEN: Final = "customers_taken"


@dataclass(frozen=True)
class _Taken:
    """A reading, and what it was read from."""

    asked: tuple[str, str, str, str, CustomerFields]
    reading: Reading


def run(
    warehouse: Warehouse, found: Found, space: Namespace, fields: CustomerFields
) -> Reading | None:
    """Read a collection when the button is pressed; return what was read last of it.

    The names of the fields are remembered for collections like this one.
    """
    asked = (found.kind, found.asked, found.home, str(space.name), fields)
    is_served = found.is_home and _is_served(found)
    if st.button("Read the customers", key="read_customers", type="primary"):
        reading = _read(found, space, fields, is_served=is_served)
        if reading is not None:
            _remember(warehouse, space, fields)
            st.session_state[_TAKEN] = _Taken(asked, reading)
    taken: _Taken | None = st.session_state.get(_TAKEN)
    return taken.reading if taken and taken.asked == asked else None


def _is_served(found: Found) -> bool:
    """Ask whether MongoDB itself shall read a data folder, where it is at hand."""
    needed = fallback.needed_series(found.feature_version)
    return st.checkbox(
        "Read it with MongoDB's own server, on a copy",
        key="read_with_mongod",
        disabled=fallback.series_on_path() not in needed,
        help=fallback.advice(found.feature_version),
    )


def _read(
    found: Found, space: Namespace, fields: CustomerFields, *, is_served: bool
) -> Reading | None:
    bar = st.progress(0.0, text=_progress(0, space.count))

    def tell(count: int) -> None:
        part = min(count / space.count, 1.0) if space.count else 0.0
        bar.progress(part, text=_progress(count, space.count))

    try:
        with found.opened(is_served=is_served) as source:
            reading = customers.from_source(
                source, space.name, fields=fields, tell=tell
            )
    except AppError as error:
        st.error(as_text(str(error)))
        if found.is_home:
            st.info(as_text(fallback.advice(found.feature_version)))
        return None
    finally:
        bar.empty()
    if found.upload is None:
        return reading
    return replace(reading, original_sha256=found.upload.sha256)


def _remember(warehouse: Warehouse, space: Namespace, fields: CustomerFields) -> None:
    if space.fields and customer_fields.find(warehouse, space.fields) != fields:
        now, by = session.now(), session.who()
        customer_fields.save(warehouse, space.fields, fields, now=now, by=by)


def _progress(count: int, whole: int | None) -> str:
    of = f" of {whole:,}" if whole else ""
    return f"Reading: {count:,}{of} documents"
