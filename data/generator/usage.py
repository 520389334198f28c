"""Usage of two providers, and their exports."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from generator.draws import Draw
from generator.handles import handle_of, hex_name, local_parts
from generator.months import GAP, MONTHS, SECOND_START, month_text
from generator.shop import Account
from generator.text import csv_bytes, plain, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.shop import Shopper

SEASON: Final = (92, 88, 95, 97, 99, 94, 86, 90, 102, 108, 131, 118)
"""Usage of each calendar month, January first, in percent of an average month."""


def month_usage(draw: Draw, size_gb: Decimal, month: int, age: int) -> int:
    """Draw one month's usage in thousandths of a MB; mostly above 0."""
    if draw.chance(3):
        return 0
    if draw.chance(12):
        return draw.randrange(1, 90)
    trend = Decimal(100 + 2 * age) * SEASON[MONTHS[month][1] - 1] / 10_000
    return rounded(size_gb * trend * draw.log_normal("0.6") * 1024 * 1000)


def strangers(draw: Draw, taken: Sequence[Shopper]) -> list[tuple[Account, Decimal]]:
    """Make subusers of no known customer, and names that a spreadsheet destroyed."""
    known = {who.handle for who in taken}
    handles = [handle_of(local) for local in local_parts(draw, 40)]
    names = [hex_name(draw, handle) for handle in handles if handle not in known][:18]
    while len(names) < 24:
        name = f"{draw.randrange(1, 10)}.{draw.randrange(1, 100):02}E+"
        names.append(f"{name}{draw.randrange(11, 15)}")
    spans = [(start, start + draw.randrange(3, 16)) for start in range(0, 24)]
    return [
        (Account(name, first, min(last, 35)), draw.log_normal("1.1") * 2)
        for name, (first, last) in zip(names, spans, strict=True)
    ]


def usage(people: Sequence[Shopper]) -> dict[tuple[str, int], int]:
    """Draw the first provider's usage: thousandths of a MB by subuser and month."""
    draw = Draw("usage")
    owners = [(account, who.size_gb) for who in people for account in who.accounts]
    found: dict[tuple[str, int], int] = {}
    for account, size in [*owners, *strangers(draw, people)]:
        for month in range(account.first, account.last + 1):
            amount = month_usage(draw, size, month, month - account.first)
            if month != GAP and not draw.chance(1100 - 10 * account.share):
                found[account.subuser, month] = amount
    return found


def gb_text(milli_mb: int) -> str:
    """Write GB as a spreadsheet saves them: nine decimals, or `9.77E-07` when tiny."""
    value = Decimal(milli_mb) / 1000 / 1024
    if 0 < value < Decimal("0.0001"):
        return f"{value:.2E}".replace("E-", "E-0")
    places = Decimal("0.000000001") if value < 10 else Decimal("0.00000001")
    return plain(value.quantize(places, ROUND_HALF_UP))


def usage_file(found: dict[tuple[str, int], int]) -> bytes:
    """Write the first provider's export: GB, no order, CRLF."""
    rows = [
        (name, month_text(m), gb_text(amount)) for (name, m), amount in found.items()
    ]
    Draw("usage order").shuffle(rows)
    return csv_bytes(("Subuser", "Date", "Bandwidth Usage (GB)"), rows, "\r\n")


def second_usage_file(people: Sequence[Shopper]) -> bytes:
    """Write the second provider's export: MB, later months, 90 customers."""
    draw = Draw("second provider")
    late = [who for who in people if who.accounts and who.last > SECOND_START]
    rows = []
    for who in draw.sample(late, 90):
        name = who.accounts[-1].subuser if draw.chance(500) else who.handle
        for month in range(max(who.first, SECOND_START), who.last + 1):
            amount = month_usage(draw, who.size_gb / 3, month, 0)
            if not draw.chance(150):
                rows.append((name, month_text(month), plain(Decimal(amount) / 1000)))
    return csv_bytes(("Subuser", "Date", "Bandwidth Usage (MB)"), rows)
