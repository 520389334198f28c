"""Pages that the border answers with, before any page of the app: plain HTML."""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOGO: Final = base64.b64encode(
    (Path(__file__).parent / "logo.svg").read_bytes()
).decode()

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 4rem auto;
  padding: 0 1rem; color: #101923; background: #fff; }}
h1 {{ font-size: 1.6rem; margin: 2rem 0 1rem; }}
p {{ overflow-wrap: anywhere; }}
code {{ background: #F4F6F8; padding: 0.1rem 0.3rem; }}
a.button {{ display: inline-block; padding: 0.5rem 1rem; border-radius: 0.35rem;
  background: #0B5CAD; color: #fff; text-decoration: none; margin-right: 0.5rem; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #E6EBF0; background: #11171E; }}
  code {{ background: #1C2530; }}
  a.button {{ background: #2B78C2; }}
}}
</style>
</head>
<body>
<img src="data:image/svg+xml;base64,{logo}" alt="Meterbook" height="32">
<h1>{title}</h1>
{body}
</body>
</html>
"""


def page(
    title: str,
    paragraphs: Sequence[str],
    links: Sequence[tuple[str, str]] = (),
    *,
    status: int,
) -> HTMLResponse:
    """Answer with a page; every text is escaped, and text in backticks is code.

    Args:
        title: Its heading.
        paragraphs: What it says.
        links: Label and address of each button.
        status: The HTTP status.
    """
    said = [f"<p>{_with_code(text)}</p>" for text in paragraphs]
    buttons = [
        f'<a class="button" href="{html.escape(address)}">{html.escape(label)}</a>'
        for label, address in links
    ]
    body = "\n".join([*said, *(["<p>", *buttons, "</p>"] if buttons else [])])
    content = _PAGE.format(title=html.escape(title), body=body, logo=_LOGO)
    return HTMLResponse(content, status, headers={"cache-control": "no-store"})


def _with_code(text: str) -> str:
    parts = html.escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if odd % 2 else part for odd, part in enumerate(parts)
    )
