"""A loaded shop: nothing is missing, and every figure says what it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGES: Final = Path(__file__).resolve().parents[2] / "pages"
SCRIPTS: Final = {path.name for path in PAGES.glob("*.py")} - {"shell.py"}
AMBER: Final = "amber.harbor71@example.com"
"""A customer with usage and payments."""

VIEWS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("overview.py", {}),
    ("revenue.py", {}),
    ("customers.py", {}),
    ("customers.py", {"list": "Gone quiet"}),
    ("customers.py", {"list": "Paying without usage"}),
    ("customer.py", {"customer": AMBER}),
    ("retention.py", {}),
    ("history.py", {}),
    ("matching.py", {}),
    ("matching.py", {"section": "Alarms"}),
    ("matching.py", {"section": "Quality"}),
    ("matching.py", {"section": "Notebook"}),
    ("downloads.py", {}),
    ("add_files.py", {}),
    ("add_customers.py", {}),
    ("settings.py", {}),
    ("audit.py", {}),
)
"""All pages, in the views that show different figures."""


def unexplained(app: AppTest) -> Iterator[str]:
    """Name the figures of a page that say nowhere what they mean."""
    yield from (f"card {each.label}" for each in app.metric if not each.help)
    titles = {each.value: each.proto.help for each in app.markdown}
    for chart in app.get("vega_lite_chart"):
        name = chart.proto.alt
        helped = [text for title, text in titles.items() if _plain(title) == name]
        if not any(helped):
            yield f"chart {name}"
    for table in app.dataframe:
        yield from _columns(table)


def _columns(table: object) -> Iterator[str]:
    proto, rows = table.proto, table.value  # type: ignore[attr-defined]
    configured = json.loads(proto.columns or "{}")
    shown = list(proto.column_order) or list(rows)
    for name in shown:
        config = configured.get(name, {})
        kind = config.get("type_config") or {}
        is_number = name in rows and rows[name].dtype.kind in "iuf"
        is_figure = is_number or config.get("alignment") == "right"
        if is_figure and kind.get("type") != "date" and not config.get("help"):
            yield f"column {config.get('label') or name} of {proto.alt}"


def _plain(title: str) -> str:
    return title.strip("*").replace("\\", "")


@pytest.mark.usefixtures("loaded_shop")
def test_every_page_of_a_loaded_shop_lacks_nothing_and_explains_every_figure(
    open_page: Open,
) -> None:
    found = []
    for script, query in VIEWS:
        app = open_page(script, **query)
        assert app.title, script
        assert not app.error, script
        assert not [box for box in app.info if "loaded:" in box.value], script
        found += [(script, query, each) for each in unexplained(app)]
    assert found == []
    assert {script for script, _ in VIEWS} == SCRIPTS
