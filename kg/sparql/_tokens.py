"""SPARQL text as tokens, and edits to it that know where each place came from.

A tokenizer is enough to find keywords and braces, and unlike a parser it cannot be led into deep
recursion. Where Oxigraph reads a text otherwise than the grammar says, `screen` errs to refusal.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.model.vocabulary import PREFIXES

STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\''
)
IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"
COMMENT = r"\#[^\n\r]*"
_TOKEN = re.compile(
    rf"(?P<string>{STRING})|(?P<iri>{IRI})|(?P<gap>\s+|{COMMENT})"
    r"|(?P<variable>[?$]\w+)|(?P<lang>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)"
    r"|(?P<name>[\w.\-]*:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\.)*)"
    r"|(?P<word>\w+)|(?P<mark>.)",
    re.DOTALL,
)
_PROLOGUE = re.compile(  # letters in both cases, as re.IGNORECASE takes three times as long
    r"(?:\s*[Pp][Rr][Ee][Ff][Ii][Xx]\s+[A-Za-z][A-Za-z0-9]*:\s*"
    r"<[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9/#.~_-]*>)*\s*",
    re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
OPENS, CLOSES = "{([", "})]"


class SparqlToken(NamedTuple):
    """A token: string, iri, variable, lang, name (with a colon), word or mark (one character)."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next character stands."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """The text as a keyword; "" of what cannot be one."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(query: str) -> Iterator[SparqlToken]:
    """The tokens of a text, whatever it holds, without spaces and comments.

    >>> [t.text for t in tokens("ASK { ?s a:b\\\\#c 'x#y' } # end")]
    ['ASK', '{', '?s', 'a:b\\\\#c', "'x#y'", '}']
    """
    for found in _TOKEN.finditer(query):
        kind = str(found.lastgroup)
        if kind != "gap":
            yield SparqlToken(kind, found.group(), found.start())


@lru_cache(16)  # who asks for it asks for that of the same query several times
def prologue_end(query: str) -> int:
    """Where a query begins after the plain declarations of prefixes at its start, which most begin with.

    Whatever is no plain declaration, such as a comment or an IRI with an escape, ends them; so what stands before
    is tokens of PREFIX, a name and an IRI, in turn.

    >>> prologue_end("PREFIX kg: <http://x/#> ASK {}"), prologue_end("# x\\nPREFIX kg: <x> ASK {}")
    (24, 0)
    """
    found = _PROLOGUE.match(query)
    return found.end() if found else 0


def string_value(literal: str) -> str:
    r"""What a string token stands for.

    >>> string_value(r"'라마 \"2\" \u0041'"), string_value('\"\"\"a\nb\"\"\"')
    ('라마 "2" A', 'a\nb')
    """
    quotes = 3 if len(literal) >= 6 and literal[:3] in ('"""', "'''") else 1
    return _ESCAPE.sub(_unescape, literal[quotes:-quotes])


def _unescape(found: re.Match[str]) -> str:
    escaped = found[1]
    if len(escaped) > 1:
        code = int(escaped[1:], 16)
        return (
            chr(code)
            if code < 0x110000 and not 0xD800 <= code < 0xE000
            else "\N{REPLACEMENT CHARACTER}"
        )
    return _ESCAPED.get(escaped, escaped)


def find_place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both from 1.

    >>> find_place("ab\\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def offset_of(text: str, line: int, column: int) -> int:
    """The character at a line and column; the end where the text is shorter."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    return min(start + column - 1, len(text))


class Edit(NamedTuple):
    """A part of a text and what stands there instead."""

    start: int
    end: int
    new: str


class Edited:
    """A text with edits.

    Args:
        text: the text as written.
        edits: in order, not overlapping.
    """

    def __init__(self, text: str, edits: Sequence[Edit]) -> None:
        self._written = text
        parts: list[str] = []
        self._starts: list[tuple[int, int, bool]] = []  # place here, place there, as written
        here = there = 0
        for edit in edits:
            for part, copied in ((text[there : edit.start], True), (edit.new, False)):
                self._starts.append((here, there if copied else edit.start, copied))
                parts.append(part)
                here += len(part)
            there = edit.end
        self._starts.append((here, there, True))
        self.text = "".join((*parts, text[there:]))

    def written(self, line: int, column: int) -> tuple[int, int]:
        """The line and column as written of a line and column of the edited text."""
        if not line:
            return line, column
        offset = offset_of(self.text, line, column)
        here, there, copied = self._starts[bisect_right(self._starts, (offset, 1 << 60)) - 1]
        return find_place(self._written, there + (offset - here if copied else 0))


class QueryNames:
    """How names are read at one place of a query; Oxigraph lets a prefix be declared anew."""

    def __init__(self) -> None:
        self.prefixes = dict(PREFIXES)

    def declare(self, prefix: SparqlToken, start: SparqlToken) -> None:
        """Read on after PREFIX name: <start>."""
        self.prefixes[prefix.text.rstrip(":")] = start.text[1:-1]

    def full(self, token: SparqlToken) -> str:
        """The IRI a token stands for, "" if none is known."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        known = token.kind == "name" and colon and prefix in self.prefixes
        return self.prefixes[prefix] + local if known else ""


def named(found: Sequence[SparqlToken]) -> Iterator[tuple[SparqlToken, str]]:
    """The tokens of a query that name something, each with its IRI; not those of declarations."""
    names, number = QueryNames(), 0
    while number < len(found):
        if found[number].upper == "PREFIX" and number + 2 < len(found):
            names.declare(*found[number + 1 : number + 3])
            number += 2
        elif full := names.full(found[number]):
            yield found[number], full
        number += 1
