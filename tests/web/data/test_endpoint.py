"""The real server: hostile queries do not take it down, and clients in use work unmodified."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pandas
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.web.server.test_serve import get, served

SELECT = "SELECT ?m ?label { ?m a kg:Model ; rdfs:label ?label } ORDER BY ?m LIMIT 5"
MODEL = "http://127.0.0.1:8000/model/llama-7b"


@pytest.fixture(scope="module")
def url(snapshot_home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "TIMEOUT": "4",  # the machine may be busy with other tests
            "MEMORY_MB": "1200",
            "CLIENT_SECONDS": "0",
            "MAX_BYTES": "20000000",
        }.items():
            patch.setenv(f"GYEBO_SPARQL_{name}", value)
        with served(snapshot_home) as url:
            yield url + "/sparql"


def post(url: str, query: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a query sent directly."""
    request = urllib.request.Request(
        url, query.encode(), {"Content-Type": "application/sparql-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


BIG = "1" + " || 1" * 190_000
HOSTILE = {
    "braces": "ASK " + "{" * 400_000,
    "brackets": "ASK { FILTER(" + "(" * 100_000 + "1",
    "not": "ASK { FILTER(" + "!" * 100_000 + "1) }",
    "path": "ASK { ?s " + "(" * 100_000 + "rdf:type",
    "triple terms": "ASK { ?s ?p " + "<<( " * 100_000,
    "union": "SELECT * { {} " + "UNION {} " * 50_000 + "}",
    "or": f"ASK {{ FILTER({BIG}) }}",
    "lists": "ASK { ?s ?p " + "[ ?p " * 50_000,
    "one megabyte of nothing": "ASK { " + ". " * 490_000 + "}",
    "two megabytes": "ASK { } #" + "x" * 2_000_000,
    "cross": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "sorted cross": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?e ?i",
    "distinct cross": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "grouped cross": "SELECT ?a (GROUP_CONCAT(?f) AS ?t) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!rdf:x)* ?b . ?c (!rdf:y|^!rdf:z)* ?d }",
    "doubling": "SELECT * { BIND('xxxxxxxx' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(40))
    + "}",
    "regex": "SELECT * { ?s ?p ?o . ?a ?b ?c FILTER(REGEX(CONCAT(STR(?s), STR(?c)), '(.*.*.*)*[xy]{200}$')) }",
    "regex of a megabyte": "ASK { ?s ?p ?o FILTER REGEX(STR(?o), '" + "(a{9}){9}" * 50_000 + "') }",
    "values": "SELECT * { VALUES ?a {" + " 1" * 100_000 + "} VALUES ?b {" + " 2" * 100_000 + "} }",
    "all": "SELECT * { ?s ?p ?o . ?t ?q ?o }",
    "binary": "\x00\x01\x02 SELECT",
    "search": "SELECT * { " + "SERVICE kg:search { ?m kg:query 'a' } " * 50 + "}",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_refused_and_the_service_stays_up(url: str, name: str) -> None:
    status, headers, body = post(url, HOSTILE[name])
    assert status in (400, 413, 503, 504)
    assert headers["Content-Type"] == "application/problem+json" and json.loads(body)["detail"]
    assert post(url, "ASK {}")[0] == 200
    assert get(url.replace("/sparql", "/-/health"))


@pytest.mark.slow
def test_pages_are_answered_while_queries_run(url: str) -> None:
    running = [threading.Thread(target=post, args=(url, HOSTILE["cross"])) for _ in range(12)]
    for thread in running:
        thread.start()
    time.sleep(0.3)
    for _ in range(20):
        assert b"llama" in get(url.replace("/sparql", "/model/llama-7b.json"))
    for thread in running:
        thread.join()


def test_a_long_address(url: str) -> None:
    fits = urlencode({"query": SELECT + " #" + "x" * 40_000, "format": "csv"})
    assert get(f"{url}?{fits}").startswith(b"m,label")
    for length in (65_000, 300_000):
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(f"{url}?{urlencode({'query': 'ASK {} #' + 'x' * length})}")
        with caught.value as error:
            assert error.code == 414 and error.headers["Content-Type"] == "application/problem+json"
            assert error.headers["Access-Control-Allow-Origin"] == "*"
            assert "use POST" in json.loads(error.read())["detail"]


def test_a_long_answer_is_whole(url: str) -> None:
    query = "SELECT * { ?s ?p ?o }"
    body = get(f"{url}?{urlencode({'query': query, 'format': 'csv'})}")
    count = post(url, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[2]
    rows = int(json.loads(count)["results"]["bindings"][0]["n"]["value"])
    assert len(body) > 1 << 20 and body.endswith(b"\r\n")
    assert len(pandas.read_csv(f"{url}?{urlencode({'query': query, 'format': 'csv'})}")) == rows


# -- clients


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper(url: str, method: str) -> None:
    client = SPARQLWrapper(url)
    client.setMethod(method)
    client.setQuery(SELECT)
    client.setReturnFormat(JSON)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 5
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == 5
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().startswith(b"m,label")
    client.setQuery(f"DESCRIBE <{MODEL}>")
    client.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) > 5
    client.setQuery("SELECT * { ?s")
    client.setReturnFormat(JSON)
    with pytest.raises(QueryBadFormed, match="line 1"):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store(url: str, method: str) -> None:
    graph = Graph(SPARQLStore(url, method=method))
    assert len(list(graph.query(SELECT))) == 5
    assert bool(graph.query(f"ASK {{ <{MODEL}> a kg:Model }}"))
    assert len(list(graph.triples((URIRef(MODEL), None, None)))) > 5
    assert (URIRef(MODEL), None, None) in graph


def test_pandas(url: str) -> None:
    table = pandas.read_csv(f"{url}?{urlencode({'query': SELECT, 'format': 'csv'})}")
    assert list(table.columns) == ["m", "label"] and len(table) == 5


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(url: str, tmp_path: Path) -> None:
    def curl(*arguments: str) -> str:
        done = subprocess.run(["curl", "-s", "--fail", *arguments], capture_output=True, check=True)
        return done.stdout.decode()

    assert (
        curl("-H", "Accept: text/csv", url, "--data-urlencode", f"query={SELECT}").count("\n") == 6
    )
    assert "bindings" in curl("-G", url, "--compressed", "--data-urlencode", f"query={SELECT}")
    file = tmp_path / "query.rq"
    file.write_text(SELECT, encoding="utf-8")
    sent = curl(url, "-H", "Content-Type: application/sparql-query", "--data-binary", f"@{file}")
    assert len(json.loads(sent)["results"]["bindings"]) == 5
    assert "Service" in curl("-H", "Accept: text/turtle", url)
