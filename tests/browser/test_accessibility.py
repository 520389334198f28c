"""Every page is usable by everybody: no serious finding of axe-core that is ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

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
    assert {place: told for place, told in found.items() if told} == {}
    assert journal == {"console errors": [], "other hosts": []}
