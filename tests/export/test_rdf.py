"""The RDF shape: resolved facts by default, who says what in named graphs, nothing folded."""

import pyoxigraph as ox
import pytest
import rdflib

from kg.export.quads import Writer
from kg.model.claim import Entity, Fact, Said, kind_of
from kg.model.iri import id_of, iri
from kg.model.vocabulary import XSD, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.statistics import STRING, TYPE, WORDS, QuadKind
from tests.released import released

BASE = "http://example.org/"


def quads(entity: Entity) -> list[ox.Quad]:
    text = "".join(Writer(BASE, load_vocabulary()).lines(entity))
    return list(ox.parse(text, ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize(
    "text", ['a "b" \\ c', "line\nbreak\ttab\r", "한글 ☃ 𝔊", "\x00\x1f\x7f", "<a> ."]
)
def test_any_text_survives(text: str) -> None:
    said = Said(value=text, source="source/s")
    found = quads(Entity("model/a", {"en": (text,)}, (Fact("feature", (text,), (said,)),)))
    assert {q.object.value for q in found if isinstance(q.object, ox.Literal)} == {text}


@pytest.mark.parametrize("slug", ["a-b_c.d~e", "한국어", "100%", "a#b?c=d", "x[1]", "hf/o/n@1"])
def test_an_id_survives_in_its_iri(slug: str) -> None:
    id = f"model/{slug}"
    assert id_of(BASE, iri(BASE, id)) == id
    assert quads(Entity(id, {"en": ("A",)}))[0].subject.value == iri(BASE, id)
    assert rdflib.URIRef(iri(BASE, id)).n3()


@pytest.mark.parametrize(
    ("name", "value", "datatype"),
    [
        ("releaseDate", "2023-03-13", "date"),
        ("releaseDate", "2023-03", "gYearMonth"),
        ("releaseDate", "2023", "gYear"),
        ("parameterCount", 7, "integer"),
        ("trainingCost", 1e-5, "decimal"),
        ("trainingCost", 300, "decimal"),
        ("trainingFlop", 1.2e24, "double"),
        ("trainingFlop", 40.0, "double"),
        ("trainingCodeAvailable", True, "boolean"),
        ("url", "https://example.org/", "anyURI"),
    ],
)
def test_literals_keep_value_and_type(name: str, value: object, datatype: str) -> None:
    fact = Fact(name, (value,), (Said(value=value, source="source/s"),))  # type: ignore[arg-type]
    store = ox.Store()
    store.extend(quads(Entity("model/a", {"en": ("A",)}, (fact,))))
    row = next(iter(store.query(f"SELECT ?o {{ ?s <https://w3id.org/gyebo/ns#{name}> ?o }}")))
    assert row["o"].datatype.value.endswith(f"#{datatype}")
    assert not rdflib.Literal(row["o"].value, datatype=row["o"].datatype.value).ill_typed


def test_who_says_what(snapshot: Snapshot) -> None:
    graph = released(snapshot.folder, "graph.nq").encode()
    store = ox.Store()
    store.bulk_load(graph, ox.RdfFormat.N_QUADS)
    asked = """PREFIX kg: <https://w3id.org/gyebo/ns#> PREFIX m: <http://127.0.0.1:8000/model/>
        SELECT ?source ?maker { GRAPH ?source { m:dolly-2 kg:developer ?maker } }"""
    said = {
        (r["source"].value.split("/")[-1], r["maker"].value.split("/")[-1])
        for r in store.query(asked)
    }
    assert {("survey-004", "eleutherai"), ("dolly-blog", "databricks")} <= said
    resolved = store.query(asked.replace("GRAPH ?source", "").replace("?source ", ""))
    assert [r["maker"].value.split("/")[-1] for r in resolved] == ["databricks"]


def test_no_blank_nodes(snapshot: Snapshot) -> None:
    graph = released(snapshot.folder, "graph.nq")
    assert "_:" not in graph.replace('"', "").split(">")[0]
    assert not any(
        line.startswith("_:") or " _:" in line.split('"')[0] for line in graph.splitlines()
    )


def test_what_quads_are_is_what_they_say(snapshot: Snapshot) -> None:
    """A literal has its datatype, an entity its kind, and a class is told by itself."""
    writer = Writer(BASE, snapshot.vocabulary)
    met = set()
    for entity in snapshot.entities():
        lines, kinds = writer.quads(entity)
        for line, kind in zip(lines, kinds, strict=True):
            [quad] = ox.parse(line, ox.RdfFormat.N_QUADS)
            if isinstance(quad.graph_name, ox.NamedNode):
                assert kind == QuadKind(id_of(BASE, quad.graph_name.value) or "")
                continue
            said = quad.object
            if isinstance(said, ox.Literal):
                value = said.datatype.value
            else:
                assert isinstance(said, ox.NamedNode)
                id = id_of(BASE, said.value)
                value = said.value if quad.predicate.value == TYPE else kind_of(id or "")
            assert kind == QuadKind("", quad.predicate.value, value)
            met.add(value)
    assert {STRING, WORDS, f"{XSD}integer", f"{XSD}date", f"{XSD}anyURI", "model", ""} <= met
