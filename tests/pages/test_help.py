"""Every figure says what it means: key figures, charts, columns of numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Open
    from streamlit.testing.v1 import AppTest

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
)
"""Pages with figures, in the views that show different ones."""


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
def test_every_figure_has_a_help_text_with_its_definition(open_page: Open) -> None:
    found = [
        (script, query, each)
        for script, query in VIEWS
        for each in unexplained(open_page(script, **query))
    ]
    assert found == []
