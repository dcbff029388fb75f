"""One line for each request on standard error, and the id by which a request is found there.

A line is JSON: time, id, method, path, status, bytes, ms, client. The query of an address is left
out, because it can hold what its writer would not want kept.
"""

from __future__ import annotations

import contextlib
import logging
import random
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from flask import Flask, request
from gunicorn.glogging import Logger as GunicornLogger

HEADER = "X-Request-ID"
_KEY = "gyebo.request_id"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")
_requests = logging.getLogger("gunicorn.access")  # as gunicorn calls it
_LONGEST = 500  # characters of a path


def register(app: Flask) -> None:
    """Let an application give each request an id, and say it in the answer."""
    app.wsgi_app = _identified(app.wsgi_app)  # type: ignore[assignment, method-assign]


def _identified(app: WSGIApplication) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        id = environ[_KEY] = given if _SANE.fullmatch(given) else _new_id()

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start(status, [*headers, (HEADER, id)], exc_info)

        return app(environ, begin)

    return answer


def _new_id() -> str:
    """An id that no other request has; it is no secret, so the system is not asked for chance."""
    return f"{random.getrandbits(128):032x}"  # each process that is forked begins elsewhere


def request_id() -> str:
    """The id of this request: the one it came with, if that is one, else one of our own."""
    return str(request.environ.get(_KEY, ""))


def line(environ: Mapping[str, Any], status: str | int, sent: int, taken: timedelta) -> str:
    """The line of a request.

    Args:
        environ: of WSGI, after the proxies were heard.
        status: of the answer, with or without its phrase.
        sent: bytes of its body.
        taken: until the answer was made; sending it may take longer.
    """
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""))[:_LONGEST]
    told = msgspec.json.encode(
        {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": environ.get(_KEY, ""),
            "method": environ.get("REQUEST_METHOD", ""),
            "path": path.encode("latin-1", "replace").decode("utf-8", "replace"),
            "status": int(str(status).split()[0]),
            "bytes": sent,
            "ms": round(taken / timedelta(milliseconds=1), 1),
            "client": environ.get("REMOTE_ADDR", ""),
        }
    )
    return told.decode()


class Logger(GunicornLogger):  # type: ignore[misc]
    """gunicorn's logger, with our lines for requests."""

    def setup(self, cfg: Any) -> None:
        """Write requests to standard error, if they are to be written."""
        super().setup(cfg)
        self.access_log.handlers = []  # they go there directly
        self.access_log.disabled = not cfg.accesslog


def is_written() -> bool:
    """Whether lines of requests are written at all."""
    return _requests.isEnabledFor(logging.INFO)


def write(text: str) -> None:
    """Write the line of a request; a record of `logging` would take as long again as the line.

    That it cannot be written, as on a disk that is full, is no reason to serve nobody.
    """
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
