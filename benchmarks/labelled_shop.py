"""Labelled shops: generated subusers and customers of which the owner is known.

Names follow the habits of the trade: a handle out of the email, cut at times, with `.`
as a letter or left out, and a generated suffix by era; customer fields with inserted
strings; near-twins of other customers; several subusers per customer; customers
without names; owners whose document is gone; names that a spreadsheet destroyed.
No name is a person's: all are made of syllables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import pyarrow as pa

from core.matching.schemas import CUSTOMER_NAMES_SCHEMA

INSERTED: Final = ("klgg2",)
"""Strings that the generated shop inserts into usernames."""

SYLLABLES: Final = [
    onset + vowel
    for onset in "b ch d f g h j k l m n p r s sh t v w z".split()
    for vowel in "a e i o u ai an en on or".split()
]
"""What handles are made of."""

DOMAINS: Final = ("example.com", "example.org", "example.net", "mail.example.com")
"""Domains of the emails."""

EARLY_TAILS: Final = ("", "", "", "6")
"""What follows the hex characters of early names, as often as in the public export."""

LATE_TAILS: Final = ("zz", "zz", "zz", "zzxz", "zzxz", "z", "xz", "")
"""What follows them in later names, as often as in the public export."""

SHARE_LATE: Final = 0.15
"""Subusers of the later era; as in the public export."""

SHARE_NUMBERED: Final = 0.04
"""Subusers that are an account number and a tail; as in the public export."""

SHARE_STORED: Final = 0.99
"""New accounts that are stored while their customer has a free field."""

ACCOUNTS: Final = {1: 0.9, 2: 0.085, 3: 0.01, 5: 0.005}
"""Subusers per customer; as handles repeat in the public export."""

SHARE_GONE: Final = 0.03
"""Subusers whose customer has no document any more."""

SHARE_TWINS: Final = 0.1
"""Customers whose local part is one small step from another customer's."""

SHARE_NAMESAKES: Final = 0.02
"""Customers whose local part is another customer's, at another domain."""

SHARE_CUT: Final = 0.08
"""Subusers whose handle lacks characters of the email."""

SHARE_DESTROYED: Final = 8 / 4_720
"""Subusers that a spreadsheet turned into a number; as in the public export."""

Document = dict[str, Any]
"""Columns of CUSTOMER_NAMES_SCHEMA, without those that are null."""


@dataclass(frozen=True)
class Shop:
    """A generated shop.

    customers has the columns of CUSTOMER_NAMES_SCHEMA. owners gives the email_key of
    each subuser's customer, None where no document is theirs. stored names the
    subusers that stand in a field of their customer, inserted strings apart.
    """

    customers: pa.Table
    owners: dict[str, str | None] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Quality:
    """How good matches are, as shares from 0 to 1.

    precision: of the matches, those that are right. recall: of the subusers whose
    customer has a document, those matched to it. recall_stored: the same of subusers
    whose name stands in a field.
    """

    precision: float
    recall: float
    recall_stored: float


def quality(shop: Shop, matches: pa.Table) -> Quality:
    """Judge matches, columns of MATCH_SCHEMA, by the labels of their shop."""
    matched = {
        row["subuser"]: row["email_key"]
        for row in matches.select(["subuser", "status", "email_key"]).to_pylist()
        if row["status"] == "matched"
    }
    right = {name for name, email in matched.items() if email == shop.owners[name]}
    owned = sum(email is not None for email in shop.owners.values())
    return Quality(
        precision=len(right) / len(matched),
        recall=len(right) / owned,
        recall_stored=len(right & shop.stored) / len(shop.stored),
    )


def made(seed: int, *, subusers: int = 4_720, customers: int = 24_251) -> Shop:
    """Make a shop; one seed gives one shop."""
    random = Random(seed)
    gone = customers // 30
    emails = _emails(random, customers + gone)
    documents = [_document(random, email) for email in emails]
    shop = Shop(pa.table({}))
    while len(shop.owners) < subusers:
        is_gone = random.random() < SHARE_GONE
        place = (
            random.randrange(customers, customers + gone)
            if is_gone
            else (random.randrange(customers))
        )
        for _ in range(random.choices([*ACCOUNTS], [*ACCOUNTS.values()])[0]):
            _open_account(random, shop, documents[place], is_gone=is_gone)
    known = [
        document | {"position": position}
        for position, document in enumerate(documents[:customers])
    ]
    table = pa.Table.from_pylist(known, CUSTOMER_NAMES_SCHEMA)
    return Shop(table, shop.owners, shop.stored)


def _emails(random: Random, count: int) -> list[str]:
    """Make distinct emails: fresh ones, near-twins and namesakes of earlier ones."""
    emails: dict[str, None] = {}
    locals_: list[str] = []
    while len(emails) < count:
        kind = random.random() if locals_ else 1.0
        local = random.choice(locals_) if kind < SHARE_TWINS + SHARE_NAMESAKES else ""
        if not local:
            local = _local_part(random)
        elif kind < SHARE_TWINS:
            local = _twin(random, local)
        email = f"{local}@{random.choice(DOMAINS)}"
        if email not in emails:
            emails[email] = None
            locals_.append(local)
    return random.sample(list(emails), count)


def _local_part(random: Random) -> str:
    """Make a local part: syllables, at times a dot, an underscore, digits, a tag."""
    words = [_word(random, random.choice([2, 3, 3, 4]))]
    if len(words[0]) < 6 or random.random() < 0.4:
        words.append(_word(random, random.choice([1, 2, 2, 3])))
    local = random.choices(["", ".", "_"], [75, 22, 3])[0].join(words)
    kind = random.random()
    if kind < 0.2:
        local += str(random.randint(1, 99))
    elif kind < 0.45:
        local += str(random.randint(1970, 2012))
    elif kind < 0.5:
        local += str(random.randint(100, 99999))
    return local + "+shop" if random.random() < 0.004 else local


def _word(random: Random, syllables: int) -> str:
    return "".join(random.choice(SYLLABLES) for _ in range(syllables))


def _twin(random: Random, local: str) -> str:
    """Change one character, or add one at the end."""
    place = random.randrange(len(local))
    letter = random.choice("abcdefghijklmnopqrstuvwxyz0123456789")
    kept = random.choice([local[:place] + letter + local[place + 1 :], local + letter])
    return kept.strip(".") or local


def _document(random: Random, email: str) -> Document:
    """Make a customer's document, with accounts that no export mentions at times."""
    document: Document = {"email_key": email, "email": email}
    if random.random() < 0.1:
        document["email"] = email.capitalize()
    if random.random() < 0.15:
        name = _subuser(random, email)
        _store(random, document, name, "brief_oxy")
    return document


def _store(random: Random, document: Document, name: str, account: str) -> None:
    """Put a name and an id into the fields of an account."""
    where = random.choices(["end", "inside", "none"], [70, 5, 25])[0]
    place = {"end": len(name), "inside": random.randrange(len(name)), "none": None}[
        where
    ]
    if place is not None:
        name = name[:place] + INSERTED[0] + name[place:]
    document[f"{account}_username"] = name
    if random.random() < 0.9:
        document[f"{account}_id"] = str(random.randint(100_000, 1_400_000))


def _open_account(
    random: Random, shop: Shop, document: Document, *, is_gone: bool
) -> None:
    """Add a subuser of this customer to the shop, stored while a field is free."""
    name = _subuser(random, document["email_key"])
    sent = name
    if random.random() < SHARE_DESTROYED:
        name = str(random.randint(10**10, 10**14))
        sent = f"{float(name):.2E}"
    if sent in shop.owners:
        return
    shop.owners[sent] = None if is_gone else document["email_key"]
    free = [each for each in ("oxy", "brief_oxy") if f"{each}_username" not in document]
    if free and not is_gone and random.random() < SHARE_STORED:
        _store(random, document, name, random.choice(free))
        shop.stored.update({sent} & {name})


def _subuser(random: Random, email: str) -> str:
    """Make the name of a new account."""
    is_late = random.random() < SHARE_LATE
    tail = random.choice(LATE_TAILS if is_late else EARLY_TAILS)
    if random.random() < SHARE_NUMBERED:
        return f"{random.randint(100_000, 1_400_000)}{random.choice(['zz', 'zzxz'])}"
    handle = email.partition("@")[0]
    handle = handle.replace(".", "A" if is_late else random.choice(["a", ""]))
    if random.random() < SHARE_CUT:
        handle = _cut(random, handle)
    return f"{handle}{random.randrange(16**4):04x}{tail}"


def _cut(random: Random, handle: str) -> str:
    """Take one to three characters off the end, or one out of the middle."""
    if random.random() < 0.6 and len(handle) > 6:
        return handle[: -random.randint(1, 3)]
    place = random.randrange(len(handle))
    return handle[:place] + handle[place + 1 :]
