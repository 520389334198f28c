"""Contracts of the download files: names, columns, types, units, meaning, order.

A workbook rests on each of them. A change here is a change of contract: raise VERSION
and say so in the changelog.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.models import Kind

VERSION: Final = 2
"""Version of all contracts together."""

STRIPE: Final = frozenset({Kind.STRIPE_LEDGER, Kind.STRIPE_PAYMENTS})
"""Kinds of which any one tells revenue."""


@dataclass(frozen=True)
class Column:
    """One column: its header, type, unit (empty for none) and meaning.

    Types: text, integer, decimal (plain, never an exponent), month (YYYY-MM), date
    (YYYY-MM-DD). identity is what a value names, where it names somebody: email,
    name (of an account) or id (of an account at its provider).
    """

    name: str
    type: str
    unit: str
    meaning: str
    identity: str = ""


@dataclass(frozen=True)
class Contract:
    """One download file, written when all of needs and one of any_of are loaded.

    month is the column by which a period chooses rows; is_over_period is set where the
    rows sum over the period instead. order is that of the rows where identities are
    masked, is_ranking where it is by usage. In a file with neither month nor period
    all rows are in, whatever the period.
    """

    file: str
    grain: str
    columns: tuple[Column, ...]
    needs: frozenset[Kind] = frozenset()
    any_of: frozenset[Kind] = frozenset()
    month: str = ""
    is_over_period: bool = False
    order: tuple[str, ...] = ()
    is_ranking: bool = False

    @property
    def name(self) -> str:
        """Name without its ending: that of a sheet or a table."""
        return self.file.partition(".")[0]

    @property
    def view(self) -> str:
        """View of the warehouse that holds the rows in order."""
        return f"file_{self.name}"

    def is_told_by(self, kinds: frozenset[Kind]) -> bool:
        """Tell whether these loaded kinds are enough to write the file."""
        return self.needs <= kinds and (not self.any_of or bool(self.any_of & kinds))


_USAGE: Final = frozenset({Kind.USAGE})
_BOTH: Final = frozenset({Kind.USAGE, Kind.CUSTOMERS})
_DATE: Final = Column("Date", "month", "", "Calendar month of the usage")
_SUBUSER: Final = Column(
    "Subuser", "text", "", "Account name as the provider sent it", "name"
)
_GB: Final = Column("Bandwidth Usage", "decimal", "GB", "Usage; 1 GB is 1024 MB")
_EMAIL: Final = Column("Email", "text", "", "Email of the customer", "email")
_TYPE: Final = Column(
    "Subuser Type",
    "text",
    "",
    "Pro or Basic, by the customer's field that matched; empty when neither did",
)
_ID: Final = Column(
    "Subuser ID",
    "text",
    "",
    "Provider id that belongs to the type; empty if unknown",
    "id",
)


def _pro_or_basic(name: str, meaning: str, identity: str) -> Column:
    return Column(name, "text", "", meaning, identity)


def _money(name: str, meaning: str) -> Column:
    return Column(name, "decimal", "major units of Currency", meaning)


CONTRACTS: Final = (
    Contract(
        "subuser_bw_usage_sorted.csv",
        "subuser and month, over all providers",
        (_SUBUSER, _DATE, _GB),
        _USAGE,
        month="Date",
        order=("Subuser", "Date"),
    ),
    Contract(
        "active_users_by_date.csv",
        "month",
        (
            _DATE,
            Column("Active Users", "integer", "subusers", "Subusers with a row"),
        ),
        _USAGE,
        month="Date",
    ),
    Contract(
        "total_bandwidth_usage_by_date.csv",
        "month",
        (
            _DATE,
            Column(
                "Total Monthly Bandwidth Usage",
                "decimal",
                "GB",
                "Usage of all subusers, matched or not",
            ),
        ),
        _USAGE,
        month="Date",
    ),
    Contract(
        "filtered_customers.json",
        "customer document",
        (
            Column("email", "text", "", "Email as stored", "email"),
            _pro_or_basic("oxyId", "Provider id of the Pro account, or null", "id"),
            _pro_or_basic("oxyUsername", "Pro account, cleaned, or null", "name"),
            _pro_or_basic("briefOxyId", "Provider id of the Basic account", "id"),
            _pro_or_basic(
                "briefOxyUsername", "Basic account, cleaned, or null", "name"
            ),
        ),
        frozenset({Kind.CUSTOMERS}),
        order=("email", "oxyId", "oxyUsername", "briefOxyId", "briefOxyUsername"),
    ),
    Contract(
        "final_subuser_bw_usage.csv",
        "matched subuser and month, over all providers",
        (_EMAIL, _TYPE, _ID, _SUBUSER, _DATE, _GB),
        _BOTH,
        month="Date",
        order=("Email", "Subuser", "Date"),
    ),
    Contract(
        "monthly_net_volume.csv",
        "month and settlement currency",
        (
            Column("Date", "month", "", "Calendar month in the reporting time zone"),
            Column("Currency", "text", "", "Settlement currency, upper case"),
            _money("Gross Volume", "Payments that reached the balance"),
            _money("Refunds", "Refunds, negative, by the date of the refund"),
            _money("Disputes", "Lost and open disputes, negative; won ones come back"),
            _money("Fees", "Processing fees and tax on them, negative"),
            _money("Net Volume", "Gross Volume + Refunds + Disputes + Fees"),
            _money("Other Stripe Fees", "Standalone fees of Stripe, negative"),
            _money("Net After All Fees", "Net Volume + Other Stripe Fees"),
            Column(
                "Basis",
                "text",
                "",
                "ledger: exact; payments: estimated, refund and dispute fees are dated "
                "on the payment; ledger, incomplete: it lacks payments or days",
            ),
        ),
        any_of=STRIPE,
        month="Date",
    ),
    Contract(
        "subuser_matches.csv",
        "subuser, unmatched ones included",
        (
            _SUBUSER,
            Column(
                "Email",
                "text",
                "",
                "Email of the customer; empty unless matched",
                "email",
            ),
            _TYPE,
            _ID,
            Column("Status", "text", "", "matched, review or unmatched"),
            Column("Rule", "text", "", "The evidence that decided"),
            Column("Score", "decimal", "0 to 100", "Strength of the evidence"),
            Column(
                "Runner-up Email", "text", "", "The best customer not chosen", "email"
            ),
            Column("Runner-up Score", "decimal", "0 to 100", "Its strength"),
            Column(
                "Bandwidth Usage",
                "decimal",
                "GB",
                "Usage over the period of the download",
            ),
        ),
        _BOTH,
        is_over_period=True,
        order=("Subuser",),
    ),
    Contract(
        "customer_months.csv",
        "customer, month and currency; (unmatched) and (unknown payer) are customers. "
        "Usage stands on the first currency of a month, so that it sums",
        (
            Column(
                "email", "text", "", "Email, (unmatched) or (unknown payer)", "email"
            ),
            Column("month", "date", "", "First day of the month"),
            Column("usage_gb", "decimal", "GB", "Usage; empty for none"),
            Column("subusers", "integer", "subusers", "Subusers with a row"),
            _money("net_volume", "Net volume from sales; empty for none"),
            Column("currency", "text", "", "Settlement currency; empty without money"),
            Column("first_seen", "date", "", "First month with usage, over all months"),
            Column("last_seen", "date", "", "Last month with usage, over all months"),
        ),
        _BOTH,
        month="month",
        order=("email", "month", "currency"),
    ),
    Contract(
        "users_by_bandwidth.csv",
        "customer, by usage, largest first; (unmatched) stands last without a rank",
        (
            Column("rank", "integer", "", "1 for the largest"),
            Column("email", "text", "", "Email, or (unmatched)", "email"),
            Column(
                "usage_gb", "decimal", "GB", "Usage over the period of the download"
            ),
            Column("share", "decimal", "part of 1", "Of all usage, 6 decimals"),
            Column("cumulative_share", "decimal", "part of 1", "Down to this row"),
            Column("subusers", "integer", "subusers", "Subusers with a row"),
            Column("months_active", "integer", "months", "Months with a row"),
            Column("first_seen", "date", "", "First month with a row"),
            Column("last_seen", "date", "", "Last month with a row"),
        ),
        _BOTH,
        is_over_period=True,
        is_ranking=True,
    ),
    Contract(
        "bandwidth_distribution.csv",
        "bin of 1 GB with at least one customer",
        (
            Column("bin_start_gb", "integer", "GB", "Lower end, inclusive"),
            Column("bin_end_gb", "integer", "GB", "Upper end, exclusive"),
            Column("users", "integer", "customers", "Customers in the bin"),
            Column("usage_gb", "decimal", "GB", "Their usage over that period"),
        ),
        _BOTH,
        is_over_period=True,
    ),
)
"""All files but the dictionary, in the order in which they are offered."""

DICTIONARY: Final = Contract(
    "data_dictionary.csv",
    "file and column",
    (
        Column("file", "text", "", "Name of the file"),
        Column("column", "text", "", "Header of the column"),
        Column(
            "type",
            "text",
            "",
            "text, integer, decimal (plain), month (YYYY-MM), date (YYYY-MM-DD). Text "
            "that a spreadsheet would run has an apostrophe in front in CSV files",
        ),
        Column("unit", "text", "", "Unit of the numbers; empty for none"),
        Column("meaning", "text", "", "What a value says"),
    ),
)
"""The file that explains the others."""
