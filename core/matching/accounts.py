"""Accounts: which of a customer's two accounts a subuser is, and its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching.documents import NAME_FIELDS
from core.matching.evidence import FIELDS, GROUNDS
from core.matching.schemas import Account, Ground

if TYPE_CHECKING:
    from core.matching.documents import Documents
    from core.matching.evidence import Evidence

NAMING: Final = (
    Ground.RAW_NAME,
    Ground.CLEAN_NAME,
    Ground.FOLDED_NAME,
    Ground.CUT_NAME,
)
"""Grounds by which a field names the very account; others tell only the customer."""


def of(evidence: Evidence, documents: Documents) -> tuple[pa.Array, pa.Array]:
    """Tell account and id of each row of evidence; null where the field names neither.

    Pro belongs to oxyUsername and oxyId, Basic to briefOxyUsername and briefOxyId. The
    id is null as well where documents of one customer give it differently.
    """
    names_account = np.isin(evidence.ground, [GROUNDS.index(each) for each in NAMING])
    account = ids = pa.nulls(len(evidence), pa.string())
    for field, value in zip(NAME_FIELDS, Account, strict=True):
        is_field = pa.array(names_account & (evidence.field == FIELDS.index(field)))
        account = pc.if_else(is_field, value.value, account)
        theirs = documents.agreed_ids(field).take(pa.array(evidence.row))
        ids = pc.if_else(is_field, theirs, ids)
    return account, ids
