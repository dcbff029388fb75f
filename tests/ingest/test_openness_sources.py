"""The Model Openness Tool and Opening up ChatGPT: licenses and judgements of each part, origins as text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.ingest.kit.kit import Record
from kg.ingest.registry import load_source
from kg.model.claim import Claim
from kg.model.issues import Issue
from kg.model.values import mistake
from kg.model.vocabulary import load_vocabulary
from tests.ingest.test_ecosystem_graphs import ASSETS
from tests.reading import Found, as_yaml, extract, kit_of, read

known = load_vocabulary().properties

MOT, OUC = "model-openness-tool", "opening-up-chatgpt"
RELEASES: dict[str, dict[str, Any]] = {
    "bloom": {
        "name": "BLOOM",
        "version": "366B",
        "producer": "BigScience",
        "origin": "",
        "type": "language",
        "huggingface": "https://huggingface.co/bigscience/bloom",
        "architecture": "undisclosed",
        "license": {"distribution": {"name": "BigScience-BLOOM-RAIL-1.0", "path": ""}},
        "components": [
            {"name": "Research paper", "license": "CC-BY-4.0"},
            {"name": "Model card"},
            {
                "name": "Inference code",
                "license": "Apache 2.0",
                "license_path": "https://x.example/LICENSE",
            },
            {"name": "Model parameters (Final)", "license": "unlicensed"},
            {"name": "Datasets", "license": "CDLA-Permissive-2.0"},
            "odd",
        ],
    },
    "tuned": {
        "name": "Tuned",
        "version": "1_1B",
        "producer": "A, B",
        "origin": "bloom",
        "huggingface": "https://huggingface.co/a/tuned · Hugging Face",
    },
    "xglm": {
        "name": "XGLM",
        "version": "Undisclosed",
        "producer": "",
        "origin": "MIT",
        "huggingface": "Some prose",
    },
    "falcon": {
        "name": "Falcon",
        "version": "v0.1",
        "origin": "GPT-3, some differences",
        "producer": "C",
        "huggingface": "https://huggingface.co/c/one",
    },
    "amber": {
        "name": "Amber",
        "origin": "Amber",
        "producer": "C",
        "huggingface": "https://huggingface.co/c/one",
    },
    "q32": {"name": "Q-32B", "producer": "Q", "huggingface": "https://huggingface.co/q/q-32b"},
    "q72": {"name": "Q-32B", "producer": "Q", "huggingface": "https://huggingface.co/q/q-72b"},
}


@pytest.fixture(scope="module")
def mot(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("mot")
    for name, release in RELEASES.items():
        as_yaml(folder, f"models/{name}.yml", {"framework": {}, "release": release})
    as_yaml(folder, "web/other.yml", {"release": {"name": "not a model"}})
    return read(MOT, as_yaml(folder, "models/none.yml", {"release": None}))


@pytest.mark.parametrize(
    ("slug", "property", "value", "note"),
    [
        ("bloom", "parameterCount", 366_000_000_000, "version: 366B"),
        ("tuned", "parameterCount", 1_100_000_000, "version: 1_1B"),
        ("xglm", "parameterCount", None, ""),
        ("bloom", "codeLicense", "license/apache-2.0", "of the component Inference code"),
        ("bloom", "dataLicense", "license/cdla-permissive-2.0", "of the component Datasets"),
        ("bloom", "hubId", "bigscience/bloom", ""),
        ("tuned", "hubId", "a/tuned", ""),
        ("tuned", "dependsOn", f"model/{MOT}/bloom", "named as its origin"),
        ("falcon", "dependencyName", "GPT-3, some differences", ""),
    ],
)
def test_release(mot: Found, slug: str, property: str, value: object, note: str) -> None:
    said = mot.one(f"model/{MOT}/{slug}", property)
    assert (said.value, said.note) == (value, note)


def test_each_part_has_its_license(mot: Found) -> None:
    bloom = f"model/{MOT}/bloom"
    licenses = {
        (v, c.said.note)
        for c in mot.claims
        if c.subject == bloom and c.property == "license"
        for v in [c.said.value]
    }
    assert (
        "license/bigscience-rail-1.0",
        "of the distribution; as written: BigScience-BLOOM-RAIL-1.0",
    ) in licenses
    assert (None, "of the component Model parameters (Final); as written: unlicensed") in licenses
    parts = {v for s, p, v in mot.said if (s, p) == (bloom, "openness")}
    assert {"Research paper: CC-BY-4.0", "Model card: no license stated"} <= parts and len(
        parts
    ) == 5


def test_a_hub_id_is_an_identity_only_if_nobody_shares_it(mot: Found) -> None:
    assert {v for _, p, v in mot.said if p == "hubId"} == {"bigscience/bloom", "a/tuned"}
    assert mot.rules["shared-hub-id"] == 4  # Falcon and Amber; two sizes under one name
    assert (f"model/{MOT}/falcon", "url", "https://huggingface.co/c/one") in mot.said


def test_what_is_no_claim_of_a_release(mot: Found) -> None:
    assert mot.rules == {
        "shape": 2,
        "duplicate": 2,
        "self": 1,
        "license-as-origin": 1,
        "dangling": 1,
        "size": 1,
        "hub-id": 1,
        "shared-hub-id": 4,
    }
    assert mot.silent() == set()


def test_the_whole_extract_of_mot() -> None:
    folder = extract(MOT)
    found = read(MOT, folder)
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("models/*.yml"))]
    releases = [yaml.load(text, Loader=yaml.BaseLoader)["release"] for text in texts]
    assert len(found.records) == len(releases) == 273 and found.silent() == set()
    assert sum(c.property == "openness" for c in found.claims) == sum(
        len(r["components"]) for r in releases
    )
    sizes = [r for r in releases if re.fullmatch(r"[\d._]+[MBT] ?", str(r.get("version")))]
    assert len(
        {c.said.locator for c in found.claims if c.property == "parameterCount" and c.said.value}
    ) == len(sizes)
    origins = [r["origin"] for r in releases if r.get("origin")]
    told = sum(c.property in ("dependsOn", "dependencyName") for c in found.claims)
    assert told + found.rules["self"] + found.rules["license-as-origin"] == len(origins) == 111
    assert found.rules["license-as-origin"] == 7
    hubs = Counter(c.said.value for c in found.claims if c.property == "hubId")
    assert max(hubs.values()) <= 2  # one release may have two files


JUDGED = (
    "opencode",
    "llmdata",
    "llmweights",
    "rldata",
    "rlweights",
    "license",
    "code",
    "architecture",
    "preprint",
    "paper",
    "modelcard",
    "datasheet",
    "package",
    "api",
)
PROJECTS: dict[str, dict[str, Any]] = {
    "BELLE": {
        "name": "BELLE",
        "llmbase": "LLaMA & BLOOMZ",
        "rlbase": "alpaca, Belle (synthetic)",
        "link": "https://huggingface.co/x/belle-7b",
        "license": "Apache License 2.0",
    },
    "trlx": {
        "name": "trlx",
        "llmbase": "various (pythia, flan-7B)",
        "rlbase": "various",
        "license": "MIT license",
    },
    "mpt": {"name": "MPT", "llmbase": "MosaicML", "rlbase": "Orca-style, dolly", "license": None},
    "glm": {
        "name": "GLM-6B",
        "llmbase": "GLM (own)",
        "rlbase": "Meta, undocumented",
        "license": "Apache 2.0 (model weights only)",
    },
    "self": {
        "name": "Self",
        "llmbase": "self, unclear",
        "rlbase": "OASST1 (human)",
        "license": "Unclear",
    },
    "nameless": {
        "name": None,
        "link": "https://x.example/tool",
        "llmbase": "Maker",
        "rlbase": None,
    },
    "A_sample": dict.fromkeys(("name", "link", "llmbase", "rlbase", "license")),
}


@pytest.fixture(scope="module")
def ouc(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("ouc")
    for name, project in PROJECTS.items():
        judged = {
            key: {"class": "open", "link": "https://x.example/l", "notes": "n"} for key in JUDGED
        }
        body = {"project": project, "org": {"name": "Maker + Other"}, **judged}
        as_yaml(folder, f"projects/{name}.yaml", body | ({"api": {}} if name == "glm" else {}))
    return read(OUC, folder)


def bases(found: Found, slug: str, property: str = "fineTunedFrom") -> set[object]:
    return {v for s, p, v in found.said if (s, p) == (f"model/{OUC}/{slug}", property)}


def test_bases(ouc: Found) -> None:
    assert bases(ouc, "belle") == {f"family/{OUC}/llama", f"family/{OUC}/bloomz"}
    assert bases(ouc, "trlx") == {f"family/{OUC}/pythia", f"model/{OUC}/flan-7b"}
    assert bases(ouc, "mpt") == set() and bases(ouc, "mpt", "dependencyName") == {
        "MosaicML",
        "Orca-style",
    }
    assert bases(ouc, "glm-6b") == {f"family/{OUC}/glm"}
    assert bases(ouc, "self") == {None}
    assert bases(ouc, "nameless", "dependencyName") == {"Maker"}


def test_instruction_data(ouc: Found) -> None:
    assert bases(ouc, "belle", "trainedOn") == {f"dataset/{OUC}/alpaca", f"dataset/{OUC}/belle"}
    assert bases(ouc, "trlx", "trainedOn") == {None}
    assert bases(ouc, "mpt", "trainedOn") == {f"dataset/{OUC}/dolly"}
    assert (
        bases(ouc, "glm-6b", "trainedOn") == {None}
        and ("model/" + OUC + "/glm-6b", "dependencyName", "Meta") in ouc.said
    )
    assert ouc.one(f"model/{OUC}/self", "trainedOn").note == "instruction tuning; human"


def test_a_license_and_the_judgement_of_it(ouc: Found) -> None:
    assert ouc.one(f"model/{OUC}/belle", "license").value == "license/apache-2.0"
    assert ouc.one(f"model/{OUC}/glm-6b", "license").value == "license/apache-2.0"
    assert ouc.one(f"model/{OUC}/self", "license").value is None
    judged = [
        c.said for c in ouc.claims if c.property == "openness" and c.subject.endswith("/belle")
    ]
    assert len(judged) == 14 and {(s.url, s.note) for s in judged} == {("https://x.example/l", "n")}
    assert "license: open" in {s.value for s in judged}
    # A link may be that of another size
    assert not [c for c in ouc.claims if c.property == "hubId"]


def test_what_is_no_claim_of_a_project(ouc: Found) -> None:
    assert ouc.rules == {"empty": 1, "self": 1, "dangling": 4, "shape": 1}
    assert ouc.silent() == set()


def test_the_whole_extract_of_opening_up_chatgpt() -> None:
    folder = extract(OUC)
    found = read(OUC, folder)
    paths = sorted(folder.glob("projects/*.yaml"))
    assert len(found.records) == len(paths) == 48 and found.silent() == set()
    classes = Counter(
        line.split(":")[1].strip()
        for path in paths
        if path.stem != "A_sample"
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s+class:", line)
    )
    judged = Counter(
        str(c.said.value).rpartition(": ")[2] for c in found.claims if c.property == "openness"
    )
    assert judged == classes and judged.total() == 47 * 14
    projects = [yaml.safe_load(path.read_text("utf-8"))["project"] for path in paths]
    told = {
        c.said.locator for c in found.claims if c.property in ("fineTunedFrom", "dependencyName")
    }
    named = {
        path.relative_to(folder).as_posix()
        for path, p in zip(paths, projects, strict=True)
        if p["llmbase"]
    }
    assert named - {i.origin for i in found.issues} <= told


def test_neither_source_stops_at_a_broken_file(tmp_path: Path) -> None:
    for name, source in (("models/a.yml", MOT), ("projects/a.yaml", OUC)):
        as_yaml(tmp_path, name, {}).joinpath(name).write_bytes(b"\xff\x00\xfe")
        assert read(source, tmp_path).rules == {"unreadable": 1}


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("9" * 5000 + "B"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_value_in_any_field_is_survived(data: st.DataObject) -> None:
    shapes: dict[str, dict[str, Any]] = {
        MOT: {"release": RELEASES["bloom"]},
        OUC: {"project": PROJECTS["BELLE"], "org": {"name": "a"}, "api": {"class": "open"}},
        "ecosystem-graphs": ASSETS[0],
    }
    for source, whole in shapes.items():
        body = whole.get("release") or whole.get("project") or whole
        inner = body | {data.draw(st.sampled_from(sorted(body))): data.draw(ODD)}
        outer = whole | {key: inner for key, value in whole.items() if value is body}
        record = Record("at", inner if body is whole else outer)
        found = list(load_source(source).claims(iter([record]), kit_of(source)))
        assert found and all(isinstance(f, Claim | Issue) for f in found)
        values = [
            (known[f.property], f.said.value)
            for f in found
            if isinstance(f, Claim) and f.property in known and f.said.value is not None
        ]
        told = filter(None, itertools.starmap(mistake, values))  # a run keeps them as issues
        assert all(message.text("ko") for message in told)
