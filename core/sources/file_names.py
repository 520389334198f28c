"""What the name of a file says of the one subuser whose usage it holds."""

from __future__ import annotations

import re
from typing import Final

_MARKED: Final = re.compile(
    r"(?:^|[^A-Za-z0-9])(?:(?:sub[-_ ]?user|user[-_ ]?name|login)[=_\- ]+"
    r"|(?:user|account|zone|hash|label)=)(?P<name>[A-Za-z0-9][\w@+.\-]*)$",
    re.IGNORECASE,
)
_ENDINGS: Final = re.compile(
    r"(?:\.(?:csv|tsv|txt|xlsx|xlsm|ods|gz|zip))+$", re.IGNORECASE
)
_DATES: Final = re.compile(
    r"[_\-. (]+(?:from[_\- ])?(?:19|20)[0-9]{2}(?:[_\-. ]|to|[0-9])*\)?$"
)
_COPY: Final = re.compile(r"\s*\([0-9]+\)$")
_OTHER_WORDS: Final = frozenset(
    "usage report export exports stats statistics traffic data bandwidth list all "
    "daily monthly hourly day month users".split()
)


def subuser_in(file: str) -> str | None:
    """Return the subuser that a file name names plainly, None when it does not.

    Plain is `subuser_ann.csv`, `usage login=ann 2024-03.csv`: the word, then the name.
    Dates, counters of copies and endings behind it are left out.
    """
    stem = _stem(file)
    match = _MARKED.search(stem)
    if match is None or _OTHER_WORDS & set(re.split(r"[\W_]+", match["name"].lower())):
        return None
    return match["name"]


def likely_subuser(file: str) -> str:
    """Return what is left of a file name, for a person to confirm or correct."""
    return subuser_in(file) or _stem(file).rpartition("/")[2]


def _stem(file: str) -> str:
    """Cut the name of an archive, endings, dates and counters of copies off."""
    name = file.rpartition(": ")[2]
    return _DATES.sub("", _COPY.sub("", _ENDINGS.sub("", name))).strip()
