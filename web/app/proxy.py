"""Behind a proxy: whose X-Forwarded headers are believed, and the path the site stands under.

Nothing is believed by default. A proxy passes on what a client sends, so only the last `proxies`
entries of a header, which the proxies wrote themselves, count; and only X-Forwarded-For and
X-Forwarded-Proto, unless the prefix is `forwarded`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from kg.config import FORWARDED, PREFIX, Config, Network


def register(app: Flask, config: Config) -> None:
    """Let an application stand behind the proxies that its configuration names."""
    app.wsgi_app = behind(app.wsgi_app, config)  # type: ignore[assignment, method-assign]


def behind(app: WSGIApplication, config: Config) -> WSGIApplication:
    """An application that knows its prefix, and the client and scheme its proxies tell of.

    Args:
        app: what answers.
        config: its `prefix`, `proxies` and `proxy_networks`.
    """
    mounted = _mounted(app, config.prefix)
    if not config.proxies:
        return mounted
    told = ProxyFix(
        mounted,
        config.proxies,
        config.proxies,
        x_prefix=(config.proxies if config.prefix == FORWARDED else 0),
    )

    networks = config.networks

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        trusted = _stands_in(environ.get("REMOTE_ADDR", ""), networks)
        return (told if trusted else mounted)(environ, start)

    return answer


def _stands_in(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address is a proxy's; a Unix socket has none, and only this machine reaches it."""
    if not address:
        return True
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None)
    return any((mapped or known) in network for network in networks)


def _mounted(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """An application under a prefix, whether the proxy leaves it in the path or takes it away."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        under = prefix
        if prefix == FORWARDED:
            said = environ.get("SCRIPT_NAME", "").rstrip("/")
            under = said if PREFIX.fullmatch(said) else ""
        path = environ.get("PATH_INFO", "")
        if under and (path + "/").startswith(under + "/"):
            environ["PATH_INFO"] = path.removeprefix(under) or "/"
        environ["SCRIPT_NAME"] = under
        return app(environ, start)

    return answer if prefix else app


def path_here() -> str:
    """The path of this request, with the prefix."""
    return request.root_path + request.path
