"""Seeded draws. Integers and decimals only, so every machine draws the same."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Final

from generator.months import first_day

SEED: Final = "meterbook sample 1"
"""Start of every generator; another text gives another shop."""

BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""Characters of a Stripe id."""


class Draw(random.Random):
    """A seeded generator with the draws of this shop."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"{SEED}: {topic}")

    def chance(self, per_mille: int) -> bool:
        """Say yes per_mille times in a thousand."""
        return self.randrange(1000) < per_mille

    def log_normal(self, sigma: str) -> Decimal:
        """Draw a log-normal factor with median 1."""
        steps = sum(self.randrange(10**6) for _ in range(12)) - 6 * 10**6
        return Context(prec=20).exp(Decimal(steps).scaleb(-6) * Decimal(sigma))

    def text(self, alphabet: str, length: int) -> str:
        """Draw characters."""
        return "".join(self.choice(alphabet) for _ in range(length))

    def stripe_id(self, prefix: str) -> str:
        """Draw an id such as `ch_3...`."""
        return f"{prefix}_3{self.text(BASE62, 23)}"

    def moment(self, month: int) -> datetime:
        """Draw a second of a month."""
        start = first_day(month)
        length = (first_day(month + 1) - start).days * 86_400
        return start + timedelta(seconds=self.randrange(length))
