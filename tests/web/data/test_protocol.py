"""The SPARQL protocol at /sparql, beyond what the W3C tests ask (tests/conformance)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.config import load_config
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from tests.conftest import serving
from tests.web.data.test_endpoint import HOSTILE
from web.data._asked import LEAST_SECONDS

SELECT = "SELECT ?m { ?m a kg:Model } ORDER BY ?m LIMIT 3"
GRAPH = "CONSTRUCT { ?m a kg:Model } { ?m a kg:Model } LIMIT 3"
# Of the hostile queries those whose text alone is enough to refuse them.
REFUSED_UNREAD = {
    "braces",
    "brackets",
    "not",
    "path",
    "triple terms",
    "lists",
    "two megabytes",
    "binary",
}
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.mark.parametrize("format", sorted(RESULT_FORMATS))
def test_results_in_each_format(client: FlaskClient, format: str) -> None:
    asked = {"query": SELECT, "format": format}
    by_name = client.get("/sparql", query_string=asked)
    by_accept = client.post(
        "/sparql", data={"query": SELECT}, headers={"Accept": RESULT_FORMATS[format].content_type}
    )
    direct = client.post(
        "/sparql", data=SELECT, content_type=DIRECT, query_string={"format": format}
    )
    assert (
        by_name.status_code == 200 and by_name.content_type == RESULT_FORMATS[format].content_type
    )
    assert by_name.data == by_accept.data == direct.data
    assert int(by_name.headers["Content-Length"]) == len(by_name.data)


@pytest.mark.parametrize("format", sorted(RDF_FORMATS))
def test_graphs_in_each_format(client: FlaskClient, format: str) -> None:
    for asked in ({"format": format}, {"format": RDF_FORMATS[format].content_type}):
        answer = client.get("/sparql", query_string={"query": GRAPH, **asked})
        assert answer.status_code == 200 and answer.content_type == RDF_FORMATS[format].content_type
    assert (
        client.get(
            "/sparql",
            query_string={"query": GRAPH},
            headers={"Accept": RDF_FORMATS[format].content_type},
        ).data
        == answer.data
    )


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml;q=0.9", "xml"),
        (SELECT, "text/turtle, text/csv;q=0.1", "csv"),
        (SELECT, "application/*", "json"),
        (GRAPH, "application/rdf+xml;q=0.2, application/n-triples;q=0.3", "ntriples"),
        (GRAPH, "text/csv, application/trig;q=0.1", "trig"),
        ("ASK {}", "application/xml", "xml"),
    ],
)
def test_weights_choose(client: FlaskClient, query: str, accept: str, expected: str) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.content_type == {**RESULT_FORMATS, **RDF_FORMATS}[expected].content_type


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (400, {"query_string": {"query": "SELECT * {\n ?s"}}),
        (400, {"query_string": {"query": ["ASK {}", "ASK {}"]}}),
        (400, {"query_string": "query=ASK%20%7B%7D%20%23%FF"}),
        (400, {"query_string": {"query": "ASK {}", "timeout": "never"}}),
        (400, {"query_string": {"query": "ASK {}", "default-graph-uri": "no iri"}}),
        (400, {"query_string": {"query": "ASK { FILTER(<a:function>(1)) }"}}),
        (400, {"method": "POST", "data": b"ASK {} # \xff", "content_type": DIRECT}),
        (403, {"query_string": {"update": "CLEAR ALL"}}),
        (403, {"query_string": {"query": "CLEAR ALL"}}),
        (403, {"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"}),
        (405, {"method": "PUT", "data": "ASK {}", "content_type": DIRECT}),
        (405, {"method": "DELETE"}),
        (406, {"query_string": {"query": SELECT, "format": "turtle"}}),
        (406, {"query_string": {"query": GRAPH}, "headers": {"Accept": "text/csv"}}),
        (406, {"query_string": {"query": GRAPH}, "headers": {"Accept": "image/png"}}),
        (413, {"method": "POST", "data": "ASK {} #" + "x" * 1_000_000, "content_type": DIRECT}),
        (413, {"method": "POST", "data": "ASK {} #" + "x" * 5_000_000, "content_type": DIRECT}),
        (414, {"query_string": {"query": "ASK {} #" + "x" * 70_000}}),
        (415, {"method": "POST", "data": "ASK {}", "content_type": "text/plain"}),
        (415, {"method": "POST", "data": "ASK {}", "content_type": DIRECT + "; charset=utf-16"}),
    ],
)
def test_errors_are_told(client: FlaskClient, status: int, request_: dict[str, object]) -> None:
    answer = client.open("/sparql", **request_)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json" and answer.json["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "ETag" not in answer.headers


@pytest.mark.parametrize("name", sorted(REFUSED_UNREAD))
def test_a_hostile_text_is_refused_before_it_runs(client: FlaskClient, name: str) -> None:
    """The others of HOSTILE, and these on a running server: tests/web/data/test_endpoint.py."""
    answer = client.post("/sparql", data=HOSTILE[name], content_type=DIRECT)
    assert answer.status_code in (400, 413) and answer.json["detail"]
    assert client.post("/sparql", data="ASK {}", content_type=DIRECT).status_code == 200


def test_an_error_in_plain_text(client: FlaskClient) -> None:
    answer = client.get("/sparql?query=ASK {", headers={"Accept": "text/plain, text/csv;q=0.1"})
    assert answer.status_code == 400 and answer.mimetype == "text/plain"
    assert "line 1, column" in answer.text


def test_an_answer_is_asked_for_once(client: FlaskClient) -> None:
    asked = {"query_string": {"query": SELECT, "format": "json"}}
    first = client.get("/sparql", **asked)  # type: ignore[arg-type]
    assert "max-age" in first.headers["Cache-Control"]
    assert {"Accept", "Accept-Encoding"} == {*first.vary}
    again = client.get("/sparql", headers={"If-None-Match": first.headers["ETag"]}, **asked)  # type: ignore[arg-type]
    assert again.status_code == 304 and not again.data
    other = client.get(
        "/sparql",
        headers={"If-None-Match": first.headers["ETag"]},
        query_string={"query": SELECT, "format": "csv"},
    )
    assert other.status_code == 200


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELECT (rand() AS ?n) {}"])
def test_what_changes_by_itself_has_no_tag(client: FlaskClient, query: str) -> None:
    answer = client.get("/sparql", query_string={"query": query, "format": "csv"})
    assert "ETag" not in answer.headers and answer.headers["Cache-Control"] == "no-store"


def test_head_and_options(client: FlaskClient) -> None:
    head = client.head("/sparql", query_string={"query": SELECT, "format": "csv"})
    assert head.status_code == 200 and not head.data and int(head.headers["Content-Length"]) > 0
    options = client.options(
        "/sparql",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert options.status_code == 204 and "POST" in options.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in options.headers["Access-Control-Allow-Headers"]


def test_gzip_where_it_is_taken(client: FlaskClient) -> None:
    asked = {"query_string": {"query": "SELECT * { ?s a ?o }", "format": "csv"}}
    plain = client.get("/sparql", **asked)  # type: ignore[arg-type]
    zipped = client.get("/sparql", headers={"Accept-Encoding": "gzip"}, **asked)  # type: ignore[arg-type]
    assert zipped.headers["Content-Encoding"] == "gzip" and len(zipped.data) < len(plain.data) / 2
    assert gzip.decompress(zipped.data) == plain.data
    refused = client.get("/sparql", headers={"Accept-Encoding": "gzip;q=0"}, **asked)  # type: ignore[arg-type]
    assert "Content-Encoding" not in refused.headers


def test_full_text_through_the_protocol(client: FlaskClient) -> None:
    query = 'SELECT ?m { SERVICE kg:search { ?m kg:query "한국어 라마" ; kg:limit 5 } }'
    found = client.post("/sparql", data={"query": query}).json["results"]["bindings"]
    assert 0 < len(found) <= 5


def test_a_client_has_its_share(snapshot_home: Path) -> None:
    config = load_config(home=snapshot_home, sparql_timeout=2, sparql_client_seconds=1)
    cross = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "format": "csv"}
    with serving(config) as app:
        client = app.test_client()
        assert client.get("/sparql", query_string=cross).status_code == 504
        refused = client.get("/sparql?query=ASK {}")
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
        other = client.get("/sparql?query=ASK {}", environ_base={"REMOTE_ADDR": "10.0.0.1"})
        assert other.status_code == 200
        assert client.get("/-/health").status_code == 200


def test_graph_parameters_stand_before_from(client: FlaskClient) -> None:
    base = "http://127.0.0.1:8000/source/"
    query = f"SELECT (COUNT(*) AS ?n) FROM <{base}survey-004> {{ ?s ?p ?o }}"

    def count(**parameters: str) -> int:
        answer = client.get(
            "/sparql", query_string={"query": query, "format": "json", **parameters}
        )
        return int(json.loads(answer.data)["results"]["bindings"][0]["n"]["value"])

    both = count(), count(**{"default-graph-uri": base + "survey-003"})
    assert 0 < both[0] != both[1] > 0
    assert count(**{"default-graph-uri": base + "no-such"}) == 0


def test_no_query_gets_next_to_no_time(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "ASK {}", "timeout": "2e-261"})
    assert answer.status_code == 200 or f"{LEAST_SECONDS} seconds" in answer.text


ASKED = "SELECT ?m { ?m a kg:Model ; kg:inFamily <http://127.0.0.1:8000/family/llama> } ORDER BY ?m"


def test_equal_queries_are_answered_from_what_the_first_gave(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By POST as well; in another form, gzip or dataset a query is another one."""
    others: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"format": "csv"}, {}),
        ({}, {"Accept-Encoding": "gzip"}),
        ({"default-graph-uri": "http://127.0.0.1:8000/source/survey-004"}, {}),
        ({"query": ASKED + " LIMIT 1"}, {}),
    ]
    with serving(load_config(home=snapshot_home)) as app:
        pool, asked = app.extensions["gyebo"].pool, []
        real = pool.query
        monkeypatch.setattr(pool, "query", lambda *a, **k: asked.append(a) or real(*a, **k))
        client = app.test_client()

        def post(change: dict[str, Any], headers: dict[str, str]) -> Any:
            data = {"query": ASKED, "format": "json"} | change
            answer = client.post("/sparql", data=data, headers=headers)
            return answer.status_code, answer.data, answer.headers["Content-Type"]

        first = post({}, {})
        assert post({}, {}) == first and len(asked) == 1
        for number, other in enumerate(others, 2):
            made = post(*other)
            assert post(*other) == made and made[0] == 200 and len(asked) == number
            assert (made != first) == ("Accept-Encoding" not in other[1])  # too short for gzip
        for _ in range(2):
            assert post({"query": "SELECT (NOW() AS ?t) {}"}, {})[0] == 200
        assert len(asked) == number + 2
        assert post({"query": "no query"}, {})[0] == 400
