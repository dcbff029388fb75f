"""Every error and its HTTP status, in one table; a page for browsers, problem+json for programs."""

from __future__ import annotations

import msgspec
from flask import Flask, Response, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kg import errors as kg
from kg.answers.show import tell_missing
from kg.messages.message import Message
from kg.model.iri import iri
from kg.model.media import RDF_FORMATS
from web.app import representations as linked
from web.app.caching import untagged
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, gettext, mark, render_message, speak_to_reader
from web.app.log import request_id
from web.app.negotiate import JSON, PROBLEM, Offer, accepted, choose, is_browser

STATUS: dict[type[kg.KGError], int] = {
    kg.KGError: 500,
    kg.ConfigError: 500,
    kg.InputError: 400,
    kg.DataError: 500,  # the data is ours, not the visitor's
    kg.UnknownId: 404,
    kg.TooLargeToHold: 400,
    kg.UnknownFormat: 400,
    kg.Unacceptable: 406,
    kg.QueryError: 400,
    kg.UpdateRefused: 403,
    kg.BuildError: 500,
    kg.CheckFailed: 500,
    kg.RemoteFailed: 500,  # no page asks another machine
    kg.DownloadFailed: 500,  # no page fetches anything
    kg.TransferFailed: 500,  # nor sends it
    kg.LoadFailed: 500,  # nor loads
    kg.NotInstalled: 501,
    kg.SnapshotError: 503,
    kg.NoSnapshot: 503,
    kg.SnapshotDamaged: 503,
    kg.WrongFormat: 503,
    kg.QueryFailed: 503,
    kg.QueryTimeout: 504,
    kg.ResultTooLarge: 413,
    kg.QueryAborted: 503,
    kg.QueryRefused: 503,
    kg.Busy: 503,
    kg.OverShare: 429,
    kg.TooManyWaiting: 429,
    kg.ServerAway: 503,
}

# What a page says first; the detail follows it.
_TITLES = {
    400: mark("This request cannot be understood"),
    403: mark("This service only reads"),
    404: mark("Nothing goes by this name"),
    405: mark("This address only answers GET"),
    406: mark("Not offered in this format"),
    413: mark("Too large"),
    414: mark("This address is too long"),
    415: mark("Not sent in a format that can be read here"),
    429: mark("Too much asked in a short time"),
    500: mark("Something went wrong here"),
    501: mark("Not installed on this server"),
    503: mark("Not available at the moment"),
    504: mark("This took too long"),
}


# What programs read as title: the phrases of HTTP.
_PHRASES = {
    400: mark("Bad Request"),
    403: mark("Forbidden"),
    404: mark("Not Found"),
    405: mark("Method Not Allowed"),
    406: mark("Not Acceptable"),
    409: mark("Conflict"),
    413: mark("Request Entity Too Large"),
    414: mark("Request URI Too Long"),
    415: mark("Unsupported Media Type"),
    429: mark("Too Many Requests"),
    431: mark("Request Header Fields Too Large"),
    500: mark("Internal Server Error"),
    501: mark("Not Implemented"),
    503: mark("Service Unavailable"),
    504: mark("Gateway Timeout"),
}

# What is said of an error that nothing more is known of; of others the program has its own words.
_DETAILS = {
    400: mark("the request cannot be understood; see /about/api"),
    404: mark("nothing stands at this address; start from / or /about/api"),
    405: mark("this address takes other methods; the header Allow names them"),
    413: mark("the request is larger than this service reads"),
    414: mark("the address is longer than this service reads"),
    415: mark("the request is in a format that this service does not read"),
}

_PLAIN_OR_PROBLEM = (Offer("problem", (PROBLEM, JSON)), Offer("plain", ("text/plain",)))


class Problem(msgspec.Struct, omit_defaults=True, kw_only=True):
    """RFC 9457, with what our errors carry."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    id: str = ""  # what nothing goes by
    near: list[str] = []
    missing: str = ""  # what is not there, in sentences, where a model was meant
    line: int = 0
    column: int = 0

    def __post_init__(self) -> None:
        self.detail = self.detail.encode("utf-8", "replace").decode()  # no lone surrogates


def problem_of(error: Exception) -> Problem:
    """An error as a problem; of an unknown one nothing is told."""
    match error:
        case HTTPException():
            code = error.code or 500
            return Problem(status=code, title=_phrase(code), detail=_detail(error))
        case kg.KGError():
            status = next(STATUS[c] for c in type(error).__mro__ if c in STATUS)
            hidden = isinstance(error, kg.SnapshotError)  # names folders of the server
            told = Message("there is no snapshot to serve") if hidden else error.message
            problem = Problem(status=status, title=_phrase(status), detail=render_message(told))
            problem.id, problem.near = getattr(error, "id", ""), list(getattr(error, "near", ()))
            problem.line, problem.column = getattr(error, "line", 0), getattr(error, "column", 0)
            if isinstance(error, kg.UnknownId) and error.missing:
                problem.missing = render_message(error.missing)
            return problem
    told = Message("the error was logged as request %(id)s", id=request_id())
    return Problem(status=500, title=_phrase(500), detail=render_message(told))


def _phrase(status: int) -> str:
    return gettext(_PHRASES.get(status, _PHRASES[400 if status < 500 else 500]))


def _detail(error: HTTPException) -> str:
    """Why; of an error of the framework's in our words, as it says neither why nor what to do."""
    if isinstance(error, Refusal):
        return render_message(error.message)
    code = error.code or 500
    return gettext(_DETAILS.get(code, _DETAILS[400] if code < 500 else _TITLES[500]))


def title_of(status: int) -> str:
    """What a page says of a status."""
    return gettext(_TITLES.get(status, _TITLES[400 if status < 500 else 500]))


def problem_answer(problem: Problem) -> Response:
    """A problem as the other side likes it."""
    untagged()
    if is_browser():
        page = render_template(
            "app/error.html",
            problem=problem,
            title=title_of(problem.status),
            logged=request_id(),
            cited="",
            near=[(id, snapshot().label(id, lang())) for id in problem.near],
        )
        return make_response(page, problem.status)
    form = g.get("form")  # by an address or Accept header that names a form of an entity
    if form in RDF_FORMATS:
        near_iris = [iri(snapshot().manifest.base, id) for id in problem.near]
        return linked.problem(problem.status, problem.title, problem.detail, near_iris, form)
    if choose(_PLAIN_OR_PROBLEM, accepted()) == "plain":
        return Response(
            f"{problem.title}: {problem.detail}\n",
            problem.status,
            content_type="text/plain; charset=utf-8",
        )
    body = msgspec.json.format(msgspec.json.encode(problem)) + b"\n"
    return Response(body, problem.status, content_type=PROBLEM)


def _handle(error: Exception) -> Response:
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return make_response(error.get_response())  # a redirect
    speak_to_reader()  # a chart is drawn in the language that its address names alone
    if isinstance(error, kg.UnknownId):
        error = tell_missing(snapshot(), error, lang())
    problem = problem_of(error)
    if problem.status >= 500 and not isinstance(error, kg.QueryFailed | kg.NotInstalled | Refusal):
        current_app.logger.error(
            "%s %s %s", request_id(), request.method, request.path, exc_info=error
        )
    response = problem_answer(problem)
    response.headers["Content-Language"] = lang()
    if isinstance(error, HTTPException):
        _keep_headers(error, response)
    if isinstance(error, kg.QueryRefused):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _keep_headers(error: HTTPException, response: Response) -> None:
    """Keep headers such as Allow."""
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value


def register(app: Flask) -> None:
    """Let an application answer every error from the table."""
    app.register_error_handler(Exception, _handle)
