"""Requests that no view should meet, and how they are answered: before Flask, which could not find its addresses.

The same form answers what the server itself could not read (web/server/_connections.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from flask import Flask

from kg.messages.message import Message
from web.app.caching import SECURITY
from web.app.cors import CORS, MAX_ADDRESS
from web.app.errors import Problem, problem_of
from web.app.i18n import Refusal
from web.app.negotiate import PROBLEM

MAX_LINE = MAX_ADDRESS + 1_500  # bytes of an address; what is longer by less, a view refuses
_HOST = re.compile(
    r"(?=.{1,260}$)(?:(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?"
)


def register(app: Flask) -> None:
    """Let an application refuse what is no proper request of HTTP."""
    app.wsgi_app = guarded(app.wsgi_app)  # type: ignore[assignment, method-assign]


def guarded(app: WSGIApplication) -> WSGIApplication:
    """An application that meets proper requests only."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        refusal = refusal_of(environ)
        if not refusal:
            return app(environ, start)
        problem, headers, body = bare_problem(refusal)
        length = ("Content-Length", str(len(body)))
        start(f"{problem.status} {problem.title}", [*headers, length])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


def refusal_of(environ: WSGIEnvironment) -> Refusal | None:
    """Why a request is refused, if it is: its host (RFC 9112, 3.2), its length, a coding of its body."""
    host = environ.get("HTTP_HOST", "")
    if not host and environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        return Refusal(400, Message("the request names no host; HTTP/1.1 needs the header Host"))
    if host and not _HOST.fullmatch(host):
        return Refusal(400, Message("the header Host holds no name of a host"))
    if len(environ.get("REQUEST_URI", "")) > MAX_LINE:
        return too_long()
    coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding not in ("", "identity"):
        return Refusal(415, Message("send the body as it is, without a Content-Encoding"))
    return None


def too_long() -> Refusal:
    """That an address is too long."""
    return Refusal(
        414, Message("the address is longer than %(most)s bytes; use POST", most=MAX_ADDRESS)
    )


def bare_problem(error: Exception) -> tuple[Problem, list[tuple[str, str]], bytes]:
    """An error as problem+json outside of a request, with the headers that every answer carries."""
    problem = problem_of(error)
    body = msgspec.json.format(msgspec.json.encode(problem)) + b"\n"
    headers = {
        **SECURITY,
        **CORS,
        "Content-Type": PROBLEM,
        "Content-Language": "en",
        "Cache-Control": "no-store",
    }
    if problem.status == 415:
        headers["Accept-Encoding"] = "identity"  # RFC 9110, 15.5.16
    return problem, list(headers.items()), body
