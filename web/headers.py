"""What every response carries: security headers, and what caches need to know."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, g, request

from web.context import lang, site, snapshot

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NEGOTIATED = ("Accept", "Accept-Language", "Cookie")


def register(app: Flask) -> None:
    """Let an application answer 304 where it may, and set the headers."""
    app.before_request(_unchanged)
    app.after_request(_finish)


def untagged() -> None:
    """This answer does not follow from the snapshot and the address alone: send no ETag."""
    g.untagged = True


def _tag() -> str:
    """What an answer depends on: program, data, address, language and accepted formats."""
    parts = (site().tag, snapshot().manifest.version, request.full_path, lang(),
             request.headers.get("Accept", ""), request.cookies.get("lang", ""))  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _unchanged() -> Response | None:
    """Answer at once if the other side has this page; only a good answer ever had a tag."""
    known = request.if_none_match
    if (
        request.endpoint == "static"
        or not known
        or known.star_tag
        or request.method not in ("GET", "HEAD")
    ):
        return None
    return Response(status=304) if known.contains_weak(_tag()) else None


def _finish(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        return response
    response.vary.update(_NEGOTIATED)
    response.headers.setdefault("Cache-Control", "no-cache")
    own = response.status_code in (200, 304) and not g.get("untagged")
    if own and "snapshot" in g and "ETag" not in response.headers:
        response.set_etag(_tag(), weak=True)
    return response
