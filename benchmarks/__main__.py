"""`python -m benchmarks [--size ROWS] [NAME...]`: run, print a table, keep the figures.

The figures are written to benchmarks/results.json, which git ignores.
"""

from __future__ import annotations

import argparse
import importlib
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

FOLDER: Final = Path(__file__).parent
OUTPUT: Final = FOLDER / "results.json"
DEFAULT_SIZE: Final = 1_000_000


def benchmarks() -> list[ModuleType]:
    """Import every bench_*.py of this folder, in alphabetic order."""
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    return [importlib.import_module(f"benchmarks.{name}") for name in names]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "--size", type=int, default=DEFAULT_SIZE, help="rows to work on"
    )
    parser.add_argument("name", nargs="*", help="only benchmarks of these names")
    options = parser.parse_args(arguments)
    known = {str(module.NAME): module for module in benchmarks()}
    if unknown := set(options.name) - set(known):
        parser.error(
            f"no such benchmark: {sorted(unknown)}; there are: {sorted(known)}"
        )
    results = [
        line
        for name, module in known.items()
        if not options.name or name in options.name
        for line in module.run(options.size)
    ]
    machine = f"{platform.platform()}, Python {platform.python_version()}"
    OUTPUT.write_text(
        result.as_json(results, size=options.size, machine=machine), encoding="utf-8"
    )
    print(result.table(results))


if __name__ == "__main__":
    main()
