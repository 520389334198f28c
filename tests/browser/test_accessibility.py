"""Every page is usable by everybody: no serious finding of axe-core that is ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

SHELL: Final = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
LISTED: Final = re.findall(
    r'st\.Page\(\s*"(\w+)\.py",\s*title="([^"]+)"', SHELL.read_text("utf-8")
)
ADDRESSES: Final = {
    "overview": "",
    "customer": "customer?customer=rapidtablet%40example.net",
}
"""Addresses that are not the name of the page's file."""

SCHEMES: Final[dict[Literal["light", "dark"], dict[str, object]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
}
"""Colour schemes, and the rules to ask: only colours differ between the two."""

DARK: Final = {"overview", "revenue", "matching", "add_files"}
"""Pages asked in the dark, too: all pages take their colours from one theme."""

WIDTHS: Final = (1440, 1024, 390)
"""Pixels of width at which nothing may overlap; each is narrower than the last."""

OVERLAPS: Final = """() => {
  const found = [], inner = window.innerWidth;
  const told = (e) => e.textContent.trim().slice(0, 40);
  const boxes = (elements) => [...elements]
    .filter((e) => e.checkVisibility({ opacityProperty: true,
                                       visibilityProperty: true }))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, b]) => b.width > 1 && b.height > 1);
  const across = (these) => these.forEach(([e, a], at) => {
    for (const [f, b] of these.slice(at + 1)) {
      if (e.contains(f) || f.contains(e)) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 2) found.push(`${told(e)} lies on ${told(f)}`);
    }
  });
  if (document.documentElement.scrollWidth > inner + 1) found.push('wide page');
  const main = document.querySelector('[data-testid="stMain"]');
  for (const chart of main.querySelectorAll('[data-testid="stVegaLiteChart"]')) {
    const svg = chart.querySelector('svg.marks');
    if (!svg) { found.push('chart not drawn'); continue; }
    const whole = svg.getBoundingClientRect();
    if (whole.width > chart.getBoundingClientRect().width + 1)
      found.push('chart wider than its place');
    const texts = boxes(svg.querySelectorAll('text'))
      .filter(([t]) => told(t) && t.getAttribute('opacity') !== '0');
    for (const [t, b] of texts)
      if (b.left < whole.left - 4 || b.right > whole.right + 4 ||
          b.top < whole.top - 4 || b.bottom > whole.bottom + 4)
        found.push(`${told(t)} is cut`);
    across(texts);
  }
  const parts = boxes(main.querySelectorAll(
    'h1, h2, h3, label, button, [data-testid="stMetric"],' +
    '[data-testid="stCaptionContainer"] p, [data-testid="stVegaLiteChart"],' +
    '[data-testid="stDataFrame"]'))
    .filter(([e]) => !e.closest('[data-testid="stElementToolbar"]'));
  for (const [e, b] of parts)
    if (b.right > inner + 1 || b.left < -1) found.push(`${told(e)} off the page`);
  for (const value of main.querySelectorAll('[data-testid="stMetricValue"]')) {
    const text = document.createRange();
    text.selectNodeContents(value);
    const widest = Math.max(...[...text.getClientRects()].map((r) => r.width));
    if (widest > value.clientWidth + 1) found.push(`${told(value)} is cut`);
  }
  across(parts);
  return found;
}"""
"""Names what overlaps or is cut; a chart still as wide as before counts as well."""

THEIRS: Final = {
    # Streamlit wraps the sections of the navigation in divs inside its list.
    "list": ("stSidebarNavItems",),
    "listitem": ("<li",),
    # Sparklines of st.metric mark their points, and Vega its brush, without a name.
    "svg-img-alt": ("highlighted_points_marks", "layer_1_marks", "brush_brush"),
    # Streamlit writes slider values and the chosen segment in the primary colour, which
    # has to carry white text, too: in the dark no colour is 4.5:1 against both.
    "color-contrast": ("stSliderThumbValue", 'data-selected="true"'),
}
"""What is Streamlit's own to mend, by rule: how its elements are known."""


def is_theirs(rule: str, node: dict[str, Any]) -> bool:
    """Tell whether a finding is of an element that only Streamlit can mend."""
    told = " ".join([node["html"], *map(str, node["target"])])
    return any(mark in told for mark in THEIRS.get(rule, ()))


def findings(page: Page, rules: dict[str, object]) -> list[str]:
    """List the serious findings on a page that are ours."""
    options = {"resultTypes": ["violations"], **rules}
    response = Axe().run(page, options=options).response
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
        if not is_theirs(each["id"], node)
    ]


def overlaps(page: Page, width: int) -> list[str]:
    """List what overlaps at a width, once the page has settled there."""
    page.set_viewport_size({"width": width, "height": 900})
    try:
        page.wait_for_function(f"() => ({OVERLAPS})().length === 0", timeout=15_000)
    except TimeoutError:
        found: list[str] = page.evaluate(OVERLAPS)
        return found
    return []


LONG: Final = """() => [...document.querySelectorAll('[data-testid="stMetricValue"]')]
    .filter((value) => {
        const shown = value.querySelector(':not(:has(*))') ?? value;
        shown.textContent = '1,234,567.89 USD';
        const text = document.createRange();
        text.selectNodeContents(shown);
        return text.getBoundingClientRect().width > value.clientWidth + 1;
    }).length"""
"""Writes seven digits into every key figure; returns how many are cut then."""


@pytest.mark.parametrize("width", WIDTHS)
def test_key_figures_have_room_for_millions(
    page: Page, screen: Screen, sample_shop: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    screen.open(f"{sample_shop}/")
    expect(page.get_by_test_id("stMetricValue")).to_have_count(5)
    assert page.evaluate(LONG) == 0


@pytest.mark.parametrize("half", [0, 1])
def test_pages_have_no_serious_finding_in_light_and_dark(
    page: Page,
    screen: Screen,
    sample_shop: str,
    journal: dict[str, list[str]],
    half: int,
) -> None:
    found = {}
    assert len(LISTED) > 9
    assert {name for name, _ in LISTED} >= DARK
    for name, title in LISTED[half::2]:
        screen.open(f"{sample_shop}/{ADDRESSES.get(name, name)}")
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        for scheme in SCHEMES if name in DARK else ["light"]:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(300)
            found[f"{name} {scheme}"] = findings(page, SCHEMES[scheme])
        page.emulate_media(color_scheme="light")
        for width in WIDTHS:
            found[f"{name} at {width}"] = overlaps(page, width)
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert {place: told for place, told in found.items() if told} == {}
    assert journal == {"console errors": [], "other hosts": []}
