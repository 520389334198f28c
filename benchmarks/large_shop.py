"""Large shops as files: a usage export, a customer export and Stripe payments.

One seed gives one shop. Names and owners are those of benchmarks.labelled_shop, so that
matching has real work; amounts are drawn anew for each period.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from benchmarks import labelled_shop

if TYPE_CHECKING:
    from pathlib import Path

FIRST_MONTH: Final = np.datetime64("2016-01", "M")
"""First month of usage and payments."""

PERIODS: Final = 100
"""Months of usage."""

HEADER: Final = "Subuser,Date,Bandwidth Usage (GB)\n"
"""Header of the usage export."""

PAYMENT_HEADER: Final = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,"
    "Converted Amount Refunded,Fee,Converted Currency,Status,Customer Email,"
    "Description\n"
)
"""Header of the Payments export."""


@dataclass(frozen=True)
class Size:
    """How large a shop is.

    rows is rows of usage, the same number in each of so many periods; customers is
    documents; payments are spread evenly over all months. Of the subusers chance
    chooses those of a month; None lets the same have a row in every month.
    """

    rows: int
    customers: int
    payments: int
    periods: int = PERIODS
    subusers: int | None = None


@dataclass(frozen=True)
class Files:
    """Where the files of a shop are, and how many rows of usage there are."""

    usage: Path
    correction: Path
    customers: Path
    payments: Path
    rows: int


def write(folder: Path, size: Size, *, seed: int = 0) -> Files:
    """Write a shop into a folder; one seed gives one shop.

    The correction holds the last month again, one row in ten with another figure.
    """
    folder.mkdir(parents=True, exist_ok=True)
    each = size.rows // size.periods
    many = size.subusers or each
    shop = labelled_shop.made(seed, subusers=many, customers=size.customers)
    everybody = pa.array([*shop.owners][:many], pa.string())
    chance = np.random.default_rng(seed)
    files = Files(
        usage=folder / "usage.csv",
        correction=folder / "correction.csv",
        customers=folder / "customers.json",
        payments=folder / "payments.csv",
        rows=min(each, len(everybody)) * size.periods,
    )
    with files.usage.open("wb") as target:
        target.write(HEADER.encode())
        for period in range(size.periods):
            names = _present(everybody, each, chance)
            values = chance.exponential(2.0, len(names))
            _append(target, _usage(names, FIRST_MONTH + period, values))
    with files.correction.open("wb") as target:
        target.write(HEADER.encode())
        corrected = np.where(np.arange(len(names)) % 10 == 0, values * 1.01, values)
        _append(target, _usage(names, FIRST_MONTH + size.periods - 1, corrected))
    _write_customers(shop, files.customers)
    _write_payments(shop, files.payments, size, chance)
    return files


def _present(everybody: pa.Array, many: int, chance: np.random.Generator) -> pa.Array:
    """Choose who has a row in a month."""
    if many >= len(everybody):
        return everybody
    places = np.sort(chance.choice(len(everybody), many, replace=False))
    return everybody.take(pa.array(places))


def _usage(names: pa.Array, month: np.datetime64, values: np.ndarray) -> pa.Table:
    scaled = pa.array(np.maximum(1, (values * 10**9).astype(np.int64)))
    exact = pc.multiply(
        scaled.cast(pa.decimal128(19, 0)), pa.scalar(1, pa.decimal128(1, 0))
    )
    text = pc.cast(exact, pa.string())
    whole = pc.utf8_lpad(text, 10, "0")
    cells = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(whole, 0, -9), pc.utf8_slice_codeunits(whole, -9), "."
    )
    return pa.table(
        {
            "Subuser": names,
            "Date": pa.repeat(pa.scalar(str(month)), len(names)),
            "Bandwidth Usage": cells,
        }
    )


def _append(target: object, table: pa.Table) -> None:
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    csv.write_csv(table, target, options)


def _write_customers(shop: labelled_shop.Shop, path: Path) -> None:
    columns = {
        "email": "email",
        "oxy_id": "oxyId",
        "oxy_username": "oxyUsername",
        "brief_oxy_id": "briefOxyId",
        "brief_oxy_username": "briefOxyUsername",
    }
    documents = [
        {name: row[column] for column, name in columns.items() if row[column]}
        for row in shop.customers.to_pylist()
    ]
    path.write_text(json.dumps(documents), encoding="utf-8")


def _write_payments(
    shop: labelled_shop.Shop, path: Path, size: Size, chance: np.random.Generator
) -> None:
    """Write payments of customers, spread evenly over all months."""
    count = size.payments
    emails = shop.customers["email_key"].combine_chunks()
    payers = emails.take(pa.array(chance.integers(0, len(emails), count)))
    begin = FIRST_MONTH.astype("datetime64[s]").astype(np.int64)
    end = (FIRST_MONTH + size.periods).astype("datetime64[s]").astype(np.int64)
    created = pa.array(np.sort(chance.integers(begin, end, count))).cast(
        pa.timestamp("s")
    )
    cents = chance.integers(500, 20_000, count)
    amount = _money(cents)
    zero = pa.repeat(pa.scalar("0.00"), count)
    usd = pa.repeat(pa.scalar("usd"), count)
    number = pc.utf8_lpad(pc.cast(pa.array(np.arange(count)), pa.string()), 12, "0")
    columns = [
        pc.binary_join_element_wise("ch_", number, ""),
        pc.strftime(created, "%Y-%m-%d %H:%M:%S"),
        *(amount, zero, usd, amount, zero, _money(cents // 30), usd),
        pa.repeat(pa.scalar("Paid"), count),
        payers,
        pa.repeat(pa.scalar("top up"), count),
    ]
    names = PAYMENT_HEADER.strip().split(",")
    with path.open("wb") as target:
        target.write(PAYMENT_HEADER.encode())
        _append(target, pa.table(dict(zip(names, columns, strict=True))))


def _money(cents: np.ndarray) -> pa.Array:
    digits = pc.utf8_lpad(pc.cast(pa.array(cents), pa.string()), 3, "0")
    return pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(digits, 0, -2), pc.utf8_slice_codeunits(digits, -2), "."
    )
