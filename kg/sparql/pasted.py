"""What a query brings along from where it was copied: marks and spaces that nobody sees, curly quotes.

Editors put a byte order mark before a text, pages no-break and zero-width spaces into it, word
processors curly quotes around words. Outside of strings, IRIs and comments none of them means
anything in SPARQL, so each becomes what it looks like. A character takes the place of a character, so
that places in messages are those of the text as sent. A mark inside a name is left for the engine to
refuse, because nobody can know whether one name or two were meant.
"""

from __future__ import annotations

import re

from kg.sparql._tokens import COMMENT, IRI, STRING

# Of the Unicode spaces those that no name may hold.
_SPACES = "\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Marks without width: soft hyphen, joiners, directions, byte order mark.
_UNSEEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_PARTS = re.compile(
    rf"(?P<kept>{STRING}|{IRI}|{COMMENT})"
    '|(?P<double>[\u201c-\u201f\u2033\uff02][^"\\\\\n\r\u201c-\u201f\u2033\uff02]*[\u201c-\u201f\u2033\uff02])'
    "|(?P<single>[\u2018-\u201b\u2032\uff07][^'\\\\\n\r\u2018-\u201b\u2032\uff07]*[\u2018-\u201b\u2032\uff07])"
    rf"|(?P<space>[{_SPACES}]+)|(?<!\w)(?P<before>[{_UNSEEN}]+)|(?P<after>[{_UNSEEN}]+)(?!\w)",
    re.DOTALL,
)
_ANY = re.compile(f"[{_SPACES}{_UNSEEN}\u2018-\u201f\u2032\u2033\uff02\uff07]")


def plain_query(text: str) -> str:
    r"""A query with what it means in place of what it was pasted with, as long as before.

    >>> plain_query("\ufeffASK\u00a0{ ?s ?p \u201cA\u00a0B\u201d }\u200b"), plain_query("ASK { ?s ?p '\u201c\u00a0' }")
    (' ASK { ?s ?p "A\xa0B" } ', "ASK { ?s ?p '“\xa0' }")
    """
    return _PARTS.sub(_plain, text) if _ANY.search(text) else text


def _plain(found: re.Match[str]) -> str:
    part = found.group()
    match found.lastgroup:
        case "double":
            return f'"{part[1:-1]}"'
        case "single":
            return f"'{part[1:-1]}'"
        case "kept":
            return part
    return " " * len(part)
