"""Limits: what is beyond one is told, and SECURITY.md has them as they are."""

from __future__ import annotations

import gzip
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from core import job
from core.files import dialect, records, table
from core.files.upload import Upload

ROOT = Path(__file__).resolve().parents[3]
HEADER = "Subuser,Date,Bandwidth Usage (GB)\n"
LISTED = re.compile(r"^\| [^|]+ \| ([\d,]+) \| `([\w./ ]+)` \|$", re.MULTILINE)


def listed() -> list[tuple[str, int]]:
    """Read the table of limits: the constant, and its value as it is told."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    return [(name, int(most.replace(",", ""))) for most, name in LISTED.findall(text)]


@pytest.mark.parametrize(("name", "most"), listed())
def test_a_limit_is_what_security_says(name: str, most: int) -> None:
    if name.startswith("."):
        file, setting = name.split()
        section, key = setting.split(".")
        assert tomllib.loads((ROOT / file).read_text("utf-8"))[section][key] == most
        return
    module, _, constant = name.rpartition(".")
    assert getattr(importlib.import_module(module), constant) == most


def test_the_table_of_limits_is_found() -> None:
    assert len(listed()) > 20


def of_rows(rows: int) -> str:
    return HEADER + "ann,2024-01,1\n" * rows


BEYOND = {
    "columns": (
        ",".join(f"c{n}" for n in range(dialect.MAX_COLUMNS + 1)) + "\n" + "1,2\n",
        "1,001 columns: no export is so wide",
    ),
    "name of a column": (
        f"Subuser{'x' * table.MAX_NAME_CHARS},Date\nann,2024-01\n",
        "no header in its first lines",
    ),
    "cell": (
        f'{HEADER}"{"x" * (records.MAX_CELL_CHARS + 1)}",2024-01,1\n',
        "more than 131072 characters in one cell on line 2",
    ),
    "nesting": ('[{"email": "a@example.com", "a": ' + "[" * 100_000, "nested"),
}


@pytest.mark.parametrize("what", BEYOND)
def test_what_is_beyond_a_limit_is_told(what: str) -> None:
    text, said = BEYOND[what]
    intake = job.take([Upload("file", text.encode())])
    assert intake.readings == ()
    assert said in intake.refusals[0].message


@pytest.mark.parametrize("rows", [2, 3])
def test_a_text_of_too_many_lines_is_told(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MAX_LINES", 3)
    intake = job.take([Upload("usage.csv.gz", gzip.compress(of_rows(rows).encode()))])
    assert len(intake.readings) == (rows == 2)
    assert [each.message for each in intake.refusals] == [
        "usage.csv.gz: has more than 3 lines. Export fewer months at a time."
    ] * (rows == 3)
