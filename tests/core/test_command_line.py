"""`python -m core`: the same job without a browser."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.__main__ import main
from core.warehouse import batches
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    Put = Callable[[str, str | bytes], str]

ROOT = Path(__file__).resolve().parents[2]
USAGE = "Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\nbob,2024-02,2\n"
PAYMENTS = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,"
    "Converted Amount Refunded,Converted Currency,Description,Fee,Status,Taxes On Fee,"
    "Card ID,Customer ID,Customer Email,Invoice ID,Transfer\n"
    "ch_1,2024-01-05 10:00:00,9.99,0.00,usd,true,9.99,0.00,usd,,0.59,Paid,0.00,"
    ",,ann@example.com,,\n"
)
CUSTOMERS = json.dumps([{"email": "ann@example.com", "oxyUsername": "ann"}])


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def test_a_build_writes_what_the_inputs_tell(
    put: Put, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "out"
    inputs = ["--usage", put("u.csv", USAGE), "--customers", put("c.json", CUSTOMERS)]

    code = main(
        ["build", *inputs, "--stripe", put("p.csv", PAYMENTS), "--out", str(out)]
    )

    assert code == 0
    assert "11 files and report.json written" in capsys.readouterr().out
    assert len(list(out.iterdir())) == 12
    report = json.loads((out / "report.json").read_text())
    assert [(each["kind"], each["rows_kept"]) for each in report["inputs"]] == [
        ("usage", 2),
        ("customers", 1),
        ("stripe_payments", 1),
    ]
    assert {row["status"]: row["subusers"] for row in report["matches"]} == {
        "matched": 1,
        "unmatched": 1,
    }


def test_a_later_build_leaves_no_file_that_its_inputs_do_not_tell(
    put: Put, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    usage = ["--usage", put("u.csv", USAGE), "--out", str(out)]
    main(["build", *usage, "--stripe", put("p.csv", PAYMENTS)])
    (out / "notes.txt").write_text("mine")

    main(["build", *usage])

    assert sorted(path.name for path in out.iterdir()) == [
        "active_users_by_date.csv",
        "data_dictionary.csv",
        "notes.txt",
        "report.json",
        "subuser_bw_usage_sorted.csv",
        "total_bandwidth_usage_by_date.csv",
    ]


def test_a_kept_warehouse_writes_the_same_bytes_again(put: Put, tmp_path: Path) -> None:
    kept = ["--warehouse", str(tmp_path / "shop.duckdb")]
    first, second = tmp_path / "first", tmp_path / "second"
    main(["build", "--usage", put("u.csv", USAGE), *kept, "--out", str(first)])

    assert main(["build", *kept, "--out", str(second)]) == 0

    for path in first.glob("*.csv"):
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_a_kept_warehouse_keeps_its_settings(
    put: Put, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = ["--warehouse", str(tmp_path / "shop.duckdb"), "--out", str(tmp_path / "o")]
    main(["build", "--usage", put("u.csv", USAGE), *kept])

    assert main(["build", *kept, "--rule", "notebook"]) == 2

    assert "is kept with rule best" in capsys.readouterr().err


def test_json_prints_the_report(
    put: Put, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    main(["build", "--usage", put("u.csv", USAGE), "--out", str(out), "--json"])

    printed = capsys.readouterr().out
    assert printed == (out / "report.json").read_text()
    assert json.loads(printed)["months"][0]["usage_gb"] == "1.5"


def test_check_loads_nothing_and_tells_each_file(
    put: Put, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = put("bad.csv", USAGE + "cat,2024-13,1\n")

    assert main(["check", bad, put("x.csv", "a,b\n1,2\n")]) == 2

    told = capsys.readouterr()
    assert "bad.csv: " in told.out
    assert "3 rows read, 2 kept, 1 refused" in told.out
    assert "refused: line 4, Date: '2024-13'" in told.out
    assert "x.csv: not recognised. Columns found: 'a', 'b'" in told.err


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
BAD = {
    "empty file": ("--usage", b"", "is empty"),
    "header only": ("--usage", USAGE.splitlines()[0] + "\n", "no rows"),
    "picture named csv": ("--usage", PNG, "PNG"),
    "cut gz": ("--usage", gzip.compress(USAGE.encode() * 99)[:-20], "cut"),
    "cut JSON": ("--customers", CUSTOMERS[:-4], ""),
    "no status": ("--stripe", PAYMENTS.replace(",Status,", ",State,"), "Status"),
    "two columns": (
        "--usage",
        "Subuser,Date,Date,Usage\na,2024-01,2024-01,1\n",
        "Date",
    ),
    "stripe as usage": ("--usage", PAYMENTS, "not a file for --usage"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_clear_line_and_nothing_written(
    put: Put, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    option, content, said = BAD[case]
    kept, out = tmp_path / "shop.duckdb", tmp_path / "out"
    good = put("good.csv", USAGE)
    arguments = ["--usage", good, option, put("bad.csv", content), "--out", str(out)]

    code = main(["build", "--warehouse", str(kept), *arguments])

    error = capsys.readouterr().err
    assert code == 2
    assert len(error.splitlines()) == 1
    assert "bad.csv" in error
    assert said in error
    assert not out.exists()
    if kept.exists():
        with Warehouse(kept) as warehouse:
            assert batches.history(warehouse) == ()


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("cat,2024-01,abc", "Bandwidth Usage (GB)", "number"),
        ("cat,2024-01,-1", "Bandwidth Usage (GB)", "below zero"),
        ("cat,2024-13,1", "Date", "month"),
        ("total,,3.5", "Subuser", "total"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_are_kept(
    put: Put, tmp_path: Path, row: str, column: str, said: str
) -> None:
    out = tmp_path / "out"

    assert (
        main(["build", "--usage", put("u.csv", f"{USAGE}{row}\n"), "--out", str(out)])
        == 0
    )

    (entry,) = json.loads((out / "report.json").read_text())["inputs"]
    assert (entry["rows_read"], entry["rows_kept"], entry["rows_refused"]) == (3, 2, 1)
    (refused,) = entry["refused"]
    assert (refused["line"], refused["column"]) == (4, column)
    assert said in refused["reason"].lower()


@pytest.mark.parametrize(
    "content",
    [
        USAGE.encode("utf-16"),
        USAGE.encode("utf-8-sig"),
        USAGE.replace(",", ";").replace("1.5", "1,5").encode(),
        USAGE.replace("\n", "\r\n").encode(),
        gzip.compress(USAGE.encode()),
    ],
    ids=["utf-16", "bom", "semicolon and decimal comma", "crlf", "gz"],
)
def test_the_same_table_in_another_dress_gives_the_same_bytes(
    put: Put, tmp_path: Path, content: bytes
) -> None:
    plain, dressed = tmp_path / "plain", tmp_path / "dressed"

    main(["build", "--usage", put("plain.csv", USAGE), "--out", str(plain)])
    main(["build", "--usage", put("dressed.csv", content), "--out", str(dressed)])

    for path in plain.glob("*.csv"):
        assert path.read_bytes() == (dressed / path.name).read_bytes()


def test_it_runs_as_a_program(put: Put, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "core", "build", "--out", str(tmp_path / "out")]

    run = subprocess.run(
        [*command, "--usage", put("x.csv", "a,b\n1,2\n")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("x.csv: not recognised.")


def test_a_reader_that_wants_no_more_is_no_fault(put: Put) -> None:
    many = [{"email": f"ann{number}@example.com"} for number in range(2_000)]
    command = f"{sys.executable} -m core customers {put('c.json', json.dumps(many))}"
    run = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (run.returncode, run.stdout) == (141, "[\n")
    assert [line for line in run.stderr.splitlines() if "c.json: " not in line] == []
