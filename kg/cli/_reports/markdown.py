"""Text of others in Markdown: it can start no link, image, tag, table cell or mention."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_SIGNS = "\\`*_[]<>|"
_MORE_SIGNS = "~$&"  # struck out, formulas and entities, where a forge reads them
# What a forge makes a link of though nothing marks it: @names, #numbers and addresses.
_LINKED = re.compile(r"@(?=\w)|#(?=\w)|:(?=//)|(?<=www)\.|(?<=GH)-(?=\d)", re.IGNORECASE)
_SAFE = "!#$%&'*+,/:;=?@~"  # what stands for itself in the address of a link
_CUT = "<!-- -->"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain(text: str) -> str:
    """A text of data as Markdown takes it: what others wrote can start no link, image or tag.

    >>> plain("a [b](c) | <d>")
    'a \\\\[b\\\\](c) \\\\| \\\\<d\\\\>'
    """
    for sign in _SIGNS:
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def quiet(text: str) -> str:
    """The same for a comment that a forge shows: nobody is mentioned, nothing becomes a link.

    >>> quiet("@bob see #1 at http://x")
    '@<!-- -->bob see #<!-- -->1 at http:<!-- -->//x'
    """
    text = plain(visible(text))
    for sign in _MORE_SIGNS:
        text = text.replace(sign, "\\" + sign)
    return _LINKED.sub(lambda found: found[0] + _CUT, text)


def code(text: str, most: int = 120) -> str:
    """A name as code, in a table or out of it, on one line.

    >>> code("a`b|c"), code("x" * 9, most=5)
    ("`a'b¦c`", '`xxxx…`')
    """
    text = " ".join(visible(text).split()).replace("`", "'").replace("|", "¦")
    text = text if len(text) <= most else text[: most - 1] + "…"
    return f"`{text or ' '}`"


def link(text: str, url: str | None) -> str:
    """A text as a link, if the address is one of the web.

    >>> link("§ 2", "https://example.org/a(b)|c"), link("§ 2", "javascript:x")
    ('[§ 2](https://example.org/a%28b%29%7Cc)', '§ 2')
    """
    if not url or not url.startswith(("https://", "http://")):
        return quiet(text)
    return f"[{quiet(text)}]({quote(url, safe=_SAFE, errors='replace')})"


def visible(text: str) -> str:
    """A text in which each character that cannot be seen, or turns others around, is a mark."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) in _INVISIBLE and sign not in "\n\t" else sign
        for sign in text
    )
