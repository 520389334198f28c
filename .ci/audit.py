"""Look up what a lock file installs in the database of known vulnerabilities, OSV.

usage: python .ci/audit.py LOCK

It ends with 1 only when an advisory is found. A network that is closed, or a service
that does not answer in time, is told and stops nothing: nothing was looked up then.
OSV has the advisories of PyPA and of GitHub, the same as pip-audit reads.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVICE: Final = "https://api.osv.dev"
"""The service asked; OSV_URL names another, such as a mirror of the firm's."""

SECONDS: Final = 4.0
"""Longest wait for a connection, and for each part of the answer."""

ALL_SECONDS: Final = 9.0
"""Longest wait in all; the search for a name has no limit of its own."""

ACCEPTED: Final[dict[str, str]] = {}
"""Advisories that do not concern the product, each with the reason."""

_ENTRY: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)


def packages(lock: str) -> list[tuple[str, str]]:
    """Read names and versions out of the text of a lock file, in order."""
    return sorted(set(_ENTRY.findall(lock)))


def look_up(
    service: str, found: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Ask for the advisories of packages; those without are left out.

    Raises:
        httpx.HTTPError: The service cannot be reached, or does not answer rightly.
        ValueError: Its answer is none.
    """
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in found
    ]
    answer = httpx.post(
        f"{service}/v1/querybatch", json={"queries": queries}, timeout=SECONDS
    )
    results = answer.raise_for_status().json()["results"]
    if len(results) != len(found):
        raise ValueError
    return {
        package: names
        for package, result in zip(found, results, strict=True)
        if (names := [each["id"] for each in result.get("vulns") or ()])
    }


def audit(lock: Path, service: str) -> tuple[list[str], int]:
    """Look up one lock file; return the lines that tell of it, and the exit code."""
    found = packages(lock.read_text("utf-8"))
    try:
        advisories = look_up(service, found)
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return [f"{lock.name}: NOT looked up, no answer ({type(error).__name__})"], 0
    known = [
        f"  {name} {version}: https://osv.dev/vulnerability/{each}"
        for (name, version), names in advisories.items()
        for each in names
        if each not in ACCEPTED
    ]
    told = f"{len(found)} packages looked up, {len(known)} known vulnerabilities"
    return [f"{lock.name}: {told}", *known], 1 if known else 0


def main(lock: Path) -> int:
    """Tell of one lock file within ALL_SECONDS; return the exit code."""
    outcome = [([f"{lock.name}: NOT looked up, no answer in time"], 0)]
    service = os.environ.get("OSV_URL", SERVICE)
    asking = threading.Thread(
        target=lambda: outcome.append(audit(lock, service)), daemon=True
    )
    asking.start()
    asking.join(ALL_SECONDS)
    lines, code = outcome[-1]
    sys.stderr.writelines(f"audit: {line}\n" for line in lines)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
