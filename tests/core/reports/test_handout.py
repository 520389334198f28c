"""Tables to take along: exact numbers, safe text, nothing of the screen's rounding."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa

from core.reports import frames, handout
from core.units import major, plain

GB = pa.decimal128(38, 18)


def test_cells_are_plain_and_text_is_safe() -> None:
    rows = pd.DataFrame(
        {
            "email": ["=cmd|x", "-5", None],
            "=head": ["a,b", 'a"b', "+x"],
            "usage_gb": [2.73e-05, -1e22, float("nan")],
            "subusers": [3, 0, -1],
            "is_new": [True, False, True],
            "month": pd.to_datetime(["2026-01-01", None, "2026-03-01"]),
        }
    )
    assert handout.csv(rows).decode() == (
        "email,'=head,usage_gb,subusers,is_new,month\n"
        '\'=cmd|x,"a,b",0.0000273,3,True,2026-01-01\n'
        '\'-5,"a""b",-10000000000000000000000,0,False,\n'
        ",'+x,,-1,True,2026-03-01\n"
    )


def test_gigabytes_are_written_as_stored_whatever_a_float_can_hold() -> None:
    values = ["12345678901234567890.123456789012345678", "0.000000000000000001", None]
    table = pa.table(
        {"usage_gb": pa.array([each and Decimal(each) for each in values], GB)}
    )
    rows = frames.frame(table, is_exact=True)

    assert list(rows) == ["usage_gb", "usage_gb_exact"]
    assert rows["usage_gb"].dtype == "float64"
    assert handout.csv(rows).decode().splitlines() == [
        "usage_gb",
        *(each or '""' for each in values),
    ]
    assert handout.csv(rows.iloc[::-1]).decode().splitlines()[-1] == values[0]


def test_money_has_no_more_digits_than_its_currency() -> None:
    codes = ["usd", "jpy", "kwd"]
    minor = [57, -29, 1013, 199999, 0, 8_999_999_999_999_99]
    rows = pd.DataFrame(
        [(code, amount) for code in codes for amount in minor],
        columns=["currency", "net_minor"],
    )
    shown = frames.in_major_units(rows, ("net_minor",))
    lines = handout.csv(shown[["net"]]).decode().splitlines()[1:]
    assert lines == [plain(major(a, code)) for code in codes for a in minor]
