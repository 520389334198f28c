"""Verdicts: what ranked evidence says of each subuser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching import accounts, names, words
from core.matching.evidence import GROUNDS, ranks
from core.matching.near import MARGIN
from core.matching.schemas import MATCH_SCHEMA, Ground
from core.models import MatchStatus

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.matching.documents import Documents
    from core.matching.evidence import Evidence

    Flags = npt.NDArray[np.bool_]

REVIEW_SCORE: Final = 80.0
"""Least score that is worth a person's look: the threshold of the notebook."""


@dataclass(frozen=True)
class _Leaders:
    """The nearest customer of each name that has any, and the one after it.

    rival stands beside leader row by row; where has_rival is false it means nothing.
    """

    leader: Evidence
    rival: Evidence
    has_rival: Flags

    @property
    def is_alone(self) -> Flags:
        """Mark leaders whom no other customer comes near.

        A rival must be of a weaker tier, and a cut name must lead by the margin.
        """
        ahead = self.leader.score - self.rival.score >= MARGIN
        is_cut = self.leader.ground == GROUNDS.index(Ground.CUT_NAME)
        is_clear = (self.rival.tier > self.leader.tier) & (ahead | ~is_cut)
        alone: Flags = ~self.has_rival | is_clear
        return alone

    @property
    def is_match(self) -> Flags:
        """Mark leaders that match without a person."""
        marks: Flags = self.leader.is_sufficient & self.is_alone
        return marks

    @property
    def is_likely(self) -> Flags:
        """Mark leaders that match or are worth a person's look."""
        marks: Flags = self.is_match | (self.leader.score >= REVIEW_SCORE)
        return marks


def judged(subusers: pa.Array, evidence: Evidence, documents: Documents) -> pa.Table:
    """Judge each name by its evidence.

    Args:
        subusers: Distinct names.
        evidence: Ranked evidence; its queries are places in subusers.
        documents: The documents that the evidence speaks of.

    Returns:
        Columns of MATCH_SCHEMA, one row per name, in no particular order.
    """
    leaders = _leaders(evidence)
    is_strange = np.ones(len(subusers), np.bool_)
    is_strange[leaders.leader.query] = False
    known = subusers.take(pa.array(leaders.leader.query))
    strange = subusers.filter(pa.array(is_strange))
    return pa.concat_tables([_led(known, leaders, documents), _strange(strange)])


def _leaders(evidence: Evidence) -> _Leaders:
    """Take the first two customers of each query."""
    first = np.flatnonzero(ranks(evidence.query) == 0)
    after = np.minimum(first + 1, max(0, len(evidence) - 1))
    leader, rival = evidence.take(first), evidence.take(after)
    return _Leaders(leader, rival, (after > first) & (rival.query == leader.query))


def _led(subusers: pa.Array, leaders: _Leaders, documents: Documents) -> pa.Table:
    """Write the rows of names that have a nearest customer, beside their leaders."""
    leader, rival = leaders.leader, leaders.rival
    unlikely, lonely = ~leaders.is_likely, ~(leaders.is_likely & leaders.has_rival)
    customer = pa.array(leader.customer, mask=unlikely)
    account, account_id = accounts.of(leader, documents)
    other = np.where(leaders.is_likely, MatchStatus.REVIEW, MatchStatus.UNMATCHED)
    rule = np.array(GROUNDS)[leader.ground]
    columns = {
        "subuser": subusers,
        "status": np.where(leaders.is_match, MatchStatus.MATCHED, other),
        "email_key": documents.email_keys.take(customer),
        "email": documents.emails.take(customer),
        "subuser_type": pc.if_else(pa.array(unlikely), None, account),
        "subuser_id": pc.if_else(pa.array(unlikely), None, account_id),
        "rule": np.where(unlikely, Ground.NONE, rule),
        "score": leader.score,
        "runner_up_email": documents.emails.take(pa.array(rival.customer, mask=lonely)),
        "runner_up_score": pa.array(rival.score, mask=lonely),
        "explanation": _explanations(leaders, documents),
    }
    return pa.table(columns).cast(MATCH_SCHEMA)


def _strange(subusers: pa.Array) -> pa.Table:
    """Write the rows of names that no customer comes near."""
    columns = {name: pa.nulls(len(subusers)) for name in MATCH_SCHEMA.names}
    columns["subuser"] = subusers
    columns["status"] = _repeated(MatchStatus.UNMATCHED, len(subusers))
    columns["rule"] = _repeated(Ground.NONE, len(subusers))
    columns["explanation"] = pc.if_else(
        names.are_destroyed(subusers), words.DESTROYED, words.STRANGE
    )
    return pa.table(columns).cast(MATCH_SCHEMA)


def _repeated(text: str, count: int) -> pa.Array:
    return pa.array([text] * count, pa.string())


def _explanations(leaders: _Leaders, documents: Documents) -> list[str]:
    """Say for each leader why it is one, and how it stands to its rival."""
    rivals = leaders.rival.score.tolist()
    standings = zip(
        leaders.leader.score.tolist(),
        [
            score if has else None
            for score, has in zip(rivals, leaders.has_rival, strict=True)
        ],
        leaders.leader.is_sufficient.tolist(),
        leaders.is_alone.tolist(),
        strict=True,
    )
    return [
        f"{reason}; {words.standing(*standing)}"
        for reason, standing in zip(
            words.reasons(leaders.leader, documents), standings, strict=True
        )
    ]
