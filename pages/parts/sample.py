"""The sample shop: made-up files to look around with, loaded by one button."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.files.upload import Upload
from core.warehouse import plans
from pages.parts import cache, session

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse

FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "sample"
"""Where the files of the sample shop stand."""

FILES: Final = {
    "oxylabs_usage.csv": None,
    "second_provider_usage.csv": "Second provider",
    "customers.json": None,
    "stripe_activity.csv": None,
    "stripe_payments.csv": None,
    "Balance_Summary_USD_2024-11-01_to_2026-10-31_UTC.csv": None,
    "Balance_Summary_EUR_2024-11-01_to_2026-10-31_UTC.csv": None,
    "Balance_change_USD_2026-10-01_to_2026-10-31_UTC.csv": None,
}
"""Files of the shop, each with its provider where the file names none."""


def load(warehouse: Warehouse, *, now: datetime, by: str) -> None:
    """Load the sample shop as if its files had been dropped and loaded.

    Raises:
        AppError: A file is missing or unreadable, or someone else loads meanwhile.
    """
    uploads = [Upload.from_path(FOLDER / name) for name in FILES]
    readings = [job.read(upload, provider=FILES[upload.name]) for upload in uploads]
    plan = plans.plan(warehouse, readings)
    job.load(warehouse, plan, now=now, by=by, uploads=uploads)


def load_button() -> None:
    """Offer the sample shop; a press loads it and draws the page anew."""
    if not st.button("Load sample data", key="load_sample"):
        return
    with st.spinner("Loading a made-up shop of 300 customers..."):
        load(cache.warehouse(), now=session.now(), by=session.who())
    st.rerun()
