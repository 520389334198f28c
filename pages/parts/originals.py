"""The kept file of a load: as it was, its refused rows to correct, and once more."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError, RowProblem
from core.exports import refused_rows
from core.files import container
from core.files.upload import Upload
from core.models import Kind
from core.warehouse import batches, originals
from pages.parts import drop, outcome, problems
from pages.parts.problems import Refused

if TYPE_CHECKING:
    from core.warehouse.batches import Batch
    from core.warehouse.store import Warehouse


_ICON: Final = ":material/replay:"


def download(warehouse: Warehouse, batch: Batch) -> None:
    """Offer the uploaded file, byte for byte; nothing if it is not kept."""
    sha256 = batch.original_sha256
    if not originals.is_kept(warehouse, sha256):
        return
    path = PurePath(problems.safe(_name(batch)))
    st.download_button(
        "Download the file as it was",
        lambda: originals.content(warehouse, sha256),
        # A browser could be given another file of this name otherwise.
        file_name=f"{path.stem}-{sha256[:8]}{path.suffix}",
        key=f"original_{batch.batch_id}",
        icon=":material/download:",
        on_click="ignore",
    )


def refused(warehouse: Warehouse, batch: Batch) -> None:
    """Offer the refused rows of a load in a shape that can be corrected."""
    if not batch.rows_refused:
        return
    rows = batches.refused_rows(warehouse, batch.batch_id).to_pylist()
    found = [RowProblem(batch.file, **row) for row in rows]
    is_table = batch.kind is not Kind.CUSTOMERS
    is_kept = originals.is_kept(warehouse, batch.original_sha256)
    as_sent = partial(refused_rows.of_batch, warehouse, batch)
    key = f"of_load_{batch.batch_id}"
    given = as_sent if is_table and is_kept else None
    problems.download(Refused(found, batch.file, key, batch.sha256, given))


def again(warehouse: Warehouse, batch: Batch) -> None:
    """Offer to load a withdrawn file again; its plan is shown with the drop zone."""
    if not originals.is_kept(warehouse, batch.original_sha256):
        return
    if st.button("Load again", key=f"again_{batch.batch_id}", icon=_ICON):
        _put_back(warehouse, batch)


def otherwise(warehouse: Warehouse, batch: Batch) -> None:
    """Offer to read the file of a live load by other columns.

    What is then loaded takes the place of this load.
    """
    is_kept = originals.is_kept(warehouse, batch.original_sha256)
    if is_kept and batch.kind is Kind.USAGE and batch.is_live:
        key = f"otherwise_{batch.batch_id}"
        if st.button("Read with other columns", key=key, icon=_ICON):
            _put_back(warehouse, batch)


def _put_back(warehouse: Warehouse, batch: Batch) -> None:
    """Put the file of a load beside the drop zone and go there."""
    try:
        drop.put_again(_upload(warehouse, batch))
    except AppError as error:
        outcome.tell_failure("loads", str(error))
        st.rerun()
    st.switch_page("add_files.py")


def _upload(warehouse: Warehouse, batch: Batch) -> Upload:
    content = originals.content(warehouse, batch.original_sha256)
    return Upload(_name(batch), content)


def _name(batch: Batch) -> str:
    """Name the file that was uploaded, of which the load may be one part."""
    if batch.sha256 == batch.original_sha256:
        return batch.file
    return container.upload_name(batch.file)
