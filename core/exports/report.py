"""The report of a run: what came in, what is kept, what is matched, what is odd."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from core.exports.contracts import VERSION
from core.matching import matches
from core.models import Kind
from core.units import plain
from core.warehouse import copies, figures, settings
from core.warehouse.figures import Scope
from core.warehouse.plans import period_bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Reading
    from core.warehouse.store import Warehouse

Entry = dict[str, object]


def report(
    warehouse: Warehouse, readings: Sequence[Reading], files: Sequence[str]
) -> Entry:
    """Say what a run did, in plain values.

    Args:
        warehouse: After the load.
        readings: What the input files held, in the order given.
        files: Names of the files written.

    Returns:
        version, inputs (one for each reading), settings, months (usage), matches (by
        status), destroyed_names, net_volume (month and currency), files. GB and money
        are text, as plain decimals.
    """
    matches.refresh(warehouse)
    chosen = settings.current(warehouse)
    return {
        "version": VERSION,
        "inputs": [_input(reading) for reading in readings],
        "settings": {
            "rule": chosen.rule.value,
            "time_zone": chosen.time_zone,
            "cleaning_rules": [
                {"text": rule.text, "where": rule.where.value}
                for rule in chosen.cleaning_rules
            ],
        },
        "months": _months(warehouse),
        "matches": _matches(warehouse),
        "destroyed_names": _destroyed(warehouse),
        "net_volume": _net_volume(warehouse),
        "files": list(files),
    }


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


def _months(warehouse: Warehouse) -> list[Entry]:
    return [
        {
            "month": row["month"].strftime("%Y-%m"),
            "usage_gb": plain(row["usage_gb"]),
            "unmatched_gb": plain(row["unmatched_gb"]),
            "active_subusers": row["active_subusers"],
        }
        for row in figures.usage_months(warehouse, Scope()).to_pylist()
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


def _net_volume(warehouse: Warehouse) -> list[Entry]:
    view = "file_monthly_net_volume"
    return [
        {"month": row[0], "currency": row[1], "net_volume": row[6], "basis": row[9]}
        for row in copies.rows(warehouse, view)
    ]
