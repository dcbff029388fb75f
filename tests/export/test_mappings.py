"""Other vocabularies: what kg.ttl and ontology/mappings say is what is written, and it is valid."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import rdflib
from pyshacl import validate
from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, SH, SKOS

from kg.errors import DataError, UnknownFormat
from kg.export.export import narrowed, relatives
from kg.export.mappings import MAPPED, read_spec
from kg.export.vocabularies import Translation
from kg.model.claim import Entity, Fact, Said
from kg.model.vocabulary import KG, load_vocabulary
from kg.snapshot.snapshot import Snapshot

BASE = "http://e/"
DCAT3 = rdflib.Namespace("http://www.w3.org/ns/dcat#")  # rdflib knows DCAT 2
IT6 = rdflib.Namespace("http://data.europa.eu/it6/")
FAIR4ML = rdflib.Namespace("https://w3id.org/fair4ml#")
SCHEMA = rdflib.Namespace("https://schema.org/")
HTTP_SCHEMA = rdflib.Namespace("http://schema.org/")
SHAPES = Path(__file__).parents[1] / "shapes" / "mldcat-ap.ttl"
NODE = rdflib.Namespace(BASE)


def said(property: str, *values: str | int | float, lang: str = "") -> Fact:
    return Fact(
        property, values, tuple(Said(value=value, source="source/s", lang=lang) for value in values)
    )


def model(id: str, *facts: Fact) -> Entity:
    return Entity(f"model/{id}", {"en": (id.upper(), f"{id}-alias"), "ko": (f"모델 {id}",)}, facts)


def translated(name: str, *entities: Entity) -> rdflib.Graph:
    ids = {entity.id for entity in entities}
    lines = Translation(name, BASE, load_vocabulary(), ids.__contains__).lines(entities)
    return rdflib.Graph().parse(data="".join(lines), format="nt")


def whole(snapshot: Snapshot, name: str) -> rdflib.Graph:
    """The curated release in a vocabulary, as the build wrote it."""
    path = snapshot.folder / "release" / "exports" / f"gyebo-{name}.ttl.gz"
    return rdflib.Graph().parse(data=gzip.decompress(path.read_bytes()))


@pytest.mark.parametrize("name", MAPPED)
def test_a_whole_release_keeps_to_the_vocabulary_and_to_itself(
    snapshot: Snapshot, name: str
) -> None:
    graph, base = whole(snapshot, name), snapshot.manifest.base
    namespaces = (*read_spec(name).prefixes.values(), str(RDF))
    assert len(graph) > 3_000
    assert all(str(p).startswith(namespaces) for p in set(graph.predicates()))
    assert not any(str(cls).startswith(KG) for cls in graph.objects(None, RDF.type))
    named = {o for o in graph.objects() if str(o).startswith(base) and o != rdflib.URIRef(base)}
    assert named - set(graph.subjects()) == set()


def test_the_curated_release_is_valid_mldcat_ap(snapshot: Snapshot) -> None:
    graph = whole(snapshot, "mldcat")
    models = len(set(graph.subjects(RDF.type, IT6.MachineLearningModel)))
    assert models == snapshot.manifest.counts["model"] + 1, (
        "and the one that stands for the unstated"
    )
    valid, _, text = validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert valid, text


@pytest.mark.parametrize("root", ["family/llama", "model/koalpaca-polyglot-12.8b"])
def test_a_part_is_valid_mldcat_ap(snapshot: Snapshot, root: str) -> None:

    exporter = narrowed(snapshot, relatives(snapshot, root), "mldcat")
    with exporter.lines() as lines:
        graph = rdflib.Graph().parse(data=lines.read(), format="nt")
    valid, _, text = validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert valid, text


def test_the_shapes_find_what_is_wrong() -> None:
    graph = translated("mldcat", model("a"))
    node = NODE["model/a"]
    graph.remove((node, DCTERMS.identifier, None))
    graph.add((node, IT6.hasUploader, rdflib.Literal("someone")))
    graph.add((node, IT6.totalNumberOfParameters, rdflib.Literal("7B")))
    valid, report, _ = validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    paths = set(report.objects(None, SH.resultPath))
    assert not valid and paths == {DCTERMS.identifier, IT6.hasUploader, IT6.totalNumberOfParameters}


# ---- what the profiles demand and nobody states ----


def test_what_is_demanded_and_not_stated_is_said_to_be_so() -> None:
    graph = translated("mldcat", model("a"))
    node = NODE["model/a"]
    assert graph.value(node, IT6.trainedOn) == NODE["data#unstated-dataset"]
    assert graph.value(node, IT6.hasFile) == NODE["data#unstated-file"]
    created = graph.value(node, DCTERMS.created)
    assert isinstance(created, rdflib.Literal)
    assert (str(created), str(created.datatype)) == (
        "XXXX",
        "http://id.loc.gov/datatypes/edtf/EDTF",
    )


def test_what_is_stated_takes_its_place() -> None:
    data = Entity("dataset/d", {"en": ("D",)}, (said("description", "Text.", lang="en"),))
    graph = translated("mldcat", data, model("a", said("trainedOn", "dataset/d")))
    assert list(graph.objects(NODE["model/a"], IT6.trainedOn)) == [NODE["dataset/d"]]
    assert [str(d) for d in graph.objects(NODE["dataset/d"], DCTERMS.description)] == ["Text."]


# ---- rules ----


def test_names_by_kind_and_other_names() -> None:
    org = Entity("org/o", {"en": ("O",)})
    graph = translated("dcat", org, model("a"))
    assert set(graph.objects(NODE["model/a"], DCTERMS.title)) == {
        rdflib.Literal("A", "en"),
        rdflib.Literal("모델 a", "ko"),
    }
    assert graph.value(NODE["model/a"], SKOS.altLabel) == rdflib.Literal("a-alias", "en")
    assert graph.value(NODE["org/o"], FOAF.name) == rdflib.Literal("O", "en")
    assert (NODE["data#catalog"], DCAT3.resource, NODE["model/a"]) in graph


def test_one_parent_is_named_and_several_are_derived_from() -> None:
    both = [model("a"), model("b"), model("c", said("fineTunedFrom", "model/a", "model/b"))]
    graph = translated("mldcat", *both)
    assert graph.value(NODE["model/c"], IT6.fineTunedFrom) is None, "the profile allows one"
    assert set(graph.objects(NODE["model/c"], PROV.wasDerivedFrom)) == {
        NODE["model/a"],
        NODE["model/b"],
    }
    one = translated("mldcat", model("a"), model("c", said("fineTunedFrom", "model/a")))
    assert one.value(NODE["model/c"], IT6.fineTunedFrom) == NODE["model/a"]


def test_a_rule_may_turn_a_property_round() -> None:
    graph = translated("mldcat", model("a"), model("q", said("quantizedFrom", "model/a")))
    assert (NODE["model/a"], IT6.hasVariation, NODE["model/q"]) in graph


def test_a_family_is_no_machine_learning_model() -> None:
    family = Entity("family/f", {"en": ("F",)})
    graph = translated("mldcat", family, model("a", said("fineTunedFrom", "family/f")))
    assert graph.value(NODE["model/a"], IT6.fineTunedFrom) is None
    assert graph.value(NODE["model/a"], PROV.wasDerivedFrom) == NODE["family/f"]


def test_an_evaluation_in_fair4ml() -> None:
    score = Entity(
        "evaluation/e",
        {"en": ("E",)},
        (
            said("evaluatedModel", "model/a"),
            said("onBenchmark", "benchmark/x"),
            said("metric", "accuracy"),
            said("score", 44.5),
            said("scoreUnit", "percent"),
        ),
    )
    graph = translated("fair4ml", model("a"), score, Entity("benchmark/x", {"en": ("X",)}))
    node = NODE["evaluation/e"]
    assert graph.value(node, FAIR4ML.evaluationResults) == rdflib.Literal("44.5 percent")
    assert graph.value(node, FAIR4ML.evaluationDataset) == NODE["benchmark/x"]
    assert (NODE["model/a"], FAIR4ML.hasEvaluation, node) in graph
    assert (NODE["model/a"], RDF.type, FAIR4ML.MLModel) in graph
    assert graph.value(NODE["model/a"], HTTP_SCHEMA.name, any=True), "as FAIR4ML spells schema.org"


def test_values_become_addresses() -> None:
    graph = translated("schema", model("a", said("hubId", "o/A"), said("url", "http://x/a b<c>")))
    assert graph.value(NODE["model/a"], SCHEMA.sameAs) == rdflib.URIRef(
        "https://huggingface.co/o/A"
    )
    assert graph.value(NODE["model/a"], SCHEMA.url) == rdflib.URIRef("http://x/a%20b%3Cc%3E")


def test_a_repository_of_each_hub_has_its_address() -> None:
    known = model("a", said("hubId", "o/A"), said("modelScopeId", "O/A"))
    pages = set(translated("schema", known).objects(NODE["model/a"], SCHEMA.sameAs))
    assert set(map(str, pages)) == {
        "https://huggingface.co/o/A",
        "https://modelscope.cn/models/O/A",
    }


def test_links_out_of_the_export_are_left_out() -> None:
    graph = translated("schema", model("a", said("developer", "org/gone")))
    assert graph.value(NODE["model/a"], SCHEMA.creator) is None


def test_kg_ttl_drives_what_no_rule_says() -> None:
    maker = Entity("org/o", {"en": ("O",)})
    graph = translated("schema", maker, model("a", said("developer", "org/o")))
    assert SCHEMA.creator.n3()[1:-1] in load_vocabulary().maps("developer")
    assert graph.value(NODE["model/a"], SCHEMA.creator) == NODE["org/o"]


# ---- the files themselves ----


@pytest.mark.parametrize("name", MAPPED)
def test_rules_name_terms_that_there_are(name: str) -> None:
    known, spec = load_vocabulary(), read_spec(name)
    prefixes = known.prefixes | spec.prefixes
    for rule in spec.rules:
        prop = known.properties[rule.property]
        assert {*rule.kinds, *rule.objects} <= {*known.kinds}, rule
        assert not prop.range or set(rule.objects) <= prop.range | {"architecture"}, rule
        assert all(t.partition(":")[0] in prefixes for t in (rule.to, rule.type, rule.name) if t)
        assert not rule.iri or f"{{{rule.property}}}" in rule.iri
    assert {*spec.names} - {"*"} | {*spec.kinds} | {*spec.catalog} <= {*known.kinds}


def test_unknown_vocabularies_and_bad_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="known are: kg, schema, fair4ml, mldcat, dcat"):
        read_spec("owl")
    (tmp_path / "dcat.yaml").write_text("title: DCAT\nrulez: []\n")
    with pytest.raises(DataError, match=r"dcat\.yaml"):
        read_spec("dcat", tmp_path)
