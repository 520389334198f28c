"""Kinds of Stripe files by their headers, as Stripe wrote them over the years."""

from __future__ import annotations

import pytest

from core.sources.stripe_kinds import REASONS, StripeKind, recognise, refusal

K = StripeKind

HEADERS = [
    (K.BALANCE_SUMMARY, "category,description,net_amount,currency"),
    (K.CATEGORY_SUMMARY, "reporting_category,currency,count,gross,fee,net"),
    (
        K.ITEMIZED_PAYOUTS,
        "payout_id,effective_at,currency,gross,fee,net,reporting_category,"
        "balance_transaction_id,description,payout_expected_arrival_date,payout_status",
    ),
    (
        K.RECONCILIATION,
        "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,"
        "created,available_on,currency,gross,fee,net,reporting_category,description,"
        "customer_email,customer_name,order_id",
    ),
    (
        K.ITEMIZED,
        "balance_transaction_id,created,available_on,currency,gross,fee,net,"
        "reporting_category,description",
    ),
    (
        K.ITEMIZED,
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,"
        "reporting_category,automatic_payout_id,payment_metadata[payout_status]",
    ),
    (
        K.ALL_ACTIVITY,
        "id,Type,Source,Amount,Fee,Destination Platform Fee,Destination Platform Fee "
        "Currency,Net,Currency,Created (UTC),Available On (UTC),Description,Customer "
        "Facing Amount,Customer Facing Currency,Transfer,Transfer Date (UTC),"
        "Transfer Group,reporting_category (metadata)",
    ),
    (
        K.ALL_ACTIVITY,
        "ID,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)",
    ),
    (
        K.ALL_ACTIVITY,
        "Client name,Transaction ID,Transaction Type,Source,Amount,Fee,Net,Currency,"
        "Created (UTC),Available On (UTC)",
    ),
    (
        K.PAYOUTS,
        "id,Amount,Created (UTC),Currency,Livemode,Arrival Date (UTC),Source Type,"
        "Destination,Status,Type,Method,Description,Balance Transaction,Failure "
        "Balance Transaction,Failure Message,Failure Code,Statement Descriptor",
    ),
    (
        K.CUSTOMERS,
        "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,"
        "Payment Count,Refunded Volume,Dispute Losses,tag (metadata)",
    ),
    (
        K.INVOICES,
        "id,Amount Due,Billing,Closed,Currency,Customer,Date (UTC),Due Date (UTC),"
        "Number,Paid,Subscription,Subtotal,Total Discount Amount,Applied Coupons,Tax,"
        "Tax Percent,Total,Amount Paid,Status",
    ),
    (
        K.SUBSCRIPTIONS,
        "id,Customer ID,Customer Description,Customer Email,Plan,Quantity,Currency,"
        "Interval,Amount,Status,Created (UTC),Start Date (UTC),Current Period Start "
        "(UTC),Current Period End (UTC),Customer Name",
    ),
    (
        K.APPLICATION_FEES,
        "id,Created (UTC),Amount,Amount Refunded,Currency,User ID,User Email,"
        "Application ID,Transaction ID",
    ),
    (
        K.PAYMENTS,
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted "
        "Amount,Converted Amount Refunded,Converted Currency,Decline Reason,"
        "Description,Fee,Refunded date (UTC),Statement Descriptor,Status,Seller "
        "Message,Taxes On Fee,Card ID,Customer ID,Customer Description,Customer Email,"
        "Invoice ID,Transfer,Type (metadata),Net (metadata)",
    ),
    (
        K.PAYMENTS,
        "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,"
        "Converted Amount,Converted Amount Refunded,Fee,Taxes On Fee,Converted "
        "Currency,Status,Statement Descriptor,Customer ID,Captured,Card ID,Transfer",
    ),
    (K.PAYMENTS, "id,Created date (UTC),Amount,Status"),
    (K.PAYMENTS, "id,Created (Europe/Rome),Amount,Amount Refunded,Status,Captured"),
]


@pytest.mark.parametrize(("kind", "header"), HEADERS)
def test_kind_is_told_by_its_header(kind: StripeKind, header: str) -> None:
    names = header.split(",")
    assert recognise(names) is kind
    assert recognise([name.upper() for name in names]) is kind


@pytest.mark.parametrize(("kind", "header"), HEADERS)
def test_order_of_columns_decides_only_between_the_two_itemized_reports(
    kind: StripeKind, header: str
) -> None:
    found = recognise(header.split(",")[::-1])
    assert found is (K.ITEMIZED if kind is K.RECONCILIATION else kind)


@pytest.mark.parametrize(
    ("kind", "header", "gone"),
    [
        (K.PAYMENTS, HEADERS[14][1], "Status"),
        (K.PAYMENTS, HEADERS[14][1], "Amount"),
        (K.PAYMENTS, HEADERS[15][1], "Status"),
        (K.PAYMENTS, HEADERS[15][1], "Amount Refunded"),
        (K.ALL_ACTIVITY, HEADERS[7][1], "Net"),
        (K.ALL_ACTIVITY, HEADERS[7][1], "Type"),
        (K.ITEMIZED, HEADERS[4][1], "reporting_category"),
        (K.ITEMIZED, HEADERS[4][1], "net"),
    ],
)
def test_loadable_file_is_told_without_a_needed_column(
    kind: StripeKind, header: str, gone: str
) -> None:
    assert recognise([name for name in header.split(",") if name != gone]) is kind


@pytest.mark.parametrize(
    "header",
    [
        "Subuser,Date,Bandwidth Usage",
        "id,Amount,Currency,Status",
        "Date,Net volume",
        "name,created,status,amount",
        "id,Amount,Created (UTC),Currency,Status,Method,Statement Descriptor",
        "",
    ],
)
def test_other_files_are_no_stripe_files(header: str) -> None:
    assert recognise(header.split(",")) is None
    assert refusal(header.split(",")) is None


@pytest.mark.parametrize(("kind", "header"), HEADERS)
def test_files_that_are_no_revenue_are_refused_with_what_to_load_instead(
    kind: StripeKind, header: str
) -> None:
    loadable = set(StripeKind) - REASONS.keys()
    assert loadable >= {K.PAYMENTS, K.ALL_ACTIVITY, K.ITEMIZED, K.BALANCE_SUMMARY}
    told = refusal(header.split(","))
    if kind in loadable:
        assert told is None
    else:
        assert told == (kind.value, REASONS[kind])
        assert "instead." in REASONS[kind]
