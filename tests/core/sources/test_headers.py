"""Header names: plain form, unit, role."""

from __future__ import annotations

import pytest

from core.sources.aliases import ALIASES, Role
from core.sources.headers import header, normalise, signature
from core.sources.roles import role, roles


@pytest.mark.parametrize(
    "text",
    ["sub user", "Sub-User", "SUB_USER", "subUser", " Sub.User ", "\ufeffSub  User:"],
)
def test_spellings_have_one_plain_form(text: str) -> None:
    assert normalise(text) == "sub user"


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("Bandwidth Usage", "bandwidth usage", None),
        ("Bandwidth Usage (GB)", "bandwidth usage", "GB"),
        ("Bandwidth Usage(MB)", "bandwidth usage", "MB"),
        ("BANDWIDTH USAGE [mib]", "bandwidth usage", "MiB"),
        ("Data (B)", "data", "B"),
        ("Data B", "data b", None),
        ("traffic_mb", "traffic", "MB"),
        ("bandwidth_total_mb", "bandwidth total", "MB"),
        ("total_gb_used", "total used", "GB"),
        ("rx_tx_bytes", "rx tx", "B"),
        ("usageInGB", "usage", "GB"),
        ("usageKiB", "usage", "KiB"),
        ("Usage, gigabytes", "usage", "GB"),
        ("Bytes", "", "B"),
        ("Speed Mbps", "speed mbps", None),
        ("Gibberish", "gibberish", None),
        ("Traffic (all)", "traffic all", None),
    ],
)
def test_unit_is_taken_out_of_the_name(text: str, name: str, unit: str | None) -> None:
    found = header(text)
    assert (found.name, found.unit) == (name, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Subuser", Role.SUBUSER),
        ("username", Role.SUBUSER),
        ("Date", Role.PERIOD),
        ("d_usage", Role.PERIOD),
        ("Bandwidth Usage (GiB)", Role.USAGE),
        ("Bytes", Role.USAGE),
        ("total (GB)", Role.USAGE),
        ("total", None),
        ("measurement_unit", Role.UNIT),
        ("traffic_limit", Role.LIMIT),
        ("remaining", Role.LIMIT),
        ("bandwidth_average", Role.LIMIT),
        ("totalBandwidthInGB", Role.LIMIT),
        ("user agent", None),
        ("number of users", None),
        ("users limit", Role.LIMIT),
        ("requests", None),
        ("", None),
    ],
)
def test_role_is_told_by_whole_names(text: str, expected: Role | None) -> None:
    found = role(header(text))
    assert (found[0] if found else None) is expected


def test_surer_name_of_a_role_wins() -> None:
    found = roles(["id", "username", "email", "date", "traffic", "data (MB)"])
    assert found[Role.SUBUSER] == (1,)
    assert found[Role.USAGE] == (4,)
    assert found[Role.LIMIT] == ()


def test_equally_sure_names_are_all_returned() -> None:
    found = roles(["Subuser", "Date", "Date", "Usage (GB)", "Traffic (MB)"])
    assert found[Role.PERIOD] == (1, 2)
    assert found[Role.USAGE] == (3, 4)


@pytest.mark.parametrize(
    ("names", "is_sure"),
    [
        (["Subuser", "Date", "Bandwidth Usage"], True),
        (["id", "date", "traffic"], True),
        (["Subuser", "Traffic limit"], True),
        (["username", "date", "total"], False),
        (["id", "date", "data (GB)"], False),
        (["email", "name"], False),
        (["date", "traffic"], False),
        ([], False),
    ],
)
def test_recognition_needs_one_name_beyond_doubt(
    names: list[str], *, is_sure: bool
) -> None:
    assert roles(names).is_sure is is_sure


def test_signature_knows_a_layout_again_in_another_spelling() -> None:
    assert signature(["Sub-user", "Usage (GB)"]) == signature(["sub_user", "usage gb"])
    assert signature(["Usage (GB)"]) != signature(["Usage (MB)"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Usuario", Role.SUBUSER),
        ("subusu\u00e1rio", Role.SUBUSER),
        ("Benutzer", Role.SUBUSER),
        ("\u7528\u6237\u540d", Role.SUBUSER),
        ("proxy-list-login", Role.SUBUSER),
        ("package_key", Role.SUBUSER),
        ("PlanID", Role.SUBUSER),
        ("Fecha", Role.PERIOD),
        ("\u0434\u0430\u0442\u0430", Role.PERIOD),
        ("\u65e5\u671f", Role.PERIOD),
        ("time_gte", Role.PERIOD),
        ("usageDate", Role.PERIOD),
        ("data", Role.PERIOD),
        ("Data (GB)", Role.USAGE),
        ("grouping_key", Role.PERIOD),
        ("labels", Role.PERIOD),
        ("totalbandwidth", Role.USAGE),
        ("usagebandwidth", Role.USAGE),
        ("bandwidthleft", Role.LIMIT),
        ("totalbandwidthingb", Role.LIMIT),
        ("subscription_bandwidth_gb", Role.LIMIT),
        ("date_from", Role.START),
        ("current_period_end", Role.END),
        ("Tr\u00e1fico (GB)", Role.USAGE),
        ("\u0422\u0440\u0430\u0444\u0438\u043a (\u0413\u0411)", Role.USAGE),
        ("\u6d41\u91cf", Role.USAGE),
        ("totalRxTx", Role.USAGE),
        ("bandwidth_upload_mb", Role.UPLOAD),
        ("bw_dn", Role.DOWNLOAD),
        ("service_type", Role.PART),
        ("plan", Role.PART),
        ("plan_gb", Role.LIMIT),
        ("traffic_available", Role.LIMIT),
        ("bandwidthLeft", Role.LIMIT),
        ("surplus_flow", Role.LIMIT),
        ("un_flow", Role.LIMIT),
        ("usage_percentage", Role.LIMIT),
        ("bandwidth_projected", Role.LIMIT),
        ("created_at", None),
        ("traffic_usage_sub", None),
        ("Speed Mbps", Role.LIMIT),
    ],
)
def test_aliases_of_many_providers_and_languages(
    text: str, expected: Role | None
) -> None:
    found = role(header(text))
    assert (found[0] if found else None) is expected


def test_unit_in_other_languages_is_taken_out() -> None:
    assert header("Trafic (Mo)").unit == "MB"
    assert header("\u0422\u0440\u0430\u0444\u0438\u043a (\u043c\u0431)").unit == "MB"


def test_every_alias_is_in_plain_form() -> None:
    names = [name for tiers in ALIASES.values() for tier in tiers for name in tier]
    assert [name for name in names if normalise(name) != name] == []
