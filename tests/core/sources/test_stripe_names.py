"""What the names of Stripe's reports tell."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.sources.stripe_names import ReportName

NOVEMBER = (date(2025, 11, 1), date(2025, 11, 30))
BALANCE = "Itemized_balance_change_from_activity"


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (
            f"{BALANCE}_USD_2025-11-01_to_2025-11-30_America-New_York.csv",
            ReportName(*NOVEMBER, "America/New_York", "usd"),
        ),
        (
            "Balance_Summary_HKD_2025-11-01_to_2025-11-30_UTC (1).csv.gz",
            ReportName(*NOVEMBER, "UTC", "hkd"),
        ),
        (
            "balance_usd_2025-11-01_to_2025-11-30_Etc-GMT+5.csv",
            ReportName(*NOVEMBER, "Etc/GMT+5", "usd"),
        ),
        ("x_2025-11-01_to_2025-11-30.csv", ReportName(*NOVEMBER, None, "")),
        ("x_2025-11-01_to_2025-11-30_Mars-Base.csv", ReportName(*NOVEMBER, None, "")),
        (
            f"{BALANCE}_charge_EUR_2025-11-01_to_2025-11-30_UTC.csv",
            ReportName(*NOVEMBER, "UTC", "eur", "charge"),
        ),
        ("x_2025-11-31_to_2025-12-30_UTC.csv", ReportName()),
        ("x_2025-11-30_to_2025-11-01_UTC.csv", ReportName()),
        ("balance_history.csv", ReportName()),
    ],
)
def test_name_tells_period_zone_currency_and_category(
    file: str, told: ReportName
) -> None:
    assert ReportName.of(file) == told


def test_period_ends_with_the_last_day_in_its_own_zone() -> None:
    name = ReportName(*NOVEMBER)
    assert name.covered("America/New_York") == (
        datetime(2025, 11, 1, 4),
        datetime(2025, 12, 1, 5),
    )
    assert name.covered(None) is None
    assert ReportName().covered("UTC") is None
