"""All files of a set as one Tableau extract (.hyper), a table for each.

It needs tableauhyperapi, Tableau's own library, which is not installed with the product
because it is large: `pip install tableauhyperapi`.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Final

from core import scratch
from core.errors import OptionError

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from core.exports.contracts import Contract
    from core.exports.rows import Rows

PACKAGE: Final = "tableauhyperapi"
"""Name of the library, to import and to install."""

_TYPES: Final = {
    "text": "text",
    "integer": "big_int",
    "decimal": "double",
    "month": "date",
    "date": "date",
}


def is_possible() -> bool:
    """Tell whether the library is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def write(found: Rows, target: Path) -> None:
    """Write an extract with the tables in the schema Extract, as Tableau expects.

    Decimals are floating-point numbers, as in Tableau itself; a month is its first
    day. The bytes differ from run to run, the rows do not.

    Raises:
        OptionError: The library is not installed.
    """
    if not is_possible():
        raise OptionError(
            f"A Tableau extract needs the package {PACKAGE}, which is not installed. "
            f"Install it with `pip install {PACKAGE}`, or take CSV."
        )
    api = importlib.import_module(PACKAGE)
    with scratch.folder() as folder:
        settings = {"log_config": "", "log_dir": str(folder)}
        quiet = api.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU
        replace = api.CreateMode.CREATE_AND_REPLACE
        with (
            api.HyperProcess(quiet, parameters=settings) as server,
            api.Connection(server.endpoint, str(target), replace) as connection,
        ):
            connection.catalog.create_schema("Extract")
            for contract in found.contracts:
                rows = folder / "rows.csv"
                chosen = found.selection(contract)
                found.snapshot.csv(chosen, rows, is_safe=False, has_days=True)
                name = api.TableName("Extract", contract.name)
                columns = _columns(api, contract)
                connection.catalog.create_table(api.TableDefinition(name, columns))
                path = api.escape_string_literal(str(rows))
                connection.execute_command(
                    f"COPY {name} FROM {path} "
                    "WITH (FORMAT csv, HEADER, DELIMITER ',', NULL '')"
                )


def _columns(api: ModuleType, contract: Contract) -> list[object]:
    return [
        api.TableDefinition.Column(each.name, getattr(api.SqlType, _TYPES[each.type])())
        for each in contract.columns
    ]
