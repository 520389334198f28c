"""Hostile documents as text: exports of MongoDB."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from benchmarks.hostile.payloads import ALL
from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD: Final = '{"email": "ann@example.com", "oxyUsername": "ann"}'
MB: Final = 1024**2

_VALUES: Final = {
    "an id that is no id": '{"$oid": "zqx"}',
    "a date beyond time": '{"$date": {"$numberLong": "9223372036854775807"}}',
    "a date of words": '{"$date": "zqx"}',
    "a number beyond its type": '{"$numberInt": "99999999999999999999"}',
    "a decimal beyond belief": '{"$numberDecimal": "1E+999999999"}',
    "bytes that are none": '{"$binary": {"base64": "!!", "subType": "zz"}}',
    "a UUID that is none": '{"$uuid": "zqx"}',
    "a regular expression": '{"$regularExpression": {"pattern": "(", "options": "z"}}',
    "a slow regular expression": '{"$regex": "(a+)+$", "$options": ""}',
    "code": '{"$code": "while(1){}", "$scope": {"zqx": 1}}',
    "a reference": '{"$ref": "zqx", "$id": {"$oid": "zqx"}}',
    "a pointer": '{"$dbPointer": {"$ref": "zqx", "$id": 1}}',
    "the smallest key": '{"$minKey": 2}',
    "a time stamp": '{"$timestamp": {"t": -1, "i": 99999999999}}',
    "undefined": '{"$undefined": false}',
    "no number": "NaN",
    "a number without end": "1e400",
    "5,000 digits": "9" * 5000,
    "an operator": '{"$where": "sleep(9999)"}',
    "a list": '["zqx", ["zqx"]]',
    "a document": '{"zqx": {"zqx": 1}}',
    "a truth": "true",
    "half a surrogate": '"zqx\\ud800"',
    "a zero byte": '"zqx\\u0000@example.com"',
    "a text of 10 MB": '"' + "x" * (10 * MB) + '@example.com"',
}
"""Values that are no email, no id and no username."""

_WHOLE: Final = {
    "100,000 lists within lists": "[" * 100_000,
    "100,000 documents within documents": '{"a":' * 100_000,
    "100,000 lists within a document": '{"email":'
    + "[" * 100_000
    + "]" * 100_000
    + "}",
    "a document that never ends": '{"email": "ann@example.com"',
    "a text that never ends": '{"email": "' + "x" * MB,
    "a list that never ends": "[" + f"{GOOD}," * 10_000,
    "text behind the list": f"[{GOOD}] zqx",
    "a million commas": "[" + "," * MB + "]",
    "100,000 empty documents": "{}\n" * 100_000,
    "100,000 names in a document": json.dumps({f"f{n}": n for n in range(100_000)}),
    "a name of a field of 1 MB": json.dumps({"x" * MB: 1, "email": "ann@example.com"}),
    "one name many times": "{"
    + ",".join(['"email": "ann@example.com"'] * 10_000)
    + "}",
    "names that mean something": '{"__proto__": 1, "constructor": 2, "email": "a@b"}',
    "scalars": '[1, "zqx", null, true, [], {}]',
    "text of the shell": '{"_id": ObjectId("65a0"), "email": "ann@example.com"}',
    "single quotes": "{'email': 'ann@example.com'}",
    "comments": '{"email": "ann@example.com"} // zqx\n/* zqx */',
    "a call": f"callback([{GOOD}])",
    "a backslash at the end": '{"email": "ann@example.com\\',
    "a bad escape": '{"email": "\\x41nn@example.com"}',
    "raw line ends in a text": '{"email": "ann\n@example.com"}',
    "10,000 customers of one email": "\n".join([GOOD] * 10_000),
}


def files() -> Iterator[tuple[str, Upload]]:
    """Give out the files with what they try."""
    for what, text in ALL.items():
        yield f"{what} in an email", _export({"email": f"{text}@example.com"})
        names = {"email": "ann@example.com", "oxyId": text, "oxyUsername": text}
        yield f"{what} in a username", _export(names)
        yield f"{what} as the name of a field", _export({text: text, "email": "a@b.c"})
    for what, value in _VALUES.items():
        for field in ("email", "oxyId", "briefOxyUsername", "other"):
            text = f'{{"email": "bo@example.com", "{field}": {value}}}'
            yield f"{what} in {field}", Upload("c.json", f"{GOOD}\n{text}\n".encode())
    for what, text in _WHOLE.items():
        yield what, Upload("customers.json", text.encode())


def _export(document: dict[str, str]) -> Upload:
    text = f"{GOOD}\n{json.dumps(document, ensure_ascii=False)}\n"
    return Upload("customers.json", text.encode("utf-8", "surrogatepass"))
