"""The suite through /sparql with a SPARQL server elsewhere behind it; `elsewhere.yaml` says what differs.

python -m tests.conformance.elsewhere [NAME]        runs it against each server, and writes elsewhere.yaml anew
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from kg.config import load_config
from kg.sparql.elsewhere._graph_store import FoundServer, GraphStore, find_server
from kg.sparql.elsewhere._mark import ReleaseMark
from kg.sparql.elsewhere.endpoint import read_endpoint
from kg.sparql.elsewhere.pool import ElsewherePool
from kg.sparql.request import Limits
from tests.conformance.manifests import ELSEWHERE, Case, load
from tests.conformance.mounted import Endpoint
from tests.conformance.test_w3c_query import CASES, is_right, put
from tests.sparql.elsewhere.servers import SERVERS
from web import create_app

TABLE = Path(__file__).parent / "elsewhere.yaml"
DEFAULT = "urn:gyebo:default"
_LIMITS = Limits(seconds=20)
_HEAD = """# Tests of SPARQL 1.0 and 1.1 that do not pass where a server elsewhere answers, and what happens instead.
# Written by `python -m tests.conformance.elsewhere`; docs/sparql.md is made from it.
"""


class UnmarkedPool(ElsewherePool):
    """The mark is a triple, which the data of the suite do not have: this pool does without."""

    def _read(self, base: str) -> ReleaseMark | None:
        return ReleaseMark("", "")


class EndpointElsewhere(Endpoint):
    """/sparql over the data of one test after the other, which a server elsewhere holds."""

    def __init__(self, app: Any, folder: Path, found: FoundServer) -> None:
        super().__init__(app, folder)
        self._store = GraphStore(found.graphs, found.layout)
        self._default = "" if found.layout.default_graph else DEFAULT
        self._there: set[str] = set()
        self._site._pool = UnmarkedPool(found.server, 1, _LIMITS)

    def mount(self, graphs: tuple[tuple[str, Path], ...], base: str) -> None:
        """Put files into the server in place of those of the test before."""
        super().mount(graphs, base)
        names = {name for name, _ in graphs if name}
        for name in self._there - names:
            self._store.remove(name)
        for name in ("", *sorted(names)):
            self._store.put(name or self._default, _triples(graphs, name), first=True)
        self._there = names


def _triples(graphs: tuple[tuple[str, Path], ...], name: str) -> bytes:
    memory = ox.Store()
    for graph, path in graphs:
        if graph == name:
            load(path, memory)
    return memory.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""


@contextmanager
def endpoint_of(name: str, folder: Path) -> Iterator[EndpointElsewhere]:
    """An endpoint before a server of this name."""
    config = load_config(home=folder, sparql_client_seconds=0, sparql_timeout=20)
    with SERVERS[name]() as address:
        app = create_app(config)
        try:
            yield EndpointElsewhere(app, folder, find_server(read_endpoint(address), DEFAULT))
        finally:
            app.extensions["gyebo"].close()


def why_not(endpoint: Endpoint, case: Case) -> str:
    """Why a test does not pass; "" if it does."""
    response = put(endpoint, case)
    try:
        if is_right(case, response):
            return ""
    except (SyntaxError, ValueError):  # what it answers cannot be read
        return "cannot be read"
    if case.kind != "evaluation":
        return "refused" if case.kind == "positive" else "not refused"
    if response.status_code == 200:
        return "answered otherwise"
    return f"{response.status_code}: {_plain(response.json['detail'])}"


def _plain(detail: str) -> str:
    """What a server says, without what is another each time."""
    said = detail.removeprefix("the SPARQL server does not take this query: ")
    said = said.removeprefix("the query was aborted: the SPARQL server did not finish: it failed: ")
    return re.sub(r"\s+", " ", re.sub(r"(?:file|nodeID)://\S+|0x[0-9a-f]+", "…", said))[:120]


def main() -> None:
    """Run the suite on each server that is here; servers that are not keep what is known of them."""
    table = dict(ELSEWHERE)
    for name in sys.argv[1:] or SERVERS:
        with tempfile.TemporaryDirectory() as folder, endpoint_of(name, Path(folder)) as endpoint:
            found = {case.name: why_not(endpoint, case) for case in CASES}
            table[name] = {test: why for test, why in sorted(found.items()) if why}
            print(f"{name}: {len(CASES) - len(table[name])} of {len(CASES)}")
    text = yaml.safe_dump(table, allow_unicode=True, sort_keys=False, width=110)
    TABLE.write_text(_HEAD + text, encoding="utf-8")


if __name__ == "__main__":
    main()
