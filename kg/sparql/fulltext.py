"""Full text inside SPARQL: `SERVICE kg:search { ?m kg:query "한국어 라마" ; kg:score ?s }`.

The block is plain SPARQL 1.1 and no call: it is replaced by VALUES with what the search engine
finds, so that it works on any SPARQL engine. Search runs first, hence its text must be a string.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.messages.message import Message
from kg.model.iri import decimal, iri
from kg.model.vocabulary import KG
from kg.sparql._tokens import (
    Edit,
    Edited,
    QueryNames,
    SparqlToken,
    find_place,
    string_value,
    tokens,
)

SEARCH = KG + "search"
SEARCH_TERMS = ("search", "query", "score", "limit")
LIMIT, MAX_LIMIT = 100, 10_000  # hits of one block
MAX_BLOCKS = 8
MAX_TEXT = 100_000  # characters of a query that uses it
_HOLDS = re.compile("service", re.IGNORECASE)

Find = Callable[[str, int], Sequence[tuple[str, float]]]  # text, limit -> ids with scores


@dataclass(kw_only=True, slots=True)
class _Block:
    """One SERVICE kg:search block."""

    start: int
    end: int = 0
    subject: str = ""
    query: str | None = None
    limit: int = LIMIT
    score: str = ""


def expand(query: str, find: Find, base: str) -> Edited:
    """A query with its search blocks replaced by what they find.

    Args:
        query: any text; blocks that call anything else are left for `screen` to refuse.
        find: the search engine.
        base: start of entity IRIs.

    Raises:
        QueryError: a block says something else than what to find; with line and column.

    >>> expand('SELECT ?m { SERVICE kg:search { ?m kg:query "라마" ; kg:score ?s } }',
    ...        lambda text, limit: [("model/llama-7b", 12.5)], "http://x/").text
    'SELECT ?m { VALUES (?m ?s) { (<http://x/model/llama-7b> 12.5) } }'
    """
    if not _HOLDS.search(query):
        return Edited(query, ())
    if len(query) > MAX_TEXT:
        raise QueryError(
            Message("a query with SERVICE may have %(most)s characters at most", most=MAX_TEXT)
        )
    edits = []
    for number, block in enumerate(_blocks(query, list(tokens(query))), 1):
        if number > MAX_BLOCKS:
            raise _wrong(
                query,
                block.start,
                Message("a query may search %(most)s times at most", most=MAX_BLOCKS),
            )
        edits.append(Edit(block.start, block.end, _values(block, find, base)))
    return Edited(query, edits)


def _blocks(query: str, found: Sequence[SparqlToken]) -> Iterator[_Block]:
    name = QueryNames()
    number = 0
    while number < len(found):
        head = found[number : number + 4]
        if head[0].upper == "PREFIX" and len(head) > 2:
            name.declare(head[1], head[2])
        elif head[0].upper == "SERVICE":
            after = head[2:] if len(head) > 1 and head[1].upper == "SILENT" else head[1:]
            if after and name.full(after[0]) == SEARCH:
                opening = number + len(head) - len(after) + 1
                number, block = _block(query, found, number, opening, name)
                yield block
        number += 1


def _block(
    query: str, found: Sequence[SparqlToken], start: int, opening: int, name: QueryNames
) -> tuple[int, _Block]:
    """The block whose keyword is token `start`, and the number of its closing brace."""
    block = _Block(start=found[start].start)
    if opening >= len(found) or found[opening].text != "{":
        raise _wrong(query, block.start, Message("expected { after SERVICE kg:search"))
    number = opening + 1
    while number < len(found) and found[number].text != "}":
        number = _triples(query, found, number, block, name)
    if number >= len(found):
        raise _wrong(query, block.start, Message("the block of SERVICE kg:search has no end"))
    if block.query is None:
        raise _wrong(query, block.start, Message('say what to find: ?m kg:query "words"'))
    block.end = found[number].end
    return number, block


def _triples(
    query: str, found: Sequence[SparqlToken], number: int, block: _Block, name: QueryNames
) -> int:
    """Read the statements about one subject; the number of the token after them."""
    subject = found[number]
    if subject.kind != "variable" or block.subject not in ("", subject.text):
        raise _wrong(
            query, subject.start, Message("SERVICE kg:search finds one variable: ?m kg:query …")
        )
    block.subject = subject.text
    number += 1
    while number < len(found) and found[number].text not in (".", "}"):
        if number + 1 < len(found):
            _said(query, found[number], found[number + 1], block, name)
        number += 2
        if number < len(found) and found[number].kind == "lang":
            number += 1
        if number < len(found) and found[number].text == ";":
            number += 1
    return number + 1 if number < len(found) and found[number].text == "." else number


def _said(
    query: str, predicate: SparqlToken, value: SparqlToken, block: _Block, name: QueryNames
) -> None:
    """Take up what one predicate says."""
    match name.full(predicate).removeprefix(KG), value.kind:
        case "query", "string":
            block.query = string_value(value.text)
        case "score", "variable" if value.text != block.subject:
            block.score = value.text
        case "limit", "word" if value.text.isdecimal() and 0 < int(value.text) <= MAX_LIMIT:
            block.limit = int(value.text)
        case "query" | "score" | "limit" as known, _:
            wanted = {
                "query": Message('kg:query takes a string, as in kg:query "words"'),
                "score": Message("kg:score takes a variable of its own, as in kg:score ?s"),
                "limit": Message("kg:limit takes a number from 1 to %(most)s", most=MAX_LIMIT),
            }[known]
            raise _wrong(query, value.start, wanted)
        case _:
            raise _wrong(
                query,
                predicate.start,
                Message("SERVICE kg:search knows kg:query, kg:limit and kg:score"),
            )


def _values(block: _Block, find: Find, base: str) -> str:
    hits = find(block.query or "", block.limit)
    if not block.score:
        inner = " ".join(f"<{iri(base, id)}>" for id, _ in hits)
        return f"VALUES {block.subject} {{ {inner} }}"
    inner = " ".join(f"(<{iri(base, id)}> {_points(score)})" for id, score in hits)
    return f"VALUES ({block.subject} {block.score}) {{ {inner} }}"


def _points(score: float) -> str:
    """A score as xsd:decimal, which SPARQL writes with a point."""
    text = decimal(score)
    return text if "." in text else text + ".0"


def _wrong(query: str, offset: int, what: Message) -> QueryError:
    return QueryError(what, *find_place(query, offset))
