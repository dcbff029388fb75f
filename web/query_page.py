"""The page of /sparql: an editor that works without JavaScript, saved examples, and the answer.

The protocol (web/sparql.py) decides that a page is wanted and how a query is run; this module only
shows. `page` runs the query with what it is given, so that every limit holds here as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flask import Response, make_response, render_template, request, url_for

from kg.errors import KGError, QueryError, QueryFailed
from kg.examples import examples
from kg.sparql import GRAPHS, RESULTS, Result
from web import errors
from web.context import site, snapshot
from web.headers import untagged
from web.table import MAX_BYTES, Table, table_of

# Runs a query: given its text, the format of tables and the format of graphs.
Run: TypeAlias = Callable[[str, str, str], Result]


def page(text: str, run: Run) -> Response:
    """The page, with the answer to a query.

    Args:
        text: the query as it was sent; empty for the form alone or for a saved example.
        run: runs a query as the protocol would, with the graphs this request selects.
    """
    text = text or _saved(request.args.get("example", ""))
    if not text:
        return make_response(_page(""))
    untagged()  # a query may ask for the time
    try:
        answer = run(text, "json", "turtle")
    except (QueryError, QueryFailed) as error:
        return make_response(_page(text, error=error), errors.problem_of(error).status)
    if answer.kind == "graph" or len(answer.body) > MAX_BYTES:
        return make_response(_page(text, graph=answer))
    return make_response(_page(text, table=table_of(snapshot(), answer)))


def _saved(name: str) -> str:
    return next((e.query for e in examples() if e.name == name), "")


def _page(text: str, table: Table | None = None, graph: Result | None = None,
          error: KGError | None = None) -> str:  # fmt: skip
    turtle = graph.body.decode("utf-8") if graph and len(graph.body) <= MAX_BYTES else ""
    formats = GRAPHS if graph and graph.kind == "graph" else RESULTS
    links = [(name, url_for("sparql.sparql", query=text, format=name)) for name in formats]
    return render_template(
        "sparql.html",
        query=text,
        table=table,
        turtle=turtle,
        too_large=graph is not None and not turtle,
        problem=errors.problem_of(error) if error else None,
        problem_title=errors.title_of(errors.problem_of(error).status) if error else "",
        examples=examples(),
        links=links if table or graph else [],
        limits=site().config,
    )
