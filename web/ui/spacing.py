"""Korean pages with no-break spaces before bound nouns: one pass over each page when it is made.

What a page shows is changed and nothing else: neither tags with what stands in their attributes, nor texts that
are typed, copied or run.
"""

from __future__ import annotations

import re

from flask import Flask, Response

from kg.language.spacing import BOUND, NO_BREAK
from web.app.context import lang

# Inside these a space is what it is.
_KEPT = re.compile(r"<(textarea|pre|code|script|style|option)\b.*?</\1\s*>", re.DOTALL)


def register(app: Flask) -> None:
    """Let an application hold together what belongs together on its Korean pages."""
    app.after_request(_hold)


def hold_in_page(page: str) -> str:
    """A page of HTML with no-break spaces before the bound nouns of its text.

    >>> hold_in_page('<p title="쓸 수">쓸 수</p><code>쓸 수</code>').replace(NO_BREAK, "_")
    '<p title="쓸 수">쓸_수</p><code>쓸 수</code>'
    """
    parts, start = [], 0
    for found in _KEPT.finditer(page):
        parts += [_held(page[start : found.start()]), found[0]]
        start = found.end()
    return "".join([*parts, _held(page[start:])])


def _held(page: str) -> str:
    """A page, or a part of one between tags; a space behind an open `<` is one of a tag."""
    parts, start = [], 0
    for found in BOUND.finditer(page):
        at = found.start()
        if page.rfind("<", start, at) > page.rfind(">", start, at):
            continue
        parts += [page[start:at], NO_BREAK]
        start = found.end()
    return "".join([*parts, page[start:]])


def _hold(response: Response) -> Response:
    if response.mimetype == "text/html" and response.is_sequence and lang() == "ko":
        response.set_data(hold_in_page(response.get_data(as_text=True)))
    return response
