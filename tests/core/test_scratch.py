"""Scratch folders: gone after use, cleared after a kill, never taken from a living."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core import scratch
from core.scratch import PREFIX, Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLDING = """\
import sys
from pathlib import Path
from core.scratch import Scratch
made = Scratch(Path(sys.argv[1]))
(Path(made.name) / "inner").mkdir()
(Path(made.name) / "inner" / "half.csv").write_text("half")
print(made.name, flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Let another program hold a scratch folder with something in it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(place)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            yield running, Path(running.stdout.readline().strip())
        finally:
            running.kill()


def test_a_folder_of_a_living_program_stays_and_that_of_a_killed_one_goes(
    tmp_path: Path,
) -> None:
    with holding(tmp_path) as (program, made):
        assert scratch.sweep(tmp_path) == 0
        assert [each.name for each in made.iterdir()] == ["inner"]
        program.kill()
        program.wait()

        assert scratch.sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_here_stays_and_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch.folder(tmp_path) as made:
        (made / "a").write_text("b")
        assert scratch.sweep(tmp_path) == 0
        assert (made / "a").exists()
    assert list(tmp_path.iterdir()) == []
    assert scratch.sweep(tmp_path / "not there") == 0


def test_what_is_not_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    place = tmp_path / "place"
    place.mkdir()
    (place / f"{PREFIX}link").symlink_to(elsewhere)
    (place / f"{PREFIX}file").write_text("kept")
    (place / "other").mkdir()
    left = place / f"{PREFIX}left"
    left.mkdir()
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    assert scratch.sweep(place) == 0
    monkeypatch.undo()

    assert scratch.sweep(place) == 1

    assert not left.exists()
    assert len(list(place.iterdir())) == 3
    assert (elsewhere / "kept").exists()


def test_a_folder_that_is_swept_while_it_is_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = tempfile.mkdtemp, []

    def swept_at_once(*arguments: str | None) -> str:
        made.append(make(*arguments))
        if len(made) == 1:
            assert scratch.sweep(tmp_path) == 1
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", swept_at_once)
    with closing(_Closing(tmp_path)) as found:
        assert found.name == made[1]
        assert Path(found.name).is_dir()
    assert len(made) == 2
    assert list(tmp_path.iterdir()) == []


class _Closing(Scratch):
    def close(self) -> None:
        self.cleanup()


def test_no_other_module_makes_temporary_files() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if "tempfile" in path.read_text("utf-8")
    }
    assert makers == {"core/scratch.py"}
