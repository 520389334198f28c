"""What the name of a Stripe report tells: its period, zone, currency, category.

Stripe names reports `Balance_Summary_USD_2025-11-01_to_2025-11-30_America-Chicago.csv`.
The zone of a report's times, and often its period, stand nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.sources.instants import is_known_zone

_PERIOD: Final = re.compile(
    r"(?:(?:^|_)(?P<currency>[A-Za-z]{3})_)?"
    r"(?P<first>\d{4}-\d\d-\d\d)_to_(?P<last>\d{4}-\d\d-\d\d)"
    r"(?:_(?P<zone>[A-Za-z][\w+-]*?))?(?: ?\(\d+\))?(?:\.\w+)*$",
    re.ASCII,
)
_CATEGORY: Final = re.compile(
    r"from_activity_(?P<category>[a-z_]+?)_[A-Z]{3}_\d{4}-", re.ASCII
)


@dataclass(frozen=True)
class ReportName:
    """What a file name tells. Days are both inclusive; None or empty where untold.

    currency is lower case. category is set for a report that was cut to one category.
    """

    first_day: date | None = None
    last_day: date | None = None
    time_zone: str | None = None
    currency: str = ""
    category: str = ""

    @classmethod
    def of(cls, file: str) -> ReportName:
        """Read the name of a file."""
        category = _CATEGORY.search(file)
        only = category["category"] if category else ""
        found = _PERIOD.search(file)
        days = _days(found["first"], found["last"]) if found else None
        if found is None or days is None:
            return cls(category=only)
        zone = _zone(found["zone"]) if found["zone"] else None
        return cls(*days, zone, (found["currency"] or "").lower(), only)

    def covered(self, zone: str | None) -> tuple[datetime, datetime] | None:
        """Return the period in UTC, end exclusive; None where it is not told."""
        if self.first_day is None or self.last_day is None or zone is None:
            return None
        end = self.last_day + timedelta(days=1)
        return _midnight(self.first_day, zone), _midnight(end, zone)


def _days(first: str, last: str) -> tuple[date, date] | None:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return days if days[0] <= days[1] else None


def _zone(text: str) -> str | None:
    """Turn `America-New_York` of a file name into the name of a zone."""
    parts = text.split("-")
    for cut in range(1, len(parts) + 1):
        zone = "/".join((*parts[: cut - 1], "-".join(parts[cut - 1 :])))
        if is_known_zone(zone):
            return zone
    return None


def _midnight(day: date, zone: str) -> datetime:
    local = datetime.combine(day, time(), ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)
