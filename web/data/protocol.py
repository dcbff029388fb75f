"""The SPARQL 1.1 protocol: what a request asks, and the answer in the format it accepts.

A query runs in a process of its own, or is one that needs none (kg/sparql/pool.py), and is answered only when it is complete, so that
a status is never 200 over a cut result. What it returns is not known before: the Accept header
chooses one format for tables and one for graphs. People get the page of web/data/_page.py.
"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wsgi import wrap_file

from kg.errors import InputError, Unacceptable, UpdateRefused
from kg.messages.message import Message
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.sparql.pool import Result
from kg.sparql.request import Options
from kg.sparql.screen import MAX_QUERY
from kg.sparql.terms import unknown_terms
from web.app.caching import negotiated_by, untagged
from web.app.context import GONE, site, snapshot
from web.app.encoding import accepts_gzip, wants_mark
from web.app.graph import close, run
from web.app.i18n import Refusal, mark
from web.app.negotiate import (
    HTML,
    PAGE,
    accepted,
    choose,
    is_browser,
    names_page,
)
from web.app.params import pairs, utf8
from web.app.representations import RDF, link
from web.data import _page as query_page
from web.data import wellknown
from web.data._asked import (
    LEAST_SECONDS,
    Asker,
    SparqlRequest,
    formats_for,
    read_request,
    refuse_long,
)
from web.data._direct import FOUND, Answered, answer_before
from web.data._table import rows_markup
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.operations import SOME_TEXT, Parameter, among, many, operation

bp = Blueprint("sparql", __name__)
bp.add_app_template_filter(rows_markup, "answer_rows")
bp.record_once(answer_before)
FEATURE = Feature(blueprint=bp)

MAX_BODY = 4 * MAX_QUERY  # bytes; a form writes a character of Korean as nine
FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)


@bp.route("/sparql", methods=["GET", "POST"])
@site_page(
    parameters=("query", "example"),
    menu=(MenuEntry("SPARQL", 40),),
    in_sitemap=True,
    sparql="/sparql",
    sparql_answer="/sparql?example=disputed",
)
@operation(
    "sparql",
    "/sparql",
    mark("A SPARQL 1.1 query, by GET or POST; the Accept header or format chooses the form."),
    {"type": ["object", "array", "string"]},
    example="/sparql?query=ASK%20%7B%20%3Fs%20a%20kg%3AModel%20%7D&format=json",
    parameters=(
        Parameter("query", mark("the query"), SOME_TEXT, True),
        Parameter(
            "format",
            mark("form of the answer; else as the Accept header says"),
            among(sorted({*RESULT_FORMATS, *RDF_FORMATS})),
        ),
        Parameter(
            "timeout", mark("seconds it may run"), {"type": "number", "minimum": LEAST_SECONDS}
        ),
        Parameter("default-graph-uri", mark("graphs to query as the default graph"), many()),
        Parameter("named-graph-uri", mark("graphs to query by name"), many()),
    ),
    media=(*(f.media_type for f in (*RESULT_FORMATS.values(), *RDF_FORMATS.values())), HTML),
    bodies={QUERY: "query"},
    takes_more=True,
)
def sparql() -> ResponseReturnValue:
    """Answer a query, show the page, or describe the service."""
    asked = _asked()
    if request.method == "POST":
        untagged()
    as_page = asked.format == "html" or (not asked.format and is_browser())
    if asked.text is None and not asked.format:
        return _without_query(as_page)
    if not (asked.text or "").strip() and not (as_page and asked.text is None):
        raise InputError(Message("give a SPARQL query in the parameter `query`"))
    if as_page:
        return query_page.query_page(asked.text or "", _run)
    try:
        return _protocol(asked)
    except Unacceptable:  # no table in Turtle, say: then the page, if it is accepted at all
        if asked.format or request.method == "POST" or not names_page():
            raise
        return query_page.query_page(asked.text or "", _run)


def _without_query(as_page: bool) -> Response:
    if as_page:
        return query_page.query_page("", _run)
    described = choose(RDF, accepted())
    if not described:
        if request.method != "POST" and choose((PAGE,), accepted()):
            return query_page.query_page("", _run)
        raise InputError(Message("give a SPARQL query in the parameter `query`"))
    return wellknown.service_description(described)


def _asked() -> SparqlRequest:
    """Read the request.

    Raises:
        HTTPException, UpdateRefused, InputError: it is too long, an update, or cannot be used.
    """
    refuse_long(request.query_string)
    asker = Asker(request.remote_addr or "", request.environ.get(GONE))
    return read_request(*_parameters(), site().config, asker)


def _parameters() -> tuple[MultiDict[str, str], list[str]]:
    """The parameters of a request, and the query if it is the body itself."""
    given = pairs(request.query_string)
    if request.method != "POST":
        return given, []
    request.max_content_length = MAX_BODY
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise Refusal(415, Message("send UTF-8, not %(charset)s", charset=charset[:40]))
    match request.mimetype:
        case type if type == FORM:
            return MultiDict(
                [*given.items(multi=True), *pairs(request.get_data()).items(multi=True)]
            ), []
        case type if type == QUERY:
            return given, [utf8(request.get_data())]
        case type if type == UPDATE:
            raise UpdateRefused
    raise Refusal(415, Message("send %(query)s, or a form (%(form)s)", query=QUERY, form=FORM))


def _run(
    text: str,
    results: str | None = "json",
    graph: str | None = "turtle",
    options: Options | None = None,
) -> Result:
    """Run a query with the graphs and the deadline that this request names, if that was not done before Flask."""
    found = request.environ.pop(FOUND, None)
    if isinstance(found, Exception):
        raise found
    if isinstance(found, Answered):
        if found.release is snapshot():
            return found.result
        close(found.result)  # a newer release is served since, and named in the tag of this answer
    options = _asked().options if options is None else options
    return run(site().pool, text, results, graph, options)


def _protocol(asked: SparqlRequest) -> Response:
    zipped = accepts_gzip() and not wants_mark()
    results, graph = formats_for(asked.format, request.headers.get("Accept", ""))
    answer = _run(
        asked.text or "", results, graph, msgspec.structs.replace(asked.options, gzip=zipped)
    )
    negotiated_by("Accept", "Accept-Encoding")
    hints = unknown_terms(asked.text or "")
    if answer.volatile:
        untagged()
    response = Response(answer.data, content_type=answer.media_type)
    if answer.file:
        response.response = wrap_file(request.environ, answer.file)
        response.direct_passthrough = True
        response.call_on_close(answer.file.close)
    response.content_length = answer.size
    if answer.gzip:
        response.content_encoding = "gzip"
    for hint in hints:  # as the form of an answer holds no words of ours
        name = (hint.near or hint.name).removeprefix("kg:")
        about = url_for("ontology.page", _anchor=name if hint.near else None)
        link(response, "help", about, title=str(hint.told))
    fresh = not answer.volatile and request.method != "POST"
    response.headers["Cache-Control"] = "public, max-age=60" if fresh else "no-store"
    return response
