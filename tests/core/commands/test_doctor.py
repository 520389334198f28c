"""The doctor: what is printed of a warehouse that is well, and of one that is not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.__main__ import main
from core.commands import doctor
from core.files.upload import Upload
from core.warehouse import originals, plans, schema
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

UPLOAD = Upload("usage.csv", b"Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\n")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with Warehouse(path) as warehouse:
        plan = plans.plan(warehouse, job.take([UPLOAD]).readings)
        moment = datetime(2026, 1, 1)
        job.load(warehouse, plan, now=moment, by="test", uploads=[UPLOAD])
    path.chmod(0o600)
    return path


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SERVER_ADDRESS", "SERVER_ENABLE_XSRF_PROTECTION"):
        monkeypatch.delenv(f"STREAMLIT_{name}", raising=False)


def test_a_warehouse_that_is_well(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--warehouse", str(kept)]) == 0

    told = capsys.readouterr()
    assert "duckdb 2.0.0" in told.out
    assert f"version {len(schema.MIGRATIONS)}\n" in told.out
    assert "1 loaded files" in told.out
    assert told.out.endswith("Nothing to mend.\n")
    assert told.err == ""


def test_a_kept_file_that_is_damaged(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = originals.path_of(kept, UPLOAD.sha256)
    original.write_bytes(original.read_bytes()[:-4] + b"oops")

    assert main(["doctor", "--warehouse", str(kept)]) == 2
    assert "the kept file of usage.csv is damaged" in capsys.readouterr().err


def test_a_file_that_is_no_warehouse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.duckdb"
    path.write_bytes(b"Subuser,Date\n" * 2_000)

    assert main(["doctor", "--warehouse", str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_warehouse_that_everybody_can_read(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.chmod(0o644)
    kept.parent.chmod(0o755)

    assert main(["doctor", "--warehouse", str(kept)]) == 2
    assert "chmod o-rwx" in capsys.readouterr().err


def test_a_warehouse_that_is_not_there_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--warehouse", str(tmp_path / "none.duckdb")]) == 0
    assert "not there yet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("STREAMLIT_SERVER_ADDRESS", "0.0.0.0", "server.address is '0.0.0.0'"),  # noqa: S104
        (
            "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION",
            "false",
            "server.enableXsrfProtection is False; safe is True",
        ),
    ],
)
def test_settings_that_are_not_safe(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    assert doctor.unsafe_settings() == []
    monkeypatch.setenv(variable, value)

    (problem,) = doctor.unsafe_settings()
    assert told in problem


def test_settings_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[server\n")
    monkeypatch.setattr(doctor, "CONFIG", config)

    assert main(["doctor", "--warehouse", str(tmp_path / "none.duckdb")]) == 2
    assert "config.toml cannot be read" in capsys.readouterr().err
