"""The SPARQL endpoint: a page for people, the protocol's answers for programs.

A query runs in a process of its own (kg/sparql.py). What it returns is not known before, so the
Accept header chooses one format for tables and one for graphs.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotAcceptable

from kg.errors import InputError, UnknownFormat
from kg.sparql import GRAPHS, RESULTS, Result
from web import query_page
from web.context import site, snapshot
from web.headers import untagged
from web.negotiate import JSON, PAGE, Offer, choose, is_browser

bp = Blueprint("sparql", __name__)


def _offers(known: dict[str, str], *, json: str) -> tuple[Offer, ...]:
    """Formats as offers; plain JSON means the format named `json`."""
    more = {json: (JSON,)}
    return tuple(Offer(name, (media_type.split(";")[0], *more.get(name, ())))
                 for name, media_type in known.items())  # fmt: skip


_RESULTS = _offers(RESULTS, json="json")
_GRAPHS = _offers(GRAPHS, json="jsonld")


@bp.get("/sparql")
def sparql() -> ResponseReturnValue:
    """Answer a query, or show the form."""
    text = request.args.get("query", "")
    wanted = request.args.get("format", "")
    as_page = wanted == "html" or (not wanted and is_browser())
    if "query" not in request.args and (as_page or choose((PAGE,), request.accept_mimetypes)):
        return query_page.page("", _run)
    if not text.strip():
        raise InputError("give a SPARQL query in the parameter `query`")
    if as_page:
        return query_page.page(text, _run)
    untagged()  # a query may ask for the time
    return _protocol(text, wanted)


def _run(text: str, results: str = "json", graph: str = "turtle") -> Result:
    return site().pool.query(snapshot().dataset, text, results, graph)


def _protocol(text: str, wanted: str) -> Response:
    results, graph = _formats(wanted)
    answer = _run(text, results or "json", graph or "turtle")
    if (graph if answer.kind == "graph" else results) is None:
        offered = GRAPHS if answer.kind == "graph" else RESULTS
        raise NotAcceptable(f"this query can answer: {', '.join(offered.values())}")
    return Response(answer.body, content_type=answer.media_type)


def _formats(wanted: str) -> tuple[str | None, str | None]:
    """The format for tables and the one for graphs; None where none will do."""
    if not wanted:
        accept = request.accept_mimetypes
        chosen = choose(_RESULTS, accept), choose(_GRAPHS, accept)
        if chosen == (None, None):
            raise NotAcceptable(f"offered are: {', '.join({**RESULTS, **GRAPHS}.values())}")
        return chosen
    if wanted not in RESULTS and wanted not in GRAPHS:
        raise UnknownFormat(wanted, ["html", *RESULTS, *GRAPHS])
    table = wanted if wanted in RESULTS else None
    both = {"json": "jsonld", "xml": "rdfxml"}  # one word for either kind of answer
    return table, both.get(wanted, wanted if wanted in GRAPHS else None)
