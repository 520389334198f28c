"""Readings made by hand, for tests of everything behind the sources."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from core.models import LEDGER_SCHEMA, PAYMENT_SCHEMA, SCHEMAS, Kind, Reading
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NOW = datetime(2026, 1, 2, 3, 4, 5)


class Make:
    """Makes readings from short rows."""

    def usage(
        self,
        rows: Sequence[tuple[str, str, str]],
        *,
        provider: str = "Oxylabs",
        file: str = "usage.csv",
    ) -> Reading:
        """Make usage from (subuser, YYYY-MM or YYYY-MM-DD, GB)."""
        days = [day if len(day) == 10 else f"{day}-01" for _, day, _ in rows]
        lengths = ["day" if len(day) == 10 else "month" for _, day, _ in rows]
        columns = {
            "line": range(2, len(rows) + 2),
            "subuser": [name for name, _, _ in rows],
            "period_start": [date.fromisoformat(day) for day in days],
            "granularity": lengths,
            "usage_gb": [Decimal(gb) for _, _, gb in rows],
            "is_destroyed": ["E+" in name for name, _, _ in rows],
        }
        return self._reading(Kind.USAGE, columns, file, rows, provider)

    def customers(
        self,
        rows: Sequence[tuple[str, str | None, str | None]],
        *,
        file: str = "customers.json",
    ) -> Reading:
        """Make customers from (email, Pro username, Basic username)."""
        columns = {
            "line": range(1, len(rows) + 1),
            "position": range(len(rows)),
            "email_key": [email.lower() for email, _, _ in rows],
            "email": [email for email, _, _ in rows],
            "oxy_id": [f"1{place}" for place in range(len(rows))],
            "oxy_username": [pro for _, pro, _ in rows],
            "brief_oxy_id": [f"2{place}" for place in range(len(rows))],
            "brief_oxy_username": [basic for _, _, basic in rows],
        }
        return self._reading(Kind.CUSTOMERS, columns, file, rows)

    def ledger(
        self, rows: Sequence[dict[str, object]], *, file: str = "ledger.csv"
    ) -> Reading:
        """Make ledger rows; what a row leaves out has a quiet default."""
        defaults = {"type": "charge", "currency": "usd", "fee_minor": 0}
        full = [{**defaults, **row, "line": n} for n, row in enumerate(rows, 2)]
        for row in full:
            row["net_minor"] = row["amount_minor"] - row["fee_minor"]
        columns = {
            name: [row.get(name) for row in full] for name in LEDGER_SCHEMA.names
        }
        return self._reading(Kind.STRIPE_LEDGER, columns, file, rows)

    def payments(
        self, rows: Sequence[dict[str, object]], *, file: str = "payments.csv"
    ) -> Reading:
        """Make payments; what a row leaves out has a quiet default."""
        defaults = {
            "status": "Paid",
            "outcome": "paid",
            "currency": "usd",
            "refunded_minor": 0,
            "fee_minor": 0,
        }
        full = [{**defaults, **row, "line": n} for n, row in enumerate(rows, 2)]
        columns = {
            name: [row.get(name) for row in full] for name in PAYMENT_SCHEMA.names
        }
        return self._reading(Kind.STRIPE_PAYMENTS, columns, file, rows)

    def summary(
        self,
        lines: dict[str, int],
        *,
        period: tuple[str, str] = ("2024-03-01", "2024-03-31"),
        zone: str = "UTC",
        report: str = "balance",
        currency: str = "usd",
        beside: dict[str, tuple[int | None, int, int]] | None = None,
    ) -> Reading:
        """Make a summary from net minor units by name.

        beside has rows, gross and fees of lines that tell them.
        """
        first, last = (date.fromisoformat(day) for day in period)
        names = list(lines)
        fixed = {
            "report": report,
            "currency": currency,
            "first_day": first,
            "last_day": last,
            "time_zone": zone,
            "row_count": None,
            "gross_minor": None,
            "fee_minor": None,
        }
        columns: dict[str, object] = {
            name: [value] * len(names) for name, value in fixed.items()
        }
        columns |= {"line": range(2, len(names) + 2), "name": names}
        columns["net_minor"] = list(lines.values())
        if beside is not None:
            told = [beside.get(name, (None, None, None)) for name in names]
            for place, name in enumerate(("row_count", "gross_minor", "fee_minor")):
                columns[name] = [cells[place] for cells in told]
        rows = [(name, *fixed.values(), net) for name, net in lines.items()]
        return self._reading(Kind.STRIPE_SUMMARY, columns, "summary.csv", rows)

    def _reading(
        self,
        kind: Kind,
        columns: dict[str, object],
        file: str,
        rows: Sequence[object],
        provider: str = "",
    ) -> Reading:
        arrays = {name: list(values) for name, values in columns.items()}  # type: ignore[call-overload]
        table = pa.table(arrays, schema=SCHEMAS[kind])
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()
        return Reading(
            file, digest, kind, f"{kind} by hand", table, len(rows), provider=provider
        )


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()


@pytest.fixture(scope="session")
def kept_warehouse() -> Iterator[Warehouse]:
    """Keep one warehouse in memory open: opening takes longer than most tests."""
    with Warehouse() as opened:
        yield opened


@pytest.fixture(scope="session")
def emptied(kept_warehouse: Warehouse) -> Callable[[], Warehouse]:
    """Bring the kept warehouse back to what it was when it was opened."""
    with kept_warehouse.reading() as cursor:
        found = cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        tables = [str(name) for (name,) in found]
        made = {name: cursor.execute(f"FROM {name}").fetchall() for name in tables}
    filled = " UNION ALL ".join(
        f"(SELECT '{name}' FROM {name} LIMIT 1)"  # noqa: S608 - our own names
        for name in tables
    )

    def bring() -> Warehouse:
        with kept_warehouse.deriving() as cursor:
            for (name,) in cursor.execute(filled).fetchall():
                cursor.execute(f"TRUNCATE {name}")
                for row in made[name]:
                    marks = ", ".join("?" * len(row))
                    values = f"VALUES ({marks})"
                    cursor.execute(f"INSERT INTO {name} {values}", row)
        kept_warehouse.memory.clear()
        return kept_warehouse

    return bring


@pytest.fixture
def warehouse(emptied: Callable[[], Warehouse]) -> Warehouse:
    """Give a warehouse in memory as it is after it was first opened."""
    return emptied()


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Callable[[Path], Warehouse]]:
    """Open copies of a warehouse file that a module has filled once."""
    with ExitStack() as stack:

        def opened(made: Path) -> Warehouse:
            copied = Path(shutil.copyfile(made, tmp_path / made.name))
            return stack.enter_context(Warehouse(copied))

        yield opened


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW
