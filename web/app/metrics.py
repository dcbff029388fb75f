"""What an operator counts: `/-/metrics`, in OpenMetrics, of all processes of the server together.

Each process writes its numbers to files of a folder that `gyebo serve` makes (PROMETHEUS_MULTIPROC_DIR); any
of them adds up all. Without the folder, as in tests, it is the numbers of this process.
"""

from __future__ import annotations

import ipaddress
import os
import time
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from kg.config import Config
from kg.messages.message import Message
from kg.snapshot.layout import Manifest
from web.app.caching import untagged
from web.app.context import site
from web.app.i18n import Refusal
from web.shared import server as shared

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # as prometheus-client calls it
_REGISTRY = CollectorRegistry()
_FORWARDED = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP")

REQUESTS = Counter(
    "gyebo_requests", "Requests answered.", ("endpoint", "status"), registry=_REGISTRY
)
SECONDS = Histogram(
    "gyebo_request_seconds",
    "Seconds until an answer was made.",
    ("endpoint",),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_REGISTRY,
)
CONNECTIONS = Gauge(
    "gyebo_connections", "Open connections.", multiprocess_mode="livesum", registry=_REGISTRY
)
CUT = Counter("gyebo_clients_cut_off", "Clients cut off.", ("why",), registry=_REGISTRY)
QUERIES = Gauge(
    "gyebo_queries",
    "Queries in the pools of query processes.",
    ("pool", "state"),
    multiprocess_mode="livesum",
    registry=_REGISTRY,
)
SNAPSHOT = Gauge(
    "gyebo_snapshot_entities",
    "Entities of the snapshot that is served.",
    multiprocess_mode="livemostrecent",
    registry=_REGISTRY,
)


for numbers in (shared.EVENTS, shared.UP):
    _REGISTRY.register(numbers)


def register(app: Flask) -> None:
    """Let an application count what it answers."""
    app.before_request(_begin)
    app.after_request(_count)


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    began = g.get("began", time.perf_counter())
    count_answer(request.endpoint or "none", response.status_code, time.perf_counter() - began)
    return response


def count_answer(endpoint: str, status: int, seconds: float) -> None:
    """Count an answer.

    Args:
        endpoint: that gave it, as Flask names it.
        status: of HTTP.
        seconds: until it was made.
    """
    answered, took = _of(endpoint, status)
    answered.inc()
    took.observe(seconds)


@lru_cache(1024)
def _of(endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """The numbers of an endpoint; to look them up takes longer than to count."""
    return REQUESTS.labels(endpoint, str(status)), SECONDS.labels(endpoint)


def gauge_queries() -> None:
    """Say how many queries run and wait in this process now."""
    for name, pool in site().pools.items():
        load = pool.load
        QUERIES.labels(name, "running").set(load.running)
        QUERIES.labels(name, "waiting").set(load.waiting)
        QUERIES.labels(name, "most").set(load.size)


def metrics_answer(served: Manifest) -> Response:
    """The numbers, in the form that is accepted.

    Args:
        served: the manifest of the snapshot.

    Raises:
        Refusal: whoever asks may not know them.
    """
    if not may_read(site().config, served.base):
        raise Refusal(
            404, Message("metrics are not open here; see GYEBO_METRICS at /about/deployment")
        )
    untagged()
    gauge_queries()
    SNAPSHOT.set(served.counts["entities"])
    registry = _REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    encode, media_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=media_type)


def may_read(config: Config, base: str) -> bool:
    """Whether who asks may read the numbers: by the setting, and where it is “local”, from this machine alone.

    A service whose base is a public address is public whoever seems to ask, as a proxy may stand before it.
    """
    if config.metrics != "local":
        return config.metrics == "on"
    forwarded = any(name in request.headers for name in _FORWARDED)
    return (
        not forwarded
        and all(_is_here(urlsplit(address).hostname or "") for address in (config.base, base))
        and _is_here(request.remote_addr or "")
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")
