"""The report of a run: what came in, what is kept, what is matched, what is odd."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.exports.contracts import VERSION
from core.exports.edition import EVERYTHING
from core.matching import matches
from core.models import Kind
from core.units import plain
from core.warehouse import copies, figures, settings
from core.warehouse.figures import Scope
from core.warehouse.plans import period_bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.exports.edition import Edition
    from core.models import Reading
    from core.warehouse.store import Warehouse

Entry = dict[str, object]

_COUNTS: Final = (
    "kind",
    "rows_read",
    "rows_kept",
    "rows_refused",
    "first",
    "last",
)
"""What a report to publish says of an input."""


def report(
    warehouse: Warehouse,
    readings: Sequence[Reading],
    files: Sequence[str],
    edition: Edition = EVERYTHING,
) -> Entry:
    """Say what a run did, in plain values.

    Args:
        warehouse: After the load.
        readings: What the input files held, in the order given.
        files: Names of the files written.
        edition: What is in them. Of a private one the report names nobody: no input
            file, no refused value, no name; rounded amounts are left out.

    Returns:
        version, edition, inputs (one for each reading), settings, months (usage),
        matches (by status), destroyed_names, net_volume (month and currency), files.
        GB and money are text, as plain decimals.
    """
    matches.refresh(warehouse)
    full = {
        "version": VERSION,
        "edition": _edition(edition),
        "inputs": [_input(reading) for reading in readings],
        "settings": _settings(warehouse),
        "months": _months(warehouse, edition),
        "matches": _matches(warehouse),
        "destroyed_names": _destroyed(warehouse),
        "net_volume": _net_volume(warehouse, edition),
        "files": list(files),
    }
    return _published(full, edition) if edition.is_private else full


def _published(full: Entry, edition: Edition) -> Entry:
    """Leave out of a report what names somebody, and amounts that are rounded."""
    left_out = {"settings", "destroyed_names"}
    if edition.is_rounded:
        left_out |= {"months", "matches", "net_volume"}
    kept = {name: value for name, value in full.items() if name not in left_out}
    inputs = full["inputs"] if isinstance(full["inputs"], list) else []
    kept["inputs"] = [{name: each[name] for name in _COUNTS} for each in inputs]
    return kept


def as_json(content: Entry) -> bytes:
    """Write a report as the bytes of report.json."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _input(reading: Reading) -> Entry:
    bounds = period_bounds(reading)
    return {
        "file": reading.file,
        "sha256": reading.sha256,
        "kind": reading.kind.value,
        "layout": reading.layout,
        "provider": reading.provider,
        "unit": reading.unit,
        "unit_rule": reading.unit_rule,
        "rows_read": reading.rows_read,
        "rows_kept": reading.rows_kept,
        "rows_refused": len(reading.problems),
        "first": bounds[0].isoformat() if bounds else None,
        "last": bounds[1].isoformat() if bounds else None,
        "warnings": list(reading.warnings),
        "refused": [
            {
                "line": problem.line,
                "column": problem.column,
                "value": problem.value,
                "reason": problem.reason,
            }
            for problem in reading.problems
        ],
    }


def _edition(edition: Edition) -> Entry:
    first, last = edition.first_month, edition.last_month
    return {
        "first_month": first.strftime("%Y-%m") if first else None,
        "last_month": last.strftime("%Y-%m") if last else None,
        "is_private": edition.is_private,
        "is_rounded": edition.is_rounded,
    }


def _settings(warehouse: Warehouse) -> Entry:
    chosen = settings.current(warehouse)
    return {
        "rule": chosen.rule.value,
        "time_zone": chosen.time_zone,
        "cleaning_rules": [
            {"text": rule.text, "where": rule.where.value}
            for rule in chosen.cleaning_rules
        ],
    }


def _months(warehouse: Warehouse, edition: Edition) -> list[Entry]:
    scope = Scope(edition.first_month, edition.last_month)
    return [
        {
            "month": row["month"].strftime("%Y-%m"),
            "usage_gb": plain(row["usage_gb"]),
            "unmatched_gb": plain(row["unmatched_gb"]),
            "active_subusers": row["active_subusers"],
        }
        for row in figures.usage_months(warehouse, scope).to_pylist()
    ]


def _matches(warehouse: Warehouse) -> list[Entry]:
    if Kind.CUSTOMERS not in copies.loaded_kinds(warehouse):
        return []
    return [
        {**row, "usage_gb": plain(row["usage_gb"])}
        for row in figures.coverage(warehouse).to_pylist()
    ]


def _destroyed(warehouse: Warehouse) -> list[Entry]:
    found: dict[str, tuple[list[str], Decimal]] = {}
    for row in figures.destroyed_names(warehouse).to_pylist():
        months, usage_gb = found.get(row["subuser"], ([], Decimal(0)))
        months.append(row["month"].strftime("%Y-%m"))
        found[row["subuser"]] = (months, usage_gb + row["usage_gb"])
    return [
        {"subuser": name, "months": months, "usage_gb": plain(usage_gb)}
        for name, (months, usage_gb) in found.items()
    ]


def _net_volume(warehouse: Warehouse, edition: Edition) -> list[Entry]:
    first, last = edition.first_month, edition.last_month
    least = first.strftime("%Y-%m") if first else ""
    most = last.strftime("%Y-%m") if last else "9999-12"
    return [
        {"month": row[0], "currency": row[1], "net_volume": row[6], "basis": row[9]}
        for row in copies.rows(warehouse, "file_monthly_net_volume")
        if least <= str(row[0]) <= most
    ]
