"""Bills of materials read as claims: real ones, our own, and broken ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.claim_files import read_claims
from kg.cli.main import main
from kg.errors import DataError
from kg.export.bom._bom import bom
from kg.export.bom._properties import makers
from kg.export.bom.formats import model_file
from kg.ingest.curated.licenses import read_terms
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.kit._words import read_words
from kg.ingest.kit.kit import Kit
from kg.ingest.sources.bom import parse, said
from kg.licenses.naming.names import LicenseNames
from kg.licenses.states import read_license_claims
from kg.model.claim import Claim, is_id, kind_of
from kg.model.issues import Issue
from kg.model.values import mistake
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

SHARED = DATA.parent.parent / "shared" / "data"
REAL = [
    path
    for folder in ("cyclonedx-mlbom", "spdx3-ai")
    for path in sorted((SHARED / folder).glob("*.json"))
]
EDGES = load_vocabulary().edges("weights", "distillation", "data")
MODELS = ["koalpaca-llama", "alpaca-7b", "koalpaca-polyglot-5.8b", "kogpt2", "gpt-4o"]

CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:1",
    "metadata": {
        "component": {
            "type": "machine-learning-model",
            "bom-ref": "m",
            "name": "모델",
            "version": "2",
            "purl": "pkg:huggingface/o/m@abc",
            "publisher": "Acme",
            "licenses": [
                {"license": {"id": "MIT", "acknowledgement": "concluded"}},
                {"expression": "MIT OR Apache-2.0"},
            ],
            "pedigree": {
                "ancestors": [
                    {
                        "type": "machine-learning-model",
                        "name": "Parent",
                        "purl": "pkg:huggingface/o/p",
                        "pedigree": {
                            "ancestors": [{"type": "machine-learning-model", "name": "Grandparent"}]
                        },
                    },
                    {
                        "type": "machine-learning-model",
                        "name": "Itself",
                        "purl": "pkg:huggingface/o/m",
                    },
                ]
            },
            "modelCard": {
                "modelParameters": {
                    "datasets": [
                        {"ref": "d"},
                        {"ref": "nowhere"},
                        {
                            "type": "dataset",
                            "name": "Inline",
                            "contents": {"url": "https://huggingface.co/datasets/o/inline"},
                        },
                    ]
                }
            },
        }
    },
    "components": [
        {
            "type": "data",
            "bom-ref": "d",
            "name": "Data",
            "licenses": [{"license": {"name": "unknown"}}],
        },
        {"type": "library", "name": "torch"},
    ],
}


@cache
def kit() -> Kit:
    names = LicenseNames(read_terms(DATA))
    return Kit(source="source/bom/b", prefix="bom", words=read_words(DATA), licenses=names)


def read(document: Any) -> tuple[list[Claim], list[Issue]]:
    found = list(said(parse(json.dumps(document).encode()), kit(), "bom.json"))
    return ([c for c in found if isinstance(c, Claim)], [i for i in found if isinstance(i, Issue)])


def triples(found: list[Claim], *properties: str) -> set[tuple[str, str, Any]]:
    return {(c.subject, c.property, c.said.value) for c in found if c.property in properties}


def test_what_cyclonedx_says_becomes_claims() -> None:
    found, issues = read(CYCLONEDX)
    edges = triples(found, *EDGES)
    parent = next(c.subject for c in found if c.said.value == "Grandparent")
    local = next(c.subject for c in found if c.said.value == "Data")
    assert edges == {
        ("model/hf/o/m", "derivedFrom", "model/hf/o/p"),
        ("model/hf/o/p", "derivedFrom", parent),
        ("model/hf/o/m", "trainedOn", local),
        ("model/hf/o/m", "trainedOn", "dataset/hf/o/inline"),
    }
    assert parent.startswith("model/bom/") and local.startswith("dataset/bom/")
    assert triples(found, "license") == {
        ("model/hf/o/m", "license", "license/MIT%20OR%20Apache-2.0")
    }
    name = next(c.said for c in found if c.subject == "model/hf/o/m" and c.property == "label")
    assert (name.value, name.lang, name.note, name.locator) == ("모델", "ko", "version 2", "m name")
    assert [i.rule for i in issues] == ["bom-unresolved", "bom-self", "bom-software"]
    assert issues[0].value == "nowhere" and issues[0].origin == "bom.json"


def test_what_only_one_document_names_is_not_mixed_with_another() -> None:
    other = CYCLONEDX | {"serialNumber": "urn:uuid:2"}
    mine, theirs = (
        {c.subject for c in read(d)[0] if "/bom/" in c.subject} for d in (CYCLONEDX, other)
    )
    assert mine and not mine & theirs


def spdx(*elements: dict[str, Any]) -> dict[str, Any]:
    info = {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"}
    return {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [info, *elements],
    }


def relation(type: str, one: str, *others: str) -> dict[str, Any]:
    return {
        "type": "Relationship",
        "spdxId": f"urn:r:{type}",
        "relationshipType": type,
        "from": one,
        "to": list(others),
    }


def test_what_spdx_says_becomes_claims() -> None:
    found, issues = read(
        spdx(
            {
                "type": "ai_AIPackage",
                "spdxId": "urn:m",
                "name": "M",
                "software_packageUrl": "pkg:huggingface/o/m",
            },
            {
                "type": "ai_AIPackage",
                "spdxId": "urn:p",
                "name": "P",
                "software_downloadLocation": "https://huggingface.co/o/p/tree/main",
            },
            {
                "type": "dataset_DatasetPackage",
                "spdxId": "urn:d",
                "name": "D",
                "software_downloadLocation": "https://huggingface.co/datasets/o/d",
            },
            {"type": "software_File", "spdxId": "urn:f", "name": "model.bin"},
            {"type": "software_File", "spdxId": "urn:s", "name": "make-data.py"},
            relation("contains", "urn:m", "urn:f", "urn:s"),
            relation("trainedOn", "urn:f", "urn:d"),
            relation("generates", "urn:s", "urn:d"),
            relation("ancestorOf", "urn:p", "urn:m"),
            relation("descendantOf", "urn:p", "NoAssertionElement"),
            relation("hasDeclaredLicense", "urn:m", "https://spdx.org/licenses/MIT"),
            relation("hasDeclaredLicense", "urn:p", "expandedlicensing_NoAssertionLicense"),
            relation("hasConcludedLicense", "urn:p", "https://spdx.org/licenses/MIT"),
        )
    )
    assert triples(found, *EDGES) == {
        ("model/hf/o/m", "trainedOn", "dataset/hf/o/d"),
        ("model/hf/o/m", "derivedFrom", "model/hf/o/p"),
    }
    assert triples(found, "license") == {("model/hf/o/m", "license", "license/mit")}
    trained = next(c.said for c in found if c.property == "trainedOn")
    assert trained.inferred and trained.note and trained.locator.endswith("urn:r:trainedOn")
    assert [i.rule for i in issues] == ["bom-software"]


# ---- what was written here is read the same


@pytest.mark.parametrize("format", ["cyclonedx", "spdx"])
@pytest.mark.parametrize("model", MODELS)
def test_a_round_trip_keeps_derivations_data_and_declared_licenses(
    snapshot: Snapshot, model: str, format: str
) -> None:
    known = bom(snapshot, snapshot.find(model))
    made = json.loads(model_file(snapshot, known.root, format))
    found, issues = read(made)
    edges = {(p.id, e.relation, e.parent) for p in known.parts.values() for e in p.links}
    assert triples(found, *EDGES) == edges
    declared = {(p.id, "license", p.declared.id) for p in known.parts.values() if p.declared}
    of_parts = {t for t in triples(found, "license") if kind_of(t[0]) != "family"}
    assert of_parts == {t for t in declared if kind_of(t[0]) != "family"}
    assert triples(found, "license") == declared
    assert not [i for i in issues if i.rule != "bom-software"]
    labels = {c.subject: c.said.value for c in found if c.property == "label"}
    assert labels[known.root] == known.parts[known.root].name


# ---- real documents


@pytest.mark.skipif(not REAL, reason="needs ../shared/data")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_real_document_is_read(path: Path) -> None:
    found = list(said(parse(path.read_bytes(), path.name), kit(), path.name))
    told = [c for c in found if isinstance(c, Claim)]
    assert told
    for claim in told:
        assert is_id(claim.subject)
        if claim.property != "label":
            prop = load_vocabulary().properties[claim.property]
            assert not mistake(prop, claim.said.value)
            assert not prop.domain or kind_of(claim.subject) in prop.domain


@pytest.mark.skipif(not REAL, reason="needs ../shared/data")
def test_what_real_documents_say_of_training_data() -> None:
    trained = {}
    for path in REAL:
        found = said(parse(path.read_bytes(), path.name), kit())
        trained[path.name] = sum(isinstance(c, Claim) and c.property == "trainedOn" for c in found)
    assert trained["simplehtr-example.json"] == 2
    assert trained["sbom.spdx3.json"] == trained["valid-machine-learning-1.7.json"] == 1
    assert trained["example01.spdx3.json"] == 0


# ---- bad input


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [', "cut short"),
        (b"", "cut short"),
        (b"\xff\xfe\x00", "not JSON"),
        (
            b'\xef\xbb\xbf{"bomFormat": "CycloneDX", "specVersion": "1.4"}',
            "'1.4' is not read; read are: 1.5",
        ),
        (b'{"bomFormat": "CycloneDX"}', "'None' is not read"),
        (b'<?xml version="1.0"?><bom/>', "convert it to JSON"),
        (b"SPDXVersion: SPDX-2.3", "SPDX 3.0 in JSON-LD is"),
        (b'{"spdxVersion": "SPDX-2.3"}', "SPDX 3.0 in JSON-LD is"),
        (b'{"@graph": [{"type": "CreationInfo", "specVersion": "4.0"}]}', "'4.0' is not read"),
        (b'{"@graph": []}', "SPDX '' is not read"),
        (b"[1, 2]", "one JSON object"),
        (b'{"a": 1}', "neither CycloneDX"),
        (b'{"components": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_bad_documents_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=r"x\.json: ") as caught:
        parse(content, "x.json")
    assert message in str(caught.value)


def nested(depth: int) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "machine-learning-model", "name": "0"}
    for number in range(depth):
        one = {
            "type": "machine-learning-model",
            "name": str(number + 1),
            "pedigree": {"ancestors": [one]},
        }
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [one]}


def test_components_may_nest_only_so_deep() -> None:
    assert len(triples(read(nested(100))[0], "derivedFrom")) == 100
    with pytest.raises(DataError, match="nest deeper than 100"):
        read(nested(101))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(thing: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = (
        thing.items()
        if isinstance(thing, dict)
        else enumerate(thing)
        if isinstance(thing, list)
        else ()
    )
    for key, inner in items:
        yield from places(inner, (*path, key))


def replaced(thing: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = thing.copy()
    copy[path[0]] = replaced(thing[path[0]], path[1:], value)
    return copy


SPDX_DOCUMENT = spdx(
    {
        "type": "ai_AIPackage",
        "spdxId": "urn:m",
        "name": "M",
        "originatedBy": ["urn:o"],
        "extension": [{"extension_cdxProperty": [{"extension_cdxPropName": "gyebo:id"}]}],
    },
    {"type": "Organization", "spdxId": "urn:o", "name": "O"},
    {"type": "dataset_DatasetPackage", "spdxId": "urn:d", "name": "D"},
    relation("trainedOn", "urn:m", "urn:d"),
    relation("hasDeclaredLicense", "urn:m", "urn:l"),
    relation("contains", "urn:m", "urn:m"),
)


@given(st.sampled_from([CYCLONEDX, SPDX_DOCUMENT]), st.data(), anything)
def test_anything_anywhere_is_read_or_refused(
    document: Any, data: st.DataObject, value: Any
) -> None:
    path = data.draw(st.sampled_from([p for p in places(document) if p]))
    broken = replaced(document, path, value)
    try:
        found, _ = read(broken)
    except DataError:
        return
    assert all(is_id(c.subject) for c in found)
    values = [c.said.value for c in found if c.property in (*EDGES, "license", "developer")]
    assert all(isinstance(value, str) and is_id(value) for value in values)


def test_a_bom_of_ours_is_ingested(tmp_path: Path, snapshot: Snapshot) -> None:
    path = tmp_path / "alpaca.cdx.json"
    path.write_text(model_file(snapshot, "model/alpaca-7b", "cyclonedx"), encoding="utf-8")
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "ingest", "bom", str(path)])
    assert result.exit_code == 0, result.output
    run = tmp_path / "runs" / "bom-alpaca.cdx"
    claims = {(c.subject, c.property, c.said.value) for c in read_claims(run / "claims.jsonl")}
    assert ("model/alpaca-7b", "fineTunedFrom", "model/llama-7b") in claims
    path.write_bytes(path.read_bytes()[:1000])
    cut = CliRunner().invoke(main, ["--home", str(tmp_path), "ingest", "bom", str(path)])
    assert cut.exit_code == 2 and "not JSON" in cut.output


# ---- a stranger's document


def test_a_strangers_document_changes_no_curated_model(corner: Corner, tmp_path: Path) -> None:
    corner.write(
        "model/base: {label: {en: Base}, claims: {hubId: [{value: o/base, from: gyebo}],\n"
        "  license: [{value: license/strange, from: gyebo}]}}\n"
        "model/bare: {label: {en: Bare}, claims: {hubId: [{value: o/bare, from: gyebo}]}}\n"
        "license/strange: {label: {en: Strange}}\n"
        "license/mit: {label: {en: MIT}}\n"
    )
    free = {"licenses": [{"license": {"id": "MIT"}}]}
    told = [
        {"type": "machine-learning-model", "name": "Mine", "purl": f"pkg:huggingface/o/{name}"}
        | free
        for name in ("base", "bare", "own")
    ]
    path = tmp_path / "stranger.json"
    path.write_text(json.dumps(CYCLONEDX | {"metadata": {}, "components": told}), encoding="utf-8")
    ingest(corner.config.home, IngestRequest("bom", str(path)))
    built = corner.build()
    for name, license in (("base", ("license/strange",)), ("bare", ())):
        entity = built.entity(f"model/{name}")
        assert entity and entity.labels == {"en": (name.capitalize(),)}
        assert entity.values("license") == license
        fact = entity.fact("license")
        assert fact and any(s.value == "license/mit" for s in fact.claims)  # told, not held
        assert read_license_claims(entity).claims == license
    own = built.entity("model/hf/o/own")
    assert own and own.labels == {"en": ("Mine",)} and own.values("license") == ("license/mit",)


# ---- what cannot be found stays so


@pytest.mark.parametrize("format", ["cyclonedx", "spdx"])
def test_parents_that_cannot_be_found_stay_so_in_a_round_trip(
    corner: Corner, tmp_path: Path, format: str
) -> None:
    corner.write("license/mit: {label: {en: MIT}}\n")
    records = [{"id": "o/lost", "cardData": {"license": "mit", "base_model": "Llama 2 (Meta)"}}]
    path = tmp_path / "hub.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    ingest(corner.config.home, IngestRequest("hub", str(path)))
    found, issues = read(json.loads(model_file(corner.build(), "model/hf/o/lost", format)))
    [claim] = [c for c in found if c.property == "unresolvedParent"]
    assert (claim.subject, claim.said.value) == ("model/hf/o/lost", "derivedFrom")
    assert claim.said.note == "as written: Llama 2 (Meta)"
    assert [i.rule for i in issues] == ["parent-unresolved"]
    assert triples(found, "license") == {("model/hf/o/lost", "license", "license/mit")}


@pytest.mark.parametrize("format", ["cyclonedx", "spdx"])
def test_a_round_trip_keeps_names_makers_and_ids(snapshot: Snapshot, format: str) -> None:
    known = bom(snapshot, "model/alpaca-7b")
    found, _ = read(json.loads(model_file(snapshot, known.root, format)))
    assert {c.subject for c in found} == set(known.parts)  # no part is another or new
    labels = {c.subject: c.said.value for c in found if c.property == "label"}
    assert labels == {id: part.name for id, part in known.parts.items()}
    made = {(p.id, "developer", id) for p in known.parts.values() for id in makers(p)}
    assert triples(found, "developer") == made
