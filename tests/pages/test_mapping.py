"""Mapping by hand: an unknown header is asked about once, and then known."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.warehouse import batches, layouts
from pages.parts import cache

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "add_files.py"
HEADER = "Konto;Abrechnung;Menge\n"


def file(*rows: str, header: str = HEADER) -> bytes:
    """Write an export whose columns nobody knows."""
    return (header + "\n".join(rows) + "\n").encode()


FIRST = file("ann;2026-01;1024", "bob;2026-01;2048")


def drop(app: AppTest, files: dict[str, bytes]) -> AppTest:
    """Put files into the drop zone, in place of what is there."""
    given = [(name, content, "text/csv") for name, content in files.items()]
    return app.file_uploader(key="files").set_value(given).run()


def asked(app: AppTest) -> list[str]:
    """Name what the dialogue asks: the ends of its widgets' keys."""
    kinds = ("selectbox", "multiselect", "text_input", "checkbox")
    keys = [str(each.key) for kind in kinds for each in app.get(kind)]
    return sorted(key[17:] for key in keys if key.startswith("map_"))


def widget(app: AppTest, kind: str, end: str) -> Any:  # noqa: ANN401
    """Return a widget of the dialogue by the end of its key."""
    found = app.get(kind)
    return next(
        each
        for each in found
        if str(each.key).startswith("map_") and str(each.key).endswith(f"_{end}")
    )


def confirm(app: AppTest) -> AppTest:
    """Press the button of the dialogue."""
    return widget(app, "button", "confirm").click().run()


def stored() -> list[tuple[object, ...]]:
    """Return provider, subuser and GB of all usage."""
    query = "SELECT provider, subuser, usage_gb FROM usage_month ORDER BY ALL"
    return cache.warehouse().rows(query)


def map_first(app: AppTest) -> AppTest:
    """Drop the first file and say how it is read."""
    drop(app, {"first.csv": FIRST})
    widget(app, "selectbox", "unit").set_value("MB")
    widget(app, "text_input", "provider").set_value(" Second  provider ").run()
    return confirm(app)


def test_unknown_header_is_asked_once_and_the_next_file_asks_nothing(
    open_page: Open,
) -> None:
    app = map_first(open_page(PAGE))
    assert not asked(app)
    app.button(key="load").click().run()
    assert stored() == [
        ("Second provider", "ann", Decimal(1)),
        ("Second provider", "bob", Decimal(2)),
    ]

    drop(app, {"second.csv": file("ann;2026-02;512")})
    assert not asked(app)
    app.button(key="load").click().run()
    assert ("Second provider", "ann", Decimal("0.5")) in stored()


def test_first_rows_are_read_anew_with_each_choice(open_page: Open) -> None:
    app = drop(open_page(PAGE), {"first.csv": FIRST})
    assert widget(app, "button", "confirm").disabled
    widget(app, "selectbox", "unit").set_value("MB").run()
    assert list(app.dataframe[-1].value["GB"]) == ["1", "2"]
    widget(app, "selectbox", "unit").set_value("GB").run()
    assert list(app.dataframe[-1].value["GB"]) == ["1024", "2048"]
    widget(app, "multiselect", "usage").set_value([]).run()
    assert "no column of usage is chosen" in app.error[-1].value
    assert widget(app, "button", "confirm").disabled


def test_refused_rows_of_the_preview_are_shown_with_their_reason(
    open_page: Open,
) -> None:
    content = file("ann;2026-01;1024", "bob;2026-01;9", "cyd;2026-01;-3")
    app = drop(open_page(PAGE), {"first.csv": content})
    widget(app, "selectbox", "unit").set_value("MB").run()
    assert list(app.dataframe[-1].value["Reason"]) == ["usage is below zero"]
    assert any("2 kept, 1 refused" in each.value for each in app.caption)


def test_a_file_without_provider_cannot_be_confirmed(open_page: Open) -> None:
    app = drop(open_page(PAGE), {"first.csv": FIRST})
    widget(app, "selectbox", "unit").set_value("MB").run()
    assert widget(app, "button", "confirm").disabled
    assert "Name the provider to go on." in [each.value for each in app.text]


def test_unsure_order_of_day_and_month_is_asked(open_page: Open) -> None:
    content = file("ann;03/04/2026;1", "bob;05/04/2026;2")
    app = drop(open_page(PAGE), {"days.csv": content})
    widget(app, "text_input", "provider").set_value("Second provider")
    widget(app, "selectbox", "unit").set_value("GB").run()
    assert "begin with the day" in app.info[-1].value
    assert widget(app, "button", "confirm").disabled
    widget(app, "selectbox", "day_first").set_value(True).run()
    confirm(app)
    assert app.dataframe[0].value.loc[0, "Period"] == "2026-04-03 to 2026-04-05"


def test_month_of_a_file_without_one_holds_for_this_file_only(
    open_page: Open,
) -> None:
    app = drop(open_page(PAGE), {"one.csv": file("ann;1", header="Konto;Menge\n")})
    app.button[0].click().run()
    widget(app, "selectbox", "subuser").set_value(0)
    widget(app, "selectbox", "period").set_value(-1)
    widget(app, "multiselect", "usage").set_value([1])
    widget(app, "selectbox", "unit").set_value("GB")
    widget(app, "text_input", "provider").set_value("Second provider").run()
    widget(app, "text_input", "period_text").set_value("2026-01").run()
    confirm(app)
    assert app.dataframe[0].value.loc[0, "Period"] == "2026-01"
    drop(app, {"two.csv": file("ann;2", header="Konto;Menge\n")})
    assert "of which month is it" in app.warning[0].value


def test_recognised_columns_can_be_chosen_otherwise(open_page: Open) -> None:
    header = "Subuser,Date,Bandwidth Usage (GB)\n"
    app = drop(open_page(PAGE), {"usage.csv": file("a,2026-01,1024", header=header)})
    assert not asked(app)
    next(each for each in app.button if str(each.key).startswith("by_hand_")).click()
    app.run()
    widget(app, "selectbox", "unit").set_value("MB")
    widget(app, "text_input", "provider").set_value("Oxylabs").run()
    confirm(app)
    app.button(key="load").click().run()
    assert stored() == [("Oxylabs", "a", Decimal(1))]


def test_a_table_that_is_no_usage_can_still_be_mapped(open_page: Open) -> None:
    app = drop(open_page(PAGE), {"odd.csv": b"a,b\n1,2\n"})
    assert "not recognised" in app.error[0].value
    offered = [str(each.key) for each in app.button if each.key]
    assert [key for key in offered if key.startswith("by_hand_")]


def test_what_is_chosen_is_remembered_with_who_and_the_file(open_page: Open) -> None:
    map_first(open_page(PAGE))
    (layout,) = layouts.everything(cache.warehouse())
    assert (layout.provider, layout.file, layout.saved_by) == (
        "Second provider",
        "first.csv",
        "test@example.com",
    )
    assert layout.mapping is not None
    assert layout.mapping.unit == "MB"
    assert batches.history(cache.warehouse()) == ()


def zipped(files: dict[str, bytes]) -> bytes:
    """Pack files into a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return target.getvalue()


def test_each_file_of_a_zip_has_its_own_plan_and_its_own_dialogue(
    open_page: Open,
) -> None:
    known = b"Subuser,Date,Bandwidth Usage (GB)\nzed,2026-01,7\n"
    app = drop(
        open_page(PAGE), {"all.zip": zipped({"known.csv": known, "new.csv": FIRST})}
    )
    assert [each.value for each in app.subheader] == [
        "all\\.zip\\: new\\.csv",
        "all\\.zip\\: known\\.csv",
    ]
    widget(app, "selectbox", "unit").set_value("MB")
    widget(app, "text_input", "provider").set_value("Second provider").run()
    confirm(app)
    typed = [each for each in app.text_input if str(each.key).startswith("provider_")]
    assert sorted(each.value for each in typed) == ["Oxylabs", "Second provider"]
    app.button(key="load").click().run()
    assert [row[:2] for row in stored()] == [
        ("Oxylabs", "zed"),
        ("Second provider", "ann"),
        ("Second provider", "bob"),
    ]


def remembered(app: AppTest, kind: str, end: str) -> Any:  # noqa: ANN401
    """Return a widget of the list of remembered columns by the end of its key."""
    found = [each for each in app.get(kind) if str(each.key).startswith("layout_")]
    return next(each for each in found if str(each.key).endswith(f"_{end}"))


def test_remembered_columns_can_be_changed(open_page: Open) -> None:
    map_first(open_page(PAGE))
    app = open_page("settings.py")
    remembered(app, "toggle", "change").set_value(True).run()
    remembered(app, "selectbox", "unit").set_value("KB").run()
    remembered(app, "button", "save").click().run()
    (layout,) = layouts.everything(cache.warehouse())
    assert layout.mapping is not None
    assert layout.mapping.unit == "KB"
    assert layout.mapping.provider == "Second provider"


def test_recognised_columns_are_shown_and_can_be_changed(open_page: Open) -> None:
    header = "Subuser,Date,Bandwidth Usage (GB)\n"
    app = drop(open_page(PAGE), {"usage.csv": file("a,2026-01,1024", header=header)})
    app.button(key="load").click().run()
    app = open_page("settings.py")
    remembered(app, "toggle", "change").set_value(True).run()
    remembered(app, "selectbox", "unit").set_value("MB").run()
    remembered(app, "button", "save").click().run()
    (layout,) = layouts.everything(cache.warehouse())
    assert layout.header == ("Subuser", "Date", "Bandwidth Usage (GB)")
    assert layout.mapping is not None
    assert (layout.mapping.unit, layout.mapping.usage) == ("MB", (2,))


def test_forgotten_columns_are_asked_about_again(open_page: Open) -> None:
    app = map_first(open_page(PAGE))
    (layout,) = layouts.everything(cache.warehouse())
    layouts.forget(
        cache.warehouse(), layout.header_signature, now=datetime(2026, 3, 3), by="t"
    )
    drop(app, {"second.csv": file("ann;2026-02;512", "bob;2026-02;1024")})
    assert "unit" in asked(app)
