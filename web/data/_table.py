"""The rows of an answer as a page shows them: terms with their labels and where they lead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from markupsafe import Markup, escape

from kg.model.iri import id_of
from kg.model.vocabulary import KG, PREFIXES, XSD
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Result
from web.app.context import lang
from web.charts.svg import Pattern
from web.ui.facts import web_address
from web.ui.format import foreign
from web.ui.links import _ELSEWHERE, _ENTITY, _TEXT, href, term_href

MAX_ROWS = 500  # a page shows no more; the files hold all
MAX_BYTES = 5_000_000  # nor does it read a larger answer
MAX_COLUMNS = 100  # nor show a wider one

Term: TypeAlias = Mapping[str, Any]  # as in SPARQL's JSON results

_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
_STAR = re.compile(r"\bselect\s+(?:(?:distinct|reduced)\s+)?\*", re.IGNORECASE)
_TERM = r'<([^>]*)>|_:(\S+)|"((?:[^"\\]++|\\.)*+)"(?:@([\w-]+)|\^\^<([^>]*)>)?'
_LINE = re.compile(rf"(?:{_TERM}) (?:{_TERM}) (?:{_TERM}) \.")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class TermCell(msgspec.Struct, frozen=True, kw_only=True):
    """One value."""

    text: str
    id: str = ""  # of an entity of ours
    url: str = ""
    term: str = ""  # local name of a term of the ontology
    lang: str = ""
    number: float | None = None
    key: str = ""  # the same for the same term


class AnswerTable(NamedTuple):
    """The rows that are shown; an ASK answer is one cell."""

    columns: list[str]
    rows: list[list[TermCell]]
    total: int


class _Columns(msgspec.Struct):
    vars: list[str]


class _Bindings(msgspec.Struct):
    bindings: list[msgspec.Raw]  # rows, of which only those that are shown are read


class _Answer(msgspec.Struct):
    """The answer to a SELECT, as JSON."""

    head: _Columns
    results: _Bindings


_READ_ANSWER, _READ_ROW = msgspec.json.Decoder(_Answer), msgspec.json.Decoder(dict[str, Any])


def table_of(snapshot: Snapshot, result: Result, text: str = "") -> AnswerTable | None:
    """A result in JSON as a table; None if it is too wide, or its terms too deep, for a page.

    Args:
        snapshot: where labels are from.
        result: in the format "json".
        text: the query; the columns of SELECT * stand as it names them.
    """
    if result.kind == "ask":
        true = msgspec.json.decode(result.body)["boolean"]
        return AnswerTable(["ASK"], [[TermCell(text=str(true).lower())]], 1)
    try:
        found = _READ_ANSWER.decode(result.body)
        bindings = [_READ_ROW.decode(row) for row in found.results.bindings[:MAX_ROWS]]
    except RecursionError:  # triples within triples
        return None
    columns = _ordered(found.head.vars, text)
    if len(columns) > MAX_COLUMNS:
        return None
    known: dict[str, TermCell] = {}  # most addresses stand in several rows
    rows = [[_cell(snapshot, b.get(c), known) for c in columns] for b in bindings]
    return AnswerTable(columns, rows, len(found.results.bindings))


def _cell(snapshot: Snapshot, term: Term | None, known: dict[str, TermCell]) -> TermCell:
    if term is None or term.get("type") != "uri":
        return cell(snapshot, term)
    iri = term["value"]
    if iri not in known:
        known[iri] = cell(snapshot, term)
    return known[iri]


def _ordered(columns: list[str], text: str) -> list[str]:
    if not _STAR.search(text):
        return columns
    places = {
        name: place for place, name in reversed(list(enumerate(re.findall(r"[?$](\w+)", text))))
    }
    return sorted(columns, key=lambda name: places.get(name, len(places)))


def triples_of(body: bytes) -> Iterator[tuple[Term, Term, Term]]:
    """The triples of an answer in N-Triples.

    They are read line by line and not by a parser of RDF, which a hostile answer could crash: terms
    that nest are left out.

    >>> [triple] = triples_of(b'<a> <p> "x\\\\ty"@ko .\\n')
    >>> triple[2]
    {'type': 'literal', 'value': 'x\\ty', 'xml:lang': 'ko'}
    """
    for line in body.decode("utf-8").split("\n"):
        if found := _LINE.fullmatch(line):
            parts = found.groups()
            yield _term(parts[:5]), _term(parts[5:10]), _term(parts[10:])


def _term(parts: Sequence[str | None]) -> Term:
    iri, blank, text, language, datatype = parts
    if iri is not None:
        return {"type": "uri", "value": _unescaped(iri)}
    if blank is not None:
        return {"type": "bnode", "value": blank}
    about = {"xml:lang": language} if language else {"datatype": datatype} if datatype else {}
    return {"type": "literal", "value": _unescaped(text or ""), **about}


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _ESCAPES.get(found[3], found[3])

    return _ESCAPE.sub(character, text) if "\\" in text else text


def table_of_triples(snapshot: Snapshot, triples: Sequence[tuple[Term, Term, Term]]) -> AnswerTable:
    """Triples as a table."""
    rows = [[cell(snapshot, term) for term in triple] for triple in triples[:MAX_ROWS]]
    return AnswerTable(["subject", "predicate", "object"], rows, len(triples))


def cell(snapshot: Snapshot, term: Term | None) -> TermCell:
    """A term as it is shown."""
    if term is None:
        return TermCell(text="")
    kind, value = term.get("type"), term.get("value")
    if not isinstance(value, str):  # a quoted triple
        return TermCell(text=json.dumps(value, ensure_ascii=False))
    if kind == "uri":
        return _iri(snapshot, value)
    if kind == "bnode":
        return TermCell(text=f"_:{value}", key=f"_:{value}")
    language, datatype = term.get("xml:lang", ""), term.get("datatype", "")
    return TermCell(
        text=value,
        lang=language,
        number=_number(value, datatype),
        key=f"{datatype} {language} {value}",
    )


def _number(text: str, datatype: str) -> float | None:
    if datatype not in _NUMBERS:
        return None
    value = float(text.replace("INF", "inf"))
    return value if abs(value) < float("inf") else None


def _iri(snapshot: Snapshot, iri: str) -> TermCell:
    id = id_of(snapshot.manifest.base, iri)
    if id and snapshot.lines.find(id) is not None:
        return TermCell(text=snapshot.label(id, lang()), id=id, key=iri)
    if iri.startswith(KG):
        return TermCell(text="kg:" + iri.removeprefix(KG), term=iri.removeprefix(KG), key=iri)
    prefix = next((p for p, start in PREFIXES.items() if iri.startswith(start)), "")
    short = f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri
    return TermCell(text=short, url=web_address(iri), key=iri)


_ENTITY_CELL = Pattern('<a href="{}" title="{}"{}>{}</a>')


_IN_LANGUAGE = Pattern("<span{}>{}</span> <sup>{}</sup>")


def rows_markup(rows: Sequence[Sequence[TermCell]]) -> Markup:
    """The rows of a table in one piece; a template hands on each part of each cell by itself, four times over."""
    made: dict[int, str] = {}  # by identity: what stands in several rows is one cell
    parts: list[str] = []
    for row in rows:
        parts.append("\n<tr>")
        for shown in row:
            if id(shown) not in made:
                start = "<td>" if shown.number is None else '<td class="num">'
                made[id(shown)] = f"{start}{_cell_markup(shown)}</td>"
            parts.append(made[id(shown)])
        parts.append("</tr>")
    return Markup("".join(parts))


def _cell_markup(shown: TermCell) -> Markup:
    """A term in the answer of a query."""
    if shown.id:
        return _ENTITY_CELL.format(href(shown.id), shown.id, foreign(shown.text), shown.text)
    if shown.term:
        return _ENTITY.format(term_href(shown.term), shown.text)
    if shown.url:
        return _ELSEWHERE.format(shown.url, shown.text)
    if shown.lang:
        return _IN_LANGUAGE.format(foreign(shown.text, shown.lang), shown.text, shown.lang)
    if (language := foreign(shown.text)) and " " in shown.text:
        return _TEXT.format(language, shown.text)
    return escape(shown.text)
