"""The descriptions for programs are RDF, follow their vocabularies and tell true figures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, VOID, XSD
from rdflib.plugins.sparql import prepareQuery

from kg.export.release_files import file_of
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.model.vocabulary import KG, PREFIXES
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.statistics import TYPE, WORDS, Count, GraphCount, QuadKind
from kg.sparql.examples import examples
from kg.sparql.pool import Pool

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID_EXT = rdflib.Namespace("http://ldf.fi/void-ext#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SCHEMA = rdflib.Namespace("https://schema.org/")
BASE = "http://127.0.0.1:8000/"
DATA = rdflib.Namespace(f"{BASE}data#")
PARSERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # of rdflib itself
SHAPES = Path(__file__).parents[1] / "shapes" / "metadata.ttl"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool()
    yield opened
    opened.close()


def fetch(client: FlaskClient, path: str, format: str = "nt") -> rdflib.Graph:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.data, format=format)


@pytest.fixture
def void(client: FlaskClient) -> rdflib.Graph:
    return fetch(client, "/.well-known/void.nt")


@pytest.fixture
def ask(pool: Pool, snapshot: Snapshot):  # type: ignore[no-untyped-def]
    """Rows of a query, as text."""

    def rows(query: str) -> list[list[str]]:
        body = pool.query(snapshot.dataset, query, "csv").body.decode()
        return list(csv.reader(io.StringIO(body)))[1:]

    return rows


@pytest.mark.parametrize("path", ["/.well-known/void", "/.well-known/sparql-examples", "/data"])
def test_every_form_is_the_same_graph(client: FlaskClient, path: str) -> None:
    sizes = {len(fetch(client, f"{path}.{s}", parser)) for s, parser in PARSERS.items()}
    assert len(sizes) == 1 and min(sizes) > 200


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.3, application/n-triples;q=0.4", "application/n-triples"),
        ("image/png", None),
    ],
)
def test_well_known_negotiates(client: FlaskClient, accept: str, expected: str | None) -> None:
    for path in ("/.well-known/void", "/.well-known/sparql-examples"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == (200 if expected else 406)
        assert answer.mimetype == (expected or "application/problem+json")
        assert client.get(f"{path}.xyz").status_code == 404


def test_data_leads_programs_to_the_description(client: FlaskClient) -> None:
    answer = client.get("/data", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.mimetype == "text/turtle" and "accept" in answer.vary
    assert b"void:DatasetDescription" in answer.data


def test_metadata_meets_its_shapes(void: rdflib.Graph, client: FlaskClient) -> None:
    both = void + fetch(client, "/.well-known/sparql-examples.nt")
    conforms, _, report = validate(both, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, report


def test_the_shapes_find_what_is_missing(void: rdflib.Graph) -> None:
    void.remove((DATA.dataset, DCTERMS.license, None))
    assert not validate(void, shacl_graph=rdflib.Graph().parse(SHAPES))[0]


def test_triples_are_counted_by_graph(void: rdflib.Graph, ask) -> None:  # type: ignore[no-untyped-def]
    [[default, subjects]] = ask("SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s ?p ?o }")
    node = DATA["default-graph"]
    assert (int(void.value(node, VOID.triples)), int(void.value(node, VOID.distinctSubjects))) == (
        int(default),
        int(subjects),
    )
    named = dict(ask("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"))
    told = {
        str(void.value(g, SD.name)): str(void.value(void.value(g, SD.graph), VOID.triples))
        for g in void.objects(DATA.dataset, SD.namedGraph)
    }
    assert told == named and len(named) > 5
    total = int(void.value(DATA.dataset, VOID.triples))
    assert total == int(default) + sum(map(int, named.values()))


def test_subjects_of_each_source(void: rdflib.Graph, ask) -> None:  # type: ignore[no-untyped-def]
    rows = ask("SELECT ?g (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    for graph, subjects in rows:
        node = DATA["graph/" + graph.removeprefix(BASE)]
        assert int(void.value(node, VOID.distinctSubjects)) == int(subjects), graph


def test_property_partitions(void: rdflib.Graph, ask) -> None:  # type: ignore[no-untyped-def]
    rows = ask("SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s ?p ?o } GROUP BY ?p")
    told = {
        (
            str(void.value(part, VOID.property)),
            str(void.value(part, VOID.triples)),
            str(void.value(part, VOID.distinctSubjects)),
        )
        for part in void.objects(DATA["default-graph"], VOID.propertyPartition)
    }
    assert told == set(map(tuple, rows))


def test_class_partitions_and_what_they_lead_to(void: rdflib.Graph, ask) -> None:  # type: ignore[no-untyped-def]
    classes = dict(ask("SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c"))
    rows = {
        (c, p, v): int(n)
        for c, p, v, n in ask(
            "SELECT ?c ?p ?v (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o OPTIONAL { ?o a ?d }"
            " BIND(COALESCE(?d, DATATYPE(?o)) AS ?v) FILTER(BOUND(?v)) } GROUP BY ?c ?p ?v"
        )
    }
    told = {}
    for part in void.objects(DATA["default-graph"], VOID.classPartition):
        name = str(void.value(part, VOID["class"]))
        assert str(void.value(part, VOID.entities)) == classes[name]
        for inner in void.objects(part, VOID.propertyPartition):
            for link, what in (
                (VOID.classPartition, VOID["class"]),
                (VOID_EXT.datatypePartition, VOID_EXT.datatype),
            ):
                for value in void.objects(inner, link):
                    key = name, str(void.value(inner, VOID.property)), str(void.value(value, what))
                    told[key] = int(void.value(value, VOID.triples))
    assert told == rows


def test_files_are_those_of_the_manifest(void: rdflib.Graph, snapshot: Snapshot) -> None:
    found = {}
    for node in void.objects(DATA.dataset, DCAT.distribution):
        name = str(void.value(node, DCAT.downloadURL)).removeprefix(f"{BASE}data/")
        sum = void.value(void.value(node, SPDX.checksum), SPDX.checksumValue)
        found[name] = int(void.value(node, DCAT.byteSize)), str(sum)
        titles = {t.language for t in void.objects(node, DCTERMS.title)}
        assert titles == {"en", "ko"}, name
    assert found == {n: (f.bytes, f.sha256) for n, f in snapshot.manifest.files.items()}


def test_dumps_are_all_whole_exports_in_rdf(void: rdflib.Graph) -> None:
    dumps = {
        str(file).removeprefix(f"{BASE}data/") for file in void.objects(DATA.dataset, VOID.dataDump)
    }
    assert dumps == {*map(file_of, RDF_FORMATS.values()), "graph.nq"}


def test_counting_needs_no_store() -> None:
    counting = GraphCount()
    known = QuadKind("", "p", "org"), QuadKind("", "p", WORDS), QuadKind("source/s")
    counting.add("model/x", known)
    counting.add("model/y", known)
    counting.add("org/y", (QuadKind("", TYPE, "c"), QuadKind("", "q", "model")))
    found = counting.found()
    assert (found.default.triples, found.default.subjects) == (6, 3)
    assert (found.graphs["source/s"].triples, found.graphs["source/s"].subjects) == (2, 2)
    assert found.properties["p"] == Count(4, 2, "model/x")
    assert found.classes == {"c": Count(1, 1, "org/y")}
    assert [(u.kind, u.property, u.value, u.triples) for u in found.uses] == [
        ("model", "p", WORDS, 2),
        ("model", "p", "org", 2),
        ("org", TYPE, "", 1),
        ("org", "q", "model", 1),
    ]


# ---- the endpoint ----


def test_service_description(client: FlaskClient, snapshot: Snapshot) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle", answer.text
    graph = rdflib.Graph().parse(data=answer.data, format="turtle")
    [service] = graph.subjects(RDF.type, SD.Service)
    assert graph.value(service, SD.endpoint) == rdflib.URIRef(f"{BASE}sparql")
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service, SD.supportedLanguage, SD.SPARQLQuery) in graph
    versions = {
        str(v).rpartition("#version-")[2] for v in graph.objects(service, SD.supportedVersion)
    }
    assert versions == {"1.1", "1.2-basic"}
    assert (service, SD.feature, rdflib.URIRef(KG + "search")) in graph
    assert (service, SD.feature, SD.BasicFederatedQuery) not in graph
    media_types = {f.media_type for f in (*RESULT_FORMATS.values(), *RDF_FORMATS.values())}
    assert len(set(graph.objects(service, SD.resultFormat))) == len(media_types)
    dataset = graph.value(service, SD.defaultDataset)
    assert graph.value(dataset, SD.defaultGraph)
    named = {str(graph.value(g, SD.name)) for g in graph.objects(dataset, SD.namedGraph)}
    assert len(named) == len(snapshot.statistics.graphs)


def test_prefixes_are_those_of_the_endpoint(void: rdflib.Graph) -> None:
    declared = {
        str(void.value(d, SH.prefix)): str(void.value(d, SH.namespace))
        for d in void.objects(DATA.prefixes, SH.declare)
    }
    assert declared == PREFIXES
    assert all(o.datatype == XSD.anyURI for o in void.objects(None, SH.namespace))


# ---- saved queries ----


def test_saved_queries_follow_the_conventions(client: FlaskClient) -> None:
    graph = fetch(client, "/.well-known/sparql-examples.nt")
    nodes = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(nodes) == len(examples()) >= 20
    for node in nodes:
        assert {c.language for c in graph.objects(node, RDFS.comment)} == {"en", "ko"}
        assert graph.value(node, SCHEMA.target) == rdflib.URIRef(f"{BASE}sparql")
        assert list(graph.objects(node, SCHEMA.keywords))
        [text] = [o for p in (SH.select, SH.construct, SH.ask) for o in graph.objects(node, p)]
        prepareQuery(str(text))  # needs no prefix from elsewhere


def test_a_portable_query_gives_what_the_saved_one_gives(pool: Pool, snapshot: Snapshot) -> None:
    for example in examples():
        here = pool.query(snapshot.dataset, example.query, "json", "ntriples")
        bare = snapshot.dataset._replace(base="")
        there = pool.query(bare, example.portable(snapshot.manifest.base), "json", "ntriples")
        if here.kind == "graph":
            assert sorted(here.body.splitlines()) == sorted(there.body.splitlines())
        else:
            assert json.loads(here.body) == json.loads(there.body)
