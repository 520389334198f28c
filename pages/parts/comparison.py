"""The notebook's rule beside the best one: what it would have done differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports.notebook import Difference
from pages.parts import formats, meanings, tables, words

if TYPE_CHECKING:
    import pandas as pd

NAMES: Final = {
    Difference.OTHER_CUSTOMER: "Another customer",
    Difference.ONLY_NOTEBOOK: "Matched by the notebook only",
    Difference.ONLY_BEST: "Matched by best evidence only",
    Difference.OTHER_ACCOUNT: "Same customer, other account",
}
"""Names of the differences."""

MOVED: Final = "Usage of the subusers for which the two rules say something else."
"""What the figure of a difference is."""


def moved(rows: pd.DataFrame) -> None:
    """Show how many GB each kind of difference moves.

    Args:
        rows: As core.reports.notebook.moved gives them.
    """
    for column, row in zip(st.columns(4), rows.to_dict("records"), strict=True):
        with column.container(border=True, height="stretch"):
            name = NAMES[Difference(row["difference"])]
            st.metric(name, formats.gb(row["usage_gb"]), help=MOVED)
            counted = words.counted(int(row["subusers"]), "subuser")
            st.caption(f"{counted}, {formats.share(row['share'])} of all GB")


def differences(rows: pd.DataFrame) -> None:
    """Show each subuser about which the rules differ.

    Args:
        rows: As core.reports.notebook.differences gives them.
    """
    if rows.empty:
        st.caption("Both rules give every subuser the same customer.")
        return
    names = {str(each): name for each, name in NAMES.items()}
    text = st.column_config.TextColumn
    rows = tables.paged(rows, "differences")
    st.dataframe(
        rows.assign(difference=rows["difference"].map(names)),
        key="differences",
        hide_index=True,
        height=420,
        column_order=[
            "subuser",
            "usage_gb",
            "difference",
            "email_best",
            "type_best",
            "email_notebook",
            "type_notebook",
            "explanation_notebook",
        ],
        column_config={
            "subuser": text("Subuser", pinned=True),
            "usage_gb": st.column_config.NumberColumn(
                "GB", format=tables.GB, help=meanings.USAGE
            ),
            "difference": text("Difference", width="medium"),
            "email_best": text("Customer, best evidence", width="medium"),
            "type_best": "Account",
            "email_notebook": text("Customer, notebook", width="medium"),
            "type_notebook": "Its account",
            "explanation_notebook": text("Why, notebook", width="large"),
        },
        placeholder="",
        alt="Subusers about which the rules differ",
    )
