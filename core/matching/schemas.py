"""Words and columns of matching: what goes in, what comes out."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import pyarrow as pa


class Ground(StrEnum):
    """Why a row of a match table says what it says: the short code in `rule`."""

    DECISION = "decision"
    DECISION_NONE = "decision_none"
    RAW_NAME = "exact_raw"
    CLEAN_NAME = "exact_clean"
    FOLDED_NAME = "exact_folded"
    STEM = "stem"
    HANDLE = "handle"
    CUT_NAME = "cut_name"
    CUT_HANDLE = "cut_handle"
    SIMILAR_NAME = "similar_name"
    SIMILAR_HANDLE = "similar_handle"
    ACCOUNT_ID = "account_id"
    DESTROYED = "destroyed"
    NONE = "none"
    NOTEBOOK = "notebook"


class Account(StrEnum):
    """Which account of a customer a subuser is."""

    PRO = "Pro"
    BASIC = "Basic"


class Field(StrEnum):
    """The customer field that was compared with a subuser, in order of preference."""

    OXY_USERNAME = "oxyUsername"
    BRIEF_OXY_USERNAME = "briefOxyUsername"
    EMAIL = "email"
    OXY_ID = "oxyId"
    BRIEF_OXY_ID = "briefOxyId"


CUSTOMER_NAMES_SCHEMA: Final = pa.schema(
    [
        pa.field("position", pa.int64(), nullable=False),
        pa.field("email_key", pa.string(), nullable=False),
        pa.field("email", pa.string(), nullable=False),
        pa.field("oxy_id", pa.string()),
        pa.field("oxy_username", pa.string()),
        pa.field("brief_oxy_id", pa.string()),
        pa.field("brief_oxy_username", pa.string()),
    ]
)
"""Customer documents to match against. Grain: one document.

position is the place in the customer file. Usernames are as stored, with the strings
that the shop inserted. Documents with one email_key are one customer.
"""

MATCH_SCHEMA: Final = pa.schema(
    [
        pa.field("subuser", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("email_key", pa.string()),
        pa.field("email", pa.string()),
        pa.field("subuser_type", pa.string()),
        pa.field("subuser_id", pa.string()),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("score", pa.float64()),
        pa.field("runner_up_email", pa.string()),
        pa.field("runner_up_score", pa.float64()),
        pa.field("explanation", pa.string(), nullable=False),
    ]
)
"""What is known of each subuser. Grain: subuser.

status is a models.MatchStatus, rule a Ground. The email of a row in review is a
suggestion, not a match; an unmatched row has none. subuser_type and subuser_id follow
the field that matched and are null where it tells neither. Scores run from 0 to 100;
score is null where nothing was compared, runner_up_* where nobody else comes near.
"""

CANDIDATE_SCHEMA: Final = pa.schema(
    [
        pa.field("subuser", pa.string(), nullable=False),
        pa.field("rank", pa.int64(), nullable=False),
        pa.field("email_key", pa.string(), nullable=False),
        pa.field("email", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("explanation", pa.string(), nullable=False),
    ]
)
"""The nearest customers of a subuser. Grain: subuser, email_key.

rank is 1 for the nearest; customers with equal evidence share one. field is a
Field, rule a Ground; a customer stands once, with its strongest evidence.
"""
