"""Addresses of SPARQL servers: what goes with a query, and what nobody is shown."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from kg.config import load_config
from kg.errors import ConfigError
from kg.sparql.elsewhere._portable import portable
from kg.sparql.elsewhere.endpoint import ServerDataset, read_endpoint


def fields(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(), keep_blank_values=True)


def test_an_address_has_all_that_has_to_be_known() -> None:
    found = read_endpoint(
        "https://me:p%40ss@[::1]:8443/sparql?default-graph-uri=urn:d&access-token=secret"
    )
    assert (found.scheme, found.host, found.port, found.path) == ("https", "::1", 8443, "/sparql")
    assert found.headers == {"Authorization": "Basic bWU6cEBzcw=="}
    assert found.shown == "https://[::1]:8443/sparql?default-graph-uri=urn%3Ad"
    assert read_endpoint("http://x").port == 80 and read_endpoint("http://x").path == "/"


def test_the_graphs_of_a_query_take_the_place_of_those_of_the_address() -> None:
    found = read_endpoint("http://x/?default-graph-uri=urn:d&named-graph-uri=urn:n&token=t")
    assert fields(found.form("ASK {}")) == [
        ("default-graph-uri", "urn:d"),
        ("named-graph-uri", "urn:n"),
        ("token", "t"),
        ("query", "ASK {}"),
    ]
    assert fields(found.form("ASK {}", ServerDataset())) == [("token", "t"), ("query", "ASK {}")]
    assert fields(found.form("ASK {}", ServerDataset(["urn:a"], ["urn:b", "urn:c"])))[1:] == [
        ("default-graph-uri", "urn:a"),
        ("named-graph-uri", "urn:b"),
        ("named-graph-uri", "urn:c"),
        ("query", "ASK {}"),
    ]


@pytest.mark.parametrize(
    "url", ["", "ftp://x/", "http://", "http:///sparql", "http://x:port/", "http://x/a b", "x"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        read_endpoint(url)
    if url:  # empty = no server elsewhere
        with pytest.raises(ConfigError, match=r"sparql_url|SPARQL"):
            read_endpoint(load_config(environ={"GYEBO_SPARQL_URL": url}).sparql_url)


def test_a_setting_that_cannot_be_used_is_told_without_its_secrets() -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(environ={"GYEBO_SPARQL_URL": "http://me:secret@x/#top"})
    assert "secret" not in str(caught.value)


def test_a_query_says_itself_what_its_names_mean() -> None:
    sent = portable("PREFIX kg: <urn:other:>\nSELECT * { ?s kg:a <model/b> }", "http://x/")
    assert sent.startswith("BASE <http://x/> ") and sent.count("PREFIX kg:") == 1
    assert "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>" in sent
    assert "BASE" not in portable("ASK {}", "")
    own = portable("# first\nBASE <urn:x:> ASK { <a> a <b> }", "http://x/")
    assert own.startswith("# first\nBASE <urn:x:> PREFIX ") and own.count("BASE") == 1
    graphs = portable("SELECT * FROM <a> FROM NAMED <urn:b> { GRAPH <c> {} }", "http://x/")
    assert graphs.endswith("FROM <http://x/a> FROM NAMED <urn:b> { GRAPH <c> {} }")
    assert portable("base <y/> ASK { <a> a <b> }", "http://x/").startswith("BASE <http://x/> ")
