"""The page of /sparql: an editor that works without JavaScript, saved queries, and the answer.

The protocol (web/data/protocol.py) decides that a page is wanted and how a query is run; this module only
shows. `query_page` runs the query with what it is given, so that every limit holds here as well. With
JavaScript the page asks for itself and takes over the part that holds the answer, so there is one
way in which answers are shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import msgspec
from flask import Response, make_response, render_template, request, url_for

from kg.errors import KGError, QueryError, QueryFailed, QueryRefused
from kg.model.media import CSV, formats_of
from kg.sparql.examples import examples
from kg.sparql.pool import Result
from kg.sparql.terms import unknown_terms
from web.app import errors
from web.app.caching import untagged
from web.app.context import lang, site, snapshot
from web.app.graph import taken
from web.app.i18n import render_message
from web.data._bars import Chart, chart_of
from web.data._network import NetworkDrawing, network_of
from web.data._table import MAX_BYTES, AnswerTable, table_of, table_of_triples, triples_of

# Runs a query: given its text, the format of tables and the format of graphs.
Run: TypeAlias = Callable[[str, str, str], Result]

LONGEST = 8000  # characters of an address that every server and browser takes
_START = """SELECT ?model ?label WHERE {
  ?model a kg:Model ;
         rdfs:label ?label .
}
ORDER BY ?label
LIMIT 50
"""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a query gave, as the page shows it."""

    kind: str  # select, ask or graph
    milliseconds: int
    downloads: list[tuple[str, str, str]]  # format, its name, address or ""
    table: AnswerTable | None = None  # None: too large to show
    chart: Chart | None = None
    network: NetworkDrawing | None = None
    excel: str = ""  # address of a table that Excel reads; "" = none
    hints: list[str] = []  # what is said of terms that do not exist


class Failure(NamedTuple):
    """Why there is no answer."""

    problem: errors.Problem
    title: str
    before: str  # the line of the query up to the place
    after: str


def query_page(text: str, run: Run) -> Response:
    """The page, with the answer to a query.

    Args:
        text: the query as it was sent; empty for the form alone or for a saved query.
        run: runs a query as the protocol would, with the graphs this request selects.
    """
    text = text or next(
        (e.titled(lang()) for e in examples() if e.name == request.args.get("example", "")), ""
    )
    if not text:
        return make_response(_page(""))
    untagged()  # a query may ask for the time, and the page says how long it took
    start = time.monotonic()
    try:
        result = run(text, "json", "ntriples")
    except (QueryError, QueryFailed) as error:
        failure = _failure(text, error)
        response = make_response(_page(text, failure=failure), failure.problem.status)
        if isinstance(error, QueryRefused):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    took = round((time.monotonic() - start) * 1000)
    return make_response(_page(text, _answer(text, result, took)))


def _answer(text: str, result: Result, took: int) -> Answer:
    known = formats_of(result.kind).values()
    downloads = [(f.name, f.label, _address(text, f.name)) for f in known]
    excel = "" if result.kind == "graph" else _address(text, CSV.name, bom="1")
    hints = [render_message(term.told) for term in unknown_terms(text)]
    answer = Answer(
        kind=result.kind, milliseconds=took, downloads=downloads, excel=excel, hints=hints
    )
    if result.size > MAX_BYTES:
        if result.file:
            result.file.close()
        return answer
    body = taken(result)
    if result.kind == "graph":
        triples = list(triples_of(body))
        return msgspec.structs.replace(
            answer,
            table=table_of_triples(snapshot(), triples),
            network=network_of(snapshot(), triples),
        )
    table = table_of(snapshot(), msgspec.structs.replace(result, data=body, file=None), text)
    return msgspec.structs.replace(answer, table=table, chart=chart_of(table) if table else None)


def _address(text: str, format: str, **more: str) -> str:
    """The address of an answer as a file, with the graphs this request selects; "" if too long."""
    graphs: dict[str, Any] = more | {
        name: given
        for name in ("default-graph-uri", "named-graph-uri")
        if (given := request.values.getlist(name))
    }
    address = url_for("sparql.sparql", query=text, format=format, **graphs)
    return address if len(address) <= LONGEST else ""


def _failure(text: str, error: KGError) -> Failure:
    problem = errors.problem_of(error)
    if isinstance(error, QueryError):  # the page shows the place itself
        problem = msgspec.structs.replace(problem, detail=render_message(error.what))
    lines = text.splitlines()
    line = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
    start = max(0, problem.column - 80)  # a query may be one long line
    cut = max(0, problem.column - 1)
    return Failure(problem, errors.title_of(problem.status), line[start:cut], line[cut : cut + 80])


def _page(text: str, answer: Answer | None = None, failure: Failure | None = None) -> str:
    return render_template(
        "data/sparql.html",
        query=text or _START,
        asked=bool(text),
        answer=answer,
        failure=failure,
        examples=examples(),
        longest=LONGEST,
        limits=site().config,
    )
