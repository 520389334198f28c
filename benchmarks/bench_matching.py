"""How long matching takes beside the notebook's loop and beside brute force.

Peers that would take hours are timed on a sample and scaled to all rows; on the sample
their matches must be ours. The quality of both rules on labelled shops is printed too.
"""

from __future__ import annotations

import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from pyarrow import feather
from rapidfuzz import fuzz, process

from benchmarks import growth, labelled_shop
from benchmarks.labelled_shop import INSERTED
from benchmarks.measure import measured
from benchmarks.result import Result
from core.matching import best, names, notebook, similarity

if TYPE_CHECKING:
    from collections.abc import Callable

NAME: Final = "matching"

ROWS: Final = 12_121
"""Usage rows of the original, of 4,720 subusers: its loop did each row again."""

SAMPLED_ROWS: Final = 40
"""Rows on which the notebook's loop is timed."""

SAMPLED_NAMES: Final = 50
"""Names on which brute force is timed."""

SEEDS: Final = range(10)
"""Labelled shops on which the rule's thresholds were chosen."""

HELD_OUT: Final = range(100, 110)
"""Labelled shops that no threshold was chosen on."""

RULES: Final = {"best": best.match, "notebook": notebook.match}


def run(size: int) -> list[Result]:
    """Time both rules on the original's size and on size customers; print quality."""
    print_quality()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        write(labelled_shop.made(0), small)
        write(labelled_shop.made(0, subusers=size // 10, customers=size), large)
        best_must_agree(large)
        return [
            compared("the notebook's loop", small, runs=3, peer=notebook_loop),
            compared("rapidfuzz.process.cdist", small, runs=3, peer=brute_force),
            compared("rapidfuzz.process.cdist, scaled", large, runs=1, peer=sampled),
            timed("best", small, runs=3),
            *grown(size, Path(folder)),
            timed("best", large, runs=1),
            timed_again(small),
        ]


def grown(size: int, folder: Path) -> list[Result]:
    """Time the best rule on shops that grow to size customers, the last left out."""
    found = []
    for customers in growth.sizes(size)[:-1]:
        place = folder / str(customers)
        shop = labelled_shop.made(0, subusers=customers // 10, customers=customers)
        write(shop, place)
        found.append(timed("best", place, runs=1))
    return found


def print_quality() -> None:
    """Print precision and recall of both rules on every seed, held-out ones last."""
    print("seed rule      precision  recall  recall where the name is stored")
    for seed in (*SEEDS, *HELD_OUT):
        shop = labelled_shop.made(seed)
        for rule, match in RULES.items():
            matches = match([*shop.owners], shop.customers, inserted=INSERTED)
            found = labelled_shop.quality(shop, matches)
            shares = found.precision, found.recall, found.recall_stored
            print(f"{seed:4} {rule:9}" + "".join(f"{share:9.2%}" for share in shares))


def write(shop: labelled_shop.Shop, folder: Path) -> None:
    """Keep a shop as files, so that a process that is measured does not make it."""
    folder.mkdir()
    subusers = pa.table({"subuser": [*shop.owners]})
    feather.write_feather(subusers, str(folder / "subusers"), "uncompressed")
    feather.write_feather(shop.customers, str(folder / "customers"), "uncompressed")


@cache
def inputs(folder: Path) -> tuple[pa.Array, pa.Table]:
    """Read subusers and customers of a kept shop."""
    subusers = feather.read_table(str(folder / "subusers"))["subuser"]
    customers = feather.read_table(str(folder / "customers"))
    return subusers.combine_chunks(), customers


def matched(folder: Path, rule: str) -> pa.Table:
    """Match a kept shop by a rule."""
    subusers, customers = inputs(folder)
    return RULES[rule](subusers, customers, inserted=INSERTED)


def compared(
    peer_name: str, folder: Path, *, runs: int, peer: Callable[[Path], float]
) -> Result:
    """Time the notebook rule beside a peer that tells its own seconds."""
    ours = measured(matched, folder, "notebook", runs=runs)
    return Result(
        question=f"notebook rule, {_size(folder)}",
        ours_seconds=ours.seconds,
        peak_mib=ours.peak_mib,
        peer=peer_name,
        peer_seconds=peer(folder),
    )


def best_must_agree(folder: Path) -> None:
    """Stop if the best rule's index loses or invents evidence on some names.

    The names are judged anew with every pair compared in full.
    """
    subusers, customers = inputs(folder)
    sample = _sample(subusers, SAMPLED_NAMES)
    ours = best.match(sample, customers, inserted=INSERTED)
    most, similarity.FEW_PAIRS = similarity.FEW_PAIRS, len(sample) * 10**9
    try:
        brute = best.match(sample, customers, inserted=INSERTED)
    finally:
        similarity.FEW_PAIRS = most
    if not ours.equals(brute):
        raise AssertionError("the best rule differs from brute force")


def timed(rule: str, folder: Path, *, runs: int) -> Result:
    """Time a rule alone."""
    ours = measured(matched, folder, rule, runs=runs)
    return Result(f"{rule} rule, {_size(folder)}", ours.seconds, ours.peak_mib)


def timed_again(folder: Path) -> Result:
    """Time a second load that brings 50 new names."""
    ours = measured(matched_again, folder, runs=4)
    return Result("best rule again, 50 new names", ours.seconds, ours.peak_mib)


@cache
def earlier(folder: Path) -> pa.Table:
    """Match all names but 50."""
    subusers, customers = inputs(folder)
    return best.match(subusers.slice(50), customers, inserted=INSERTED)


def matched_again(folder: Path) -> pa.Table:
    """Match all names, those but 50 from before; the first call also makes these."""
    subusers, customers = inputs(folder)
    return best.match(subusers, customers, inserted=INSERTED, previous=earlier(folder))


def notebook_loop(folder: Path) -> float:
    """Time the notebook's own loop on some rows; return seconds for all rows."""
    from fuzzywuzzy import fuzz as fuzzywuzzy

    subusers, customers = inputs(folder)
    sample = _sample(subusers, SAMPLED_ROWS)
    documents = _documents(customers)
    start = time.perf_counter()
    found = [_first_hit(name, documents, fuzzywuzzy.ratio) for name in sample]
    seconds = time.perf_counter() - start
    _must_agree(folder, dict(zip(sample, found, strict=True)))
    return seconds * ROWS / len(sample)


def brute_force(folder: Path) -> float:
    """Time cdist over all names; return its seconds."""
    subusers, customers = inputs(folder)
    return _brute_force(folder, subusers.to_pylist(), customers)


def sampled(folder: Path) -> float:
    """Time cdist over some names; return seconds for all of them."""
    subusers, customers = inputs(folder)
    sample = _sample(subusers, SAMPLED_NAMES)
    return _brute_force(folder, sample, customers) * len(subusers) / len(sample)


def _brute_force(folder: Path, sample: list[str], customers: pa.Table) -> float:
    """Time cdist over these names and all distinct texts; its matches must be ours."""
    documents = _documents(customers)
    first: dict[str, int] = {}
    for row, (_, *texts) in enumerate(documents):
        for text in filter(None, texts):
            first.setdefault(text, row)
    targets, rows = list(first), np.array(list(first.values()))
    step = max(1, 20_000_000 // len(targets))
    seconds, found = 0.0, []
    for start in range(0, len(sample), step):
        part = sample[start : start + step]
        before = time.perf_counter()
        scores = process.cdist(
            part, targets, scorer=fuzz.ratio, score_cutoff=79.5, workers=-1
        )
        seconds += time.perf_counter() - before
        hits = np.where(scores >= 79.5, rows, len(documents)).min(axis=1)
        found += [documents[row][0] if row < len(documents) else None for row in hits]
    _must_agree(folder, dict(zip(sample, found, strict=True)))
    return seconds


def _documents(customers: pa.Table) -> list[tuple[str | None, ...]]:
    """List email and the three compared texts of each document, in file order."""
    ordered = customers.sort_by("position")
    email = ordered["email"].combine_chunks()
    columns = [
        email,
        names.cleaned(ordered["oxy_username"].combine_chunks(), INSERTED),
        names.cleaned(ordered["brief_oxy_username"].combine_chunks(), INSERTED),
        names.local_parts(email),
    ]
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def _first_hit(
    name: str,
    documents: list[tuple[str | None, ...]],
    ratio: Callable[[str, str | None], int],
) -> str | None:
    """Go through the documents as the notebook did."""
    for email, oxy, brief, local in documents:
        if (
            ratio(name, oxy) >= 80
            or ratio(name, brief) >= 80
            or ratio(name, local) >= 80
        ):
            return email
    return None


def _must_agree(folder: Path, found: dict[str, str | None]) -> None:
    """Stop if a peer matched one of its names otherwise than the notebook rule here."""
    subusers = pa.array(found, pa.string())
    ours = notebook.match(subusers, inputs(folder)[1], inserted=INSERTED)
    emails = zip(ours["subuser"].to_pylist(), ours["email"].to_pylist(), strict=True)
    if wrong := {name for name, email in emails if found[name] != email}:
        raise AssertionError(f"matched otherwise: {sorted(wrong)}")


def _sample(subusers: pa.Array, count: int) -> list[str]:
    """Take names from all over the list."""
    step = max(1, len(subusers) // count)
    sampled_names: list[str] = subusers.to_pylist()[::step][:count]
    return sampled_names


def _size(folder: Path) -> str:
    subusers, customers = inputs(folder)
    return f"{len(subusers):,} subusers x {len(customers):,} customers"
