"""The log file: whole lines, a limit to its size, and no trouble where it cannot be."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core import logfile, places

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    logfile.end()


def test_lines_carry_their_instant_and_only_the_owner_reads_them(
    tmp_path: Path,
) -> None:
    log = tmp_path / "shop.log"
    assert logfile.begin(log) is None
    logfile.LOGGER.info("request route=%s", "/")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO request route=/\n",
        log.read_text("utf-8"),
    )
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_old_files_are_put_aside_and_in_the_end_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logfile, "MAX_BYTES", 300)
    monkeypatch.setattr(logfile, "KEPT_FILES", 2)
    log = tmp_path / "shop.log"
    logfile.begin(log)
    for number in range(40):
        logfile.LOGGER.info("line %d", number)
    files = sorted(tmp_path.iterdir())
    assert [each.name for each in files] == ["shop.log", "shop.log.1", "shop.log.2"]
    assert all(each.stat().st_size <= 300 for each in files)
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in files)
    assert log.read_text("utf-8").endswith("line 39\n")


def test_a_log_that_cannot_be_written_is_told_and_faults_go_to_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = logfile.begin(tmp_path / "missing" / "shop.log")
    assert refused is not None
    assert "cannot be written (No such file or directory)" in refused
    logfile.LOGGER.info("request")
    logfile.LOGGER.error("fault")
    assert capsys.readouterr().err.endswith("Z ERROR fault\n")


def test_a_line_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logfile.begin(tmp_path / "shop.log")
    handler = logfile.LOGGER.handlers[-1]
    handler.stream.close()  # type: ignore[attr-defined]
    logfile.LOGGER.info("request")
    assert capsys.readouterr().err == ""
    handler.stream = None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("named", "log"),
    [({}, "shop.log"), ({"METERBOOK_LOG": "elsewhere.txt"}, "elsewhere.txt")],
)
def test_the_log_is_beside_the_data_or_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], log: str
) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert places.log(Path("shop.duckdb")).name == log
