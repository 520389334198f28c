"""`python -m benchmarks.soak [--kills N] [--seed N]`: kill the product at any instant.

A process of its own loads, undoes, decides, backs up or restores, and is killed
(SIGKILL) at a random instant of it. Each time the warehouse must open, nothing half
written may be left, and the downloads must be those from before or those from after, to
the byte. The span of the instants follows what was found, so that kills come before the
end of the work and after it however busy the machine is.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import job, scratch
from core.exports import downloads
from core.exports.edition import Format
from core.files.upload import Upload
from core.models import Choice
from core.warehouse import backups, batches, plans

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext

KILLS: Final = 500
"""Kills of a whole run."""

NAME: Final = "warehouse.duckdb"
BACKUP: Final = "backup.tar"
OLDER: Final = "older.tar"
TEMPORARY: Final = "temporary"
NOW: Final = datetime(2026, 3, 2, 9, 30)
SUBUSERS: Final = 400
PATIENCE_SECONDS: Final = 120.0
LEFT: Final = ("*.part", f"{scratch.PREFIX}*")
LONGER, SHORTER = 1.12, 0.88
"""How the span of instants changes with each kill that came before or after the end."""


def usage(month: str, gb: int) -> Upload:
    """Make a usage export of SUBUSERS subusers in a month."""
    rows = "".join(f"name{n:04}zz,{month},{gb + n % 7}\n" for n in range(SUBUSERS))
    text = f"Subuser,Date,Bandwidth Usage (GB)\n{rows}"
    return Upload(f"{month}-{gb}.csv", text.encode())


CUSTOMERS: Final = Upload(
    "customers.json",
    b'[{"email": "name0001@example.com", "oxyId": 1, "oxyUsername": "name0001zz"},'
    b' {"email": "other@example.org", "oxyId": 2, "oxyUsername": "name0002zz"}]',
)


def load(folder: Path, uploads: list[Upload]) -> None:
    """Load files as the product does."""
    with job.open_warehouse(folder / NAME) as warehouse:
        plan = plans.plan(warehouse, job.take(uploads).readings)
        job.load(warehouse, plan, now=NOW, by="soak", uploads=uploads)


def load_more(folder: Path) -> None:
    """Load a month anew and another month."""
    load(folder, [usage("2026-02", 3), usage("2026-03", 1)])


def undo(folder: Path) -> None:
    """Undo the newest load."""
    with job.open_warehouse(folder / NAME) as warehouse:
        newest = batches.history(warehouse)[0].batch_id
        job.undo(warehouse, newest, now=NOW, by="soak")


def decide(folder: Path) -> None:
    """Decide on some subusers."""
    choices = [Choice(f"name{n:04}zz", "other@example.org") for n in range(3, 9)]
    with job.open_warehouse(folder / NAME) as warehouse:
        job.decide(warehouse, choices, now=NOW, by="soak")


def back_up(folder: Path) -> None:
    """Back the warehouse up."""
    backups.write(folder / NAME, folder / BACKUP)


def restore(folder: Path) -> None:
    """Put an older state in the place of the warehouse."""
    backups.restore(folder / OLDER, folder / NAME, is_replacing=True)


WORK: Final[dict[str, Callable[[Path], None]]] = {
    "load": load_more,
    "undo": undo,
    "decision": decide,
    "backup": back_up,
    "restore": restore,
}


class UnsoundError(Exception):
    """A kill left something that must not be."""


def require(is_so: bool, otherwise: str) -> None:
    """Go on only if something is so.

    Raises:
        UnsoundError: It is not.
    """
    if not is_so:
        raise UnsoundError(otherwise)


@dataclass(frozen=True)
class Legal:
    """The two states that a kill may leave, and how long the way between them takes."""

    before: str
    after: str
    seconds: float


def state(folder: Path) -> str:
    """Open a warehouse as the product does; name its loads and its downloads.

    Raises:
        UnsoundError: A half-written file is left.
    """
    digest = hashlib.sha256()
    scratch.sweep(folder / TEMPORARY)
    with job.open_warehouse(folder / NAME) as warehouse:
        for batch in batches.history(warehouse):
            digest.update(
                f"{batch.batch_id} {batch.is_live} {batch.rows_kept}".encode()
            )
        digest.update(downloads.whole(warehouse, Format.CSV))
    left = [each.name for ending in LEFT for each in folder.rglob(ending)]
    require(not left, f"half-written files are left: {left}")
    return digest.hexdigest()


def work(name: str, folder: Path, line: Connection) -> None:
    """Do one kind of work in a process of its own, and say when it begins."""
    tempfile.tempdir = str(folder / TEMPORARY)
    line.send("begun")
    WORK[name](folder)
    line.send("done")


class Soak:
    """A shop to work on, and what may be left of it."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        """Load the shop, and do each kind of work once to its end."""
        self._folder = folder
        self._random = random.Random(seed)
        self._processes: ForkServerContext = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["core.job", "core.warehouse.backups"])
        self._shop = folder / "shop"
        self._shop.mkdir()
        (self._shop / TEMPORARY).mkdir()
        load(self._shop, [usage("2026-01", 5), CUSTOMERS])
        backups.write(self._shop / NAME, self._shop / OLDER)
        load(self._shop, [usage("2026-02", 5)])
        self.legal = {name: self._legal(name) for name in WORK}
        self._spans = {name: legal.seconds for name, legal in self.legal.items()}

    def kill(self, name: str) -> str:
        """Kill one work at a random instant; say which of the two states is left.

        Raises:
            UnsoundError: It is neither, or the warehouse does not open.
        """
        legal = self.legal[name]
        after = self._random.uniform(0, self._spans[name])
        place = self._copy()
        self._run(name, place, kill_after=after)
        found = state(place)
        told = f"{name} killed after {after:.4f} s"
        require(found in {legal.before, legal.after}, f"{told}: neither state")
        backup = place / BACKUP
        if is_backed_up := backup.exists():
            restored = place / "restored"
            restored.mkdir()
            backups.restore(backup, restored / NAME)
            is_same = state(restored) == legal.before
            require(is_same, f"{told}: the backup is another")
        is_after = is_backed_up if name == "backup" else found != legal.before
        if name == "restore" and is_after:
            aside = place / "aside"
            aside.mkdir()
            (place / f"{NAME}{backups.REPLACED}").rename(aside / NAME)
            require(state(aside) == legal.before, f"{told}: what was there is lost")
        shutil.rmtree(place)
        self._spans[name] *= SHORTER if is_after else LONGER
        return "after" if is_after else "before"

    def _legal(self, name: str) -> Legal:
        place = self._copy()
        before = state(place)
        seconds = self._run(name, place)
        after = state(place)
        shutil.rmtree(place)
        return Legal(before, after, seconds)

    def _copy(self) -> Path:
        place = self._folder / "place"
        shutil.copytree(self._shop, place)
        return place

    def _run(self, name: str, place: Path, kill_after: float | None = None) -> float:
        """Run one work, to its end or to a kill; return the seconds it took."""
        ours, theirs = self._processes.Pipe()
        process = self._processes.Process(target=work, args=(name, place, theirs))
        process.start()
        theirs.close()
        require(ours.poll(PATIENCE_SECONDS), "the work does not begin")
        ours.recv()
        begun = time.monotonic()
        if kill_after is None:
            require(ours.poll(PATIENCE_SECONDS), "the work does not end")
            require(ours.recv() == "done", "the work fails")
        else:
            time.sleep(kill_after)
            process.kill()
        seconds = time.monotonic() - begun
        process.join()
        process.close()
        ours.close()
        return seconds


def main() -> None:
    """Kill as often as asked, and print what was left."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counted = {(name, left): 0 for name in WORK for left in ("before", "after")}
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(Path(folder), seed=options.seed)
        for count in range(options.kills):
            name = list(WORK)[count % len(WORK)]
            counted[name, soak.kill(name)] += 1
            print(f"\r{count + 1} of {options.kills} kills", end="", flush=True)
    print()
    for name in WORK:
        print(
            f"{name}: {counted[name, 'before']} times as before, "
            f"{counted[name, 'after']} times as after, never anything else"
        )


if __name__ == "__main__":
    main()
