"""What pages of other sites may ask for, and how long an address may be.

Everything here is public, whoever asks, and nothing is done by asking: no answer depends on who is
logged in, as nobody can be. So every answer may be read from anywhere, redirects and errors too, and a
browser that asks beforehand is told that the headers it means to send are welcome.
"""

from __future__ import annotations

import re

from flask import Flask, Response, request

MAX_ADDRESS = 64_000

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Content-Length, Content-Location, ETag, "
        "Link, Location, Retry-After, X-Request-ID"
    ),
}
_HEADERS = "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, If-None-Match, Range, X-Requested-With"
_NAMES = re.compile(r"[A-Za-z0-9-]{1,60}(?:[ \t]*,[ \t]*[A-Za-z0-9-]{1,60}){0,60}")


def register(app: Flask) -> None:
    """Let pages of other sites read every answer of an application."""
    app.before_request(_preflight)
    app.after_request(_readable)


def _preflight() -> Response | None:
    """Answer OPTIONS, at any address: what may be asked there, and with which headers."""
    if request.method != "OPTIONS":
        return None
    rule = request.url_rule
    known = {*(rule.methods or () if rule else ()), "GET", "HEAD", "OPTIONS"}
    methods = ", ".join(sorted(known))
    response = Response(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = methods
    wanted = request.headers.get("Access-Control-Request-Headers", "").strip()
    response.headers["Access-Control-Allow-Headers"] = (
        wanted if _NAMES.fullmatch(wanted) else _HEADERS
    )
    response.headers["Access-Control-Max-Age"] = "86400"
    response.vary.add("Access-Control-Request-Headers")
    return response


def _readable(response: Response) -> Response:
    response.headers.update(CORS)
    return response
