"""Bills of materials of other tools: what their parts are, what they come from, and what nothing says."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from kg.errors import DataError
from kg.ingest.curated.licenses import read_terms
from kg.ingest.kit._words import read_words
from kg.ingest.kit.kit import Kit
from kg.ingest.sources.bom import said
from kg.licenses.naming.names import LicenseNames
from kg.model.claim import Claim
from kg.model.issues import Issue
from kg.paths import DATA

Json = dict[str, Any]
HUB = "https://huggingface.co"


@cache
def kit() -> Kit:
    names = LicenseNames(read_terms(DATA))
    return Kit(source="source/bom/b", prefix="bom", words=read_words(DATA), licenses=names)


class Told:
    """What was found in a document."""

    def __init__(self, document: Json) -> None:
        found = list(said(document, kit(), "b.json"))
        self.claims = [one for one in found if isinstance(one, Claim)]
        self.issues = [one for one in found if isinstance(one, Issue)]

    def triples(self, *properties: str) -> set[tuple[str, Any]]:
        return {(c.subject, c.said.value) for c in self.claims if c.property in properties}

    def ids(self, kind: str) -> set[str]:
        found = {c.subject for c in self.claims} | {str(c.said.value) for c in self.claims}
        return {id for id in found if id.startswith(f"{kind}/")}

    @property
    def rules(self) -> list[str]:
        return [i.rule for i in self.issues if i.rule != "bom-software"]


def cyclonedx(*components: Json, **more: Any) -> Told:
    return Told(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": "urn:uuid:1",
            "components": list(components),
            **more,
        }
    )


def model(ref: str = "m", /, **more: Any) -> Json:
    return {"type": "machine-learning-model", "bom-ref": ref, "name": ref, **more}


def data(ref: str = "d", /, **more: Any) -> Json:
    return {"type": "data", "bom-ref": ref, "name": ref, **more}


def reference(type: str, url: str) -> Json:
    return {"externalReferences": [{"type": type, "url": url}]}


def spdx(*elements: Json, **more: Any) -> Told:
    info = {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"}
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    return Told({"@context": context, "@graph": [info, *elements], **more})


def package(id: str, type: str = "ai_AIPackage", **more: Any) -> Json:
    return {"type": type, "spdxId": f"urn:{id}", "name": id, **more}


def related(type: str, one: str, *others: str, **more: Any) -> Json:
    ends = {"from": f"urn:{one}", "to": [f"urn:{other}" for other in others]}
    return {"type": "Relationship", "spdxId": "urn:r", "relationshipType": type, **ends, **more}


# ---- what a part is


@pytest.mark.parametrize(
    "told",
    [
        {"purl": "pkg:huggingface/o/m@abc"},
        {"purl": "pkg:huggingface/o%2Fm@abc?repository_url=https://huggingface.co"},
        {"purl": f"pkg:generic/acme/m@1?download_url={HUB}/o/m"},
        {"purl": "pkg:transformers/o/m@1", **reference("vcs", f"git+{HUB}/o/m.git@abc")},
        reference("vcs", "git@hf.co:o/m.git"),
        reference("distribution", f"{HUB}/o/m/tree/main"),
        reference("distribution", "hf://o/m"),
        reference("model-card", "huggingface.co/o/m"),
        reference("website", f"{HUB}/o/m"),
        {"bom-ref": "pkg:huggingface/o/m@1"},
        {"properties": [{"name": "gyebo:id", "value": "model/hf/o/m"}]},
    ],
)
def test_a_model_is_what_its_addresses_say(told: Json) -> None:
    assert cyclonedx(model(**told)).ids("model") == {"model/hf/o/m"}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"name": "o/m"},  # a name alone identifies nothing
        {"purl": "pkg:huggingface/o/m@1?repository_url=https://hub.example.org"},
        {"purl": "pkg:mlflow/m@3?repository_url=https://mlflow.example.org"},
        {"purl": "pkg:github/o/m@abc"},
        reference("website", f"{HUB}/o"),
        reference("website", f"{HUB}/mistralai/Mistral-7B-v0.1"),  # what it was made from?
        reference("website", f"{HUB}/datasets/o/m"),
        reference("documentation", f"{HUB}/o/m"),
    ],
)
def test_what_nothing_identifies_is_local_to_its_document(told: Json) -> None:
    [id] = cyclonedx(model(**told)).ids("model")
    assert id.startswith("model/bom/")


@pytest.mark.parametrize(
    "told",
    [
        {"software_packageUrl": "pkg:huggingface/o/m"},
        {"software_downloadLocation": f"{HUB}/o/m"},
        {"externalIdentifier": [{"identifier": "pkg:huggingface/o/m@1"}]},
        {"externalRef": [{"externalRefType": "altWebPage", "locator": [f"{HUB}/o/m"]}]},
        {"externalRef": [{"externalRefType": "vcs", "locator": [f"{HUB}/o/m"]}]},
    ],
)
def test_a_package_of_spdx_is_what_its_addresses_say(told: Json) -> None:
    assert spdx(package("m", **told)).ids("model") == {"model/hf/o/m"}


@pytest.mark.parametrize("type", ["huggingface", "huggingface-dataset"])
def test_data_sets_have_package_urls_too(type: str) -> None:
    told = cyclonedx(data(purl=f"pkg:{type}/o/d@1", data=[{"type": "dataset"}]))
    assert told.ids("dataset") == {"dataset/hf/o/d"}


def test_two_of_one_name_are_two() -> None:
    told = cyclonedx(model("a", name="demo"), model("b", name="demo"))
    assert len(told.ids("model")) == 2
    told = cyclonedx(
        data("a", name="D", purl="pkg:generic/x/d"), data("b", name="D", purl="pkg:generic/y/d")
    )
    assert len(told.ids("dataset")) == 2


def test_what_descends_from_one_of_its_own_name_is_not_its_own_parent() -> None:
    told = cyclonedx(model("demo", pedigree={"ancestors": [model("x", name="demo")]}))
    [(child, parent)] = told.triples("derivedFrom")
    assert child != parent and not told.rules


def test_one_in_another_case_is_one() -> None:
    told = cyclonedx(
        model("a", purl="pkg:huggingface/o/Demo"), model("b", purl="pkg:huggingface/O/demo@2")
    )
    assert told.ids("model") == {"model/hf/o/Demo"}


def test_one_file_is_one_thing() -> None:
    hashes = [{"alg": "SHA-256", "content": "AB" * 32}]
    other = [{"alg": "SHA-256", "content": "ab" * 32}]
    told = cyclonedx(
        model("a", purl="pkg:huggingface/o/m", hashes=hashes), model("b", hashes=other)
    )
    assert told.ids("model") == {"model/hf/o/m"}


def test_parts_of_a_set_give_it_no_names() -> None:
    whole = "pkg:huggingface/o/corpus"
    told = cyclonedx(
        data("corpus", purl=whole, data=[{"type": "dataset"}]),
        data("law", purl=f"{whole}#law", licenses=[{"license": {"id": "MIT"}}]),
        model(
            purl="pkg:huggingface/o/m",
            modelCard={"modelParameters": {"datasets": [{"ref": "law"}]}},
        ),
    )
    assert told.triples("label") == {("dataset/hf/o/corpus", "corpus"), ("model/hf/o/m", "m")}
    assert told.triples("trainedOn") == {("model/hf/o/m", "dataset/hf/o/corpus")}
    notes = {c.property: c.said.note for c in told.claims if "part" in c.said.note}
    assert notes == {"license": "of its part law", "trainedOn": "its part law"}


def test_the_address_of_another_part_is_not_its_own() -> None:
    page = reference("vcs", f"{HUB}/datasets/o/code")
    told = cyclonedx(data("code", **page), data("web", group="p", **page))
    assert told.rules == ["bom-identity"]
    assert "dataset/hf/o/code" in told.ids("dataset") and len(told.ids("dataset")) == 2


def test_two_parts_on_one_page_that_bear_other_names_give_it_none() -> None:
    page = reference("distribution", f"{HUB}/datasets/o/corpus")
    told = cyclonedx(data("train", **page), data("test", **page))
    assert told.ids("dataset") == {"dataset/hf/o/corpus"} and not told.triples("label")


def test_a_longer_name_for_the_same_page_is_the_same() -> None:
    inline = {"name": "Code dataset", "contents": {"url": f"{HUB}/datasets/o/code"}}
    told = cyclonedx(
        data("code", purl="pkg:huggingface/o/code"),
        model(modelCard={"modelParameters": {"datasets": [inline]}}),
    )
    assert told.ids("dataset") == {"dataset/hf/o/code"} and not told.rules


# ---- what is a data set


@pytest.mark.parametrize(
    "told",
    [
        {"name": "model-00001-of-00008.safetensors", "data": [{"type": "dataset"}]},
        {"name": "weights", "data": [{"type": "other"}]},
        {"name": "config.json"},
        {"name": "tokenization.py"},
        {"name": "shard", "data": [{"contents": {"url": f"{HUB}/o/m/blob/main/shard.bin"}}]},
        {"name": "greeting", "bom-ref": "mcp-resource:greeting"},
        {"name": "greeting", "evidence": {"occurrences": [{"location": "server.py"}]}},
        {"name": "Chroma.from_documents"},
        {"name": "index", "properties": [{"name": "tool:source_file", "value": "app.py"}]},
        {"name": "FAISS"},
        {"name": "d", "data": [{"type": "source-code"}, {"type": "configuration"}]},
    ],
)
def test_what_is_no_data_set(told: Json) -> None:
    assert not cyclonedx(model(), data(**told)).ids("dataset")


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"data": [{"name": "d"}]},
        {"data": [{"type": "dataset"}]},
        {"name": "train.json", "data": [{"type": "dataset"}]},
        {"data": [{"type": "configuration"}, {"type": "dataset"}]},
        {"evidence": {"occurrences": [{}]}, "data": [{"type": "dataset"}]},
        {"name": "tables.parquet"},
    ],
)
def test_what_is_a_data_set(told: Json) -> None:
    assert len(cyclonedx(data(**told)).ids("dataset")) == 1


def test_training_on_what_is_no_data_set_is_told() -> None:
    card = {"modelParameters": {"datasets": [{"ref": "d"}, {"type": "other", "name": "x"}]}}
    told = cyclonedx(model(modelCard=card), data(data=[{"type": "configuration"}]))
    assert told.rules == ["bom-unresolved", "bom-unresolved"] and not told.triples("trainedOn")


# ---- what comes from what

BASE = model("base", purl="pkg:huggingface/o/base")
OWN = {"purl": "pkg:huggingface/o/m"}
LOST = {("model/hf/o/m", "derivedFrom")}


def test_descendants_are_children() -> None:
    told = cyclonedx(model(**OWN, pedigree={"descendants": [BASE]}))
    assert told.triples("derivedFrom") == {("model/hf/o/base", "model/hf/o/m")}


def test_a_variant_may_be_a_parent() -> None:
    told = cyclonedx(model(**OWN, pedigree={"variants": [BASE]}))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-depends"]


def test_a_model_within_a_model_may_be_a_parent() -> None:
    told = cyclonedx(model(**OWN, components=[BASE]))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-depends"]


@pytest.mark.parametrize(
    "pedigree",
    [
        {"notes": "fine-tuned from Llama 2"},
        {"ancestors": "Llama 2"},
        {"ancestors": [BASE, "Llama 2"]},
    ],
)
def test_ancestors_that_are_told_in_words_are_not_known(pedigree: Json) -> None:
    told = cyclonedx(model(**OWN, pedigree=pedigree))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-unresolved"]


def test_notes_beside_ancestors_or_of_nothing_are_no_ancestors() -> None:
    for pedigree in ({"notes": "tuned", "ancestors": [BASE]}, {"notes": "N/A"}, {"notes": ""}):
        assert not cyclonedx(model(**OWN, pedigree=pedigree)).rules


def depending(*on: str) -> list[Json]:
    return [{"ref": "m", "dependsOn": list(on)}]


def test_a_dependency_may_be_a_parent() -> None:
    told = cyclonedx(model(**OWN), BASE, dependencies=depending("base"))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-depends"]
    assert not told.triples("derivedFrom")
    [claim] = [c for c in told.claims if c.property == "unresolvedParent"]
    assert "model/hf/o/base" in claim.said.note


def test_a_dependency_that_a_pedigree_explains_says_nothing_more() -> None:
    told = cyclonedx(model(**OWN, pedigree={"ancestors": [BASE]}), dependencies=depending("base"))
    assert not told.rules and told.triples("derivedFrom") == {("model/hf/o/m", "model/hf/o/base")}


def test_a_dependency_on_a_model_that_is_not_described_may_be_a_parent() -> None:
    told = cyclonedx(model(**OWN), dependencies=depending("pkg:huggingface/o/base@1"))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-unresolved"]


def test_a_dependency_on_data_is_told() -> None:
    told = cyclonedx(model(**OWN), data(), dependencies=depending("d"))
    assert told.rules == ["bom-depends"] and not told.triples("trainedOn", "unresolvedParent")


def test_a_dependency_on_software_says_nothing() -> None:
    torch = {"type": "library", "bom-ref": "torch", "name": "torch"}
    assert not cyclonedx(model(**OWN), torch, dependencies=depending("torch")).rules


def test_a_generator_says_of_what_sort_a_dependency_is() -> None:
    card = {"modelParameters": {"properties": [{"name": "ai.model.relation", "value": "adapter"}]}}
    told = cyclonedx(model(**OWN), BASE | {"modelCard": card}, dependencies=depending("base"))
    assert told.triples("adapterOf") == {("model/hf/o/m", "model/hf/o/base")} and not told.rules


@pytest.mark.parametrize(
    ("told", "relation"),
    [
        ({"properties": [{"name": "base_model", "value": "o/base"}]}, "derivedFrom"),
        ({"properties": [{"name": "hf:baseModel", "value": '["o/base"]'}]}, "derivedFrom"),
        ({"modelCard": {"properties": [{"name": "base_model", "value": "o/base"}]}}, "derivedFrom"),
        (
            {
                "properties": [
                    {"name": "base_model", "value": "o/base"},
                    {"name": "base_model_relation", "value": "quantized"},
                ]
            },
            "quantizedFrom",
        ),
        ({"tags": ["en", "base_model:o/base", "base_model:finetune:o/base"]}, "fineTunedFrom"),
        (
            {"properties": [{"name": "tags", "value": "en, base_model:o/base, x"}]},
            "derivedFrom",
        ),
    ],
)
def test_bases_in_properties_and_tags_are_read(told: Json, relation: str) -> None:
    found = cyclonedx(model(**OWN, **told))
    assert found.triples(relation) == {("model/hf/o/m", "model/hf/o/base")}


def test_a_base_in_a_property_that_nothing_can_find_is_told() -> None:
    told = cyclonedx(model(**OWN, properties=[{"name": "base_model", "value": "/root/llama"}]))
    assert told.triples("unresolvedParent") == LOST


def test_an_ancestor_that_is_no_model_makes_the_parent_unknown() -> None:
    other = {"type": "application", "name": "trainer"}
    told = cyclonedx(model(**OWN, pedigree={"ancestors": [other]}))
    assert told.triples("unresolvedParent") == LOST
    told = cyclonedx(
        model(**OWN, pedigree={"ancestors": [other | {"purl": "pkg:huggingface/o/base"}]})
    )
    assert told.triples("derivedFrom") == {("model/hf/o/m", "model/hf/o/base")}


def test_what_a_document_calls_incomplete_is_told() -> None:
    composition = {"aggregate": "incomplete_third_party_only"}
    told = cyclonedx(model(**OWN), compositions=[composition | {"dependencies": ["m"]}])
    assert told.rules == ["bom-incomplete"] and told.triples("unresolvedParent") == LOST
    told = cyclonedx(model(**OWN), compositions=[composition | {"assemblies": ["m"]}])
    assert told.rules == ["bom-incomplete"] and not told.triples("unresolvedParent")
    told = cyclonedx(model(**OWN), compositions=[{"aggregate": "complete", "dependencies": ["m"]}])
    assert not told.rules


@pytest.mark.parametrize("type", ["dependsOn", "contains", "hasVariant", "other"])
def test_relationships_of_spdx_that_are_no_derivation_make_it_doubtful(type: str) -> None:
    one, other = package("m", software_packageUrl="pkg:huggingface/o/m"), package("base")
    told = spdx(one, other, related(type, "m", "base"))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-depends"]
    told = spdx(one, other, related(type, "m", "base"), related("descendantOf", "m", "base"))
    assert not told.rules and len(told.triples("derivedFrom")) == 1


def test_what_another_model_generates_may_descend_from_it() -> None:
    one = package("m", software_packageUrl="pkg:huggingface/o/m")
    told = spdx(one, package("base"), related("generates", "base", "m"))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-depends"]


def test_testing_is_no_descent() -> None:
    told = spdx(package("m"), package("n"), related("testedOn", "m", "n"))
    assert not told.rules


def test_descent_that_is_incomplete_or_leads_nowhere_is_told() -> None:
    one = package("m", software_packageUrl="pkg:huggingface/o/m")
    told = spdx(one, package("p"), related("descendantOf", "m", "p", completeness="incomplete"))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-incomplete"]
    told = spdx(one, related("descendantOf", "m", "nowhere"))
    assert told.triples("unresolvedParent") == LOST and told.rules == ["bom-unresolved"]


# ---- words for nothing, licenses


@pytest.mark.parametrize("word", ["No description available", "Unknown", "N/A", "none", "TBD", " "])
def test_words_for_nothing_say_nothing(word: str) -> None:
    told = cyclonedx(
        model(
            description=word,
            version=word,
            publisher=word,
            authors=[{"name": word}],
            licenses=[{"license": {"name": word}}],
        )
    )
    assert {c.property for c in told.claims} == {"label"} and told.claims[0].said.note == ""


def test_an_organization_is_no_person() -> None:
    told = cyclonedx(model(publisher="Acme", authors=[{"name": "acme"}, {"name": "Kim"}]))
    assert len(told.ids("org")) == 1 and len(told.ids("person")) == 1


@pytest.mark.parametrize(
    ("entry", "license"),
    [
        ({"license": {"id": "Apache-2.0"}}, "license/apache-2.0"),
        ({"license": {"name": "FLUX.1-dev Non-Commercial License"}}, "license/flux-1-dev-nc"),
        ({"license": {"name": "Llama 3.2 Community License"}}, "license/llama-3.2-license"),
        (
            {"license": {"name": "other", "url": "https://spdx.org/licenses/MIT.html"}},
            "license/mit",
        ),
        ({"license": {"url": "https://spdx.org/licenses/MIT"}}, "license/mit"),
        ({"expression": "MIT OR Apache-2.0"}, "license/MIT%20OR%20Apache-2.0"),
        (
            {"license": {"name": "Terms of Acme", "acknowledgement": "declared"}},
            "license/bom/terms-of-acme",
        ),
    ],
)
def test_licenses_are_read_as_they_are_written(entry: Json, license: str) -> None:
    told = cyclonedx(model(**OWN, licenses=[entry]))
    assert told.triples("license") == {("model/hf/o/m", license)}


@pytest.mark.parametrize(
    "entry",
    [
        {"license": {"id": "MIT", "acknowledgement": "concluded"}},
        {"expression": "MIT", "acknowledgement": "concluded"},
    ],
)
def test_a_concluded_license_is_no_claim(entry: Json) -> None:
    assert not cyclonedx(model(**OWN, licenses=[entry])).triples("license")


@pytest.mark.parametrize(
    ("element", "license"),
    [
        (
            {"type": "simplelicensing_SimpleLicensingText", "simplelicensing_licenseText": "MIT"},
            "license/mit",
        ),
        (
            {
                "type": "expandedlicensing_DisjunctiveLicenseSet",
                "expandedlicensing_member": [
                    "https://spdx.org/licenses/MIT",
                    "https://spdx.org/licenses/Apache-2.0",
                ],
            },
            "license/MIT%20OR%20Apache-2.0",
        ),
        (
            {
                "type": "expandedlicensing_CustomLicense",
                "expandedlicensing_seeAlso": ["https://spdx.org/licenses/MIT"],
                "name": "custom",
            },
            "license/mit",
        ),
    ],
)
def test_licenses_of_spdx_are_read(element: Json, license: str) -> None:
    told = spdx(
        package("m"), {"spdxId": "urn:l", **element}, related("hasDeclaredLicense", "m", "l")
    )
    assert {value for _, value in told.triples("license")} == {license}


# ---- SPDX, however its JSON-LD is written

TERMS = "https://spdx.org/rdf/3.0.1/terms"


def test_objects_may_stand_in_place_of_references() -> None:
    info = {"type": "CreationInfo", "specVersion": "3.0.1"}
    whole: Json = {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "type": "Relationship",
        "spdxId": "urn:r",
        "creationInfo": info,
        "relationshipType": "descendantOf",
        "from": package("m", creationInfo=info, software_packageUrl="pkg:huggingface/o/m"),
        "to": [package("p", software_packageUrl="pkg:huggingface/o/p")],
    }
    assert Told(whole).triples("derivedFrom") == {("model/hf/o/m", "model/hf/o/p")}


def test_terms_may_be_whole_addresses() -> None:
    def value(text: str) -> list[Json]:
        return [{"@value": text}]

    def thing(id: str) -> Json:
        return {
            "@id": f"urn:{id}",
            "@type": [f"{TERMS}/AI/AIPackage"],
            f"{TERMS}/Core/name": value(id),
            f"{TERMS}/Software/packageUrl": value(f"pkg:huggingface/o/{id}"),
        }

    graph = [
        {
            "@id": "_:c",
            "@type": [f"{TERMS}/Core/CreationInfo"],
            f"{TERMS}/Core/specVersion": value("3.0.1"),
        },
        thing("m"),
        thing("p"),
        {
            "@id": "urn:r",
            "@type": [f"{TERMS}/Core/Relationship"],
            f"{TERMS}/Core/from": [{"@id": "urn:m"}],
            f"{TERMS}/Core/to": [{"@id": "urn:p"}],
            f"{TERMS}/Core/relationshipType": [
                {"@id": f"{TERMS}/Core/RelationshipType/descendantOf"}
            ],
        },
    ]
    told = Told({"@graph": graph})
    assert told.triples("derivedFrom") == {("model/hf/o/m", "model/hf/o/p")}
    assert told.triples("label") == {("model/hf/o/m", "m"), ("model/hf/o/p", "p")}


def test_the_context_says_the_version_where_nothing_else_does() -> None:
    def document(version: str) -> Json:
        address = f"https://spdx.org/rdf/{version}/spdx-context.jsonld"
        return {"@context": address, "@graph": [package("m")]}

    assert Told(document("3.0.1")).ids("model")
    with pytest.raises(DataError, match=r"SPDX '3\.1' is not read; read are: 3\.0\.0"):
        Told(document("3.1"))


def test_packages_without_the_profile_say_by_their_purpose_that_they_are_models() -> None:
    one = package("m", "software_Package", software_primaryPurpose="model")
    assert len(spdx(one).ids("model")) == 1
    assert spdx(one, package("n")).ids("model") == spdx(package("n")).ids("model")


def test_objects_may_nest_only_so_deep() -> None:
    nested: Json = package("m")
    for _ in range(200):
        nested = {"type": "Relationship", "to": [nested]}
    with pytest.raises(DataError, match="nest deeper than 100"):
        spdx(nested)
