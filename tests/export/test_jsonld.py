"""JSON-LD: short keys, names by language, typed values; read back, it is the same graph."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kg.export.jsonld import Context, kg_context, write_jsonld
from kg.model.vocabulary import KG, PREFIXES, RDF, RDFS, XSD, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.released import released

CONTEXT = kg_context(load_vocabulary())
ALPACA = "http://127.0.0.1:8000/model/alpaca-7b"


def written(quads: Iterable[ox.Quad], context: Context = CONTEXT) -> bytes:
    out = io.BytesIO()
    write_jsonld(quads, out, context)
    return out.getvalue()


def node(text: str) -> dict[str, Any]:
    """The first node of some Turtle as JSON-LD, its context left out."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    quads = list(
        ox.parse(
            f"{prefixes}@prefix : <urn:x:> .\n{text if text.endswith('}') else text + ' .'}",
            ox.RdfFormat.TRIG,
        )
    )
    body = written(quads)
    if "_:" not in text:  # its label is the parser's
        assert set(ox.parse(body, ox.RdfFormat.JSON_LD)) == set(quads)
    first: dict[str, Any] = json.loads(body)["@graph"][0]
    return first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":a a kg:Model", {"type": "Model"}),
        (":a a :Thing, kg:Dataset", {"type": ["urn:x:Thing", "Dataset"]}),
        (':a rdfs:label "A"@en, "B"@en, "가"@ko', {"label": {"en": ["A", "B"], "ko": "가"}}),
        (':a rdfs:label "no language"', {"rdfs:label": "no language"}),
        (":a kg:developer :o", {"developer": "urn:x:o"}),
        (':a kg:developer "Meta"', {"developer": {"@value": "Meta"}}),
        (":a kg:parameterCount 7000000000", {"parameterCount": 7_000_000_000}),
        (":a kg:parameterCount 00007", {"parameterCount": "00007"}),
        (":a kg:parameterCount 9007199254740993", {"parameterCount": "9007199254740993"}),
        (":a kg:trainingCost 0.5", {"trainingCost": "0.5"}),
        (":a kg:requiresAttribution true", {"requiresAttribution": True}),
        (':a kg:releaseDate "2023-03-13"^^xsd:date', {"releaseDate": "2023-03-13"}),
        (
            ':a kg:releaseDate "2023"^^xsd:gYear',
            {"releaseDate": {"@value": "2023", "@type": "xsd:gYear"}},
        ),
        (":a kg:disputed kg:license, :other", {"disputed": ["license", "urn:x:other"]}),
        (':a kg:feature "빠름"@ko', {"feature": {"@value": "빠름", "@language": "ko"}}),
        (":a :p _:b", {"urn:x:p": {"id": "_:b"}}),
        (":a :p 1", {"urn:x:p": {"@value": "1", "@type": "xsd:integer"}}),
    ],
)
def test_a_value_is_written_as_people_would(text: str, expected: dict[str, object]) -> None:
    found = node(text)
    assert found.pop("id") == "urn:x:a"
    if "_:b" in text:  # its label is the parser's
        assert found["urn:x:p"]["id"].startswith("_:")
    else:
        assert found == expected


def test_named_graphs_stand_beside_the_default_graph() -> None:
    assert node("GRAPH :s { :a kg:developer :o }") == {
        "id": "urn:x:s",
        "@graph": [{"id": "urn:x:a", "developer": "urn:x:o"}],
    }


def test_a_context_holds_what_is_used_and_no_more() -> None:
    quads = ox.parse(f'<urn:a> <{KG}license> <urn:l> ; <{RDFS}label> "A"@en .', ox.RdfFormat.TURTLE)
    made = json.loads(written(quads))["@context"]
    assert made.keys() == {"@version", "id", "type", "kg", "rdfs", "license", "label"}
    assert made["license"] == {"@id": "kg:license", "@type": "@id"}


def test_a_long_document_has_the_whole_context() -> None:
    quads = [
        ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode(KG + "url"), ox.Literal("x"))
        for n in range(2_001)
    ]
    body = json.loads(written(quads))
    assert body["@context"] == CONTEXT.json() and len(body["@graph"]) == 2_001


def test_nothing_is_an_empty_graph() -> None:
    assert json.loads(written([]))["@graph"] == []


def test_every_property_has_a_key() -> None:
    known = load_vocabulary()
    made = CONTEXT.json()
    assert {*known.properties, *(k.term.iri.removeprefix(KG) for k in known.kinds.values())} <= {
        *made
    }
    clash = {"id", "type", "label", "altLabel", "source", *PREFIXES} & {*known.properties}
    assert not clash


_IRIS = st.sampled_from(
    [
        KG + "license",
        KG + "description",
        KG + "Model",
        RDFS + "label",
        RDF + "type",
        "urn:x:y",
        KG + "parameterCount",
        KG + "disputed",
        KG,
        "http://e/ü",
        KG + "/x",
        "urn:kg:license",
    ]
).map(ox.NamedNode)
_TEXTS = st.one_of(st.text(), st.sampled_from(["true", "1", "01", "1.0", "-0", "kg:license", "٣"]))
_LITERALS = st.one_of(
    st.builds(ox.Literal, _TEXTS),
    st.builds(ox.Literal, _TEXTS, language=st.sampled_from(["en", "ko", "en-gb"])),
    st.builds(
        ox.Literal,
        _TEXTS,
        datatype=st.sampled_from(
            [ox.NamedNode(XSD + t) for t in ("integer", "decimal", "boolean", "date", "anyURI")]
        ),
    ),
)
_NODES = st.one_of(_IRIS, st.sampled_from("ab").map(ox.BlankNode))
_QUADS = st.builds(
    ox.Quad,
    _NODES,
    _IRIS,
    st.one_of(_NODES, _LITERALS),
    st.one_of(st.just(ox.DefaultGraph()), _IRIS),
)


@given(st.lists(_QUADS, max_size=8))
def test_any_graph_comes_back_as_it_was(quads: list[ox.Quad]) -> None:
    back = ox.Dataset(ox.parse(written(quads), ox.RdfFormat.JSON_LD))
    there = ox.Dataset(quads)
    for graph in (back, there):
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert back == there


def test_a_release_is_isomorphic_to_its_turtle(snapshot: Snapshot) -> None:
    quads = released(snapshot.folder, "graph.nq").encode()
    body = written(ox.parse(quads, ox.RdfFormat.N_QUADS))
    assert len(body) < len(quads) / 2
    assert set(ox.parse(body, ox.RdfFormat.JSON_LD)) == set(ox.parse(quads, ox.RdfFormat.N_QUADS))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own
@pytest.mark.parametrize("id", ["model/alpaca-7b", "family/llama", "source/survey-001"])
def test_a_twin_is_isomorphic_to_the_turtle_one(client: FlaskClient, id: str) -> None:
    turtle = rdflib.Graph().parse(data=client.get(f"/{id}.ttl").data, format="turtle")
    dataset = rdflib.Dataset()
    dataset.parse(data=client.get(f"/{id}.jsonld").data, format="json-ld")
    assert isomorphic(turtle, dataset.default_graph)


def test_a_twin_reads_well(client: FlaskClient) -> None:
    body = client.get("/model/alpaca-7b.jsonld").get_json()
    about = next(n for n in body["@graph"] if n["id"] == ALPACA)
    assert about["type"] == "Model" and about["label"]["ko"] == "알파카 7B"
    assert about["fineTunedFrom"] == "http://127.0.0.1:8000/model/llama-7b"


def test_the_site_serves_the_context(client: FlaskClient) -> None:
    answer = client.get("/ontology/context.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.get_json() == {"@context": CONTEXT.json()}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_values_written_by_hand_mean_the_same(client: FlaskClient) -> None:
    """What the served context makes of JSON that somebody else wrote."""
    document = client.get("/ontology/context.jsonld").get_json() | {
        "id": "urn:m",
        "type": "Model",
        "label": {"ko": "모델"},
        "parameterCount": 7,
        "releaseDate": "2023-03-13",
        "disputed": "license",
    }
    graph = rdflib.Dataset()
    graph.parse(data=json.dumps(document), format="json-ld")
    assert (
        rdflib.URIRef("urn:m"),
        rdflib.URIRef(KG + "parameterCount"),
        rdflib.Literal(7),
    ) in graph
    assert (
        None,
        rdflib.URIRef(KG + "disputed"),
        rdflib.URIRef(KG + "license"),
    ) in graph.default_graph
