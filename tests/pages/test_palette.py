"""Colours: seen on both pages, and told apart by every kind of colour vision."""

from __future__ import annotations

import tomllib
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Final

import pytest

from pages.parts import palette

THEME: Final = tomllib.loads(
    (Path(__file__).parents[2] / ".streamlit/config.toml").read_text("utf-8")
)["theme"]
THEMES: Final = ("light", "dark")

WHITE, DARK = "#FFFFFF", "#11171E"

VISIONS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
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
"""Linear RGB as seen by each vision. Source: Machado, Oliveira, Fernandes 2009."""

COLOURS = sorted({colour for group in palette.TOGETHER for colour in group})


def linear(colour: str) -> list[float]:
    """Turn `#RRGGBB` into linear RGB."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG has it."""
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (
            sum(w * v for w, v in zip(weights, linear(colour), strict=True))
            for colour in (one, other)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """Return CIE Lab (D65) of a colour as a vision sees it."""
    rgb = linear(colour)
    seen = [
        min(1.0, max(0.0, sum(w * v for w, v in zip(row, rgb, strict=True))))
        for row in VISIONS[vision]
    ]
    to_xyz = (
        (0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047),
        (0.2126, 0.7152, 0.0722),
        (0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883),
    )
    x, y, z = (
        _root(sum(w * v for w, v in zip(row, seen, strict=True))) for row in to_xyz
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("page", [WHITE, DARK])
def test_colour_stands_out_from_both_pages(colour: str, page: str) -> None:
    assert contrast(colour, page) >= 3


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("group", palette.TOGETHER)
def test_colours_of_one_chart_differ(group: tuple[str, ...], vision: str) -> None:
    near = {
        pair: round(dist(lab(pair[0], vision), lab(pair[1], vision)), 1)
        for pair in combinations(group, 2)
    }
    assert min(near.values()) >= 19, near


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_links_are_readable(theme: str) -> None:
    colours = THEME[theme]
    for page in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(colours["textColor"], page) >= 7
        assert contrast(colours["linkColor"], page) >= 4.5
    assert contrast(colours["primaryColor"], "#FFFFFF") >= 4.5
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_lines_of_charts_stand_out_from_the_page(theme: str) -> None:
    colours = THEME[theme]
    page = colours["backgroundColor"]
    assert all(contrast(c, page) >= 3 for c in colours["chartCategoricalColors"])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_any_two_colours_of_a_chart_are_told_apart(theme: str, vision: str) -> None:
    colours = THEME[theme]["chartCategoricalColors"]
    seen = [lab(colour, vision) for colour in colours]
    assert min(dist(a, b) for a, b in combinations(seen, 2)) >= 28


@pytest.mark.parametrize("theme", THEMES)
def test_ordered_colours_go_one_way_in_lightness(theme: str) -> None:
    colours = THEME[theme]["chartSequentialColors"]
    lightness = [lab(colour, "all cones")[0] for colour in colours]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
