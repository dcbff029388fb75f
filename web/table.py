"""The table a SPARQL query gives, as a page shows it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from kg.rdf import id_of
from kg.reader import Snapshot
from kg.sparql import Result
from kg.vocab import KG, PREFIXES
from web.context import lang
from web.facts import web_address

MAX_ROWS = 500  # a page shows no more; the files hold all
MAX_BYTES = 5_000_000  # nor does it read a larger answer


class Cell(NamedTuple):
    """One value."""

    text: str
    id: str = ""  # of an entity of ours
    url: str = ""
    term: str = ""  # local name of a term of the ontology
    lang: str = ""


class Table(NamedTuple):
    """A SELECT answer; an ASK answer is one cell."""

    columns: list[str]
    rows: list[list[Cell]]
    total: int


def table_of(snapshot: Snapshot, result: Result) -> Table:
    """A result in JSON as a table."""
    found = json.loads(result.body)
    if result.kind == "ask":
        return Table(["ASK"], [[Cell(str(found["boolean"]).lower())]], 1)
    columns, bindings = found["head"]["vars"], found["results"]["bindings"]
    rows = [[_cell(snapshot, b.get(c)) for c in columns] for b in bindings[:MAX_ROWS]]
    return Table(columns, rows, len(bindings))


def _cell(snapshot: Snapshot, term: dict[str, Any] | None) -> Cell:
    match term:
        case None:
            return Cell("")
        case {"type": "uri", "value": str(iri)}:
            return _iri(snapshot, iri)
        case {"value": str(text)}:
            return Cell(text, lang=term.get("xml:lang", ""))
    return Cell(json.dumps(term.get("value"), ensure_ascii=False))  # a quoted triple


def _iri(snapshot: Snapshot, iri: str) -> Cell:
    id = id_of(snapshot.manifest.base, iri)
    if id and snapshot.lines.find(id) is not None:
        return Cell(snapshot.label(id, lang()), id=id)
    if iri.startswith(KG):
        return Cell("kg:" + iri.removeprefix(KG), term=iri.removeprefix(KG))
    prefix = next((p for p, start in PREFIXES.items() if iri.startswith(start)), "")
    short = f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri
    return Cell(short, url=web_address(iri))
