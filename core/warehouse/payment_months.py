"""Payment months: in how many months with usage of a subuser somebody paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class PaymentMonths:
    """Months (in the reporting time zone) of one subuser against those of payers.

    used counts the months in which the subuser used more than nothing. told counts
    those of them that a loaded Stripe file tells of. paid counts, for each email, those
    of them in which it paid; an email that paid in none of them is not in it.
    """

    used: int
    told: int
    paid: Mapping[str, int]


def of_subuser(
    warehouse: Warehouse, subuser: str, email_keys: Sequence[str]
) -> PaymentMonths:
    """Count the months with usage of a subuser in which each email paid.

    A month counts as paid where the gross volume of the email is above zero in any
    currency, after the rule that chooses between the ledger and the payments.
    """
    with warehouse.reading() as cursor:
        counts = cursor.execute(_COUNTS, [subuser]).fetchall()
        paid = cursor.execute(_PAID, [subuser, list(email_keys)]).fetchall()
    ((used, told),) = counts
    return PaymentMonths(int(used), int(told), {email: int(n) for email, n in paid})


_COUNTS: Final = (
    "SELECT count(*), count(*) FILTER (is_told) FROM months_used_and_told WHERE "
    "subuser = ?"
)
_PAID: Final = (
    "SELECT payer, count(DISTINCT month) FROM revenue_line "
    "JOIN months_used_and_told AS used USING (month) "
    "WHERE used.subuser = ? AND gross_minor > 0 AND payer IN (SELECT unnest(?)) "
    "GROUP BY payer ORDER BY payer"
)
