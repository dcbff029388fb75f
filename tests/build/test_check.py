"""The rules in the stream and the SHACL shapes agree on the same cases."""

from __future__ import annotations

import pytest
import rdflib

from kg.build._check import EntityCheck
from kg.build._shapes import _read_graph, check_graph
from kg.export.quads import Writer
from kg.model.claim import Entity, Fact, Said, Value
from kg.model.vocabulary import load_vocabulary
from kg.paths import ONTOLOGY

KNOWN = load_vocabulary()
BASE = "http://example.org/"
OTHERS = ["model/b", "license/l", "org/o", "dataset/d", "language/ko", "family/f"]

GOOD: list[tuple[str, Value]] = [
    ("parameterCount", 7_000_000_000),
    ("parameterCount", 1),
    ("releaseDate", "2023-03"),
    ("releaseDate", "2023"),
    ("releaseDate", "2024-02-29"),
    ("license", "license/l"),
    ("developer", "org/o"),
    ("fineTunedFrom", "model/b"),
    ("mergedFrom", "family/f"),
    ("trainedOn", "dataset/d"),
    ("trainingCost", 0.5),
    ("trainingCodeAvailable", False),
    ("url", "https://example.org/a"),
    ("language", "language/ko"),
]
BAD: list[tuple[str, Value]] = [
    ("parameterCount", -7),
    ("releaseDate", "March"),
    ("license", "model/b"),
    ("developer", "model/b"),
    ("fineTunedFrom", "dataset/d"),
    ("trainedOn", "model/b"),
]


def entity(name: str, value: Value, id: str = "model/a") -> Entity:
    return Entity(
        id, {"en": ("A",)}, (Fact(name, (value,), (Said(value=value, source="source/s"),)),)
    )


def in_stream(one: Entity) -> bool:
    return not list(EntityCheck(KNOWN).issues(one))


def in_shacl(one: Entity) -> bool:
    writer = Writer(BASE, KNOWN)
    try:
        others = [Entity(id, {"en": (id,)}) for id in OTHERS]
        text = "".join(line for e in (one, *others) for line in writer.resolved(e))
    except KeyError:
        return False  # a date of no known length has no datatype
    graph = rdflib.Graph().parse(data=text, format="nt")
    return not list(check_graph(graph, ONTOLOGY / "shapes.ttl"))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("name", "value"), GOOD)
def test_both_accept(name: str, value: Value) -> None:
    assert (in_stream(entity(name, value)), in_shacl(entity(name, value))) == (True, True)


@pytest.mark.parametrize(("name", "value"), BAD)
def test_both_refuse(name: str, value: Value, caplog: pytest.LogCaptureFixture) -> None:
    assert (in_stream(entity(name, value)), in_shacl(entity(name, value))) == (False, False)


def test_both_refuse_a_weight_edge_of_a_family() -> None:
    family = entity("fineTunedFrom", "model/b", "family/a")
    assert (in_stream(family), in_shacl(family)) == (False, False)


def test_both_refuse_what_has_no_name() -> None:
    nameless = Entity("model/a", {}, entity("license", "license/l").facts)
    assert (in_stream(nameless), in_shacl(nameless)) == (False, False)


def test_every_property_of_the_shapes_is_checked_in_the_stream() -> None:
    """What the shapes say of single values and datatypes, the ontology says as well."""
    shapes = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for shape, path in shapes.subject_objects(sh.path):
        name = str(path).rpartition("#")[2]
        if name in KNOWN.properties and str(shapes.value(shape, sh.maxCount)) == "1":
            prop = KNOWN.properties[name]
            assert prop.single or prop.type == "text" or prop.edge, name


def test_triples_are_read_as_rdflib_reads_them() -> None:
    said = [*GOOD, ("description", 'a "b"\n\\ 라마'), ("hubId", "a/b")]
    entities = [entity(name, value) for name, value in said]
    lines = [line for one in entities for line in Writer(BASE, KNOWN).resolved(one)]
    lines += ['<http://a/> <http://b/> "7B"@en .\n', "<http://a/> <http://b/> _:x .\n"] * 2
    text = "".join(lines)
    theirs = rdflib.Graph().parse(data=text, format="nt")
    blank = rdflib.BNode("x")  # rdflib gives a blank node another name each time
    expected = {
        tuple(blank if isinstance(term, rdflib.BNode) else term for term in triple)
        for triple in theirs
    }
    assert {*_read_graph(text)} == expected and len(expected) > len(said)
