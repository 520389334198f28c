"""Entries that staff type and take back: months, decimals, currencies, lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator


def month(place: DeltaGenerator, label: str, key: str) -> None:
    """Ask for a month as text, `2026-01`."""
    place.text_input(label, key=key, placeholder="2026-01", max_chars=7)


def currency(place: DeltaGenerator, label: str, key: str) -> None:
    """Ask for a currency code, `usd`."""
    place.text_input(label, key=key, placeholder="usd", max_chars=3)


def read_month(text: str) -> date:
    """Read a month as it was typed.

    Raises:
        OptionError: It is none.
    """
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise OptionError(f"{text!r} is no month. Write it like 2026-01.") from error


def read_decimal(text: str, what: str) -> Decimal:
    """Read a number as it was typed, exactly; a point parts the decimals.

    Args:
        text: What was typed.
        what: What it is, for the message.

    Raises:
        OptionError: It is none.
    """
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise OptionError(
            f"{text!r} is no {what}. Write it with a point, like 1.25."
        ) from error


def line(text: str, key: str, take_back: Callable[[int], None], entry_id: int) -> None:
    """Show an entry with a button that takes it back."""
    place = st.container(horizontal=True, vertical_alignment="center")
    place.text(text, width="stretch")
    place.button(
        "Take back",
        key=f"remove_{key}",
        type="tertiary",
        on_click=take_back,
        args=(entry_id,),
    )
