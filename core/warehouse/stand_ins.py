"""What stands for emails, account names and provider ids in files to publish.

A stand-in follows from the identity and a key that only the warehouse has, or, for an
email, is a number that is given once and kept, even when its load is undone.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.warehouse.store import first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

    from core.warehouse.store import Warehouse

DOMAIN_USERS: Final = 5
"""Customers that a domain needs, to be shown: fewer could be told apart by it."""

RARE_DOMAIN: Final = "rare.example"
"""What stands for every domain that is not shown; nobody can own it."""

USER: Final = "ExampleUser"
"""Beginning of a stand-in for an email. Source: the original, step 7."""

_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
_KEY_BYTES: Final = 32
_GROUPS: Final = 5
_GROUP: Final = 3
_RUN: Final = 4
_TRIES: Final = 10_000

_EMAILS: Final = (
    "SELECT email_key FROM current_customers "
    "UNION SELECT payer FROM revenue_line WHERE payer IS NOT NULL"
)


def refresh(warehouse: Warehouse) -> None:
    """Give each email that has none its number; make the key of a new warehouse."""
    with warehouse.reading() as cursor:
        if first(cursor, "SELECT count(*) FROM private_key") and not _new(cursor):
            return
    with warehouse.deriving() as cursor:
        key = _key(cursor) or _made_key(cursor)
        # In the order of the alphabet the numbers would tell it.
        new = sorted(_new(cursor), key=lambda email: _digest(key, "email", email))
        if not new:
            return
        last = first(cursor, "SELECT max(number) FROM stand_in_number")
        numbers = _numbers(int(str(last or 0)), _taken(cursor))
        given = {"email_key": new, "number": [next(numbers) for _ in new]}
        cursor.register("given", pa.table(given))
        cursor.execute("INSERT INTO stand_in_number FROM given")


def emails(warehouse: Warehouse) -> pa.Table:
    """Return what stands for every email, as it is written in files.

    Columns: original, stand_in. A domain is shown where the first load of customers
    that has it has DOMAIN_USERS of them: what is shown once never changes later.
    """
    return warehouse.table(
        "WITH told AS (SELECT r.batch_id, split_part(r.email_key, '@', -1) AS domain, "
        "count(DISTINCT r.email_key) AS users FROM customers_row AS r "
        "JOIN batch AS b USING (batch_id) "
        "WHERE b.withdrawn_at IS NULL AND contains(r.email_key, '@') GROUP BY ALL), "
        "shown AS (SELECT domain FROM told "
        "QUALIFY row_number() OVER (PARTITION BY domain ORDER BY batch_id) = 1 "
        "AND users >= $1), "
        "written AS (SELECT email AS original, email_key FROM current_customers "
        "UNION SELECT email, email_key FROM match WHERE email IS NOT NULL "
        f"UNION SELECT email_key, email_key FROM ({_EMAILS})) "
        "SELECT original, any_value($2 || n.number || '@' || coalesce(s.domain, $3)) "
        "AS stand_in FROM written AS w JOIN stand_in_number AS n USING (email_key) "
        "LEFT JOIN shown AS s ON s.domain = split_part(w.email_key, '@', -1) "
        "AND contains(w.email_key, '@') GROUP BY original ORDER BY original",
        [DOMAIN_USERS, USER, RARE_DOMAIN],
    )


def shown_domains(warehouse: Warehouse) -> tuple[int, int]:
    """Count the domains that are shown, and the emails whose domain is not."""
    ends = [str(each).rpartition("@")[2] for each in emails(warehouse)["stand_in"]]
    return len({*ends} - {RARE_DOMAIN}), ends.count(RARE_DOMAIN)


def names(warehouse: Warehouse, kind: str, originals: Iterable[str]) -> pa.Table:
    """Return what stands for names of a kind: original, stand_in.

    Letters in groups of three: no name of four letters or digits can be in them.
    """
    with warehouse.reading() as cursor:
        key = _key(cursor)
    if key is None:
        raise LookupError("The warehouse has no key: refresh() was not called.")
    found = sorted({*originals} - {""})
    stand_ins = [f"{kind}-{_letters(_digest(key, kind, name))}" for name in found]
    schema = pa.schema([("original", pa.string()), ("stand_in", pa.string())])
    return pa.table({"original": found, "stand_in": stand_ins}, schema=schema)


def _new(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    rows = cursor.execute(
        f"SELECT email_key FROM ({_EMAILS}) ANTI JOIN stand_in_number USING (email_key)"
    ).fetchall()
    return [email for (email,) in rows]


def _key(cursor: duckdb.DuckDBPyConnection) -> bytes | None:
    key = first(cursor, "SELECT key FROM private_key")
    return bytes(key) if isinstance(key, bytes | bytearray) else None


def _made_key(cursor: duckdb.DuckDBPyConnection) -> bytes:
    key = secrets.token_bytes(_KEY_BYTES)
    cursor.execute("INSERT INTO private_key VALUES (?)", [key])
    return key


def _digest(key: bytes, kind: str, original: str) -> bytes:
    return hmac.digest(key, f"{kind}\0{original}".encode(), "sha256")


def _letters(digest: bytes) -> str:
    value, letters = int.from_bytes(digest, "big"), ""
    for _ in range(_GROUPS * _GROUP):
        value, place = divmod(value, len(_LETTERS))
        letters += _LETTERS[place]
    return "-".join(re.findall("." * _GROUP, letters))


def _numbers(last: int, taken: frozenset[str]) -> Iterator[int]:
    """Count on from the last number, past those that hold somebody's number.

    Where nearly every number does, none can be avoided.
    """
    passed = 0
    while True:
        last += 1
        text = str(last)
        windows = {
            text[at:end]
            for at in range(len(text))
            for end in range(at + _RUN, len(text) + 1)
        }
        if passed < _TRIES and not taken.isdisjoint(
            windows | {f"{USER}{last}".lower()}
        ):
            passed += 1
            continue
        yield last


def _taken(cursor: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Collect identities that a number could hold by chance."""
    rows = cursor.execute(
        "SELECT DISTINCT lower(held) FROM ("
        "SELECT unnest([oxy_id, brief_oxy_id, oxy_username, brief_oxy_username, "
        "split_part(email_key, '@', 1)]) AS held FROM current_customers "
        "UNION ALL SELECT subuser FROM usage_month "
        "UNION ALL SELECT split_part(payer, '@', 1) FROM revenue_line) "
        f"WHERE regexp_full_match(lower(held), '(\\d{{{_RUN},}}|exampleuser\\d+)')"
    ).fetchall()
    return frozenset(held for (held,) in rows)
