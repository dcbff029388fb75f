"""Texts and addresses of strangers in Markdown: they start no link, image, tag, table or reference of their own."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~&$@!?])")
_ADDRESS = re.compile(r"https?://[^/\s]", re.I)
# Begins what some readers make a link
_LINKED = re.compile(r"(?i)\b(https?|ftp)(?=:)|\b(www)(?=\.)")
# Begins what is a list or an underline at the start of a line
_BLOCK = re.compile(r"^(\d{0,9})([-+=.)])(?=[\s=-]|$)")
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # what stands for itself in an address


def escape_markdown(text: str) -> str:
    r"""A text on one line that Markdown takes as it is, without signs that cannot be seen.

    An address in it becomes no link, a number at its start no list.

    >>> escape_markdown("a_b [c]\n<d> &lt;")
    'a\\_b \\[c\\] \\<d\\> \\&lt;'
    >>> escape_markdown("see https://example.org\u202e (?)")
    'see https\\://example.org (\\?)'
    >>> escape_markdown("1. one"), escape_markdown("2023-03")
    ('1\\. one', '2023-03')
    """
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    escaped = _SIGNS.sub(r"\\\1", " ".join(seen.split()))
    linked = _LINKED.sub(lambda found: found[0] + "\\", escaped)
    return _BLOCK.sub(r"\1\\\2", linked)


def web_address(text: str) -> str:
    """An address without characters that no IRI may hold; "" if it is none.

    >>> web_address("https://example.org/a b"), web_address("see the paper")
    ('https://example.org/a%20b', '')
    """
    return quote(text, safe=_SAFE) if _ADDRESS.match(text) else ""
