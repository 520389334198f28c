"""What each type of ledger row does to revenue."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from core.models import Flow
from core.sources.stripe_flows import find_flows, is_connect_move


def flow(type_: str, source: str = "", text: str = "", day: str = "2025-01-01") -> str:
    columns = (pa.array([value], pa.string()) for value in (type_, source, text))
    at = pa.array([datetime.fromisoformat(day)], pa.timestamp("us"))
    return find_flows(*columns, at)[0].as_py()


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("charge payment", Flow.PAYMENT),
        ("refund payment_refund refund_failure payment_failure_refund", Flow.REFUND),
        ("payment_reversal partial_capture_reversal charge_failure", Flow.REFUND),
        ("dispute dispute_reversal", Flow.DISPUTE),
        ("stripe_fee stripe_fx_fee tax_fee network_cost fee tax", Flow.STRIPE_FEE),
        ("payout payout_failure payout_cancel payout_reversal", Flow.EXCLUDED),
        ("topup topup_reversal reserved_funds contribution", Flow.EXCLUDED),
        ("climate_order_purchase issuing_new_thing connect_new_thing", Flow.EXCLUDED),
        ("other_adjustment anticipation_repayment advance", Flow.EXCLUDED),
        ("brand_new_type charges", Flow.UNKNOWN),
    ],
)
def test_type_or_category_tells_the_flow(types: str, expected: Flow) -> None:
    assert {flow(type_) for type_ in types.split()} == {expected.value}


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("dp_1", "", Flow.DISPUTE),
        ("du_1", "", Flow.DISPUTE),
        ("", "Chargeback withdrawal for ch_1", Flow.DISPUTE),
        ("", "Dispute fee", Flow.DISPUTE),
        ("re_1", "REFUND FAILURE FOR CHARGE", Flow.REFUND),
        ("", "Hold in reserved balance", Flow.EXCLUDED),
        ("ch_dp_1", "", Flow.EXCLUDED),
        ("", "", Flow.EXCLUDED),
    ],
)
def test_adjustment_is_told_by_what_it_is_about(
    source: str, text: str, expected: Flow
) -> None:
    assert flow("adjustment", source, text) == expected.value
    assert flow("charge", source, text) == Flow.PAYMENT.value


@pytest.mark.parametrize(
    ("type_", "source", "day", "expected"),
    [
        ("transfer", "tr_1", "2016-03-04", Flow.EXCLUDED),
        ("transfer_failure", "tr_1", "2017-04-05", Flow.EXCLUDED),
        ("transfer", "tr_1", "2017-04-06", Flow.REFUND),
        ("transfer_reversal", "trr_1", "2025-01-01", Flow.REFUND),
        ("transfer", "po_1", "2025-01-01", Flow.EXCLUDED),
        ("application_fee", "fee_1", "2016-03-04", Flow.REFUND),
        ("platform_earning_refund", "fr_1", "2025-01-01", Flow.REFUND),
    ],
)
def test_transfer_is_a_payout_until_2017_and_connect_after(
    type_: str, source: str, day: str, expected: Flow
) -> None:
    assert flow(type_, source, day=day) == expected.value
    assert is_connect_move(pa.array([type_, "charge"])).to_pylist() == [True, False]
