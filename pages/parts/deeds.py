"""The table of what people changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Deed


def draw(deeds: Sequence[Deed]) -> bool:
    """Show one row for each change; False if there is none."""
    if not deeds:
        return False
    people = sorted({deed.done_by for deed in deeds})
    who = st.selectbox(
        "Person",
        people,
        index=None,
        placeholder="Everybody",
        key="person",
        bind="query-params",
    )
    shown = [deed for deed in deeds if who in {None, deed.done_by}]
    st.dataframe(
        {
            "When": [deed.done_at for deed in shown],
            "Who": [deed.done_by for deed in shown],
            "What": [str(deed.action).capitalize() for deed in shown],
            "On": [deed.detail for deed in shown],
        },
        key="deeds",
        hide_index=True,
        column_config={
            "When": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss"),
            "On": st.column_config.TextColumn(width="large"),
        },
        alt="Who changed what, newest first",
    )
    return True
