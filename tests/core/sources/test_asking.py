"""What a person is asked, and what becomes of the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import job
from core.errors import NotLoadableError, OptionError, UnknownFileError
from core.files.upload import Upload
from core.models import Granularity, Reading
from core.sources import asking, registry, usage
from core.sources.mapping import Mapping, MappingNeededError, Request


def upload(text: str, file: str = "f.csv") -> Upload:
    return Upload(file, text.encode())


def asked(text: str, file: str = "f.csv") -> Request:
    with pytest.raises(MappingNeededError) as raised:
        job.read(upload(text, file))
    assert str(raised.value).startswith(f"{file}: a person must say how to read it. ")
    return raised.value.request


def answered(text: str, **answers: object) -> Reading:
    """Read a file again with the proposal and the answers of a person."""
    request = asked(text)
    mapping = replace(request.proposal, **answers)  # type: ignore[arg-type]
    return job.read(upload(text), mappings={request.header_signature: mapping})


def kept(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (row["subuser"], str(row["period_start"]), f"{row['usage_gb'].normalize():f}")
        for row in reading.rows.to_pylist()
    ]


@pytest.mark.parametrize(
    ("text", "fields", "words"),
    [
        ("Subuser,subuser,Date,Usage (GB)\na,b,2024-03,1\n", {"subuser"},
         "It has 2 columns that can be the subuser: 'Subuser', 'subuser'. Choose"),
        ("Subuser,Date,Date,Usage (GB)\na,2024-03,2024-03,1\n", {"period"},
         "It has 2 columns named 'Date'. Choose"),
        ("Subuser,Date,Usage (GB),Traffic (GB)\na,2024-03,1,2\n", {"usage"},
         "columns that can be the usage: 'Usage (GB)', 'Traffic (GB)'"),
        ("Subuser,Date,Up (MB),Down (GB)\na,2024-03,1,2\n", set(), ""),
        ("Date,Usage (GB)\n2024-03,1\n", {"subuser"}, "whose usage is it?"),
        ("Subuser,Date,Usage\na,2024-03,1.5\n", {"unit"},
         "Nothing says the unit of 'Usage'; GB is likely: the middle figure is 1.5."),
        ("Subuser,Date,Usage (GB)\na,03/04/2024,1\n", {"day_first"},
         "Does '03/04/2024' begin with the day or with the month?"),
        ("username,date,traffic_used (GB),traffic_left\na,2024-03,1,2\n",
         {"is_cumulative"}, "is each row the usage of its period, or a counter"),
        ("login,key,rx_tx_bytes\nx,ann,5\n", {"period"}, "'ann' is no month"),
        ("Ref,Cycle,Volume\na,2024-03,5\n", {"subuser", "period", "usage"},
         "It is not recognised. Known kinds: usage export of a provider, "),
        ("Subuser,Date,Usage\na,03/04/2024,1\n", {"unit", "day_first"}, "unit of"),
    ],
)  # fmt: skip
def test_what_the_file_does_not_tell_is_asked_at_once(
    text: str, fields: set[str], words: str
) -> None:
    if not fields:
        with pytest.raises(NotLoadableError):
            job.read(upload(text))
        return
    request = asked(text)
    assert {each.field for each in request.questions} == fields
    assert words in " ".join(question.words for question in request.questions)
    assert request.header == tuple(text.splitlines()[0].split(","))
    assert request.sample[0] == tuple(text.splitlines()[1].split(","))


@pytest.mark.parametrize(
    ("text", "answers", "rows"),
    [
        ("Subuser,subuser,Date,Usage (GB)\na,b,2024-03,1\n", {"subuser": 1},
         [("b", "2024-03-01", "1")]),
        ("Subuser,Date,Usage\na,2024-03,512\n", {"unit": "MB"},
         [("a", "2024-03-01", "0.5")]),
        ("Subuser,Date,Usage\na,2024-03,500\n", {"unit": "MB", "gb_base": 1000},
         [("a", "2024-03-01", "0.5")]),
        ("Subuser,Date,Usage (GB)\na,03/04/2024,1\n", {"day_first": False},
         [("a", "2024-03-04", "1")]),
        ("Subuser,Date,Usage (GB)\na,03/04/2024,1\n", {"day_first": True},
         [("a", "2024-04-03", "1")]),
        ("Date,Usage (GB)\n2024-03,1\n", {"subuser_name": "ann"},
         [("ann", "2024-03-01", "1")]),
        ("Ref,Cycle,Volume\na,2024-03,512\n", {"unit": "MB", "provider": "Acme"},
         [("a", "2024-03-01", "0.5")]),
        ("login,key,rx_tx_bytes,Day\nx,ann,1073741824,2024-03-05\n",
         {"period": 3, "subuser": 1}, [("ann", "2024-03-05", "1")]),
        ("username,date,traffic_used (GB),traffic_left\na,2024-03,1,2\n",
         {"is_cumulative": False}, [("a", "2024-03-01", "1")]),
        ("Subuser,Date,Usage\na,2024-03-01,512\n",
         {"unit": "MB", "granularity": Granularity.MONTH},
         [("a", "2024-03-01", "0.5")]),
    ],
)  # fmt: skip
def test_answer_is_all_that_it_takes(
    text: str, answers: dict[str, object], rows: list[tuple[str, str, str]]
) -> None:
    assert kept(answered(text, **answers)) == rows


def test_unit_of_a_known_export_is_not_asked_with_its_subuser() -> None:
    text = "date,rx_tx_bytes\n2024-03-05,1073741824\n"
    request = asked(text)
    assert {each.field for each in request.questions} == {"subuser"}
    assert (request.proposal.provider, request.proposal.unit) == ("Decodo", None)
    found = answered(text, subuser_name="ann")
    assert kept(found) == [("ann", "2024-03-05", "1")]
    text = "date,used_flow\n2024-03-05,1073741824\n"
    assert asked(text).proposal.unit == "B"
    assert kept(answered(text, subuser_name="ann"))[0][2] == "1"


def test_counter_is_turned_into_steps() -> None:
    text = (
        "username,date,traffic_used (GB),traffic_left\nann,2024-03-01,5,9\n"
        "ann,2024-03-02,7,7\nann,2024-03-03,1,9\nbob,2024-03-02,4,1\n"
    )
    reading = answered(text, is_cumulative=True)
    assert kept(reading) == [("ann", "2024-03-02", "2"), ("ann", "2024-03-03", "1")]
    assert [problem.reason for problem in reading.problems] == [
        "first reading of the counter in this file: usage counts from here on"
    ] * 2
    assert any("Counters fell 1 times ('ann')" in each for each in reading.warnings)


def test_single_reading_of_each_counter_is_explained() -> None:
    text = "Subuser,Date,Usage\nann,2024-03,5\nbob,2024-03,9\n"
    with pytest.raises(NotLoadableError, match="several dates into one file"):
        answered(text, unit="GB", is_cumulative=True)


def test_counter_with_a_column_per_month_is_turned_into_steps() -> None:
    text = "Subuser,2024-02,2024-03,2024-04\nann,5,9,9.5\n"
    reading = answered(text, unit="GB", is_cumulative=True)
    assert [row[1:] for row in kept(reading)] == [
        ("2024-03-01", "4"),
        ("2024-04-01", "0.5"),
    ]


def test_chosen_period_that_is_none_is_refused_and_not_asked_again() -> None:
    reading = answered("login,key,rx_tx_bytes\nx,ann,5\n", period=0, subuser=1)
    assert [problem.column for problem in reading.problems] == ["login"]


def test_choice_for_one_file_goes_before_that_for_its_header() -> None:
    text = "Date,Usage (GB)\n2024-03,1\n"
    request = asked(text)
    both = {
        request.header_signature: replace(request.proposal, subuser_name="wrong"),
        request.file_sha256: replace(request.proposal, subuser_name="right"),
    }
    assert kept(job.read(upload(text), mappings=both))[0][0] == "right"


def test_mapping_of_a_header_asks_for_what_only_a_file_can_have() -> None:
    text = "Date,Usage (GB)\n2024-03,1\n"
    request = asked(text)
    lasting = {request.header_signature: request.proposal.for_layout()}
    with pytest.raises(MappingNeededError) as raised:
        job.read(upload(text), mappings=lasting)
    assert {each.field for each in raised.value.request.questions} == {"subuser"}
    named = job.read(upload(text, "subuser_bob.csv"), mappings=lasting)
    assert kept(named)[0][0] == "bob"


def test_snapshot_is_read_when_a_person_says_its_month() -> None:
    text = "Subuser,Usage (GB)\nann,5\n"
    with pytest.raises(NotLoadableError, match="a snapshot of usage"):
        job.read(upload(text))
    file = upload(text)
    request = asking.proposed(registry.table(file, file.sha256), file.sha256)
    assert request.proposal == Mapping(usage=(1,), subuser=0)
    chosen = replace(request.proposal, period_text="2024-03")
    reading = job.read(file, mappings={file.sha256: chosen})
    assert kept(reading) == [("ann", "2024-03-01", "5")]
    with pytest.raises(OptionError, match="'March' is no month like 2020-09"):
        job.read(file, mappings={file.sha256: replace(chosen, period_text="March")})


def test_recognised_file_can_be_read_otherwise() -> None:
    file = upload("Subuser,Date,Bandwidth Usage (GB)\nann,2024-03,1\n")
    table = registry.table(file, file.sha256)
    request = asking.proposed(table, file.sha256)
    assert (request.questions, request.proposal.provider) == ((), "Oxylabs")
    assert kept(usage.preview(table, request.proposal)) == [("ann", "2024-03-01", "1")]
    decimal = replace(request.proposal, unit="MB", gb_base=1000)
    assert kept(usage.preview(table, decimal))[0][2] == "0.001"


def test_preview_reads_the_first_rows_only() -> None:
    rows = "".join(f"user{at},2024-03,{at}\n" for at in range(500))
    file = upload(f"Subuser,Date,Usage (GB)\n{rows}")
    table = registry.table(file, file.sha256)
    mapping = asking.proposed(table, file.sha256).proposal
    assert usage.preview(table, mapping).rows_read == usage.PREVIEW_ROWS


@pytest.mark.parametrize(
    "text",
    ["Order,Name\n1,x\n", "A,B,C\n1,2,3\n", "Name,City,Note\na,b,c\n", "A,B\n,\n"],
)
def test_table_that_cannot_be_usage_is_not_asked_about(text: str) -> None:
    with pytest.raises(UnknownFileError):
        job.read(upload(text))
