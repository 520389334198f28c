"""Hostile tables as text: usage exports and CSVs of Stripe."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from benchmarks.hostile.payloads import ALL
from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER: Final = "Subuser,Date,Bandwidth Usage (GB)\n"
GOOD: Final = "ann,2024-01,1.5\n"
MB: Final = 1024**2

PAYMENTS: Final = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Status,"
    "Customer Email,Description\n"
)

_SIZES: Final = {
    "a cell of 10 MB": HEADER + "x" * (10 * MB) + ",2024-01,1\n" + GOOD,
    "a quoted cell of 10 MB": f'{HEADER}"{"x" * (10 * MB)}",2024-01,1\n{GOOD}',
    "a cell of 10 MB of line ends": f'{HEADER}"{chr(10) * (10 * MB)}",2024-01,1\n',
    "a header of 10 MB": "x" * (10 * MB) + ",Date,Usage\n" + GOOD,
    "10,000 columns": ",".join(f"c{n}" for n in range(10_000)) + "\n" + "1," * 9_999,
    "10,000 columns more than the header": HEADER + GOOD + "1," * 10_000 + "\n",
    "10,000 columns of one name": "Date," * 10_000 + "\n",
    "a row of a million commas": "," * MB,
    "a million quotes": HEADER + '"' * MB,
    "a million line ends": HEADER + "\n" * MB + GOOD,
    "a quote that never closes": f'{HEADER}"ann,2024-01,1\n' + GOOD * 10_000,
    "quotes within quotes": f'{HEADER}"a""b""""","2024-01",1\n{GOOD}',
    "50,000 wrong rows": HEADER + "x\n" * 50_000 + GOOD,
    "100,000 names": HEADER + "".join(f"u{n},2024-01,1\n" for n in range(100_000)),
}

_NUMBERS: Final = (
    "1e999999999 1e-999999999 1e308 -1e308 NaN Infinity -Infinity 0x10 1_000 "
    "\u0661\u0662 \u221e 1,5,5 -0 --1 1e 9.99e37 0.0000000000000000001"
).split()
_DATES: Final = (
    "0000-00 9999-12 10000-01 2024-13 -2024-01 2024-01-32 99999999999 1e10 "
    "0001-01-01T00:00:00Z 2024-02-30 \u0662\u0660\u0662\u0664-01 now()"
).split()

_BYTES: Final = {
    "nothing": b"",
    "one byte": b"\xff",
    "blanks": b" \t\r\n" * 1000,
    "zero bytes": bytes(4096),
    "a zero byte inside": f"{HEADER}a\0b,2024-01,1\n".encode(),
    "half a surrogate": HEADER.encode() + b"a\xed\xa0\x80b,2024-01,1\n",
    "overlong slashes": HEADER.encode() + b"a\xc0\xafb,2024-01,1\n",
    "bytes beyond UTF-8": HEADER.encode() + b"a\xf8\x88\x80\x80\x80b,2024-01,1\n",
    "only a byte order mark": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + (HEADER + GOOD).encode(),
    "UTF-16 with half a pair": (HEADER + "a").encode("utf-16") + b"\x00\xd8,\0",
    "UTF-16 of odd length": (HEADER + GOOD).encode("utf-16") + b"x",
    "UTF-16 without a mark": (HEADER + GOOD).encode("utf-16-be"),
    "UTF-32 beyond Unicode": b"\xff\xfe\0\0" + b"\xff\xff\xff\x7f" * 9,
    "UTF-7": b"Subuser,Date,+AD0-cmd" + b"\n+AD0-1,2024-01,1\n",
    "bytes that Windows-1252 lacks": HEADER.encode() + b"\x81\x8d,2024-01,1\n",
    "bare carriage returns": (HEADER + GOOD).replace("\n", "\r").encode(),
    "an end-of-file mark": (HEADER + GOOD).encode() + b"\x1a" + GOOD.encode(),
    "a line that names a delimiter": b"sep=\0\n" + HEADER.encode(),
    "a web page": b"<html><script>zqx</script></html>",
    "XML with an entity": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM '
    b'"file:///etc/passwd">]><a>&b;</a>',
    "a shell script": b"#!/bin/sh\nrm -rf /\n",
    "a picture that is a table": b"GIF89a,Date,Usage\n" + GOOD.encode(),
    "a program": b"MZ\x90\0" + bytes(200),
    "a pickle": b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.",
}


def files() -> Iterator[tuple[str, Upload]]:
    """Give out the files with what they try."""
    for what, text in ALL.items():
        yield f"{what} as a subuser", _usage(text, "2024-01", "1")
        yield f"{what} as a name of a column", _written(["Date", text, "Usage"])
        yield f"{what} as the name of a file", Upload(f"{text}.csv", _GOOD_BYTES)
        yield f"{what} at Stripe", _payment(text)
    for what, text in _SIZES.items():
        yield what, Upload("usage.csv", text.encode())
    for number in _NUMBERS:
        yield f"{number} as usage", _usage("ann", "2024-01", number)
    for date in _DATES:
        yield f"{date} as a period", _usage("ann", date, "1")
    for what, content in _BYTES.items():
        yield what, Upload("usage.csv", content)


_GOOD_BYTES: Final = (HEADER + GOOD).encode()


def _usage(*cells: str) -> Upload:
    return _written(["Subuser", "Date", "Usage (GB)"], cells, ["bob", "2024-01", "2"])


def _payment(text: str) -> Upload:
    good = ["ch_1", "2024-01-02 03:04:05", "10.00", "0.00", "usd", "true", "0.59"]
    rows = [
        [*good, "Paid", f"{text}@example.com", text],
        [text, *good[1:], "Paid", "ann@example.com", ""],
        ["ch_3", *good[1:4], text, *good[5:], text, "ann@example.com", ""],
    ]
    return _written(PAYMENTS.strip().split(","), *rows)


def _written(*rows: list[str] | tuple[str, ...]) -> Upload:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return Upload("usage.csv", text.getvalue().encode())
