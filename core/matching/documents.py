"""Customer documents, made ready to be compared with subusers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching import names
from core.matching.evidence import FIELDS
from core.matching.schemas import Field

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.matching.evidence import Evidence
    from core.matching.names import Inserted
    from core.models import CleaningRule

    Ints = npt.NDArray[np.int64]

NAME_FIELDS: Final = (Field.OXY_USERNAME, Field.BRIEF_OXY_USERNAME)
"""Fields that hold a subuser."""

ID_FIELDS: Final = (Field.OXY_ID, Field.BRIEF_OXY_ID)
"""Fields that hold the ids of the same accounts."""


@dataclass(frozen=True)
class Documents:
    """Documents of all customers, one row each, and the customers they belong to.

    owner gives each row's place in email_keys, which are distinct and sorted, so that
    nothing depends on the order of the documents. raw and clean hold the usernames
    as stored and without inserted strings, ids the accounts' ids; local_parts what
    stands before the `@`. inserted are the rules of what was removed.
    """

    email_keys: pa.Array
    emails: pa.Array
    owner: Ints
    raw: dict[Field, pa.Array]
    clean: dict[Field, pa.Array]
    ids: dict[Field, pa.Array]
    local_parts: pa.Array
    inserted: tuple[CleaningRule, ...]

    @cached_property
    def handles(self) -> tuple[pa.Array, ...]:
        """Handles that the emails make, one column per form of the dot."""
        return names.email_handles(self.local_parts)

    @cached_property
    def lower(self) -> dict[Field, pa.Array]:
        """Usernames without inserted strings, in lower case."""
        return {field: pc.utf8_lower(texts) for field, texts in self.clean.items()}

    @cached_property
    def readings(self) -> dict[Field, names.Readings]:
        """Usernames without inserted strings, taken apart."""
        return {field: names.readings(texts) for field, texts in self.clean.items()}

    @cached_property
    def spreadsheet_numbers(self) -> dict[Field, pa.Array]:
        """What a spreadsheet makes of the usernames that are numbers."""
        return {
            field: names.spreadsheet_numbers(texts)
            for field, texts in self.clean.items()
        }

    @cached_property
    def shown_emails(self) -> dict[str, str]:
        """Emails to show, by email_key."""
        keys = self.email_keys.to_pylist()
        return dict(zip(keys, self.emails.to_pylist(), strict=True))

    def agreed_ids(self, field: Field) -> pa.Array:
        """Give each row's id of the account that a username field names.

        Documents of one customer with one username must agree: where they give
        several ids, all of them are null; where one lacks the id, it has the others'.
        """
        ids = pc.if_else(pc.equal(self.ids[field], ""), None, self.ids[field])
        rows = np.flatnonzero(np.bincount(self.owner)[self.owner] > 1)
        if not len(rows):
            return ids
        place = pa.array(rows)
        name = pc.utf8_lower(self.clean[field].take(place)).to_pylist()
        account = list(zip(self.owner[rows].tolist(), name, strict=True))
        given: dict[tuple[int, str | None], set[str]] = {}
        for key, each in zip(account, ids.take(place).to_pylist(), strict=True):
            given.setdefault(key, set()).update({each} - {None})
        agreed = [min(given[key]) if len(given[key]) == 1 else None for key in account]
        mask = np.zeros(len(ids), np.bool_)
        mask[rows] = True
        return pc.replace_with_mask(ids, pa.array(mask), pa.array(agreed, pa.string()))

    def removed(self, evidence: Evidence) -> list[str]:
        """List the inserted strings that stood in the compared usernames, by commas."""
        nothing = pa.nulls(len(evidence), pa.string())
        raw = nothing
        for field in NAME_FIELDS:
            is_field = pa.array(evidence.field == FIELDS.index(field))
            texts = self.raw[field].take(pa.array(evidence.row))
            raw = pc.if_else(is_field, texts, raw)
        return [
            ", ".join(
                rule.text for rule in self.inserted if text and names.has(text, rule)
            )
            for text in raw.to_pylist()
        ]


def prepared(customers: pa.Table, inserted: Inserted) -> Documents:
    """Make the documents ready: columns of CUSTOMER_NAMES_SCHEMA, in any order."""
    customers = customers.drop_columns("position")
    keys = pc.unique(customers["email_key"])
    keys = keys.take(pc.sort_indices(keys))
    if len(keys) < len(customers):
        # The order of one customer's documents must not tell between them.
        order = [(name, "ascending") for name in customers.column_names]
        customers = customers.take(pc.sort_indices(customers, order))
    column = {name: customers[name].combine_chunks() for name in customers.column_names}
    owner = pc.index_in(column["email_key"], value_set=keys).to_numpy()
    oxy, brief = NAME_FIELDS
    raw = {oxy: column["oxy_username"], brief: column["brief_oxy_username"]}
    return Documents(
        email_keys=keys,
        emails=_shown(column["email_key"], column["email"], keys),
        owner=owner.astype(np.int64),
        raw=raw,
        clean={field: names.cleaned(texts, inserted) for field, texts in raw.items()},
        ids={oxy: column["oxy_id"], brief: column["brief_oxy_id"]},
        local_parts=names.local_parts(column["email"]),
        inserted=names.cleaning_rules(inserted),
    )


def _shown(email_key: pa.Array, email: pa.Array, keys: pa.Array) -> pa.Array:
    """Give the email to show for each customer: the first in order of characters."""
    order = [("email_key", "ascending"), ("email", "ascending")]
    emails = pa.table({"email_key": email_key, "email": email})
    emails = emails.take(pc.sort_indices(emails, order))
    return emails["email"].take(pc.index_in(keys, emails["email_key"])).combine_chunks()
