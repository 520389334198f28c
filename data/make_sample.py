"""Make the sample shop: the same bytes at every run, on every machine.

    python data/make_sample.py [--out DIR] [--check]

The shop is made up: 300 customers, 36 whole months, two providers, two Stripe
currencies. --check writes nothing and exits 1 when a file in DIR differs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from generator.ledger import ledger_file
from generator.payment_export import payments_file
from generator.sales import sales
from generator.shop import customers_file, shop
from generator.summaries import summary_files
from generator.usage import second_usage_file, usage, usage_file

FOLDER: Final = Path(__file__).resolve().parent / "sample"
"""Where the committed sample lies."""


def sample_files() -> dict[str, bytes]:
    """Make every file of the sample, by name."""
    people = shop()
    used = usage(people)
    payments, entries = sales(people, used)
    return {
        "customers.json": customers_file(people),
        "oxylabs_usage.csv": usage_file(used),
        "second_provider_usage.csv": second_usage_file(people),
        "stripe_activity.csv": ledger_file(entries),
        "stripe_payments.csv": payments_file(payments),
        **summary_files(entries),
    }


def differing(files: dict[str, bytes], folder: Path) -> list[str]:
    """Name the files of the folder that are missing or other than these."""
    return [
        name
        for name, content in files.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def main() -> int:
    """Write the sample, or check it; the exit code is 1 when a check fails."""
    parser = argparse.ArgumentParser(description="Make the files of the sample shop.")
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    files = sample_files()
    if options.check:
        wrong = differing(files, options.out)
        print(
            f"Differs: {', '.join(wrong)}" if wrong else "The sample is as generated."
        )
        return 1 if wrong else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (options.out / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
