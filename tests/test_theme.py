"""The settings: known to Streamlit, each with its reason."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONFIG: dict[str, Any] = tomllib.loads(
    (ROOT / ".streamlit/config.toml").read_text("utf-8")
)


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = config.get_config_options()
    assert set(names_of(CONFIG)) <= set(known)


def test_nothing_leaves_the_machine_by_default() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"


def test_every_setting_has_its_reason_above_it() -> None:
    lines = (ROOT / ".streamlit/config.toml").read_text("utf-8").splitlines()
    above = itertools.pairwise(lines)
    bare = [
        line for before, line in above if " = " in line and not before.startswith("#")
    ]
    assert bare == []


def names_of(table: dict[str, Any], prefix: str = "") -> list[str]:
    """List the dotted names of the settings in a table."""
    names = []
    for key, value in table.items():
        inner = names_of(value, f"{prefix}{key}.") if isinstance(value, dict) else None
        names += inner if inner is not None else [f"{prefix}{key}"]
    return names
