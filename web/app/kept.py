"""Answers that are kept, given before the application is asked at all.

What an answer follows from stands in the headers of a request, so a few look-ups tell whether it has been
made: the release, the address with the host and scheme it was asked at, the Accept header, the language
that is chosen and the one that is accepted. Kept is what has a tag of web/app/caching.py, as it was sent. It
is given in the encoding that is accepted, without its body to HEAD, and as 304 to whoever has it already.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request

from kg.errors import SnapshotError
from web.app._page_cache import Kept, Origin
from web.app.context import Site, identity_of, site
from web.app.encoding import WORTH, is_text, pack, takes_gzip
from web.app.i18n import accepted_language, chosen_language, cookie_of, remembered_language
from web.app.metrics import count_answer

_KEY = "gyebo.kept"
_NEVER_KEPT = ("/-/", "/static/")  # starts of paths that other nodes need not be asked for
_GZIP = ("Content-Encoding", "gzip")
_MADE_ANEW = ("content-encoding", "content-length", "set-cookie")
_OF_THE_BODY = ("content-language", "content-type", "content-disposition", "last-modified")


class _Question(NamedTuple):
    """What an answer follows from."""

    release: int  # a number of the snapshot in this process
    digest: bytes


def register(app: Flask) -> None:
    """Let an application keep its answers.

    It is to be the first part of an application: what it keeps is what all others have made.
    """
    app.after_request(_keep)  # the first is called last


def stand_before(app: Flask) -> None:
    """Let an application give them again, before any part of it that stands there already is asked."""
    app.wsgi_app = _given_again(app.wsgi_app, app.extensions["gyebo"])  # type: ignore[assignment, method-assign]


def _given_again(app: WSGIApplication, site: Site) -> WSGIApplication:
    """An application that is asked only for what is not kept."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return app(environ, start)
        began = time.perf_counter()
        question = _Question(site.holder.release_number(), _digest(environ))
        page = _find(site, question, environ.get("PATH_INFO", ""))
        if page is None:
            environ[_KEY] = question
            return app(environ, start)
        status, headers, body = _answer(page, environ)
        start(status, headers)
        count_answer(page.endpoint, int(status[:3]), time.perf_counter() - began)
        return body

    return answer


def _find(site: Site, question: _Question, path: str) -> Kept | None:
    """An answer that was made before, here or on another node."""
    if path.startswith(_NEVER_KEPT):
        return None

    try:
        return site.pages.find(question, lambda: _origin(site, question))
    except SnapshotError:  # told by whoever needs one
        return None


def _origin(site: Site, question: _Question) -> Origin:
    with site.holder.held() as held:
        return Origin(identity_of(held), question.digest)


def _digest(environ: WSGIEnvironment) -> bytes:
    """The headers of a request that an answer may follow from; the path, which may hold any character, is last."""
    parts = (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        environ.get("HTTP_ACCEPT", ""),
        accepted_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        remembered_language(environ.get("HTTP_COOKIE", "")),
        environ.get("SCRIPT_NAME", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("PATH_INFO", ""),
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).digest()


def _answer(page: Kept, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], list[bytes]]:
    """An answer that is kept: status, headers and body."""
    headers = [*page.headers]
    if page.language:
        secure = environ["wsgi.url_scheme"] == "https"
        cookie = cookie_of(page.language, environ.get("SCRIPT_NAME", ""), secure=secure)
        headers.append(("Set-Cookie", cookie))
    if _has(environ.get("HTTP_IF_NONE_MATCH", ""), headers):
        return "304 NOT MODIFIED", [h for h in headers if h[0].lower() not in _OF_THE_BODY], []
    body, zipped = page.body_for(takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")))
    headers.append(("Content-Length", str(len(body))))
    if zipped:
        headers.append(("Content-Encoding", "gzip"))
    return "200 OK", headers, [body] if environ["REQUEST_METHOD"] == "GET" else []


def _has(known: str, headers: list[tuple[str, str]]) -> bool:
    """Whether the other side has this answer; tags are compared weakly, as RFC 9110 wants it for GET."""
    return known != "" and any(
        value.removeprefix("W/") in known for name, value in headers if name == "ETag"
    )


def keep_made(
    environ: WSGIEnvironment,
    site: Site,
    endpoint: str,
    lasting: Iterable[tuple[str, str]],
    body: bytes,
    zipped: bool,
    language: str = "",
) -> None:
    """Keep a good answer to GET that was made now and follows from the question.

    Args:
        environ: the request.
        site: what is served.
        endpoint: as it is counted.
        lasting: headers of the answer, but for those that are made anew: its encoding, length and cookies.
        body: of the answer.
        zipped: whether that is in gzip.
        language: that it lets a browser remember.
    """
    question: _Question | None = environ.get(_KEY)
    if question and question.release == site.holder.release_number():  # else it may be of the next
        page = Kept(body, tuple(lasting), zipped, language, endpoint)
        site.pages.give(question, page, lambda: _origin(site, question))


def _keep(response: Response) -> Response:
    if (
        _KEY not in request.environ
        or request.method != "GET"
        or response.status_code != 200
        or not g.get("tagged")
        or response.direct_passthrough
        or not response.is_sequence
    ):
        return response
    headers = [*response.get_wsgi_headers(request.environ).items()]
    body, zipped = response.get_data(), _GZIP in headers
    if not zipped and is_text(response.mimetype or "") and len(body) >= WORTH:
        body, zipped = pack(body), True
    language = chosen_language() if any(name == "Set-Cookie" for name, _ in headers) else ""
    lasting = (h for h in headers if h[0].lower() not in _MADE_ANEW)
    endpoint = request.endpoint or "none"
    keep_made(request.environ, site(), endpoint, lasting, body, zipped, language)
    return response
