"""What a Stripe ledger row does to revenue, told by its type or category.

All activity has types of balance transactions, itemized reports have reporting
categories; the names that both use mean the same. Adjustments are told by what they
are about. A name that is not listed here is unknown, never a sale.

Source: Stripe documentation, balance transaction types and reporting categories.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Flow
from core.sources.distinct import per_distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

PAYOUTS_SPLIT_OFF: Final = datetime(2017, 4, 6)
"""Payouts were of the type transfer before this day (UTC). Source: Stripe changelog."""

FLOW_NAMES: Final[Mapping[Flow, str]] = {
    Flow.PAYMENT: "charge payment",
    Flow.REFUND: (
        "refund payment_refund refund_failure payment_failure_refund payment_reversal "
        "partial_capture_reversal charge_failure"
    ),
    Flow.DISPUTE: "dispute dispute_reversal",
    Flow.STRIPE_FEE: "stripe_fee stripe_fx_fee tax_fee network_cost fee tax",
    Flow.EXCLUDED: (
        "adjustment other_adjustment payout payout_cancel payout_failure "
        "payout_reversal payout_minimum_balance_hold payout_minimum_balance_release "
        "reserved_funds risk_reserved_funds reserve_transaction reserve_hold "
        "reserve_release payment_network_reserve_hold payment_network_reserve_release "
        "payment_network_reserved_funds topup topup_reversal advance advance_funding "
        "financing_paydown financing_paydown_reversal financing_payout "
        "financing_payout_reversal anticipation_repayment contribution "
        "climate_order_purchase climate_order_refund fee_credit_funding tax_fund "
        "payment_unreconciled unreconciled_customer_funds validation "
        "inbound_transfer inbound_transfer_reversal balance_transfer_inbound "
        "balance_transfer_outbound obligation_outbound obligation_reversal_inbound "
        "stripe_balance_payment_debit stripe_balance_payment_debit_reversal "
        "connect_collection_transfer connect_reserved_funds issuing_authorization_hold "
        "issuing_authorization_release issuing_dispute issuing_transaction "
        "issuing_disputes issuing_transactions issuing_dispute_fraud_liability_debit "
        "issuing_dispute_provisional_credit "
        "issuing_dispute_provisional_credit_reversal"
    ),
}
"""Types and categories by flow."""

CONNECT_NAMES: Final = frozenset(
    "transfer transfer_reversal transfer_refund transfer_cancel transfer_failure "
    "recipient_transfer recipient_transfer_cancel recipient_transfer_failure "
    "application_fee application_fee_refund platform_earning "
    "platform_earning_refund".split()
)
"""Movements between a platform and its accounts. Net volume takes them off."""

_FLOW_OF: Final = {
    name: flow for flow, names in FLOW_NAMES.items() for name in names.split()
}


def find_flows(
    types: pa.Array, sources: pa.Array, descriptions: pa.Array, created_at: pa.Array
) -> pa.Array:
    """Tell the flow of each row from its lower-case type, source, text and time.

    A dispute is an adjustment whose source is a dispute (`dp_`, `du_`) or whose text
    names one; a refund that failed is an adjustment, too. Transfers are payouts until
    2017, and Connect transfers after, which net volume takes off like refunds.
    """
    flows = per_distinct(types, _flow, pa.string())
    if pc.any(pc.equal(types, "adjustment")).as_py():
        flows = pc.if_else(
            pc.equal(types, "adjustment"), _adjusted(sources, descriptions), flows
        )
    is_connect = is_connect_move(types)
    if not pc.any(is_connect).as_py():
        return flows
    is_payout = pc.and_(
        pc.match_substring(types, "transfer"),
        pc.or_(
            pc.less(created_at, pa.scalar(PAYOUTS_SPLIT_OFF, created_at.type)),
            pc.starts_with(sources, "po_"),
        ),
    )
    moved = pc.if_else(pc.fill_null(is_payout, False), Flow.EXCLUDED, Flow.REFUND)
    return pc.if_else(is_connect, moved, flows)


def is_connect_move(types: pa.Array) -> pa.Array:
    """Mark types that move money between a platform and its accounts."""
    return per_distinct(types, lambda name: name in CONNECT_NAMES, pa.bool_())


def _flow(name: str) -> str:
    """Tell the flow of a type; climate, issuing and Connect reserves by their stem."""
    if name in _FLOW_OF:
        return _FLOW_OF[name]
    is_aside = name.startswith(("climate_", "issuing_", "connect_"))
    return Flow.EXCLUDED if is_aside else Flow.UNKNOWN


def _adjusted(sources: pa.Array, descriptions: pa.Array) -> pa.Array:
    """Tell the flows of adjustments by what they are about."""
    is_dispute = pc.or_(
        pc.match_substring_regex(sources, "^(dp|du)_"),
        pc.match_substring_regex(descriptions, "(?i)chargeback|dispute"),
    )
    is_refund = pc.match_substring_regex(descriptions, "(?i)refund failure")
    other = pc.if_else(is_refund, Flow.REFUND, Flow.EXCLUDED)
    return pc.if_else(is_dispute, Flow.DISPUTE, other)
