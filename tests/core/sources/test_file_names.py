"""Subusers told by file names."""

from __future__ import annotations

import pytest

from core.sources.file_names import likely_subuser, subuser_in


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("subuser_ann.csv", "ann"),
        ("usage-subuser-ann.b+c_2024-03.csv", "ann.b+c"),
        ("traffic_sub-user_ann_zz_2024-03-01_2024-03-31.csv", "ann_zz"),
        ("login=ann 2024-03 (2).csv.gz", "ann"),
        ("report user=ann.csv", "ann"),
        ("all.zip: username ann.csv", "ann"),
        ("usage.csv", None),
        ("subuser_usage.csv", None),
        ("username_report_2024.csv", None),
        ("user_ann.csv", None),
        ("superlogin_ann.csv", None),
        ("ann.csv", None),
        ("", None),
    ],
)
def test_only_a_plainly_named_subuser_is_taken(file: str, name: str | None) -> None:
    assert subuser_in(file) == name


@pytest.mark.parametrize(
    ("file", "likely"),
    [("ann_2024-03.csv", "ann"), ("june/ann (1).csv", "ann"), ("a.zip: b.csv", "b")],
)
def test_rest_of_the_name_is_proposed(file: str, likely: str) -> None:
    assert likely_subuser(file) == likely
