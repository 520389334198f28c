"""Downloads: every file that the data can tell, named, counted and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from core.exports import downloads, extract
from core.exports.contracts import CONTRACTS, DICTIONARY
from core.exports.edition import Format
from pages.parts import cache, files

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "downloads.py"
FILES = [contract.file for contract in (*CONTRACTS, DICTIONARY)]


def offered(app: AppTest) -> set[str]:
    """Name the keys of the download buttons."""
    return {str(button.key) for button in app.get("download_button")}


@pytest.mark.usefixtures("loaded_shop")
def test_every_file_is_offered_with_rows_and_grain(open_page: Open) -> None:
    app = open_page(PAGE)
    keys = {f"download_{file.replace('.', '_').replace('-', '_')}" for file in FILES}
    assert offered(app) == keys | {"download_all"}
    texts = [text.value for text in app.text]
    assert [text for text in texts if text in FILES] == FILES
    assert texts[texts.index("active_users_by_date.csv") + 1] == "3 rows"
    grain = "One row for each matched subuser and month, over all providers."
    assert grain in [caption.value for caption in app.caption]


def test_files_that_need_more_data_are_named_with_what_they_need(
    open_page: Open, shop_files: dict[str, bytes]
) -> None:
    app = open_page("add_files.py")
    content = shop_files["usage.csv"]
    app.file_uploader(key="files").upload("usage.csv", content, "text/csv").run()
    app.button(key="load").click().run()
    app.switch_page(PAGE).run()
    assert "download_final_subuser_bw_usage_csv" not in offered(app)
    lacking = app.dataframe[0].value.set_index("File")["Needs"]
    assert lacking["final_subuser_bw_usage.csv"] == "Usage and Customers"
    assert lacking["filtered_customers.json"] == "Customers"
    assert lacking["monthly_net_volume.csv"] == "Stripe activity or Stripe payments"


@pytest.mark.usefixtures("loaded_shop")
def test_dictionary_explains_every_column(open_page: Open) -> None:
    rows = open_page(PAGE).dataframe[-1].value
    contracts = (*CONTRACTS, DICTIONARY)
    expected = [
        (each.file, column.name) for each in contracts for column in each.columns
    ]
    assert list(zip(rows["File"], rows["Column"], strict=True)) == expected
    assert all(rows["Meaning"])


@pytest.mark.usefixtures("loaded_shop")
def test_a_period_is_chosen_from_the_months_that_are_loaded(open_page: Open) -> None:
    app = open_page(PAGE)
    first, last = app.selectbox(key="download_from"), app.selectbox(key="download_to")
    months = ["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"]
    assert list(first.options) == list(last.options) == months

    first.select("Jan 2026").run()
    assert list(app.selectbox(key="download_to").options) == months[2:]
    texts = [text.value for text in app.text]
    assert texts[texts.index("active_users_by_date.csv") + 1] == "2 rows"


@pytest.mark.usefixtures("loaded_shop")
def test_a_private_set_says_what_it_hides_and_what_it_does_not(
    open_page: Open,
) -> None:
    app = open_page(PAGE)
    assert "download_rounded" not in {str(box.key) for box in app.checkbox}

    app.toggle(key="download_private").set_value(True).run()

    (told,) = [info.value for info in app.info]
    assert "Not hidden: amounts, months and counts." in told
    assert "5 emails of rarer ones end in" in told
    assert app.checkbox(key="download_rounded").value is False


@pytest.mark.usefixtures("loaded_shop")
def test_a_format_that_needs_a_library_says_so(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "PACKAGE", "a_library_that_is_not_there")
    app = open_page(PAGE)

    app.segmented_control(key="download_format").select(Format.HYPER).run()

    assert any("pip install" in each.value for each in app.caption)
    assert app.get("download_button")[0].proto.disabled


@pytest.mark.usefixtures("loaded_shop")
def test_a_set_that_takes_too_long_for_a_browser_is_not_begun(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files.MOST_ROWS, Format.EXCEL, 1)
    app = open_page(PAGE)
    assert not app.get("download_button")[0].proto.disabled

    app.segmented_control(key="download_format").select(Format.EXCEL).run()

    assert any("build --format xlsx" in each.value for each in app.caption)
    assert app.get("download_button")[0].proto.disabled


@pytest.mark.usefixtures("loaded_shop")
def test_rows_of_a_large_shop_are_not_counted(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "COUNTED_ROWS", 1)
    # What earlier tests have made of this shop was counted.
    made_anew = Mock(side_effect=lambda _, __, _call: _call())
    monkeypatch.setattr(cache, "_figure", made_anew)
    app = open_page(PAGE)

    assert not [text.value for text in app.text if text.value.endswith(" rows")]
    assert "download_all" in offered(app)
