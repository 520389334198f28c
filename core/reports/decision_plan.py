"""What reading a list of decisions in would change, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.errors import RowProblem
from core.reports.bandwidth import by_subuser
from core.warehouse import decisions, figures

if TYPE_CHECKING:
    from core.models import Choice
    from core.sources.decision_list import DecisionList
    from core.warehouse.decisions import Decision
    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class DecisionPlan:
    """What a list would do: the choices to record, every row, the rows refused.

    rows: line, subuser, email_key, reason, note, fate (new, changed or same),
    usage_gb (0 where no loaded file has the subuser); in file order.
    """

    needed: tuple[Choice, ...]
    rows: pd.DataFrame
    problems: tuple[RowProblem, ...]


def of_list(warehouse: Warehouse, sent: DecisionList) -> DecisionPlan:
    """Compare a list with the decisions that count; stores nothing.

    A row for a customer that no loaded file has is refused.
    """
    known = set(figures.customers(warehouse)["email_key"].to_pylist())
    live = {made.subuser: made for made in decisions.live(warehouse)}
    problems = list(sent.problems)
    rows, needed = [], []
    for line, choice in zip(sent.lines, sent.choices, strict=True):
        email = choice.email_key
        if email is not None and email not in known:
            why = "no customer has this email"
            problems.append(RowProblem(sent.file, line, "email", email, why))
            continue
        fate = _fate(choice, live.get(choice.subuser))
        if fate != "same":
            needed.append(choice)
        rows.append(_row(line, choice, fate))
    problems.sort(key=lambda problem: problem.line)
    return DecisionPlan(tuple(needed), _with_usage(warehouse, rows), tuple(problems))


def _fate(choice: Choice, made: Decision | None) -> str:
    if made is None:
        return "new"
    reason = choice.reason.value if choice.reason else ""
    says = (choice.email_key, reason, choice.note)
    return "same" if says == (made.email_key, made.reason, made.note) else "changed"


def _row(line: int, choice: Choice, fate: str) -> dict[str, object]:
    return {
        "line": line,
        "subuser": choice.subuser,
        "email_key": choice.email_key or "",
        "reason": choice.reason.value if choice.reason else "",
        "note": choice.note,
        "fate": fate,
    }


def _with_usage(warehouse: Warehouse, rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = ["line", "subuser", "email_key", "reason", "note", "fate"]
    used = by_subuser(warehouse).set_index("subuser")["usage_gb"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(usage_gb=table["subuser"].map(used).fillna(0.0).astype(float))
