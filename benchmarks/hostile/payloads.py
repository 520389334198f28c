"""Text that means something to what shows, opens or stores it."""

from __future__ import annotations

from typing import Final

MARK: Final = "zqx"
"""Stands in every payload that a page could show: easy to be found again."""

ACTIVE: Final = {
    "a script": "<script>window.zqx=1</script>",
    "an image with a handler": "<img src=zqx onerror=window.zqx=1>",
    "a closed attribute": '"><svg onload=window.zqx=1>',
    "a frame": "<iframe srcdoc='<script>parent.zqx=1</script>'></iframe>",
    "a link": "[zqx](javascript:window.zqx=1)",
    "a link elsewhere": "[zqx](https://zqx.example.com)",
    "an image elsewhere": "![zqx](https://zqx.example.com/zqx.png)",
    "a reference": "[zqx]: https://zqx.example.com",
    "an address": "https://zqx.example.com/?zqx",
    "a formula of TeX": "$\\href{javascript:zqx}{zqx}$",
    "a coloured text": ":red-background[zqx] :material/delete: **zqx**",
    "a code fence": "```\nzqx\n```",
    "a template": "{{zqx.constructor('zqx')()}} ${zqx} #{zqx}",
}
"""What a page must show letter by letter."""

FORMULAS: Final = {
    "a command": "=cmd|' /C zqx'!A0",
    "a web service": '=WEBSERVICE("https://zqx.example.com")',
    "a plus": "+1+zqx",
    "a minus": "-1+zqx",
    "an at": "@SUM(zqx)",
    "a tab before": "\t=zqx()",
    "a wide equals": "\uff1dzqx()",
}
"""What a spreadsheet would compute."""

QUERIES: Final = {
    "an end of a string": "zqx'; DROP TABLE batch; --",
    "a quoted name": "zqx\"; ATTACH '/etc/passwd'; --",
    "a wildcard": "zqx%_\\",
    "an operator": '{"$ne": "zqx"}',
}
"""What a query would run."""

LETTERS: Final = {
    "right to left": "zqx\u202egpj.exe\u202c",
    "isolates": "zqx\u2066\u2067x\u2069",
    "no width": "z\u200bq\u200dx\u2060",
    "a byte order mark inside": "zq\ufeffx",
    "line separators": "zqx\u2028zqx\u2029zqx",
    "controls": "zqx\x07\x1b[31m\x7f\x9b",
    "marks upon marks": "zqx" + "\u0301" * 500,
    "private and unassigned": "zqx\ue000\U0010ffff\ufffe",
    "look-alikes": "\u0430dmin@\u0435xample.com",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467 zqx",
}
"""What letters can do without meaning anything."""

ALL: Final = {**ACTIVE, **FORMULAS, **QUERIES, **LETTERS}
"""Every payload by what it is."""
