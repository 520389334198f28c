"""Money of a Payments file: which of its amounts reached the Stripe balance.

`Amount` is what the customer was charged, `Converted Amount` what reached the balance,
in the settlement currency. Failed rows have a converted amount too, unconverted and in
the currency of the charge, so that theirs is never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Outcome
from core.sources.money import decimal_mark
from core.sources.stripe_rows import some

if TYPE_CHECKING:
    from core.sources.stripe_rows import StripeRows

_SETTLED_REFUND: Final = "Converted Amount Refunded"

MONEY_COLUMNS: Final = (
    "Amount",
    "Amount Refunded",
    "Converted Amount",
    _SETTLED_REFUND,
    "Fee",
    "Taxes On Fee",
    "Tax",
    "Disputed Amount",
)
"""Columns that decide the decimal mark of the file together."""

TAX_COLUMNS: Final = ("Taxes On Fee", "Tax")
"""Tax on Stripe's fee, which the fee does not include; the second name until 2020."""


@dataclass(frozen=True)
class PaymentAmounts:
    """Money of each row in minor units of its settlement currency.

    fee includes the tax on it. disputed is null where nothing is said of a dispute.
    """

    currency: pa.Array
    amount: pa.Array
    refunded: pa.Array
    fee: pa.Array
    disputed: pa.Array


def read_amounts(rows: StripeRows, outcomes: pa.Array) -> PaymentAmounts:
    """Read the money of every row and refuse rows where it is not whole.

    An empty cell is unknown, not 0: a paid row needs amount, refund, fee and tax. Other
    rows are never summed; they need an amount only.
    """
    texts = {name: rows.texts(name) for name in MONEY_COLUMNS}
    rows.mark, warnings = decimal_mark(texts.values())
    rows.warn(*warnings)
    is_paid = pc.equal(outcomes, Outcome.PAID.value)
    is_converted = _is_converted(rows, texts, outcomes)
    charged = pc.utf8_lower(rows.texts("Currency"))
    settled = pc.utf8_lower(rows.texts("Converted Currency"))
    currency = pc.if_else(is_converted, settled, charged)
    blamed = ("Converted Currency", is_converted)
    rows.refuse_no_currency("Currency", currency, instead=blamed)
    amount_text = pc.if_else(is_converted, texts["Converted Amount"], texts["Amount"])
    blamed = ("Converted Amount", is_converted)
    amount = rows.money("Amount", amount_text, currency, instead=blamed)
    is_same = pc.equal(currency, charged)
    refunded = _refunded(rows, texts, currency, is_paid, (is_converted, is_same))
    fee = rows.money("Fee", _or_zero(texts["Fee"], is_paid), currency)
    fee = pc.add(fee, _tax(rows, is_paid, currency))
    disputed = _disputed(rows, texts, amount, currency, charged)
    return PaymentAmounts(currency, amount, refunded, fee, disputed)


def _is_converted(
    rows: StripeRows, texts: dict[str, pa.Array], outcomes: pa.Array
) -> pa.Array:
    """Mark rows whose converted amount is read."""
    has_both = pc.and_(
        pc.not_equal(texts["Converted Amount"], ""),
        pc.not_equal(rows.texts("Converted Currency"), ""),
    )
    idle = pa.array([Outcome.FAILED.value, Outcome.INCOMPLETE.value])
    is_paid = pc.equal(outcomes, Outcome.PAID.value)
    lacking = pc.sum(pc.and_(is_paid, pc.invert(has_both))).as_py() or 0
    if lacking:
        rows.warn(
            f"{lacking} paid rows have no converted amount: the amount charged is "
            "taken, in the currency of the charge."
        )
    return pc.and_(has_both, pc.invert(pc.is_in(outcomes, idle)))


def _refunded(
    rows: StripeRows,
    texts: dict[str, pa.Array],
    currency: pa.Array,
    is_paid: pa.Array,
    told: tuple[pa.Array, pa.Array],
) -> pa.Array:
    """Read refunds; one in the currency of the charge only where that is the same."""
    is_converted, is_same = told
    charged, settled = texts["Amount Refunded"], texts[_SETTLED_REFUND]
    is_zero = pc.match_substring_regex(charged, r"^0*([.,]0*)?$")
    has_settled = pc.and_(is_converted, pc.not_equal(settled, ""))
    is_usable = pc.or_(has_settled, pc.or_(is_same, is_zero))
    name = "Amount Refunded" if rows.header.has("Amount Refunded") else _SETTLED_REFUND
    rows.refuse(
        pc.invert(is_usable), name, "the refund is not told in the settlement currency"
    )
    refund_text = pc.if_else(has_settled, settled, charged)
    refund_text = _or_zero(refund_text, is_paid)
    blamed = (_SETTLED_REFUND, has_settled)
    refunded = rows.money(name, refund_text, currency, instead=blamed)
    below = "a refund below zero; refunds are positive in this export"
    rows.refuse(pc.less(refunded, 0), name, below, instead=blamed)
    return refunded


def _tax(rows: StripeRows, is_paid: pa.Array, currency: pa.Array) -> pa.Array:
    """Read the tax on fees; 0, with a warning, where the file does not tell it."""
    column = rows.header.find(*TAX_COLUMNS)
    texts = rows.texts(*TAX_COLUMNS)
    if column is None or not pc.any(pc.not_equal(texts, "")).as_py():
        rows.warn(
            "The file does not tell the tax on Stripe's fees (Taxes On Fee): net "
            "volume is too high by it, if there is any."
        )
        return rows.all(0, pa.int64())
    return rows.money(column.name, _or_zero(texts, is_paid), currency)


def _disputed(
    rows: StripeRows,
    texts: dict[str, pa.Array],
    amount: pa.Array,
    currency: pa.Array,
    charged: pa.Array,
) -> pa.Array:
    """Read disputed amounts; of a converted payment only a dispute of all of it.

    Stripe does not say in which currency the column is, so that part of a converted
    payment cannot be told in the settlement currency.
    """
    disputed_text = texts["Disputed Amount"]
    is_told = pc.not_equal(disputed_text, "")
    if not pc.any(is_told).as_py():
        return rows.all(None, pa.int64())
    value = rows.money("Disputed Amount", disputed_text, currency, empty=0)
    is_whole = pc.equal(disputed_text, texts["Amount"])
    is_same = pc.equal(currency, charged)
    is_clear = pc.or_(is_same, pc.or_(pc.equal(value, amount), pc.equal(value, 0)))
    value = pc.if_else(is_clear, value, pc.if_else(is_whole, amount, None))
    unclear = rows.texts("id").filter(pc.and_(is_told, pc.is_null(value)))
    if len(unclear):
        rows.warn(
            f"{len(unclear)} disputes of a part of a payment in another currency are "
            f"not counted ({some(unclear)}): the file does not tell them in the "
            "settlement currency, so that net volume is too high by them unless they "
            "were won. All activity tells them."
        )
    return pc.if_else(is_told, value, None)


def _or_zero(texts: pa.Array, is_paid: pa.Array) -> pa.Array:
    """Write 0 into empty cells of rows that are not summed."""
    return pc.if_else(pc.and_(pc.equal(texts, ""), pc.invert(is_paid)), "0", texts)
