"""The ontology and the code agree."""

from pathlib import Path

import msgspec
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, SH

from kg.build._shapes import check_graph
from kg.model import vocabulary as vocab
from kg.model.values import mistake
from kg.model.vocabulary import KG, Vocabulary, load_vocabulary
from kg.paths import ONTOLOGY

NAMED_IN_CODE = [
    vocab.DERIVED_FROM,
    vocab.ACTIVE_COUNT,
    vocab.MERGED_FROM,
    vocab.UNRESOLVED_PARENT,
    vocab.RESEMBLES,
    vocab.IN_FAMILY,
    vocab.DISPUTED,
    vocab.DESCENDANT_COUNT,
    vocab.HUB_ID,
    vocab.MODELSCOPE_ID,
    vocab.API_NAME,
    vocab.DESCRIPTION,
    vocab.DEVELOPER,
    vocab.COUNTRY,
    vocab.RELEASE_DATE,
    vocab.REPOSITORY_CREATED,
    vocab.REVISION_DATE,
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
    vocab.LICENSE_CONSISTENCY,
    vocab.MISSING_TERM,
    vocab.CONTEXT_LENGTH,
    vocab.ACCESS,
    vocab.DOWNLOADS,
    vocab.PUBLISHER,
    "kind",
    "unit",
    "rounded",
    "edgeKind",
    "order",
    "subjectWord",
    "subjectPhrase",
    "stepWord",
    "copyWord",
    "hubWord",
    "codeOf",
    "reachesMembers",
    "keptAlong",
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
        (
            ', "양자화"@ko ;',
            " ;",
            (KG + "quantizedFrom", "subjectWord: An edge has a kg:subjectWord in Korean."),
        ),
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


def missing_words(known: Vocabulary) -> list[str]:
    """What ontology/kg.ttl does not say of relations, and what to do about it."""
    edges = known.edges("weights", "distillation", "data")
    needed = {
        "subjectWord": ("words", {*edges, vocab.IN_FAMILY, vocab.DEVELOPER}),
        "subjectPhrase": ("phrase", {*known.tree_relations, vocab.IN_FAMILY}),
        "stepWord": ("step", {*known.edges("data"), vocab.IN_FAMILY}),
    }
    return [
        f"give kg:{name} a kg:{term} in {lang} in ontology/kg.ttl"
        for term, (field, names) in needed.items()
        for name in sorted(names)
        for lang in ("en", "ko")
        if not getattr(known.properties[name], field).get(lang)
    ]


def test_every_relation_has_its_words_in_both_languages() -> None:
    known = load_vocabulary()
    assert missing_words(known) == []
    assert known.properties["adapterOf"].words == {"en": "adapter", "ko": "어댑터"}
    phrases = [t for p in known.properties.values() for t in p.phrase.values()]
    assert all(text.count("{object}") == 1 for text in phrases)


def test_a_new_relation_without_words_is_told_what_to_do(tmp_path: Path) -> None:
    added = """
kg:prunedFrom a owl:ObjectProperty ; kg:order 9001 ; kg:edgeKind "weights" ;
    kg:subjectWord "pruned"@en, "가지치기"@ko .
"""
    path = tmp_path / "kg.ttl"
    path.write_text((ONTOLOGY / "kg.ttl").read_text("utf-8") + added, encoding="utf-8")
    assert missing_words(load_vocabulary(path)) == [
        "give kg:prunedFrom a kg:subjectPhrase in en in ontology/kg.ttl",
        "give kg:prunedFrom a kg:subjectPhrase in ko in ontology/kg.ttl",
    ]


def test_words_fall_back_to_those_that_are_there() -> None:
    tuned = load_vocabulary().properties["fineTunedFrom"]
    assert tuned.step_word("ko") == tuned.subject_word("ko") == "미세조정"
    assert msgspec.structs.replace(tuned, words={}).subject_word("en") == "fineTunedFrom"


def test_the_general_relation_stands_after_those_that_narrow_it() -> None:
    relations = load_vocabulary().tree_relations
    assert relations[0] == "fineTunedFrom" and relations[-1] == "derivedFrom"
    assert set(relations) == load_vocabulary().edges("weights", "distillation")


def test_a_word_of_the_hub_is_read_as_the_first_of_its_properties() -> None:
    assert vocab.hub_relations() == {
        "finetune": "fineTunedFrom",
        "adapter": "adapterOf",
        "quantized": "quantizedFrom",
        "merge": "mergedFrom",
    }
    assert load_vocabulary().properties["continuedFrom"].hub_word == "finetune"


def test_every_class_and_property_is_in_the_table() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    properties = {
        *graph.subjects(RDF.type, OWL.ObjectProperty),
        *graph.subjects(RDF.type, OWL.DatatypeProperty),
    }
    assert {p.term.iri for p in load_vocabulary().properties.values()} == set(map(str, properties))


def test_a_property_with_codes_takes_no_other_text() -> None:
    access = load_vocabulary().properties["access"]
    assert [*access.codes] == ["open-weights", "on-request", "api-only", "unreleased"]
    assert [access.code_word("api-only", lang) for lang in ("en", "ko")] == ["API only", "API 전용"]
    assert mistake(access, "api-only") is None
    assert "none of open-weights, " in str(mistake(access, "API only"))


def test_shapes_take_the_codes_of_the_ontology() -> None:
    shapes = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    for property in load_vocabulary().properties.values():
        if property.codes:
            shape = shapes.value(None, SH.path, rdflib.URIRef(property.term.iri))
            allowed = rdflib.collection.Collection(shapes, shapes.value(shape, SH["in"]))
            assert {str(code) for code in allowed} == {*property.codes}


def test_every_relation_of_weights_may_lead_to_a_parent_that_cannot_be_found() -> None:
    known = load_vocabulary()
    assert {*known.properties[vocab.UNRESOLVED_PARENT].codes} == known.edges("weights")


def test_a_code_is_complete() -> None:
    text = (ONTOLOGY / "kg.ttl").read_text(encoding="utf-8")
    broken = text.replace('    skos:notation "api-only" ;\n', "").replace(', "미공개"@ko', "")
    found = check_graph(
        rdflib.Graph().parse(data=broken, format="turtle"), ONTOLOGY / "ontology-shapes.ttl"
    )
    assert {(i.subject, i.message.rpartition(": ")[2]) for i in found} == {
        (KG + "access-api-only", "A code has one notation."),
        (KG + "access-unreleased", "A term has a label in Korean."),
    }
