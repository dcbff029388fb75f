"""Bills of materials: valid by the standards' own validators, and true to the graph."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from typing import Any

import pyshacl
import pytest
import rdflib
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_python_model import v3_0_1 as spdx_model

from kg.errors import InputError
from kg.export.bom._bom import bom
from kg.export.bom.formats import model_file
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot

SPDX = DATA.parent.parent / "shared" / "data" / "spdx3-ai"
# A family as parent and a dispute; data of a family; a chain; nothing known; products as sources.
MODELS = ["koalpaca-llama", "alpaca-7b", "vicuna-7b", "gpt-4o", "koalpaca-polyglot-5.8b", "kogpt2"]


def document(snapshot: Snapshot, model: str, format: str) -> Any:
    return json.loads(model_file(snapshot, snapshot.find(model), format))


def properties(part: dict[str, Any]) -> dict[str, str]:
    return {p["name"]: p["value"] for p in part["properties"]}


def component(made: Any, ref: str) -> Any:
    parts = [made["metadata"]["component"], *made["components"]]
    return next(part for part in parts if part["bom-ref"] == ref)


def wrong(made: Any) -> object:
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made))


# ---- what is gathered


def test_the_whole_ancestry_with_its_licenses(snapshot: Snapshot) -> None:
    found = bom(snapshot, "model/alpaca-7b")
    assert next(iter(found.parts)) == "model/alpaca-7b"
    assert {"model/llama-7b", "dataset/alpaca-52k", "model/text-davinci-003"} <= found.parts.keys()
    root = found.parts["model/alpaca-7b"]
    assert root.declared and root.declared.key == "CC-BY-NC-4.0"
    keys = [one.key for one in root.concluded or ()]
    assert keys == ["CC-BY-NC-4.0", "LicenseRef-scancode-llama-license-2023"]
    assert root.verdicts["commercial"] == "prohibited"


def test_data_said_of_a_family_is_marked_and_gives_way_to_what_is_said_of_a_member(
    snapshot: Snapshot,
) -> None:
    llama = bom(snapshot, "model/alpaca-7b").parts["model/llama-7b"]
    assert {link.via for link in llama.links} == {"family/llama"}
    polyglot = bom(snapshot, "model/koalpaca-polyglot-5.8b").parts["model/koalpaca-polyglot-5.8b"]
    assert [(link.parent, link.via) for link in polyglot.links if link.relation == "trainedOn"] == [
        ("dataset/koalpaca-v1.1", "")
    ]


def test_unknown_stays_unknown(corners: Snapshot) -> None:
    parts = bom(corners, "model/merge").parts
    assert parts["dataset/text"].declared is None and parts["dataset/text"].concluded is None
    assert (
        parts["model/base"].declared and parts["model/base"].declared.key == "(MIT OR Apache-2.0)"
    )
    strange = parts["model/other"].declared
    assert strange and strange.key == "LicenseRef-gyebo-strange" and not strange.listed
    assert parts["model/merge"].declared is None


def test_the_members_of_a_large_family_are_counted(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bom(snapshot, "model/kovicuna-13b").parts["family/vicuna"]
    assert "model/vicuna-13b" in whole.members
    monkeypatch.setattr(sys.modules[bom.__module__], "MOST_MEMBERS", len(whole.members) - 1)
    parts = bom(snapshot, "model/kovicuna-13b").parts
    counted = parts["family/vicuna"]
    assert counted.members == () and counted.member_count == len(whole.members)
    assert "model/vicuna-13b" not in parts


def test_a_cycle_ends(corners: Snapshot) -> None:
    assert list(bom(corners, "model/loop-a").parts) == ["model/loop-a", "model/loop-b"]


@pytest.mark.parametrize("id", ["family/llama", "dataset/alpaca-52k", "org/meta"])
def test_only_models(snapshot: Snapshot, id: str) -> None:
    with pytest.raises(InputError, match="is not a model"):
        bom(snapshot, id)


# ---- CycloneDX


SLOW = {"koalpaca-llama", "vicuna-7b", "koalpaca-polyglot-5.8b"}  # their many addresses are parsed


@pytest.mark.parametrize(
    "model", [pytest.param(m, marks=[pytest.mark.slow] * (m in SLOW)) for m in MODELS]
)
def test_cyclonedx_is_valid(snapshot: Snapshot, model: str) -> None:
    assert wrong(document(snapshot, model, "cyclonedx")) is None


def test_cyclonedx_of_strange_names_is_valid(corners: Snapshot) -> None:
    made = document(corners, "merge", "cyclonedx")
    assert wrong(made) is None
    names = {a["name"] for a in made["metadata"]["component"]["pedigree"]["ancestors"]}
    assert names == {"Base", 'Other "one" & 한글'}
    assert component(made, "model/base")["purl"] == "pkg:huggingface/o/base"


def test_a_broken_model_card_would_be_seen(snapshot: Snapshot) -> None:
    made = document(snapshot, "alpaca-7b", "cyclonedx")
    made["metadata"]["component"]["modelCard"]["modelParameters"]["approach"] = {"type": "guessed"}
    assert wrong(made) is not None


def test_the_graph_of_dependencies_is_whole(snapshot: Snapshot) -> None:
    made = document(snapshot, "koalpaca-llama", "cyclonedx")
    refs = [c["bom-ref"] for c in (made["metadata"]["component"], *made["components"])]
    assert max(Counter(refs).values()) == 1
    depends = {d["ref"]: d["dependsOn"] for d in made["dependencies"]}
    assert {*depends, *(ref for on in depends.values() for ref in on)} <= set(refs)
    assert "model/text-davinci-003" not in depends  # no parent is recorded: unknown, not none
    assert "dataset/koalpaca-v1.0" in depends["model/koalpaca-llama"]
    made = document(snapshot, "kovicuna-13b", "cyclonedx")
    assert component(made, "family/vicuna")["pedigree"]["variants"][0]["name"] == "Vicuna 13B"


def test_declared_and_concluded_licenses_are_told_apart(snapshot: Snapshot) -> None:
    root = document(snapshot, "koalpaca-llama", "cyclonedx")["metadata"]["component"]
    said = [
        (x["license"].get("id") or x["license"]["name"], x["license"]["acknowledgement"])
        for x in root["licenses"]
    ]
    assert said == [
        ("Apache-2.0", "declared"),
        ("Apache-2.0", "concluded"),
        ("LLaMA license (non-commercial, 2023)", "concluded"),
    ]
    root = document(snapshot, "kogpt2", "cyclonedx")["metadata"]["component"]
    assert [
        x["license"].get("id") or x["license"]["name"] for x in root["evidence"]["licenses"]
    ] == [
        "CC-BY-NC-SA-4.0",
        "modified MIT license of KoGPT2",
    ]
    assert (
        "license/kogpt2-modified-mit (source/kogpt2-readme-old"
        in properties(root)["gyebo:disputed:license"]
    )


def extension(element: dict[str, Any]) -> dict[str, str]:
    held = element.get("extension", [])
    entries = (one for ext in held for one in ext["extension_cdxProperty"])
    return {one["extension_cdxPropName"]: one["extension_cdxPropValue"] for one in entries}


def test_how_the_text_of_a_license_was_read(corners: Snapshot) -> None:
    made, spdx = (document(corners, "merge", format) for format in ("cyclonedx", "spdx"))
    key = "LicenseRef-gyebo-strange"
    for ref, license, read in (
        ("model/other", key, "label"),
        ("model/base", "(MIT OR Apache-2.0)", "full"),
    ):
        part = component(made, ref)
        assert properties(part)[f"gyebo:license:read:{license}"] == read
        assert {properties(x["license"])["gyebo:license:read"] for x in part["licenses"]} == {read}
    [told] = [e for e in spdx["@graph"] if e.get("simplelicensing_licenseExpression") == key]
    assert extension(told) == {f"gyebo:license:read:{key}": "label"}
    text = model_file(corners, "model/other", "card")
    assert "Strange \\<license\\> (only the name is known)" in text


def test_a_guessed_parent_is_marked_and_concludes_nothing(corners: Snapshot) -> None:
    made, spdx = (
        document(corners, "case-guessed-exaone", format) for format in ("cyclonedx", "spdx")
    )
    assert wrong(made) is None
    root = made["metadata"]["component"]
    [above] = root["pedigree"]["ancestors"]
    edge = {"gyebo:inferred-by": "source/case-rule", "gyebo:doubtful": "true"}
    assert properties(above).items() >= edge.items()
    [link] = [e for e in spdx["@graph"] if e.get("relationshipType") == "descendantOf"][:1]
    assert extension(link).items() >= edge.items()
    known = properties(root)
    assert known["gyebo:license:declared"] == known["gyebo:license:known-part"] == "MIT"
    assert known["gyebo:license:concluded"] == "NOASSERTION"
    assert known["gyebo:license:by-guess"].startswith("LicenseRef-scancode-exaone")
    text = model_file(corners, "model/case-guessed-exaone", "card")
    assert "inferred by a rule: Rule (case)" in text


def test_what_its_writer_licensed_anew_does_not_stand_under_the_earlier_license(
    corners: Snapshot,
) -> None:
    found = bom(corners, "model/case-written-anew").parts["model/case-written-anew"]
    assert [one.key for one in found.concluded or ()] == ["MIT"]
    assert not found.held.by_data and not found.held.by_guess


def test_unknown_licenses_say_so(snapshot: Snapshot) -> None:
    corpus = component(document(snapshot, "alpaca-7b", "cyclonedx"), "dataset/c4")
    assert "licenses" not in corpus
    known = properties(corpus)
    assert known["gyebo:license:declared"] == known["gyebo:license:concluded"] == "NOASSERTION"


def test_every_listed_license_of_the_data_is_one_that_cyclonedx_lists(snapshot: Snapshot) -> None:
    made = document(snapshot, "alpaca-7b", "cyclonedx")
    listed = [one.spdx for one in snapshot.states.engine.terms.licenses.values() if one.spdx]
    made["metadata"]["component"]["licenses"] = [{"license": {"id": key}} for key in listed]
    assert len(listed) > 50 and wrong(made) is None


def test_sources_are_named(snapshot: Snapshot) -> None:
    root = document(snapshot, "alpaca-7b", "cyclonedx")["metadata"]["component"]
    said = {r["url"]: r["comment"] for r in root["externalReferences"] if r["type"] == "evidence"}
    blog = said["https://crfm.stanford.edu/2023/03/13/alpaca.html"]
    assert blog.startswith("source/alpaca-blog: ") and "trainingTime (Training recipe)" in blog


@pytest.mark.parametrize("format", ["cyclonedx", "spdx", "card", "badge"])
def test_the_same_data_gives_the_same_bytes(snapshot: Snapshot, format: str) -> None:
    with_fresh_eyes = Snapshot(snapshot.folder)
    one, other = (model_file(s, "model/alpaca-7b", format) for s in (snapshot, with_fresh_eyes))
    with_fresh_eyes.close()
    assert one == other


def test_a_serial_number_names_snapshot_and_model(snapshot: Snapshot, corners: Snapshot) -> None:
    numbers = [
        document(s, m, "cyclonedx")["serialNumber"]
        for s, m in ((snapshot, "gpt-2"), (snapshot, "gpt-4o"), (corners, "merge"))
    ]
    assert len(set(numbers)) == 3
    assert (
        document(corners, "merge", "cyclonedx")["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    )
    assert document(snapshot, "gpt-2", "cyclonedx")["metadata"]["timestamp"].startswith("20")


# ---- SPDX


def licensed(made: Any, type: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in made["@graph"]:
        if one.get("relationshipType") == type:
            found.setdefault(one["from"].rpartition("#")[2], []).extend(one["to"])
    return found


@pytest.mark.parametrize("model", MODELS)
def test_spdx_is_read_back_by_its_own_model(snapshot: Snapshot, model: str) -> None:
    made = model_file(snapshot, snapshot.find(model), "spdx")
    found = spdx_model.SHACLObjectSet()
    spdx_model.JSONLDDeserializer().read(io.BytesIO(made.encode()), found)
    packages = [*found.foreach_type(spdx_model.ai_AIPackage)]
    known = bom(snapshot, snapshot.find(model)).parts
    assert len(packages) == sum(id.startswith(("model/", "family/")) for id in known)
    out = io.BytesIO()  # its writer refuses what lacks a required property
    spdx_model.JSONLDSerializer().write(found, out)
    assert len(json.loads(out.getvalue())["@graph"]) >= len(json.loads(made)["@graph"])


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # of rdflib itself
@pytest.mark.skipif(not SPDX.exists(), reason="needs ../shared/data/spdx3-ai")
@pytest.mark.parametrize("model", ["koalpaca-llama", "merge"])
def test_spdx_meets_its_shapes(snapshot: Snapshot, corners: Snapshot, model: str) -> None:
    made = document(corners if model == "merge" else snapshot, model, "spdx")
    context = json.loads((SPDX / "spdx-context.jsonld").read_text("utf-8"))["@context"]
    graph = rdflib.Graph().parse(data=json.dumps(made | {"@context": context}), format="json-ld")
    shapes = rdflib.Graph().parse(SPDX / "spdx-model.ttl")
    good, _, text = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=shapes)
    assert good, text
    assert len(graph) > 200


@pytest.mark.parametrize("type", ["hasDeclaredLicense", "hasConcludedLicense"])
def test_every_package_has_exactly_one_license_of_each_kind(snapshot: Snapshot, type: str) -> None:
    made = document(snapshot, "alpaca-7b", "spdx")
    found = licensed(made, type)
    assert found.keys() == bom(snapshot, "model/alpaca-7b").parts.keys()
    assert {len(to) for to in found.values()} == {1}
    assert found["dataset/c4"] == ["expandedlicensing_NoAssertionLicense"]
    assert found["model/alpaca-7b"][0].partition("license-expression/")[2] == (
        "CC-BY-NC-4.0"
        if type == "hasDeclaredLicense"
        else "CC-BY-NC-4.0+AND+LicenseRef-scancode-llama-license-2023"
    )


def test_unknown_parents_and_data_are_no_assertion(snapshot: Snapshot) -> None:
    made = document(snapshot, "alpaca-7b", "spdx")
    trained, above = licensed(made, "trainedOn"), licensed(made, "descendantOf")
    assert trained["model/text-davinci-003"] == ["NoAssertionElement"]
    assert above["model/llama-7b"] == ["NoAssertionElement"]
    assert [id.rpartition("#")[2] for id in above["model/alpaca-7b"]] == ["model/llama-7b"]


def test_only_whole_days_become_times(corners: Snapshot, snapshot: Snapshot) -> None:
    def released(made: Any) -> list[str]:
        return [e["releaseTime"] for e in made["@graph"] if "releaseTime" in e]

    assert released(document(corners, "merge", "spdx")) == []
    assert "2023-03-13T00:00:00Z" in released(document(snapshot, "alpaca-7b", "spdx"))


def test_custom_licenses_lead_somewhere(snapshot: Snapshot) -> None:
    made = document(snapshot, "alpaca-7b", "spdx")
    custom = {
        e["key"]: e["value"]
        for element in made["@graph"]
        for e in element.get("simplelicensing_customIdToUri", [])
    }
    key = "LicenseRef-scancode-llama-license-2023"
    assert custom[key] == f"{snapshot.manifest.base}license/llama-1"
