"""The protocol tests: each request as the manifest has it, sent to /sparql.

The seven that need an update to succeed must be refused instead: this service only reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from kg.config import load_config
from kg.model.vocabulary import RDF
from tests.conformance.manifests import SPARQL, load, needs_suite
from tests.conformance.mounted import Endpoint, mounted

pytestmark = [needs_suite, pytest.mark.slow]

_FOLDER = SPARQL / "sparql11" / "protocol"
_DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
_PREFIXES = {
    "mf": "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
    "rdf": RDF,
    "ht": "http://www.w3.org/2011/http#",
    "cnt": "http://www.w3.org/2011/content#",
}
_BOOLEANS = ("application/sparql-results+json", "application/sparql-results+xml")
_FORMATS = {
    "boolean": _BOOLEANS,
    "tabular": (*_BOOLEANS, "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml"),
}
_REQUEST = """SELECT ?method ?path ?body ?charset ?format ?yes {
  ?request ht:methodName ?method ; ht:absolutePath ?path .
  OPTIONAL { ?request ht:body ?part . ?part cnt:chars ?body ; cnt:characterEncoding ?charset }
  OPTIONAL { ?request ht:resp/mf:expectedFormat ?format }
  OPTIONAL { ?request ht:resp/mf:expectedBoolean ?yes } }"""
_HEADERS = """SELECT ?name ?value { ?request ht:headers/rdf:rest*/rdf:first ?header .
  ?header ht:fieldName ?name ; ht:fieldValue ?value }"""


class Request(NamedTuple):
    """A request, and what its answer must be."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]
    statuses: str  # 2 or 4, their first digit
    format: str
    yes: str


def requests() -> dict[str, list[Request]]:
    """The requests of each test, in their order."""
    store = ox.Store()
    if not _FOLDER.is_dir():
        return {}
    load(_FOLDER / "manifest.ttl", store)
    found: dict[str, list[Request]] = {}
    lists = """SELECT ?test ?list { ?test a mf:ProtocolTest ; mf:action/ht:requests ?list }"""
    for row in store.query(lists, prefixes=_PREFIXES):
        name = row["test"].value.rpartition("#")[2]
        found[name] = [_request(store, node) for node in _items(store, row["list"])]
    return found


def _items(store: ox.Store, node: Any) -> Iterator[Any]:
    while node != ox.NamedNode(RDF + "nil"):
        yield next(store.quads_for_pattern(node, ox.NamedNode(RDF + "first"), None)).object
        node = next(store.quads_for_pattern(node, ox.NamedNode(RDF + "rest"), None)).object


def _request(store: ox.Store, node: Any) -> Request:
    def ask(query: str, about: Any = node) -> list[Any]:
        return [row for row in store.query(query, prefixes=_PREFIXES) if row["request"] == about]

    row = ask(_REQUEST.replace("SELECT", "SELECT ?request"))[0]
    headers = ask(_HEADERS.replace("SELECT", "SELECT ?request"))
    statuses = {
        q.object.value[-3]
        for q in store.quads_for_pattern(None, None, None)
        if q.predicate.value.endswith("expectedStatus") and _belongs(store, node, q.subject)
    }
    return Request(
        row["method"].value,
        row["path"].value.replace("/sparql/", "/sparql", 1),
        (row["body"].value if row["body"] else "").encode(
            row["charset"].value if row["charset"] else "utf-8"
        ),
        {h["name"].value: h["value"].value for h in headers},
        "4" if statuses == {"4"} else "2",
        row["format"].value if row["format"] else "",
        row["yes"].value if row["yes"] else "",
    )


def _belongs(store: ox.Store, request: Any, response: Any) -> bool:
    predicate = ox.NamedNode(_PREFIXES["ht"] + "resp")
    return any(q.object == response for q in store.quads_for_pattern(request, predicate, None))


REQUESTS = requests()
UPDATES = (
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("protocol")
    with mounted(load_config(home=folder, sparql_client_seconds=0), folder) as endpoint:
        graphs = tuple((_DATA.format(n), _FOLDER / f"data{n}.nt") for n in (1, 2, 3))
        endpoint.mount(graphs, "http://localhost/sparql")
        yield endpoint


def send(endpoint: Endpoint, request: Request) -> TestResponse:
    return endpoint.client.open(
        request.path, method=request.method, data=request.body, headers=request.headers
    )


def test_all_are_here() -> None:
    assert len(REQUESTS) == 34 and {*UPDATES} <= REQUESTS.keys()


@pytest.mark.parametrize("name", sorted(REQUESTS.keys() - {*UPDATES}))
def test_protocol(endpoint: Endpoint, name: str) -> None:
    for request in REQUESTS[name]:
        response = send(endpoint, request)
        assert str(response.status_code)[0] in ("23" if request.statuses == "2" else "4")
        if request.format:
            assert response.mimetype in _FORMATS[request.format]
        if request.yes:
            assert json.loads(response.data)["boolean"] is (request.yes == "true")


@pytest.mark.parametrize("name", UPDATES)
def test_updates_are_refused(endpoint: Endpoint, name: str) -> None:
    assert send(endpoint, REQUESTS[name][0]).status_code in (403, 405)
