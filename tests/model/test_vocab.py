"""The ontology and the code agree."""

import pytest
import rdflib
from rdflib.namespace import OWL, RDF

from kg.build.check import check_graph
from kg.model import vocabulary as vocab
from kg.model.vocabulary import KG, load_vocabulary
from kg.paths import ONTOLOGY

NAMED_IN_CODE = [
    vocab.DERIVED_FROM,
    vocab.IN_FAMILY,
    vocab.DISPUTED,
    vocab.DESCENDANT_COUNT,
    vocab.HUB_ID,
    vocab.DESCRIPTION,
    vocab.DEVELOPER,
    vocab.RELEASE_DATE,
    vocab.SOURCE_TYPE,
    vocab.PUBLICATION_DATE,
    vocab.RETRIEVED,
    vocab.URL,
    vocab.LICENSE,
    vocab.LANGUAGE,
    vocab.PARAMETER_COUNT,
    vocab.CLAUSE_OF,
    vocab.CLAUSE_KIND,
    vocab.CLAUSE_VALUE,
    vocab.CLAUSE_TIER,
    vocab.QUOTE,
    vocab.SPDX_ID,
    vocab.EFFECTIVE_TERM,
    vocab.COMMERCIAL_VERDICT,
    vocab.CONTEXT_LENGTH,
    "kind",
    "unit",
    "rounded",
    "edgeKind",
    "order",
    "subjectWord",
]


def test_every_term_named_in_code_is_defined() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    for name in NAMED_IN_CODE:
        assert (rdflib.URIRef(KG + name), RDF.type, None) in graph, name


def test_every_constant_of_vocab_is_listed_here() -> None:
    constants = {v for k, v in vars(vocab).items() if k.isupper() and isinstance(v, str)}
    assert {c for c in constants if not c.startswith("http")} <= set(NAMED_IN_CODE)


def test_ontology_meets_its_shapes() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    assert not list(check_graph(graph, ONTOLOGY / "ontology-shapes.ttl"))


@pytest.mark.parametrize(
    ("broken", "into", "expected"),
    [
        ('kg:kind "model"', 'kg:kind "family"', ("family", "Several classes have this kind.")),
        ("kg:order 20 ", "kg:order 10 ", ("10", "Several properties have this order.")),
    ],
)
def test_a_place_belongs_to_one_term(broken: str, into: str, expected: tuple[str, str]) -> None:
    text = (ONTOLOGY / "kg.ttl").read_text(encoding="utf-8")
    assert broken in text
    graph = rdflib.Graph().parse(data=text.replace(broken, into, 1), format="turtle")
    found = check_graph(graph, ONTOLOGY / "ontology-shapes.ttl")
    assert [(issue.subject, issue.message) for issue in found] == [expected]


def test_shapes_use_only_defined_terms() -> None:
    ontology = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    shapes = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    used = {t for triple in shapes for t in triple if str(t).startswith(KG) and str(t) != KG}
    assert {t for t in used if (t, None, None) not in ontology} == set()


def test_the_table_reads_the_ontology() -> None:
    known = load_vocabulary()
    assert known.kinds["family"].term.labels == {"en": "Model family", "ko": "모델 계열"}
    count = known.properties["parameterCount"]
    assert (count.type, count.single, count.unit) == ("integer", True, "parameters")
    tuned = known.properties["fineTunedFrom"]
    assert (tuned.edge, tuned.supers) == ("weights", ("derivedFrom",))
    assert known.properties["distilledFrom"].edge == "distillation"


def test_every_relation_has_a_word_for_its_subject_in_both_languages() -> None:
    known = load_vocabulary()
    relations = {*known.edges("weights", "distillation", "data"), vocab.IN_FAMILY, vocab.DEVELOPER}
    assert {
        name for name in relations if known.properties[name].words.keys() != {"en", "ko"}
    } == set()
    assert known.properties["adapterOf"].words == {"en": "adapter", "ko": "어댑터"}


def test_every_class_and_property_is_in_the_table() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    properties = {
        *graph.subjects(RDF.type, OWL.ObjectProperty),
        *graph.subjects(RDF.type, OWL.DatatypeProperty),
    }
    assert {p.term.iri for p in load_vocabulary().properties.values()} == set(map(str, properties))
