"""What each kind of page costs the server when it is made anew, in process; p50 and p95 of CPU.

On the shipped data each kind has the addresses that tests/pages.py states, in both languages; on the made-up home
models spread evenly are asked for. What query processes spend for a page is in neither.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing

from flask import Flask
from flask.testing import FlaskClient

from kg.config import load_config
from kg.snapshot.snapshot import Snapshot
from tests.bench.ground import Ground
from tests.bench.measure import at, cpu_ms
from tests.bench.report import Measured
from tests.bench.servers import HTML, address_of
from tests.conftest import serving
from tests.pages import LANGS, PAGES, in_language
from web.server.startup import load_rest

TIMES = 40
MODELS = 60


def page_rows(ground: Ground) -> Iterator[Measured]:
    """Every kind of page of the shipped data, then pages of the made-up home."""
    slowest: list[float] = []
    with serving(load_config(home=ground.shipped(), page_cache_mb=0)) as app:
        load_rest(app)  # as the server does before anybody asks
        yield Measured(
            "a page that says a word: CPU p50", at(cpu_ms(_trivial(), TIMES), 0.5), "ms", 0
        )
        client = app.test_client()
        for name, path in PAGES.items():
            addresses = [in_language(path, lang) for lang in LANGS]
            taken = _taken(client, addresses * (TIMES // len(LANGS)), addresses)
            slowest.append(at(taken, 0.95))
            yield Measured(f"{name}: CPU p50", at(taken, 0.5), "ms", 0)
            yield Measured(f"{name}: CPU p95", slowest[-1], "ms", 0)
    yield Measured("slowest kind of page made anew: CPU p95", max(slowest), "ms", 0)
    yield from _made_up(ground)


def _made_up(ground: Ground) -> Iterator[Measured]:
    size = ground.size
    home = ground.home()
    with closing(Snapshot.current(home)) as snapshot:
        start, end = snapshot.kind_range("model")
        step = max(1, (end - start) // MODELS)
        paths = [address_of(snapshot.id_at(n)) for n in range(start, end, step)]
    kinds = {
        "model": paths,
        "lineage": [f"{path}/lineage" for path in paths],
        "license": [f"{path}/license" for path in paths],
        "search": [f"/search?q={path.rpartition('/')[2]}" for path in paths],
        "unknown id (404)": [f"{path}zz" for path in paths],
    }
    slowest = 0.0
    with serving(load_config(home=home, page_cache_mb=0)) as app:
        load_rest(app)
        client = app.test_client()
        for name, addresses in kinds.items():
            taken = _taken(client, addresses, addresses[:1])
            yield Measured(f"{name}, made up: CPU p50", at(taken, 0.5), "ms", size)
            yield Measured(f"{name}, made up: CPU p95", at(taken, 0.95), "ms", size)
            slowest = max(slowest, at(taken, 0.95)) if "404" not in name else slowest
    yield Measured("slowest kind of page made anew: CPU p95", slowest, "ms", size)


def _taken(client: FlaskClient, addresses: Sequence[str], first: Sequence[str]) -> list[float]:
    """Milliseconds of CPU of each, in order of length; after some, which are not counted."""
    for address in first:
        client.get(address, headers=HTML)
    taken = []
    for address in addresses:
        start = time.process_time()
        answer = client.get(address, headers=HTML)
        taken.append((time.process_time() - start) * 1e3)
        assert answer.status_code in (200, 404), (address, answer.status_code)
    return sorted(taken)


def _trivial():  # type: ignore[no-untyped-def]
    """A Flask application that answers a word."""
    app = Flask("trivial")
    app.add_url_rule("/", view_func=lambda: "page")
    client = app.test_client()
    return lambda: client.get("/")
