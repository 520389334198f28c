"""The shell: a warehouse that cannot be opened is told in words."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Open


def test_a_warehouse_that_cannot_be_opened_is_told_in_one_line(
    open_page: Open, fresh_warehouse: Path
) -> None:
    fresh_warehouse.parent.joinpath("file").write_text("")
    fresh_warehouse.mkdir()
    app = open_page("downloads.py")
    assert len(app.error) == 1
    assert "warehouse" in app.error[0].value
    fresh_warehouse.rmdir()


HOLDING = """\
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_warehouse_that_is_open_elsewhere_is_told_until_it_is_free(
    open_page: Open, loaded_shop: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-S", "-c", HOLDING, str(loaded_shop)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        try:
            app = open_page("history.py")
            assert "another program has it open" in app.error[0].value
        finally:
            other.kill()
            other.wait()
    app.run()
    assert not app.error
    assert app.expander
