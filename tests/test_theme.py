"""The settings: known to Streamlit, with colours that all eyes tell apart."""

from __future__ import annotations

import itertools
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG: dict[str, Any] = tomllib.loads(
    (ROOT / ".streamlit/config.toml").read_text("utf-8")
)
THEMES = ["light", "dark"]

# Linear RGB seen without one kind of cone. Source: Machado, Oliveira, Fernandes 2009.
VISIONS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> list[float]:
    """Turn #RRGGBB into linear RGB."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it: 1 to 21."""
    weights = (0.2126, 0.7152, 0.0722)
    light = [
        sum(w * p for w, p in zip(weights, linear(c), strict=True))
        for c in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """Where a colour lies in CIE Lab (white D65) for one kind of vision."""
    seen = [
        sum(m * p for m, p in zip(row, linear(colour), strict=True))
        for row in VISIONS[vision]
    ]
    r, g, b = (min(max(value, 0), 1) for value in seen)
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (
            (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
            0.2126 * r + 0.7152 * g + 0.0722 * b,
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_links_are_readable(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    for page in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(colours["textColor"], page) >= 7
        assert contrast(colours["linkColor"], page) >= 4.5
    assert contrast(colours["primaryColor"], "#FFFFFF") >= 4.5
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_lines_of_charts_stand_out_from_the_page(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    page = colours["backgroundColor"]
    assert all(contrast(c, page) >= 3 for c in colours["chartCategoricalColors"])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_any_two_colours_of_a_chart_are_told_apart(theme: str, vision: str) -> None:
    colours = CONFIG["theme"][theme]["chartCategoricalColors"]
    seen = [lab(colour, vision) for colour in colours]
    assert min(math.dist(a, b) for a, b in itertools.combinations(seen, 2)) >= 28


@pytest.mark.parametrize("theme", THEMES)
def test_ordered_colours_go_one_way_in_lightness(theme: str) -> None:
    colours = CONFIG["theme"][theme]["chartSequentialColors"]
    lightness = [lab(colour, "full")[0] for colour in colours]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = config.get_config_options()
    assert set(names_of(CONFIG)) <= set(known)


def test_nothing_leaves_the_machine_by_default() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"


def test_every_setting_has_its_reason_above_it() -> None:
    lines = (ROOT / ".streamlit/config.toml").read_text("utf-8").splitlines()
    above = itertools.pairwise(lines)
    bare = [
        line for before, line in above if " = " in line and not before.startswith("#")
    ]
    assert bare == []


def names_of(table: dict[str, Any], prefix: str = "") -> list[str]:
    """List the dotted names of the settings in a table."""
    names = []
    for key, value in table.items():
        inner = names_of(value, f"{prefix}{key}.") if isinstance(value, dict) else None
        names += inner if inner is not None else [f"{prefix}{key}"]
    return names
