"""Other programs that have a warehouse open while a test looks at it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

ROOT = Path(__file__).resolve().parents[3]
ROWS = 50_000

OPENED = """\
import sys
from pathlib import Path
from core.warehouse.store import Warehouse
warehouse = Warehouse(Path(sys.argv[1]))
print("open", flush=True)
"""
WAITING = f"{OPENED}sys.stdin.read()\n"
# Each transaction adds one to every row of a table, some of them large.
WRITING = f"""{OPENED}
with warehouse.deriving() as cursor:
    cursor.execute("CREATE TABLE tally (n INTEGER)")
    cursor.execute("INSERT INTO tally SELECT 0 FROM range(?)", [{ROWS}])
print("ready", flush=True)
while True:
    with warehouse.deriving() as cursor:
        cursor.execute("UPDATE tally SET n = n + 1")
"""  # noqa: S608 - a program of the test


@contextmanager
def _program(code: str, path: Path, *said: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program that has the warehouse open; wait until it has said so."""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            for word in said:
                assert running.stdout.readline().strip() == word
            yield running
        finally:
            running.kill()


class Programs:
    """Starts programs that have a warehouse open; they end with the context."""

    rows = ROWS

    def waiting(self, path: Path) -> AbstractContextManager[subprocess.Popen[str]]:
        """Have it open and do nothing."""
        return _program(WAITING, path, "open")

    def writing(self, path: Path) -> AbstractContextManager[subprocess.Popen[str]]:
        """Add one to all rows of a table, tally, again and again."""
        return _program(WRITING, path, "open", "ready")


@pytest.fixture(scope="session")
def programs() -> Programs:
    return Programs()
