"""Words for staff: why a subuser has this customer, or has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.matching.evidence import FIELDS, GROUNDS
from core.matching.schemas import Field, Ground

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.matching.documents import Documents
    from core.matching.evidence import Evidence

DESTROYED: Final = "a spreadsheet turned this name into a number; ask for it again"
"""Of a destroyed name that no stored name could have become."""

STRANGE: Final = "no customer comes near"
"""Of a name without any evidence."""

DECIDED: Final = {
    Ground.DECISION: "a person chose this customer",
    Ground.DECISION_NONE: "a person said that this is no customer",
}
"""Of a name on which a person decided."""

DECIDED_UNKNOWN: Final = "a person chose this email; no customer has it now"
"""Of a decision for an email that is in no document."""

PLACES: Final = {Field.EMAIL: "the email"} | {
    field: str(field) for field in FIELDS if field is not Field.EMAIL
}
"""How staff call each field."""

REASONS: Final = {
    Ground.RAW_NAME: "same name as {place}",
    Ground.CLEAN_NAME: "same name as {place}{after}",
    Ground.FOLDED_NAME: "same name as {place}{after}, but for capitals",
    Ground.STEM: "same name as {place}{after}, but for the ending of its era",
    Ground.HANDLE: "same handle as {place}, {shared} characters",
    Ground.CUT_NAME: "{shared} of {length} characters as {place}{after}, same suffix",
    Ground.CUT_HANDLE: "{shared} of {length} characters as {place}",
    Ground.ACCOUNT_ID: "its number is the {place}",
    Ground.DESTROYED: "a spreadsheet would turn {place}{after} into this name",
    Ground.SIMILAR_NAME: "{shared} of {length} characters as {place}{after}",
    Ground.SIMILAR_HANDLE: "{shared} of {length} characters as {place}",
}
"""What speaks for a customer, by ground. shared and length count characters."""


def reasons(evidence: Evidence, documents: Documents) -> Iterator[str]:
    """Say of each row what speaks for its customer."""
    rows = zip(
        evidence.ground.tolist(),
        evidence.field.tolist(),
        documents.removed(evidence),
        evidence.shared.tolist(),
        evidence.length.tolist(),
        strict=True,
    )
    for ground, field, removed, shared, length in rows:
        yield REASONS[GROUNDS[ground]].format(
            place=PLACES[FIELDS[field]],
            after=f" after removing {removed}" if removed else "",
            shared=shared,
            length=length,
        )


def standing(
    score: float, rival: float | None, is_sufficient: bool, is_alone: bool
) -> str:
    """Say how the nearest customer stands to the next one, and if that is enough."""
    if rival is None:
        next_best = "nobody else comes near"
    elif is_alone or rival < score:
        next_best = f"next best {rival:.0f}"
    else:
        next_best = "another customer fits as well"
    if is_sufficient:
        return next_best if is_alone or rival == score else f"{next_best}, too near"
    return f"{next_best}; not enough to be sure"
