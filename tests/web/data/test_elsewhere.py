"""The site with a SPARQL server elsewhere: the same answers, and pages that stay when it is down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kg.config import Config
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.snapshot.graph_file import open_graph
from kg.snapshot.snapshot import Snapshot
from kg.sparql.elsewhere.endpoint import read_endpoint
from kg.sparql.elsewhere.load import ReleaseFacts, load_release
from tests.conftest import serving
from tests.sparql.elsewhere.servers import oxigraph
from tests.waiting import free_port

SELECT = "SELECT ?m ?l { ?m a kg:Model ; rdfs:label ?l } ORDER BY ?m ?l LIMIT 30"
GRAPH = "CONSTRUCT { ?m a kg:Model } { ?m a kg:Model } ORDER BY ?m LIMIT 3"
SEARCH = (
    'SELECT ?m ?s { SERVICE kg:search { ?m kg:query "llama" ; kg:score ?s } } ORDER BY DESC(?s) ?m'
)


@pytest.fixture(scope="module")
def loaded(snapshot: Snapshot) -> Iterator[str]:
    with oxigraph() as address, open_graph(snapshot.folder) as nquads:
        manifest = snapshot.manifest
        told = ReleaseFacts(base=manifest.base, version=manifest.version)
        yield load_release(nquads, told, read_endpoint(address), lambda size: None).sparql_url


@pytest.fixture(scope="module")
def elsewhere(loaded: str, config: Config) -> Iterator[FlaskClient]:
    with serving(replace(config, sparql_url=loaded)) as app:
        yield app.test_client()


@pytest.fixture(scope="module")
def down(config: Config) -> Iterator[FlaskClient]:
    with serving(replace(config, sparql_url=f"http://127.0.0.1:{free_port()}/query")) as app:
        app.extensions["gyebo"].readiness.wait()
        yield app.test_client()


@pytest.mark.parametrize(
    ("query", "format"),
    [
        *((SELECT, name) for name in RESULT_FORMATS),
        *((GRAPH, name) for name in RDF_FORMATS),
        *(("ASK { ?s a kg:Model }", name) for name in ("json", "xml")),
        *((SEARCH, name) for name in ("json", "csv")),
        ("SELECT * { <model/llama-7b> ?p ?o } ORDER BY ?p ?o", "tsv"),
        ("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g", "csv"),
    ],
)
def test_it_answers_as_the_site_does_alone(
    elsewhere: FlaskClient, client: FlaskClient, query: str, format: str
) -> None:
    one, other = (
        c.get("/sparql", query_string={"query": query, "format": format})
        for c in (client, elsewhere)
    )
    assert other.status_code == 200 and other.data == one.data
    kept = ("Content-Type", "Cache-Control", "Vary", "ETag")
    assert [other.headers[name] for name in kept] == [one.headers[name] for name in kept]


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "SELECT *\nWHERE { ?s ?p"},
        {"query": "INSERT DATA { <a> <b> <c> }"},
        {"query": "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"},
        {"query": "SELECT * { SERVICE kg:search { ?m kg:query 7 } }"},
        {"query": SELECT, "format": "turtle"},
        {"query": SELECT, "timeout": "never"},
        {"query": "ASK " + "{" * 5_000},
        {"query": "ASK {}", "default-graph-uri": "no iri"},
    ],
)
def test_it_refuses_as_the_site_does_alone(
    elsewhere: FlaskClient, client: FlaskClient, asked: dict[str, str]
) -> None:
    one, other = (c.get("/sparql", query_string=asked) for c in (client, elsewhere))
    assert (other.status_code, other.json) == (one.status_code, one.json)
    assert one.status_code >= 400


def test_the_page_shows_what_the_server_answers(elsewhere: FlaskClient) -> None:
    page = elsewhere.get("/sparql", query_string={"query": SELECT}, headers={"Accept": "text/html"})
    assert page.status_code == 200 and "/model/" in page.text


def test_pages_stay_when_the_server_is_down(down: FlaskClient) -> None:
    asked = down.get("/sparql", query_string={"query": SELECT})
    assert asked.status_code == 503 and int(asked.headers["Retry-After"]) > 0
    assert "does not answer" in asked.json["detail"] and "127.0.0.1" not in asked.text
    assert asked.headers["Cache-Control"] == "no-cache" and "ETag" not in asked.headers
    page = down.get(
        "/sparql",
        query_string={"query": SELECT},
        headers={"Accept": "text/html", "Accept-Language": "ko"},
    )
    assert page.status_code == 503 and int(page.headers["Retry-After"]) > 0
    assert "SPARQL 서버" in page.text and 'id="ask"' in page.text
    for path in ("/", "/model/llama-7b", "/search?q=llama", "/sparql", "/data", "/-/ready"):
        assert down.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_what_was_answered_once_is_kept(config: Config, loaded: str) -> None:
    with serving(replace(config, sparql_url=loaded, page_cache_mb=8)) as app:
        client = app.test_client()
        one = client.get("/sparql", query_string={"query": SELECT, "format": "json"})
        app.extensions["gyebo"].pool.close()
        app.extensions["gyebo"].pool._away_until = float("inf")
        other = client.get("/sparql", query_string={"query": SELECT, "format": "json"})
        assert json.loads(one.data) == json.loads(other.data)
        missed = client.get("/sparql", query_string={"query": SELECT + " OFFSET 1"})
        assert missed.status_code == 503
