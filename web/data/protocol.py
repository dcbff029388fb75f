"""The SPARQL 1.1 protocol: what a request asks, and the answer in the format it accepts.

A query runs in a process of its own (kg/sparql/pool.py) and is answered only when it is complete, so that
a status is never 200 over a cut result. What it returns is not known before: the Accept header
chooses one format for tables and one for graphs. People get the page of web/data/_page.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec
from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wsgi import wrap_file

from kg.errors import InputError, Unacceptable, UnknownFormat, UpdateRefused
from kg.messages.message import Message
from kg.model.media import RDF_FORMATS, RESULT_FORMATS, EngineFormat
from kg.sparql.pool import Result
from kg.sparql.request import Options, client_of
from kg.sparql.screen import MAX_QUERY
from kg.sparql.terms import unknown_terms
from web.app.caching import negotiated_by, untagged
from web.app.context import GONE, site
from web.app.cors import MAX_ADDRESS
from web.app.encoding import accepts_gzip, wants_mark
from web.app.graph import run
from web.app.i18n import Refusal, mark
from web.app.negotiate import (
    HTML,
    PAGE,
    Offer,
    accepted,
    choose,
    is_browser,
    names_page,
    parse_accept,
)
from web.app.representations import RDF, link
from web.data import _page as query_page
from web.data import wellknown
from web.data._table import cell_markup
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.operations import SOME_TEXT, Parameter, among, many, operation

bp = Blueprint("sparql", __name__)
bp.add_app_template_filter(cell_markup, "cell")
FEATURE = Feature(blueprint=bp)

MAX_BODY = 4 * MAX_QUERY  # bytes; a form writes a character of Korean as nine
MAX_FIELDS = 1_000
FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
LEAST_SECONDS = 0.1  # that a query may be given; one that asks for less gets this


class SparqlRequest(NamedTuple):
    """A request of the protocol."""

    text: str | None  # the query; None if none was sent
    format: str  # as named by `format`; "" to follow Accept
    options: Options


def _offers(formats: Mapping[str, EngineFormat]) -> tuple[Offer, ...]:
    return tuple(Offer(f.name, (f.media_type, *f.other_types)) for f in formats.values())


_RESULTS, _GRAPHS = _offers(RESULT_FORMATS), _offers(RDF_FORMATS)
# What else clients call a format of graphs; `json` and `xml` are one word for either kind of answer.
_OTHER_NAMES = {other: f.name for f in RDF_FORMATS.values() for other in f.other_names}


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
    {"type": ["object", "string"]},
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
    if len(request.query_string) > MAX_ADDRESS:
        raise Refusal(
            414,
            Message(
                "the address is longer than %(most)s bytes; use POST",
                most=MAX_ADDRESS,
            ),
        )
    given, direct = _parameters()
    if "update" in given:
        raise UpdateRefused
    queries = [*given.getlist("query"), *direct]
    if len(queries) > 1:
        raise InputError(Message("send one query only"))
    text = queries[0] if queries else None
    if text and len(text) > MAX_QUERY:
        raise Refusal(413, Message("the query is longer than %(most)s characters", most=MAX_QUERY))
    return SparqlRequest(text, _word(given.get("format", "")), _options(given))


def _parameters() -> tuple[MultiDict[str, str], list[str]]:
    """The parameters of a request, and the query if it is the body itself."""
    given = _pairs(request.query_string)
    if request.method != "POST":
        return given, []
    request.max_content_length = MAX_BODY
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise Refusal(415, Message("send UTF-8, not %(charset)s", charset=charset[:40]))
    match request.mimetype:
        case type if type == FORM:
            return MultiDict(
                [*given.items(multi=True), *_pairs(request.get_data()).items(multi=True)]
            ), []
        case type if type == QUERY:
            return given, [_utf8(request.get_data())]
        case type if type == UPDATE:
            raise UpdateRefused
    raise Refusal(415, Message("send %(query)s, or a form (%(form)s)", query=QUERY, form=FORM))


def _pairs(data: bytes) -> MultiDict[str, str]:
    """The parameters of a query string or form; werkzeug would put up with text that is no UTF-8."""
    try:
        return MultiDict(
            parse_qsl(
                _utf8(data), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
            )
        )
    except UnicodeDecodeError as error:
        raise InputError(
            Message("a parameter is not UTF-8 text: %(reason)s", reason=error.reason)
        ) from error
    except ValueError as error:
        raise InputError(Message("send %(most)s parameters at most", most=MAX_FIELDS)) from error


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            Message("the request is not UTF-8 text: %(reason)s", reason=error.reason)
        ) from error


@lru_cache(256)
def _word(format: str) -> str:
    """A format by its name among ours: clients also send its media type or another short word."""
    named = format.partition(";")[0].strip().lower()
    for offer in (*_RESULTS, *_GRAPHS):
        if named in offer.types:
            return offer.name
    return named if named in RESULT_FORMATS else _OTHER_NAMES.get(named, named)


def _options(given: MultiDict[str, str]) -> Options:
    return Options(
        default_graphs=tuple(given.getlist("default-graph-uri")),
        named_graphs=tuple(given.getlist("named-graph-uri")),
        seconds=_seconds(given.get("timeout", "")),
        client=client_of(request.remote_addr or ""),
        gone=request.environ.get(GONE),
    )


def _seconds(text: str) -> float:
    """The deadline that is asked for; who asks for none gets a short one."""
    try:
        seconds = float(text) if text else site().config.sparql_default_timeout
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise InputError(Message("timeout is a number of seconds, not %(text)r", text=text[:40]))
    return max(seconds, LEAST_SECONDS)


def _run(
    text: str,
    results: str | None = "json",
    graph: str | None = "turtle",
    options: Options | None = None,
) -> Result:
    """Run a query with the graphs and the deadline that this request names."""
    options = _asked().options if options is None else options
    return run(site().pool, text, results, graph, options)


def _protocol(asked: SparqlRequest) -> Response:
    zipped = accepts_gzip() and not wants_mark()
    results, graph = _formats(asked.format)
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


def _formats(wanted: str) -> tuple[str | None, str | None]:
    """The format for tables and the one for graphs; None where none will do."""
    if not wanted:
        return _accepted(request.headers.get("Accept", ""))
    if wanted not in RESULT_FORMATS and wanted not in RDF_FORMATS:
        raise UnknownFormat(wanted, ["html", *RESULT_FORMATS, *RDF_FORMATS])
    table = wanted if wanted in RESULT_FORMATS else None
    return table, _OTHER_NAMES.get(wanted, wanted if wanted in RDF_FORMATS else None)


@lru_cache(256)
def _accepted(header: str) -> tuple[str | None, str | None]:
    """The same by an Accept header; clients send few different ones."""
    accept = parse_accept(header)
    chosen = choose(_RESULTS, accept), choose(_GRAPHS, accept)
    if chosen == (None, None):
        known = (*RESULT_FORMATS.values(), *RDF_FORMATS.values())
        raise Refusal(406, Message("offered are: %(known)s", known=[f.content_type for f in known]))
    return chosen
