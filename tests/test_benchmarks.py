"""The runner of the benchmarks: what it measures and how it tells it."""

from __future__ import annotations

import json

import pytest

from benchmarks import growth, measure
from benchmarks.__main__ import benchmarks
from benchmarks.result import Result, as_json, table

RESULTS = [
    Result("read a file", 0.5, 81.4, peer="pandas", peer_seconds=1.25),
    Result("undo", 0.02, 60),
    Result("page", 0.2, 60, sent_bytes=2048),
]


def test_table_has_one_line_per_result() -> None:
    assert table(RESULTS).splitlines() == [
        "question        ours     peer  ratio  peak memory   sent  against",
        "read a file  0.500 s  1.250 s  2.5 x       81 MiB      -  pandas",
        "undo         0.020 s        -      -       60 MiB      -  -",
        "page         0.200 s        -      -       60 MiB  2 KiB  -",
    ]


def test_figures_are_kept_with_what_they_depend_on() -> None:
    kept = json.loads(as_json(RESULTS, size=10, machine="here"))
    assert (kept["size"], kept["machine"]) == (10, "here")
    assert [entry["ratio"] for entry in kept["results"]] == [2.5, None, None]


def hold(mib: int) -> None:
    """Hold some memory that is really used."""
    len(b"x" * (mib * measure.MIB))


def test_memory_of_a_function_is_seen() -> None:
    ballast = b"x" * (400 * measure.MIB)
    few, many = (measure.measured(hold, mib, runs=1) for mib in (1, 200))
    assert many.peak_mib < len(ballast) / measure.MIB
    assert many.peak_mib - few.peak_mib > 150


def fall() -> None:
    """Fail as a broken benchmark does."""
    raise ValueError


def test_failure_is_no_measure() -> None:
    with pytest.raises(RuntimeError, match="fall failed"):
        measure.measured(fall)


def test_every_benchmark_can_be_run_by_its_name() -> None:
    names = [module.NAME for module in benchmarks()]
    assert len(set(names)) == len(names)
    assert all(callable(module.run) for module in benchmarks())


def test_sizes_grow_to_the_one_that_is_asked_for() -> None:
    assert growth.sizes(1_000_000) == [10_000, 100_000, 1_000_000]
    assert growth.sizes(250_000) == [10_000, 100_000, 250_000]
    assert growth.sizes(500) == [500]
