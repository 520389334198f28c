"""Lists of decisions: what a row says, and what is refused."""

from __future__ import annotations

import pytest

from core.errors import MissingColumnsError
from core.files.upload import Upload
from core.models import Choice, NoCustomer
from core.sources import decision_list


def read(*rows: str, header: str = "Subuser,Email,Reason,Note") -> object:
    """Read a list of these rows."""
    content = "\n".join([header, *rows]).encode() + b"\n"
    return decision_list.read(Upload("decisions.csv", content))


def test_rows_are_customers_or_reasons() -> None:
    found = read("a1, Amber@Example.com ,,by mail", "b2,,TEST,", "c3,,internal,ours")
    assert found.choices == (
        Choice("a1", "amber@example.com", None, "by mail"),
        Choice("b2", None, NoCustomer.TEST),
        Choice("c3", None, NoCustomer.INTERNAL, "ours"),
    )
    assert found.lines == (2, 3, 4)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (",a@example.com,,", "subuser", "is empty"),
        ("x,a@example.com,test,", "reason", "a reason is for a subuser without"),
        ("x,,,", "reason", "must be one of test, internal, unknown"),
        ("x,,because,", "reason", "must be one of"),
        ("good,b@example.com,,", "subuser", "line 2 says already"),
    ],
)
def test_a_row_that_says_nothing_clear_is_refused(
    row: str, column: str, said: str
) -> None:
    found = read("good,a@example.com,,", row)
    (problem,) = found.problems
    assert (problem.line, problem.column) == (3, column)
    assert said in problem.reason
    assert [choice.subuser for choice in found.choices] == ["good"]


def test_reason_and_note_may_be_missing_and_other_columns_are_ignored() -> None:
    found = read("9,a@example.com,x", header="GB,email,SUBUSER")
    assert found.choices == (Choice("x", "a@example.com"),)


def test_a_file_without_the_columns_is_told() -> None:
    with pytest.raises(MissingColumnsError, match="without 'Email'"):
        read("x,1", header="Subuser,GB")
