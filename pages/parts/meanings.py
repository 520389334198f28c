"""What the figures of cards and tables mean: one definition, the same on every page."""

from __future__ import annotations

from typing import Final

USAGE: Final = (
    "GB of the newest load of each month; 1 GB is 1,024 MB, but for a provider whose "
    "GB is decimal."
)
"""Usage of whatever a row is about."""

USAGE_SHARE: Final = "Part of all usage in these months, unmatched usage included."
"""Share of usage."""

RANK: Final = "Place by usage in these months, the largest first."
"""Rank of a customer."""

SUBUSERS: Final = "Account names at all providers that are matched to the customer."
"""Subusers of a customer."""

MONTHS_ACTIVE: Final = "Months with usage rows, also of 0 GB."
"""Months in which somebody was seen."""

NET_VOLUME: Final = (
    "Payments after fees, refunds and disputes, by the date of each movement."
)
"""Net volume, as it is defined for every page."""

GROSS_VOLUME: Final = "Payments before anything is taken off, by the date of each."
"""Gross volume."""

REFUNDS: Final = "Money given back, by the date of each refund."
"""Refunds."""

DISPUTES: Final = "Money taken back through a bank, and won back, by the date of each."
"""Disputes."""

FEES: Final = "Stripe's fees on payments, refunds and disputes."
"""Fees."""

OTHER_FEES: Final = "Stripe's fees that belong to no payment, as Billing or Radar."
"""Fees that belong to no payment."""

NET_AFTER_ALL: Final = "Net volume less Stripe's fees that belong to no payment."
"""Net volume after all fees."""

NET_PER_GB: Final = "Net volume by the GB of the same months."
"""What a GB brings in."""

COST: Final = "GB at the wholesale price of their provider and month, from Settings."
"""What usage costs."""

MARGIN: Final = "Net volume less cost, in one currency only."
"""What stays."""

MATCHED: Final = "Usage of subusers that surely belong to one customer, of all usage."
"""Share of usage that is matched."""

REVIEW: Final = (
    "Usage of subusers whose customer is likely and not sure: a person decides."
)
"""Share of usage in review."""

UNMATCHED: Final = "Usage of subusers to whom no customer comes near, of all usage."
"""Share of usage that is unmatched."""

ROWS: Final = "Rows of the loaded file."
"""A count of rows."""

SCORE: Final = "Likeness of name and customer, from 0 to 100."
"""Score of a match."""

MONEY: Final = {
    "net": NET_VOLUME,
    "gross": GROSS_VOLUME,
    "refunds": REFUNDS,
    "disputes": DISPUTES,
    "fees": FEES,
    "other_fees": OTHER_FEES,
    "net_after_all": NET_AFTER_ALL,
    "net_per_gb": NET_PER_GB,
    "cost": COST,
    "margin": MARGIN,
    "open_net": "Net volume of customers whose margin cannot be told.",
    "open_cost": "Cost of customers whose margin cannot be told.",
    "amount": "Amount as the file has it, before fees.",
    "refunded": "Money of this payment given back so far.",
    "fee": "Stripe's fee on this payment.",
    "said": "Amount in the loaded summary of Stripe.",
    "ours": "Our sum of the same days, in the time zone of the summary.",
    "difference": "The first less the second; it has to be zero.",
    "gross_difference": "Difference in gross amounts; it has to be zero.",
    "fee_difference": "Difference in fees; it has to be zero.",
    "payments_net": "Net of these payments by the Payments files.",
    "untold": "Lost disputes, of which Payments files say nothing.",
    "ledger_net": "Net of these payments by All activity.",
}
"""What a column of money means, by its name in the reports."""
