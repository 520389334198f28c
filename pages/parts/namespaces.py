"""Collections of a source: which holds the customers, and under which names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.mongo import namespace
from core.mongo.rows import DEFAULT_FIELDS, CustomerFields
from core.warehouse import customer_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.mongo.namespace import Namespace
    from core.warehouse.store import Warehouse

MEANINGS: Final = {
    "email": "Email",
    "oxy_id": "Pro account, id",
    "oxy_username": "Pro account, username",
    "brief_oxy_id": "Basic account, id",
    "brief_oxy_username": "Basic account, username",
}
"""What each field of a customer is."""

ABSENT: Final = "\u2013"
"""Stands for a field that the collection does not have."""


def pick(spaces: Sequence[Namespace]) -> Namespace | None:
    """Show the collections and return the one to read, `customers` unless changed."""
    if len(spaces) == 1 and not spaces[0].problem:
        return spaces[0]
    _table(spaces)
    readable = {str(space.name): space for space in spaces if not space.problem}
    proposed = namespace.proposed(list(spaces))
    names = list(readable)
    chosen = st.selectbox(
        "Collection with the customers",
        names,
        index=names.index(str(proposed.name)) if proposed else None,
        placeholder="Choose one",
        key="namespace",
    )
    return readable.get(chosen or "")


def mapped(warehouse: Warehouse, space: Namespace) -> CustomerFields | None:
    """Ask under which names the fields are; None until the email is named.

    What was chosen for a collection with the same fields is proposed again. Nothing
    is asked where no field names are known.
    """
    if not space.fields:
        return DEFAULT_FIELDS
    known = customer_fields.find(warehouse, space.fields)
    proposed = (known or DEFAULT_FIELDS).names
    is_usual = known in (None, DEFAULT_FIELDS)
    is_sure = DEFAULT_FIELDS.email in space.fields and is_usual
    with st.expander(
        "Names of the fields", icon=":material/label:", expanded=not is_sure
    ):
        if not is_usual:
            st.caption("As chosen before for a collection with these fields.")
        chosen = [
            _field(name, meaning, space, default)
            for (name, meaning), default in zip(MEANINGS.items(), proposed, strict=True)
        ]
    if not chosen[0]:
        st.info("Say which field holds the email: customers are known by it.")
        return None
    return CustomerFields(*chosen)


def _field(name: str, meaning: str, space: Namespace, default: str) -> str:
    """Ask for one field; the sample may miss a rare one, but hardly the email."""
    is_rare = default not in space.fields and name != "email"
    options = list(dict.fromkeys(["", *space.fields, *([default] if is_rare else [])]))
    chosen = st.selectbox(
        meaning,
        options,
        index=options.index(default) if default in options else 0,
        format_func=lambda field: field or ABSENT,
        key=f"field_{name}_{space.name}",
    )
    return str(chosen or "")


def _table(spaces: Sequence[Namespace]) -> None:
    rows = [
        {
            "database": space.name.database,
            "collection": space.name.collection,
            "documents": space.count,
            "fields": ", ".join(space.fields),
            "problem": space.problem,
        }
        for space in spaces
    ]
    table = pd.DataFrame(rows).astype({"documents": "Int64"})
    st.dataframe(
        table if table["problem"].any() else table.drop(columns="problem"),
        key="namespaces",
        hide_index=True,
        column_config={
            "database": "Database",
            "collection": "Collection",
            "documents": st.column_config.NumberColumn("Documents", format="%,d"),
            "fields": st.column_config.TextColumn("Fields", width="large"),
            "problem": st.column_config.TextColumn("Problem", width="large"),
        },
        placeholder="",
        alt="Collections",
    )
