"""Exports of known providers: made samples in their own field names and units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from core.errors import NotLoadableError
from core.files.table import read_table
from core.files.upload import Upload
from core.sources import shapes, usage
from core.sources.profiles import PROVIDERS
from core.sources.refused_shapes import NOT_USAGE
from core.sources.usage_shapes import USAGE

if TYPE_CHECKING:
    from core.models import Reading

GIB = 1024**3


@dataclass(frozen=True)
class Sample:
    """One export and what it must become: (subuser, period, GB) and their length."""

    provider: str
    text: str
    rows: list[tuple[str, str, str]]
    granularity: str = "day"
    unit: str = "B"
    file: str = "export.csv"
    reasons: list[str] = field(default_factory=list)


SAMPLES = {
    "oxylabs months": Sample(
        "Oxylabs",
        "Subuser,Date,Bandwidth Usage (GB)\nann,2024-03,1.5\nbob,2024-03,2\n",
        [("ann", "2024-03-01", "1.5"), ("bob", "2024-03-01", "2")],
        granularity="month",
        unit="GB",
    ),
    "oxylabs without unit": Sample(
        "Oxylabs",
        "Subuser,Date,Bandwidth Usage\nann,2024-03,1.5\n",
        [("ann", "2024-03-01", "1.5")],
        granularity="month",
        unit="GB",
    ),
    "oxylabs targets": Sample(
        "Oxylabs",
        "username,date,target,traffic,requests\n"
        "ann,2024-03-01,example.com,0.25,7\nann,2024-03-01,example.org,0.5,9\n",
        [("ann", "2024-03-01", "0.75")],
        unit="GB",
    ),
    "oxylabs scraper": Sample(
        "Oxylabs",
        "username,date,title,results_count,request_traffic,response_traffic\n"
        f"ann,2024-03-01,page,3,{GIB},{GIB}\n",
        [("ann", "2024-03-01", "2")],
    ),
    "bright data zones": Sample(
        "Bright Data",
        "zone,date,bw_sum,bw_dn,bw_up,http_direct_req\n"
        f"resi1,2022-10-01T00:00:00.000Z,{2 * GIB},{GIB},{GIB},5\n",
        [("resi1", "2022-10-01", "2")],
    ),
    "bright data total goes before its parts": Sample(
        "Bright Data",
        f"zone,date,bw_sum,bw_dn,bw_up\nresi1,2022-10-01,{4 * GIB},{GIB},{2 * GIB}\n",
        [("resi1", "2022-10-01", "4")],
    ),
    "bright data calendar month, end exclusive": Sample(
        "Bright Data",
        f"zone,from,to,bw\nresi1,2022-10-01T00:00:00,2022-11-01T00:00:00,{GIB}\n",
        [("resi1", "2022-10-01", "1")],
        granularity="month",
    ),
    "bright data parts": Sample(
        "Bright Data",
        f"zone,day,bw_up,bw_dn\nresi1,2022-10-02,{GIB},{2 * GIB}\n",
        [("resi1", "2022-10-02", "3")],
    ),
    "decodo statistics": Sample(
        "Decodo",
        "username,key,rx_tx_bytes,rx_bytes,tx_bytes,requests\n"
        f"ann,2026-05-01 00:00:00,{3 * GIB},{GIB},{2 * GIB},8\n",
        [("ann", "2026-05-01", "3")],
    ),
    "decodo parts": Sample(
        "Decodo",
        "username,grouping_key,rx_bytes,tx_bytes\n"
        f"ann,2026-05-01 00:00:00,{GIB},{2 * GIB}\n",
        [("ann", "2026-05-01", "3")],
    ),
    "iproyal report": Sample(
        "IPRoyal",
        "date,traffic,measurement_unit\n2024-03-01,512,MB\n2024-03-02,1024,MB\n",
        [("ann", "2024-03-01", "0.5"), ("ann", "2024-03-02", "1")],
        unit="MB",
        file="usage_subuser_ann_2024-03-01_2024-03-31.csv",
    ),
    "soax analytics": Sample(
        "SOAX",
        "Package,Date,Total traffic (GB),Total credits,Credits/GB avg\n"
        "p1,2024-03-01,1.5,3,2\n",
        [("p1", "2024-03-01", "1.5")],
        unit="GB",
    ),
    "netnut plan windows": Sample(
        "NetNut",
        "username,start_date,end_date,is_active,total_requests_used,total_gb_used,"
        "usage_percentage,plan_gb,threads_used\n"
        "ann,2024-03-01,2024-03-31,false,9,4.5,45,10,2\n"
        "ann,2024-04-13,2024-05-12,true,9,1,10,10,2\n",
        [("ann", "2024-03-01", "4.5")],
        granularity="month",
        unit="GB",
        reasons=["from and to are no calendar month and no single day"],
    ),
    "webshare hours": Sample(
        "Webshare",
        "label,timestamp,is_projected,bandwidth_total,bandwidth_average\n"
        f"ann,2022-08-11T17:00:00-07:00,false,{GIB},1\n"
        f"ann,2022-08-12T06:59:00Z,false,{GIB},1\n"
        f"ann,2022-08-12T00:00:00-07:00,false,{GIB},1\n"
        f"ann,2022-08-12T01:00:00-07:00,true,{GIB},1\n",
        [("ann", "2022-08-11", "2"), ("ann", "2022-08-12", "1")],
        reasons=["a projection, not used yet"],
    ),
    "infatica hours": Sample(
        "Infatica",
        "login,time,bytes\n"
        f"ann,2024-03-01 10:00:00,{GIB}\nann,2024-03-01 11:00:00,{GIB}\n",
        [("ann", "2024-03-01", "2")],
    ),
    "dataimpulse days": Sample(
        "DataImpulse",
        "subuser_id,label,d_usage,traffic,extra_traffic,request\n"
        "7,ann,2025-11-24,1536,12,27831\n",
        [("ann", "2025-11-24", "1.5")],
        unit="MB",
    ),
    "proxy-seller hours": Sample(
        "Proxy-Seller",
        "package_key,login,date,traffic\n"
        f"k1,ann,02.12.2025 14:00:00,{GIB}\nk1,ann,02.12.2025 15:00:00,{GIB}\n",
        [("ann", "2025-12-02", "2")],
    ),
    "evomi, 1 GB is 1000 MB": Sample(
        "Evomi",
        "username,timestamp,code,default,extra,total\n"
        "ann,2026-05-26 00:00,rp,300,0.5,300.5\nann,2026-05-26 00:00,mp,100,0,100\n",
        [("ann", "2026-05-26", "0.4005")],
        unit="MB",
    ),
    "geonode periods, decimal": Sample(
        "Geonode",
        "username,usageBandwidth,traffic_limit,current_period_start,current_period_end\n"
        "ann,2500000000,5000,2024-03-01,2024-03-31\n",
        [("ann", "2024-03-01", "2.5")],
        granularity="month",
    ),
    "geosurf ten minutes": Sample(
        "GeoSurf",
        "username,ts,ip,upload,download,total,metric\n"
        "ann,2017-12-01 10:00,192.0.2.1,256,256,512,MB\n"
        "ann,2017-12-01 10:00,192.0.2.2,0,512,512,MB\n"
        "ann,2017-12-01 10:10,192.0.2.1,0,1024,1024,MB\n",
        [("ann", "2017-12-01", "2")],
        unit="MB",
    ),
    "hydraproxy days": Sample(
        "HydraProxy",
        "order_id,date,bandwidth_upload_mb,bandwidth_download_mb,bandwidth_total_mb\n"
        "A-7,2024-03-01,512,512,1024\n",
        [("A-7", "2024-03-01", "1")],
        unit="MB",
    ),
    "hydraproxy parts": Sample(
        "HydraProxy",
        "order_id,date,bandwidth_upload_mb,bandwidth_download_mb\n"
        "A-7,2024-03-01,512,1024\n",
        [("A-7", "2024-03-01", "1.5")],
        unit="MB",
    ),
    "thordata account": Sample(
        "Thordata",
        f"username,date,used_flow\nann,2024-03-01,{GIB}\n",
        [("ann", "2024-03-01", "1")],
    ),
    "thordata subuser, unit in the cells": Sample(
        "Thordata",
        "username,date,usage_traffic\nann,2024-03-01,512 MB\n",
        [("ann", "2024-03-01", "0.5")],
        unit="MB",
    ),
    "ipfoxy hours": Sample(
        "IPFoxy",
        "account,date,flow\nann,2025-06-26 00:00:00,1048576\n"
        "ann,2025-06-26 13:00:00,1048576\n",
        [("ann", "2025-06-26", "2")],
        unit="KB",
    ),
    "ipfoxy seconds since 1970 in its own zone": Sample(
        "IPFoxy",
        "account,date,flow\nann,1725206401,1048576\n",
        [("ann", "2024-09-02", "1")],
        unit="KB",
    ),
    "cyberyozh days": Sample(
        "CyberYozh",
        "sub_user_id,date,traffic_mb,price_usd\n77,2024-03-01,2048,1.2\n",
        [("77", "2024-03-01", "2")],
        unit="MB",
    ),
    "foxyproxy, unit in the header": Sample(
        "FoxyProxy",
        "UID,Active,Username,Month,TrafficDown (MB),TrafficUp (MB),TrafficAll (MB)\n"
        "3,1,ann,2024-03,512,512,1024\n",
        [("ann", "2024-03-01", "1")],
        granularity="month",
        unit="MB",
    ),
    "nodemaven, day first": Sample(
        "NodeMaven",
        "username,labels,data (GB)\nann,03-04-2024,1.5\n",
        [("ann", "2024-04-03", "1.5")],
        unit="GB",
    ),
    "zyte days": Sample(
        "Zyte",
        "users,time_gte,clean,failed,concurrency,total_time,traffic,domain\n"
        f"ann,2024-03-01T00:00:00Z,1,0,1,1,{GIB},example.com\n"
        f"ann,2024-03-01T00:00:00Z,1,0,1,1,{GIB},example.org\n",
        [("ann", "2024-03-01", "2")],
    ),
}


def read(text: str, file: str = "export.csv") -> Reading:
    return usage.read(read_table(Upload(file, text.encode())), sha256="")


def kept(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (row["subuser"], str(row["period_start"]), f"{row['usage_gb'].normalize():f}")
        for row in reading.rows.to_pylist()
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_export_is_recognised_and_read(name: str) -> None:
    sample = SAMPLES[name]
    reading = read(sample.text, sample.file)
    assert kept(reading) == sample.rows
    assert (reading.provider, reading.unit) == (sample.provider, sample.unit)
    assert set(reading.rows["granularity"].to_pylist()) == {sample.granularity}
    assert [problem.reason for problem in reading.problems] == sample.reasons
    assert reading.rows_read == reading.rows_kept + len(reading.problems)


@pytest.mark.parametrize("name", SAMPLES)
def test_order_of_rows_and_separators_change_nothing(name: str) -> None:
    sample = SAMPLES[name]
    header, *rows = sample.text.splitlines()
    backward = "\n".join([header, *reversed(rows)]).replace(",", "|")
    assert sorted(kept(read(backward, sample.file))) == sorted(sample.rows)


@pytest.mark.parametrize("said", ["True", "t", "y", "WAHR", "vrai"])
def test_projection_is_no_usage_in_any_spelling(said: str) -> None:
    header = "label,timestamp,is_projected,bandwidth_total\n"
    hours = f"ann,2022-08-11T01:00:00Z,f,{GIB}\nann,2022-08-11T02:00:00Z,{said},{GIB}\n"
    reading = read(header + hours)
    assert [gb for *_, gb in kept(reading)] == ["1"]
    assert [each.reason for each in reading.problems] == ["a projection, not used yet"]


def test_dates_are_found_under_their_portuguese_and_italian_name() -> None:
    for names in ("usu\u00e1rio;data;tr\u00e1fego (GB)", "utente;data;traffico (GB)"):
        reading = read(f"{names}\nann;25/03/2024;5,5\nbob;01/03/2024;2\n")
        assert kept(reading) == [
            ("ann", "2024-03-25", "5.5"),
            ("bob", "2024-03-01", "2"),
        ]


def test_every_shape_has_a_sample() -> None:
    names = {(sample.provider, sample.text.splitlines()[0]) for sample in
             SAMPLES.values()}  # fmt: skip
    assert {provider for provider, _ in names} == {shape.provider for shape in USAGE}
    sampled = [shapes.find(header.split(","), USAGE) for _, header in names]
    assert [shape for shape in USAGE if shape not in sampled] == []
    assert {shape.provider.casefold() for shape in (*USAGE, *NOT_USAGE)} <= set(
        PROVIDERS
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("evomi, 1 GB is 1000 MB",
         "no unit in the header: profile Evomi says MB; 1 GB = 1000 MB"),
        ("geonode periods, decimal",
         "no unit in the header: profile Geonode says B; 1 GB = 1000 MB"),
        ("infatica hours", "header says B ('bytes')"),
        ("ipfoxy hours", "no unit in the header: profile IPFoxy says KB"),
        ("iproyal report", "the unit stands beside each number"),
    ],
)  # fmt: skip
def test_rule_of_the_unit_is_told(name: str, rule: str) -> None:
    assert read(SAMPLES[name].text, SAMPLES[name].file).unit_rule == rule


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("webshare hours", "added up to days of the time zone America/Los_Angeles"),
        ("infatica hours", "2 rows were added up to 1, one per subuser and period."),
        (
            "oxylabs targets",
            "that differ only in 'target' are parts of one usage.",
        ),
        ("iproyal report", "No column has the subuser: every row is of 'ann'."),
    ],
)
def test_what_was_done_is_told(name: str, told: str) -> None:
    warnings = read(SAMPLES[name].text, SAMPLES[name].file).warnings
    assert any(told in warning for warning in warnings)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id,username,status,created_at,traffic,traffic_limit,auto_disable,lifetime",
         "the list of subusers of Oxylabs. It says what was used up to the moment"),
        ("id,username,status,created_at,traffic_limit,service_type",
         "the list of subusers of Decodo. It has their limits and no usage"),
        ("traffic_limit,traffic_per_period,users_limit,valid_from,valid_until",
         "the list of subscriptions of Decodo"),
        ("id,hash,username,password,traffic_available,traffic_used",
         "the list of subusers of IPRoyal. Its traffic_available is what is left"),
        ("subuser_id,balance,balance_format,balance_total,balance_used,threads_used",
         "a list of balances of DataImpulse. It says what is left"),
        ("balance_charged,traffic_added,datetime", "a list of purchases of DataImp"),
        ("username,proxy_authkey,balance",
         "the list of subusers of PacketStream. Its balance is money in US cents"),
        ("package_key,is_active,expired_at,traffic_limit,traffic_usage,traffic_left",
         "the list of packages of Proxy-Seller"),
        ("traffic_limit,total_usage_traffic,traffic_balance,query_days",
         "the list of subusers of Thordata"),
        ("default,totalBandwidthInGB", "the state of the plan of Geonode"),
        ("account,surplus_flow,use_flow,unit", "a list of balances of IPFoxy"),
        ("flow,un_flow", "a list of balances of 711Proxy"),
        ("PlanID,user,pass,bandwidth,bandwidthLeft,created_date",
         "the list of plans of LightningProxies"),
        ("username,current total,past total", "the list of accounts of ProxyMesh"),
        ("host,plan,protocol,outcome,status,latency,bytes",
         "a log of requests of ProxyNade. It has neither a subuser nor a time"),
        ("Sub-user,Balance,Total,Consumed", "a list of credits of Torch Labs"),
    ],
)  # fmt: skip
def test_export_without_usage_per_period_is_refused_with_the_reason(
    header: str, told: str
) -> None:
    names = header.split(",")
    assert usage.identify(names)
    with pytest.raises(NotLoadableError) as raised:
        read(f"{header}\n{','.join('5' for _ in names)}\n")
    assert told in str(raised.value)
