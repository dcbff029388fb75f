"""What a query may not hold, found in its tokens before anything parses it.

SERVICE would make this machine call another; updates have nothing to write to; very deep nesting
crashes the parser. Oxigraph also takes SERVICE glued to what stands beside it (`SERVICE:x{`,
`SERVICESILENT<x>`, `1SERVICE`), so any bare word that holds it is refused; and where the grammar has
an IRI it may see a comparison (`?x<?a)#>`), so such a place is refused in a query that names a service.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.errors import QueryError, UpdateRefused
from kg.messages.message import Message
from kg.sparql._tokens import CLOSES, OPENS, SparqlToken, find_place, prologue_end, tokens

MAX_QUERY = 1_000_000  # characters
MAX_DEPTH = 128
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID"}
_BEFORE_STAR = {"DISTINCT", "REDUCED"}  # one of which may stand behind SELECT
_OPERANDS = {"string", "iri", "variable", "lang", "name", "word"}
_MISLEADING = re.compile("[)'#]")
_NAMED = re.compile("service", re.IGNORECASE)
_HEAD = re.compile(
    r"\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?:\s+(?:DISTINCT|REDUCED)\b)?\s*(\*)?", re.I
)
_WORDS = ("service", "graph", "now", "rand", "uuid", "#")  # that matter
_MATTERS = re.compile("|".join(_WORDS), re.IGNORECASE)
_SHORT = 4_000  # characters
_RUNS = "!+-^<"  # operators that nest by being repeated


class Screened(NamedTuple):
    """What the tokens of a query tell."""

    kind: str  # select, ask or graph; "" if the query is no query
    volatile: bool  # asks for the time or for chance, so that two answers differ
    scopes: bool  # holds GRAPH
    star: bool  # SELECT *


def screen(query: str) -> Screened:
    """Refuse a query that must not reach the engine.

    Raises:
        QueryError: it calls another service, is too long, or nests too deeply.
        UpdateRefused: it is an update.

    >>> screen("SELECT * { ?service ?p 'SERVICE' } # SERVICE").kind
    'select'
    >>> screen("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    kg.errors.QueryError: line 1, column 12: SERVICE is not allowed here: queries never call another machine; for full text use SERVICE kg:search
    """
    if len(query) > MAX_QUERY:
        raise QueryError(Message("the query is longer than %(most)s characters", most=MAX_QUERY))
    return _plain(query) or _screen(query)


def _plain(query: str) -> Screened | None:
    """The same for a short query without any of the words that matter after its prefixes, which most are."""
    if len(query) > _SHORT:
        return None
    query = query[prologue_end(query) :]
    if _matters(query):
        return None
    if max(sum(map(query.count, signs)) for signs in (OPENS, _RUNS)) > MAX_DEPTH:
        return None
    head = _HEAD.match(query)
    if not head:
        return None
    kind = _FORMS[head[1].upper()]
    return Screened(kind, False, False, kind == "select" and head[2] is not None)


def _matters(query: str) -> bool:
    """Whether a query holds a word that matters; beyond ASCII, ſ and ı are cases of s and i as well."""
    if not query.isascii():
        return bool(_MATTERS.search(query))
    lower = query.lower()
    return any(word in lower for word in _WORDS)


def _screen(query: str) -> Screened:
    kind, depth, run, since = "", 0, 0, 0  # since: tokens from the form on
    volatile = scopes = star = False
    last, named, brackets = SparqlToken("mark", "", 0), bool(_NAMED.search(query)), 0
    for token in tokens(query):
        if token.kind == "mark":
            behind = since == 1 or (since == 2 and last.upper in _BEFORE_STAR)
            star = star or (kind == "select" and behind and token.text == "*")
            brackets += (token.text == "(") - (token.text == ")")
            depth += (token.text in OPENS) - (token.text in CLOSES)
            run = run + 1 if token.text in _RUNS and token.text == last.text else 0
            if max(depth, run) > MAX_DEPTH:
                raise _error(
                    query,
                    token,
                    Message("nested more than %(most)s deep", most=MAX_DEPTH),
                )
        elif token.kind == "word":
            word = token.upper
            kind = kind or _kind(query, token)
            volatile, scopes = volatile or word in _VOLATILE, scopes or "GRAPH" in word
        if _calls(last, token):
            message = Message(
                "SERVICE is not allowed here: queries never call another machine; "
                "for full text use SERVICE kg:search"
            )
            raise _error(query, token, message)
        if named and brackets and _misleads(last, token):
            raise _error(
                query,
                token,
                Message(
                    "write a space after < or a prefixed name: it is not clear "
                    "whether this compares or names"
                ),
            )
        last, since = token, since + bool(kind)
    return Screened(kind, volatile, scopes, star)


def _calls(last: SparqlToken, token: SparqlToken) -> bool:
    """Whether a token is the keyword, or the one before it was, glued to the prefix of a name."""
    if token.kind == "word":
        return "SERVICE" in token.upper
    glued = last.kind == "name" and "SERVICE" in last.text.partition(":")[0].upper()
    return glued and token.text == "{"


def _misleads(last: SparqlToken, token: SparqlToken) -> bool:
    """Whether an IRI may be read as < and what follows it, and then hide what follows that."""
    operand = last.kind in _OPERANDS or last.text == ")"
    return operand and token.kind == "iri" and bool(_MISLEADING.search(token.text))


def _kind(query: str, token: SparqlToken) -> str:
    if token.upper in _UPDATES:
        line, column = find_place(query, token.start)
        raise UpdateRefused(token.upper, line, column)
    return _FORMS.get(token.upper, "")


def _error(query: str, token: SparqlToken, what: Message) -> QueryError:
    return QueryError(what, *find_place(query, token.start))
