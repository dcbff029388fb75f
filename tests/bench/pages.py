"""What each kind of page costs the server when it is made anew, in process; p50 and p95 of CPU.

On the shipped data each kind has the addresses that tests/pages.py states, in both languages, each asked for many
times; and of all families and makers those whose pages took longest when they were asked for once, in turns, so that what
is kept for the latest families does not help. On the made-up home models spread evenly are asked for, each once. What
query processes spend for a page is in neither.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

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
SLOWEST = 12  # addresses of a kind, more than a snapshot keeps forests of


def page_rows(ground: Ground) -> Iterator[Measured]:
    """Every kind of page of the shipped data, then pages of the made-up home."""
    slowest: list[float] = []
    with serving(
        load_config(
            home=ground.shipped(),
            page_cache_mb=0,
            sparql_client_seconds=0,
            # CPU is measured, however long others keep it waiting
            sparql_default_timeout=300,
            sparql_timeout=300,
        )
    ) as app:
        load_rest(app)  # as the server does before anybody asks
        yield Measured(
            "a page that says a word: CPU p50", at(cpu_ms(_trivial(), TIMES), 0.5), "ms", 0
        )
        client = app.test_client()
        kinds = {name: [in_language(path, lang) for lang in LANGS] for name, path in PAGES.items()}
        for name, paths in _real(ground.shipped()).items():
            kinds[f"slowest of each {name}"] = _slowest(client, paths)
        for name, addresses in kinds.items():
            taken = _taken(client, addresses * max(1, TIMES // len(addresses)), addresses)
            slowest.append(at(taken, 0.95))
            yield Measured(f"{name}: CPU p50", at(taken, 0.5), "ms", 0)
            yield Measured(f"{name}: CPU p95", slowest[-1], "ms", 0)
    yield Measured("slowest kind of page made anew: CPU p95", max(slowest), "ms", 0)
    yield from _made_up(ground)


def _real(home: Path) -> Mapping[str, list[str]]:
    """The addresses of all families and their trees, and of all makers, in one language each in turn."""
    with closing(Snapshot.current(home)) as snapshot:
        families, makers = (
            [address_of(snapshot.id_at(n)) for n in range(*snapshot.kind_range(kind))]
            for kind in ("family", "org")
        )
    kinds = {
        "family": families,
        "family tree": [f"{path}/lineage" for path in families],
        "family tree with data": [f"{path}/lineage?view=timeline&data=1" for path in families],
        "organization": makers,
    }
    return {
        name: [in_language(path, LANGS[place % len(LANGS)]) for place, path in enumerate(paths)]
        for name, paths in kinds.items()
    }


def _slowest(client: FlaskClient, addresses: Sequence[str]) -> list[str]:
    """Those that took longest when all were asked for, with the same in the other language."""
    found = sorted((_cpu_of(client, address), address) for address in addresses)
    paths = [address.rpartition("lang=")[0] for _, address in found[-SLOWEST:]]
    return [f"{path}lang={lang}" for path in paths for lang in LANGS]


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
    return sorted(_cpu_of(client, address) for address in addresses)


def _cpu_of(client: FlaskClient, address: str) -> float:
    """Milliseconds of CPU of one page."""
    start = time.process_time()
    answer = client.get(address, headers=HTML)
    taken = (time.process_time() - start) * 1e3
    assert answer.status_code in (200, 404), (address, answer.status_code)
    return taken


def _trivial():  # type: ignore[no-untyped-def]
    """A Flask application that answers a word."""
    app = Flask("trivial")
    app.add_url_rule("/", view_func=lambda: "page")
    client = app.test_client()
    return lambda: client.get("/")
