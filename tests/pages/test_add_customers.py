"""Add customers: a source is opened, a collection chosen, its plan loaded."""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import bson
import pytest

from benchmarks.forged_home import numbered, write_home
from benchmarks.stand_in_server import StandIn, User
from core.mongo.server import Server
from core.reports import absent
from core.warehouse import batches, figures
from pages.parts import cache
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Open
    from streamlit.testing.v1 import AppTest

    from core.mongo.backup import Backup
    from core.warehouse.store import Warehouse

PAGE = "add_customers.py"
PASSWORD = "s3cret/word%"  # noqa: S105
PEOPLE = [
    {"email": "Amber@example.com", "oxyId": 5.0, "oxyUsername": "amberzz"},
    {"email": "coral@example.org", "briefOxyUsername": "coral5c0de"},
    {"email": "no address"},
]


def dump(**collections: list[dict[str, object]]) -> bytes:
    """Pack collections of one database as mongodump writes them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for name, documents in collections.items():
            content = b"".join(bson.encode(document) for document in documents)
            files.writestr(f"dump/shop/{name}.bson", content)
    return packed.getvalue()


def drop(app: AppTest, content: bytes, name: str = "dump.zip") -> AppTest:
    """Put a file into the drop zone of the page."""
    uploader = app.file_uploader(key="source_file")
    return uploader.upload(name, content, "application/zip").run()


def emails() -> list[str]:
    """Name the customers that are loaded."""
    return list(figures.customers(cache.warehouse())["email"].to_pylist())


def everything(app: AppTest) -> str:
    """Return all that the page shows or keeps."""
    kept = repr(app.session_state._state.filtered_state)
    return "\n".join([kept, *(repr(each) for each in app.main)])


def test_customers_of_a_packed_dump_are_listed_read_and_loaded(open_page: Open) -> None:
    content = dump(customers=PEOPLE, orders=[{"total": 5}])
    app = drop(open_page(PAGE), content)
    listed = app.dataframe[0].value
    assert list(listed["collection"]) == ["customers", "orders"]
    assert list(listed["documents"]) == [3, 1]
    assert app.selectbox(key="namespace").value == "shop.customers"
    app.button(key="read_customers").click().run()
    plan = next(t.value for t in app.dataframe if "Refused" in t.value)
    assert (plan.loc[0, "New"], plan.loc[0, "Refused"]) == (2, 1)
    assert emails() == []
    app.button(key="load").click().run()
    assert app.success[0].value.startswith("Loaded 1 file")
    assert emails() == ["Amber@example.com", "coral@example.org"]
    (batch,) = batches.history(cache.warehouse())
    assert batch.layout.endswith("shop.customers")


def test_fields_with_other_names_are_chosen_once_and_remembered(
    open_page: Open,
) -> None:
    people = [{"mail": "amber@example.com", "pro": "amberzz"}]
    app = drop(open_page(PAGE), dump(people=people))
    assert "which field holds the email" in app.info[0].value
    app.selectbox(key="field_email_shop.people").set_value("mail")
    app.selectbox(key="field_oxy_username_shop.people").set_value("pro").run()
    app.button(key="read_customers").click().run()
    app.button(key="load").click().run()
    documents = figures.customer_documents(cache.warehouse(), "amber@example.com")
    assert documents["oxy_username"].to_pylist() == ["amberzz"]
    again = drop(open_page(PAGE), dump(people=[*people, *people]))
    assert again.selectbox(key="field_email_shop.people").value == "mail"
    assert again.selectbox(key="field_oxy_username_shop.people").value == "pro"


def test_customers_that_a_newer_file_lacks_stay_and_are_counted(
    open_page: Open,
) -> None:
    app = drop(open_page(PAGE), dump(customers=PEOPLE[:2]))
    app.button(key="read_customers").click().run()
    app.button(key="load").click().run()
    newer = drop(open_page(PAGE), dump(customers=PEOPLE[:1]))
    newer.button(key="read_customers").click().run()
    said = as_text("1 of 2 current customers is not in this file.")
    assert said in newer.warning[0].value
    newer.button(key="load").click().run()
    assert emails() == ["Amber@example.com", "coral@example.org"]
    assert absent.emails(cache.warehouse()) == {"coral@example.org"}


def test_a_file_of_another_kind_is_told(open_page: Open) -> None:
    app = drop(open_page(PAGE), b"\x89PNG\r\n\x1a\n", "photo.png")
    assert "photo" in app.error[0].value


def stored(warehouse: Warehouse) -> str:
    """Return all that the warehouse and the files beside it hold."""
    tables = [name for (name,) in warehouse.rows("show tables")]
    rows = [warehouse.rows(f"from {name}") for name in tables]
    assert rows
    assert warehouse.path
    files = [path for path in warehouse.path.parent.rglob("*") if path.is_file()]
    return repr(rows) + "".join(path.read_bytes().decode("latin-1") for path in files)


def serve(app: AppTest, port: int, user: str, password: str) -> AppTest:
    """Fill the form of a server and connect."""
    app.segmented_control(key="source_kind").set_value("A server").run()
    app.text_input(key="source_address").set_value(f"127.0.0.1:{port}")
    app.text_input(key="source_user").set_value(user)
    app.text_input(key="source_password").set_value(password)
    return app.button(key="connect").click().run()


@pytest.mark.parametrize("password", [PASSWORD, "wrong-word"])
def test_a_password_is_used_and_then_nowhere(
    open_page: Open,
    password: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("core.mongo.server.SELECT_MS", 700)
    data = {"shop": {"customers": [bson.encode(person) for person in PEOPLE]}}
    user = User("reader", PASSWORD)
    with StandIn(data, user=user) as stand_in:
        app = serve(open_page(PAGE), stand_in.port, "reader", password)
        assert bool(app.error) == (password != PASSWORD)
        if not app.error:
            app.button(key="read_customers").click().run()
            app.button(key="load").click().run()
            assert emails() == ["Amber@example.com", "coral@example.org"]
    assert password not in everything(app) + stored(cache.warehouse()) + caplog.text
    assert app.text_input(key="source_password").value == ""


@pytest.mark.parametrize("password", [PASSWORD, "wrong-word"])
def test_the_server_of_the_secrets_is_read_without_naming_it(
    open_page: Open,
    password: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("core.mongo.server.SELECT_MS", 700)
    data = {"shop": {"customers": [bson.encode(person) for person in PEOPLE]}}
    with StandIn(data, user=User("reader", PASSWORD)) as stand_in:
        app = open_page(PAGE)
        written = quote_plus(password)
        at = f"127.0.0.1:{stand_in.port}"
        app.secrets["mongodb"] = {"uri": f"mongodb://reader:{written}@{at}/"}
        app.segmented_control(key="source_kind").set_value("A server").run()
        app.button(key="connect_secret").click().run()
        assert bool(app.error) == (password != PASSWORD)
        if not app.error:
            app.button(key="read_customers").click().run()
            app.button(key="load").click().run()
            assert emails() == ["Amber@example.com", "coral@example.org"]
    shown = everything(app) + stored(cache.warehouse()) + caplog.text
    assert password not in shown
    assert written not in shown


@pytest.mark.parametrize("section", ["text", {"uri": 5, "folders": "/"}])
def test_secrets_of_another_form_allow_nothing(
    open_page: Open, section: object
) -> None:
    app = open_page(PAGE)
    app.secrets["mongodb"] = section
    app.segmented_control(key="source_kind").set_value("A server").run()
    assert "A folder" not in app.segmented_control(key="source_kind").options
    assert not [each for each in app.button if each.key == "connect_secret"]


def test_folders_are_allowed_in_the_secrets(open_page: Open, tmp_path: Path) -> None:
    app = open_page(PAGE)
    app.secrets["mongodb"] = {"folders": [str(tmp_path)]}
    app.run()
    assert "A folder" in app.segmented_control(key="source_kind").options


def several_homes() -> bytes:
    """Pack two data folders, the second of them newer, as .tar.gz."""
    packed = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        tarfile.open(fileobj=packed, mode="w:gz") as files,
    ):
        for name, people in (("old", PEOPLE[:1]), ("new", PEOPLE)):
            home = Path(folder) / name
            home.mkdir()
            version = {"_id": "featureCompatibilityVersion", "version": "7.0"}
            write_home(
                home,
                {
                    "shop.customers": numbered(map(bson.encode, people)),
                    "admin.system.version": numbered([bson.encode(version)]),
                },
            )
            files.add(home, name)
    return packed.getvalue()


def test_of_several_data_folders_one_is_chosen(open_page: Open) -> None:
    app = drop(open_page(PAGE), several_homes(), "backup.tar.gz")
    assert not app.error
    assert list(app.selectbox(key="source_home").options) == ["new", "old"]
    assert [info.value for info in app.info] == [
        "It holds several data folders. Choose the one with the customers."
    ]
    app.selectbox(key="source_home").set_value("old").run()
    app.selectbox(key="source_home").set_value("new").run()
    app.button(key="read_customers").click().run()
    app.button(key="load").click().run()
    assert emails() == ["Amber@example.com", "coral@example.org"]


def test_a_packed_data_folder_is_read_with_mongodb_itself(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = drop(open_page(PAGE), several_homes(), "backup.tar.gz")
    app.selectbox(key="source_home").set_value("old").run()
    box = app.checkbox(key="read_with_mongod")
    assert (box.disabled, "mongod 7.0 or 8.0 is needed" in box.help) == (True, True)
    server = StandIn({"shop": {"customers": [bson.encode(PEOPLE[1])]}})

    @contextmanager
    def served(backup: Backup) -> Iterator[Server]:
        assert backup.feature_version == "7.0"
        with server, closing(Server(f"mongodb://127.0.0.1:{server.port}/")) as opened:
            yield opened

    monkeypatch.setattr("core.mongo.fallback.series_on_path", lambda: "7.0")
    monkeypatch.setattr("core.mongo.fallback.served", served)
    app.run()
    app.checkbox(key="read_with_mongod").check().run()
    app.button(key="read_customers").click().run()
    app.button(key="load").click().run()
    assert emails() == ["coral@example.org"]


def test_a_source_without_collections_is_told(open_page: Open) -> None:
    with StandIn({}) as stand_in:
        app = serve(open_page(PAGE), stand_in.port, "", "")
    assert "holds no collection" in app.error[0].value


def test_documents_of_one_email_are_told_with_the_rule(open_page: Open) -> None:
    twice = [PEOPLE[0], {"email": "amber@EXAMPLE.com", "oxyUsername": "second"}]
    app = drop(open_page(PAGE), dump(customers=[*twice, *PEOPLE[1:]]))
    app.button(key="read_customers").click().run()
    said = " ".join(each.value for each in [*app.markdown, *app.warning, *app.caption])
    assert as_text("1 email in more than one document, 2 documents in all") in said
    assert as_text("one customer, and all of its usernames count") in said
    refused = next(t.value for t in app.dataframe if "Reason" in t.value.columns)
    assert list(refused["Reason"]) == ['the email has no "@"']
    app.button(key="load").click().run()
    documents = figures.customer_documents(cache.warehouse(), "amber@example.com")
    assert documents["oxy_username"].to_pylist() == ["amberzz", "second"]


def test_folders_are_read_only_below_allowed_parents(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = tmp_path / "backups" / "dump" / "shop"
    shop.mkdir(parents=True)
    shop.joinpath("customers.bson").write_bytes(bson.encode(PEOPLE[0]))
    app = open_page(PAGE)
    kinds = app.segmented_control(key="source_kind")
    assert "A folder" not in kinds.options
    monkeypatch.setenv("METERBOOK_MONGO_FOLDERS", str(tmp_path / "backups"))
    app.run()
    app.segmented_control(key="source_kind").set_value("A folder").run()
    app.text_input(key="source_path").set_value("..")
    app.button(key="open_folder").click().run()
    assert "no such folder below those that are allowed" in app.error[0].value
    app.text_input(key="source_path").set_value("dump")
    app.button(key="open_folder").click().run()
    app.button(key="read_customers").click().run()
    app.button(key="load").click().run()
    assert emails() == ["Amber@example.com"]


def test_a_dump_in_the_drop_zone_of_all_files_is_taken_for_what_it_is(
    open_page: Open,
) -> None:
    app = open_page("add_files.py")
    content = dump(customers=PEOPLE, orders=[{"total": 5}])
    app.file_uploader(key="files").upload("d.zip", content, "application/zip").run()
    assert not app.error
    app.button(key="load").click().run()
    assert emails() == ["Amber@example.com", "coral@example.org"]
