"""Wikidata: the query that is shipped, run over a graph in Wikidata's shape, and what its answer says."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from kg.ingest.origin import home_of
from kg.ingest.sources import wikidata
from kg.paths import DATA
from tests.reading import Found, as_json, read

GRAPH = """
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX psv: <http://www.wikidata.org/prop/statement/value/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
wd:Q900 wdt:P279 wd:Q115305900 .
wd:Q1 wdt:P31 wd:Q115305900 ; rdfs:label "Tuned"@en, "튜닝"@ko, "Abgestimmt"@de ; skos:altLabel "Tuned-1"@en ;
  wdt:P178 wd:Q10, <http://www.wikidata.org/.well-known/genid/abc> ; wdt:P275 wd:Q20 ; wdt:P144 wd:Q2, wd:Q30 ;
  wdt:P856 <https://x.example/tuned> ; wdt:P77777 "maker/tuned" ; wdt:P77778 "maker" ;
  p:P571 <https://s.example/1> ; p:P577 <https://s.example/2> , <https://s.example/3> .
<https://s.example/1> a wikibase:BestRank ; psv:P571 <https://v.example/1> .
<https://v.example/1> wikibase:timeValue "2022-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 9 .
<https://s.example/2> a wikibase:BestRank ; psv:P577 <https://v.example/2> .
<https://v.example/2> wikibase:timeValue "2023-03-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 10 .
<https://s.example/3> psv:P577 <https://v.example/3> .
<https://v.example/3> wikibase:timeValue "1999-03-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 11 .
wd:Q2 wdt:P31 wd:Q900 ; rdfs:label "Base"@en ; wdt:P275 wd:Q21 ; wdt:P144 wd:Q2 ; p:P571 <https://s.example/4> .
<https://s.example/4> a wikibase:BestRank ; psv:P571 <https://v.example/4> .
<https://v.example/4> wikibase:timeValue "2000-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 8 .
wd:Q3 wdt:P31 wd:Q5 ; rdfs:label "no model"@en .
wd:Q10 rdfs:label "Maker"@en, "메이커"@ko . wd:Q30 rdfs:label "Transformer"@en .
wd:Q20 rdfs:label "Apache License"@en ; wdt:P2479 "Apache-2.0" . wd:Q21 rdfs:label "Its Own License"@en .
wd:P77777 wikibase:directClaim wdt:P77777 ; wdt:P1630 "https://huggingface.co/$1" .
wd:P77778 wikibase:directClaim wdt:P77778 ; wdt:P1630 "https://huggingface.co/$1" .
wd:P77779 wikibase:directClaim wdt:P77779 ; wdt:P1630 "https://elsewhere.example/$1" .
"""
TUNED, BASE = "model/wikidata/q1", "model/wikidata/q2"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    store = ox.Store()
    store.load(GRAPH.encode(), format=ox.RdfFormat.TURTLE)
    answer = store.query((DATA / "ingest" / "wikidata.rq").read_text("utf-8"))
    path = tmp_path_factory.mktemp("wikidata") / "answer.json"
    answer.serialize(str(path), format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]
    return read("wikidata", path)


def test_what_the_query_brings_of_a_model(found: Found) -> None:
    assert {(p, v) for s, p, v in found.said if s == TUNED} == {
        ("label", "Tuned"),
        ("label", "튜닝"),
        ("alias", "Tuned-1"),
        ("developer", "org/wikidata/q10"),
        ("developer", None),
        ("license", "license/apache-2.0"),
        ("dependsOn", BASE),
        ("dependencyName", "Transformer"),
        ("releaseDate", "2023-03"),
        ("url", "https://x.example/tuned"),
        ("url", "https://huggingface.co/maker"),
        ("hubId", "maker/tuned"),
    }
    assert {
        ("org/wikidata/q10", "label", "메이커"),
        ("org/wikidata/q10", "label", "Maker"),
    } <= found.said


def test_subclasses_count_and_other_things_do_not(found: Found) -> None:
    assert found.records == {"Q1", "Q2"}
    assert (BASE, "license", "license/wikidata/its-own-license") in found.said


def test_what_is_no_claim(found: Found) -> None:
    assert found.rules == {"dangling": 1, "self": 1, "date": 1}  # a decade is no date
    assert found.silent() == set()


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"results": None},
        {"results": {"bindings": {"a": 1}}},
        {"results": {"bindings": [None, {}, {"model": "Q1"}, {"model": {"value": 7}}]}},
    ],
)
def test_an_answer_of_another_shape(tmp_path: Path, answer: Any) -> None:
    assert read("wikidata", as_json(tmp_path, "a.json", answer)).records == set()


def test_statements_that_make_no_sense(tmp_path: Path) -> None:
    model = {"model": {"value": "http://www.wikidata.org/entity/Q7"}}
    rows = [
        model,
        model | {"property": {"value": "inception"}, "value": {"value": "yesterday"}},
        model | {"property": {"value": "license"}},
        model | {"property": {"value": "label"}},
    ]
    found = read("wikidata", as_json(tmp_path, "a.json", {"results": {"bindings": rows}}))
    assert found.rules == {"shape": 3, "date": 1} and not found.claims


def test_the_address_carries_the_query() -> None:
    parts = urlsplit(home_of(wikidata.SOURCE, DATA))
    asked = parse_qs(parts.query)
    assert (parts.hostname, asked["format"]) == ("query.wikidata.org", ["json"])
    assert asked["query"] == [(DATA / "ingest" / "wikidata.rq").read_text("utf-8")]
    assert len(parts.geturl()) < 8000
