"""Queries answered before Flask, where an answer holds no words of ours: most queries that programs send.

Flask takes several times as long as the engine for a query of one subject. So a GET that asks for a format,
and nothing else that a page would have to say, is read, put to the pool and answered here, by the same
functions and with the same headers (tests/web/data/test_direct.py compares them). Whatever is otherwise, an
error above all, is left to Flask with what was found in `FOUND`, so that no query is run twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from flask.blueprints import BlueprintSetupState
from msgspec.structs import replace
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import wrap_file

from kg.errors import KGError
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Result
from kg.sparql.terms import unknown_terms
from web.app.caching import SECURITY, tag_of
from web.app.context import GONE, Site
from web.app.cors import CORS
from web.app.encoding import JOINED, takes_gzip
from web.app.graph import run_on
from web.app.i18n import LANGS, accepted_language, remembered_language
from web.app.kept import keep_made
from web.app.metrics import count_answer
from web.app.negotiate import wants_page
from web.app.params import pairs
from web.data._asked import Asker, SparqlRequest, formats_for, read_request, refuse_long

FOUND = "gyebo.sparql"  # in environ: an Answered, or what was raised instead of one
_PATH = "/sparql"
_ENDPOINT = "sparql.sparql"
_ALWAYS = (*SECURITY.items(), *CORS.items())
_KNOWN = {"query", "format", "timeout", "default-graph-uri", "named-graph-uri"}


class Answered(NamedTuple):
    """What a query gave, and the release it was put to."""

    result: Result
    release: Snapshot


def answer_before(state: BlueprintSetupState) -> None:
    """Let an application answer such queries before Flask."""
    app = cast(Flask, state.app)
    app.wsgi_app = _shortened(app.wsgi_app, app.extensions["gyebo"])  # type: ignore[assignment, method-assign]


def _shortened(app: WSGIApplication, site: Site) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        asked = _asked(environ, site)
        if not asked:
            return app(environ, start)
        began = time.perf_counter()
        try:
            answered = _run(environ, site, asked)
        except Exception as error:  # whatever it is, Flask says it, and logs what it should
            environ[FOUND] = error
            return app(environ, start)
        found = answered.result
        if found.volatile:
            environ[FOUND] = answered
            return app(environ, start)
        version = answered.release.manifest.version
        lasting = _headers(environ, found, site.tag, version)
        encoding = [("Content-Encoding", "gzip")] if found.gzip else []
        start("200 OK", [*lasting, ("Content-Length", str(found.size)), *encoding])
        if not found.file:
            keep_made(environ, site, _ENDPOINT, lasting, found.data, found.gzip)
        count_answer(_ENDPOINT, 200, time.perf_counter() - began)
        if found.file or found.size > JOINED:
            return wrap_file(environ, found.file or BytesIO(found.data))  # which copies nothing
        return [found.data]

    return answer


def _asked(environ: WSGIEnvironment, site: Site) -> SparqlRequest | None:
    """What is asked, if it is to be answered here."""
    if (
        environ["REQUEST_METHOD"] != "GET"
        or environ.get("PATH_INFO") != _PATH
        or "HTTP_IF_NONE_MATCH" in environ
    ):
        return None
    try:
        refuse_long(environ.get("QUERY_STRING", ""))
        given = pairs(environ.get("QUERY_STRING", "").encode("latin1"))
        if not _KNOWN.issuperset(given):
            return None
        asker = Asker(environ.get("REMOTE_ADDR", ""), environ.get(GONE))
        asked = read_request(given, [], site.config, asker)
    except (KGError, HTTPException):
        return None
    text, page = asked.text or "", not asked.format and wants_page(environ.get("HTTP_ACCEPT", ""))
    if page or asked.format == "html" or not text.strip() or unknown_terms(text):
        return None
    return asked


def _run(environ: WSGIEnvironment, site: Site, asked: SparqlRequest) -> Answered:
    """Put a query to the newest release."""
    results, graph = formats_for(asked.format, environ.get("HTTP_ACCEPT", ""))
    options = replace(asked.options, gzip=takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")))
    release = site.holder.acquire()
    try:
        found = run_on(release, site.results, site.pool, asked.text or "", results, graph, options)
        return Answered(found, release)
    finally:
        site.holder.release(release)


def _headers(
    environ: WSGIEnvironment, found: Result, program: str, version: str
) -> list[tuple[str, str]]:
    """The headers of an answer, but for its encoding and length."""
    chosen = remembered_language(environ.get("HTTP_COOKIE", ""))
    tag = tag_of(
        program,
        version,
        environ.get("SCRIPT_NAME", ""),
        f"{_PATH}?{environ.get('QUERY_STRING', '').encode('latin1').decode()}",
        chosen if chosen in LANGS else accepted_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        environ.get("HTTP_ACCEPT", ""),
        chosen,
    )
    return [
        ("Content-Type", found.media_type),
        ("Cache-Control", "public, max-age=60"),
        ("Vary", "Accept, Accept-Encoding"),
        ("ETag", f'W/"{tag}"'),
        *_ALWAYS,
    ]
