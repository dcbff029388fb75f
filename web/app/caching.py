"""What every response carries: security headers, and what caches need to know.

What has a tag of this module follows from the snapshot and the question, and is kept (web/app/kept.py).
"""

from __future__ import annotations

import hashlib

from flask import Flask, Response, g, request

from web.app import encoding
from web.app.context import lang, site, snapshot

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
FILES = ("static", "styles.style")  # endpoints that answer everyone alike, whatever the snapshot
_FOR_EVER = "public, max-age=31536000, immutable"  # where the address changes with the program
_NEGOTIATED = ("Accept", "Accept-Language", "Cookie")


def register(app: Flask) -> None:
    """Let an application answer 304 where it may, and set the headers."""
    app.before_request(_unchanged)
    encoding.register(app)
    app.after_request(_finish)  # before the encoding: the last comes first


def untagged() -> None:
    """This answer does not follow from the snapshot and the address alone: send no ETag."""
    g.untagged = True


def negotiated_by(*headers: str) -> None:
    """Only these headers of the request choose the form of this answer."""
    g.negotiated = headers


def fixed(cache: str) -> None:
    """This answer follows from the snapshot and the address alone, whoever asks.

    Args:
        cache: its Cache-Control.
    """
    g.fixed = cache


def tag_of(*parts: str) -> str:
    """The tag of an answer that depends on these parts alone."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _tag(fixed: bool = False) -> str:
    """What an answer depends on: program, data and address; most also on who asks."""
    parts = [site().tag, snapshot().manifest.version, request.root_path, request.full_path]
    if not fixed:
        parts += [lang(), request.headers.get("Accept", ""), request.cookies.get("lang", "")]
    return tag_of(*parts)


def _unchanged() -> Response | None:
    """Answer at once if the other side has this page; only a good answer ever had a tag."""
    known = request.if_none_match
    if (
        request.endpoint in FILES
        or not known
        or known.star_tag
        or request.method not in ("GET", "HEAD")
    ):
        return None
    g.same = known.contains_weak(_tag(fixed=True))  # the headers it came with still hold
    if not g.same and not known.contains_weak(_tag()):
        return None
    unchanged = Response(status=304)
    if g.same:
        del unchanged.headers["Content-Type"]  # it is no page, as the framework takes it for
    return unchanged


def _finish(response: Response) -> Response:
    own = response.status_code in (200, 304) and not g.get("untagged") and "snapshot" in g
    alone = own and bool(g.get("same") or "fixed" in g)
    if own and request.endpoint not in FILES and "ETag" not in response.headers:
        response.headers["ETag"] = f'W/"{_tag(fixed=alone)}"'
        g.tagged = True
    if g.get("same"):
        return response
    present = {name for name, _ in response.headers}
    response.headers.extend({n: v for n, v in SECURITY.items() if n not in present})
    if request.endpoint not in FILES:
        return _cached(response, alone)
    if site().tag in (request.args.get("v"), (request.view_args or {}).get("tag")):
        response.headers["Cache-Control"] = _FOR_EVER
    return response


def _cached(response: Response, alone: bool) -> Response:
    """What caches need to know; an answer that stands alone is the same for everyone."""
    if alone:
        response.headers.setdefault("Cache-Control", g.fixed)
        return response
    if negotiated := g.get("negotiated"):
        response.headers["Vary"] = ", ".join(negotiated)
    else:
        response.vary.update(_NEGOTIATED)
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
