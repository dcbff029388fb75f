"""Ecosystem Graphs: fields that are plain or explained, names that refer, sizes in every spelling."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.reading import Found, as_yaml, extract, read

PREFIX = "ecosystem-graphs"
ASSETS: list[dict[str, Any]] = [
    {
        "type": "model",
        "name": "Tuned",
        "organization": "ByteDance, Runway AI, Inc., and MIT",
        "created_date": {
            "explanation": "the day of [[the paper]](https://x.example/p)",
            "value": "2023-03-01",
        },
        "size": "61B parameters (sparse); 6.6B active parameters",
        "access": {"value": "Open"},
        "license": "none (model weights), BSD-3-Clause (code)",
        "modality": "text; text",
        "dependencies": ["LLAMA 2", "Corpus", "Tuned", "Dragonfly", "MeCab", ""],
    },
    {
        "type": "model",
        "name": "Llama 2",
        "organization": {"explanation": "e", "value": "Meta"},
        "created_date": 2022,
        "size": {"explanation": "sum of parts", "value": "306M"},
        "license": {"explanation": "unknown"},
        "dependencies": None,
    },
    {
        "type": "dataset",
        "name": "Corpus",
        "organization": "Unknown",
        "created_date": {"explanation": "e"},
        "value": "2024-10-22",
        "size": "10.5 TB Text, 2.2B (text, image) pairs",
        "access": "limited",
        "license": "Limited use license [[Terms]](https://x.example/terms)",
        "dependencies": {"explanation": "the largest ones", "value": ["Corpus B", "Tuned"]},
    },
    {
        "type": "dataset",
        "name": "Corpus B",
        "organization": "A",
        "created_date": "unknown",
        "size": "2024-05-29",
    },
    {
        "type": "application",
        "name": "Shop",
        "organization": "B",
        "license": "custom",
        "dependencies": ["Llama 2", "Corpus"],
    },
    {"type": "model", "name": "Dragonfly", "organization": "OpenAI"},
    {"type": "model", "name": "Dragonfly", "organization": "Together"},
    {"type": "model", "name": "GPT-4o", "organization": "OpenAI"},
    {"type": "model", "name": "GPT-4o", "organization": "OpenAI"},
    {"type": "model", "organization": "nobody"},
    {"type": "robot", "name": "R2"},
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("graphs") / "ecosystem-graphs-main"
    as_yaml(folder, "js/schemas.yaml", {"dataset": []})
    as_yaml(folder, "assets/odd.yaml", ["no asset", 7])
    return read(PREFIX, as_yaml(folder, "assets/a.yaml", ASSETS))


def test_several_makers_in_one_text(small: Found) -> None:
    made = {v for s, p, v in small.said if s.endswith("/tuned") and p == "developer"}
    assert made == {f"org/{PREFIX}/{slug}" for slug in ("bytedance", "runway-ai-inc", "mit")}
    assert ("dataset/ecosystem-graphs/corpus", "developer", None) in small.said
    assert (
        "model/ecosystem-graphs/llama-2",
        "developer",
        "org/ecosystem-graphs/meta",
    ) in small.said


@pytest.mark.parametrize(
    ("subject", "property", "value", "note"),
    [
        ("model/tuned", "parameterCount", 61_000_000_000, "as written: 61B parameters (sparse)"),
        ("model/tuned", "activeParameterCount", 6_600_000_000, "as written"),
        ("model/llama-2", "parameterCount", 306_000_000, "sum of parts"),
        ("dataset/corpus", "size", 10_500_000_000_000, "as written: 10.5 TB"),
        ("dataset/corpus", "itemCount", 2_200_000_000, "2.2B (text, image) pairs"),
        ("model/tuned", "releaseDate", "2023-03-01", "the day of [the paper"),
        ("model/llama-2", "releaseDate", "2022", "date of creation"),
        ("dataset/corpus", "releaseDate", "2024-10-22", "date of creation; e"),
        ("dataset/corpus-b", "releaseDate", None, ""),
        ("model/tuned", "openness", "access: open", ""),
        ("dataset/corpus", "openness", "access: limited", ""),
        ("model/tuned", "codeLicense", "license/bsd-3-clause", ""),
        ("model/llama-2", "license", None, "unknown"),
        ("product/shop", "license", "license/other", "custom"),
    ],
)
def test_fields(small: Found, subject: str, property: str, value: object, note: str) -> None:
    kind, _, slug = subject.partition("/")
    said = small.one(f"{kind}/{PREFIX}/{slug}", property)
    assert said.value == value and note.replace("[", "") in said.note.replace("[", "")


def test_the_kinds_of_both_ends_say_what_a_dependency_is(small: Found) -> None:
    def of(kind: str, name: str) -> str:
        return f"{kind}/{PREFIX}/{name}"

    expected = {
        (of("model", "tuned"), "dependsOn", of("model", "llama-2")),
        (of("model", "tuned"), "trainedOn", of("dataset", "corpus")),
        (of("dataset", "corpus"), "dataDerivedFrom", of("dataset", "corpus-b")),
        (of("dataset", "corpus"), "dependsOn", of("model", "tuned")),
        (of("product", "shop"), "poweredBy", of("model", "llama-2")),
        (of("product", "shop"), "dependsOn", of("dataset", "corpus")),
        (of("model", "tuned"), "dependencyName", "MeCab"),
        (of("model", "tuned"), "dependencyName", "Dragonfly"),
    }
    assert expected <= small.said
    assert (
        "does not say how; the largest ones"
        in small.one(of("dataset", "corpus"), "dataDerivedFrom").note
    )


def test_nothing_that_carries_weights_is_said(small: Found) -> None:
    assert {p for _, p, _ in small.said if p.endswith(("From", "Of"))} == {"dataDerivedFrom"}


def test_names_that_occur_twice(small: Found) -> None:
    models = {s for s, p, _ in small.said if p == "label" and s.startswith("model/")}
    assert {f"model/{PREFIX}/dragonfly-openai", f"model/{PREFIX}/dragonfly-together"} <= models
    assert f"model/{PREFIX}/gpt-4o" in models


def test_what_cannot_be_a_claim(small: Found) -> None:
    assert small.rules == {"shape": 4, "duplicate": 2, "self": 1, "dangling": 2, "size": 1}
    assert small.silent() == set()


def test_a_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    as_yaml(tmp_path, "assets/b.yaml", ASSETS[:2])
    (tmp_path / "assets" / "a.yaml").write_text("a: &x [*x, *x\n", encoding="utf-8")
    found = read(PREFIX, tmp_path)
    assert found.rules["unreadable"] == 1 and len(found.records) == 2


def assets(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("assets/*.yaml")):
        yield from yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def test_the_whole_extract() -> None:
    folder = extract("ecosystem-graphs")
    found, all_assets = read(PREFIX, folder), list(assets(folder))
    assert len(found.records) == len(all_assets) == 639 and found.silent() == set()
    named = {a["name"]: a["type"] for a in all_assets}
    listed = [(a, name) for a in all_assets for name in _listed(a) if name.strip()]
    assert len(listed) == 816 - 1  # an entry `Unknown` says that nobody knows
    relations = ("dependsOn", "trainedOn", "dataDerivedFrom", "poweredBy", "dependencyName")
    kept = sum(p in relations for c in found.claims for p in [c.property])
    assert kept == len(listed) - found.rules["self"]
    makers = {a["organization"] for a in all_assets if isinstance(a["organization"], str)}
    labels = {v for s, p, v in found.said if p == "label" and s.startswith("org/")}
    assert {m for m in makers if m.isalnum() and m != "Unknown"} <= labels
    exact = [(a, n) for a, n in listed if a["type"] == "model" and named.get(n) == "dataset"]
    assert sum(c.property == "trainedOn" for c in found.claims) == len(exact) == 177


def _listed(asset: dict[str, Any]) -> list[str]:
    field = asset["dependencies"]
    names = field["value"] if isinstance(field, dict) else field
    return [name for name in names or () if name not in ("Unknown", "unknown")]


def test_every_size_in_parameters_is_read() -> None:
    folder = extract("ecosystem-graphs")
    written = re.compile(r"(?:as written: )?(\d+(?:\.\d+)?)([MBT]) parameters")
    stated: Counter[int] = Counter()
    for asset in assets(folder):
        size = asset.get("size", "")
        text = size["value"] if isinstance(size, dict) else size
        if asset["type"] == "model" and (match := written.match(text)):
            stated[round(float(match[1]) * 10 ** {"M": 6, "B": 9, "T": 12}[match[2]])] += 1
    read_out = Counter(
        c.said.value
        for c in read(PREFIX, folder).claims
        if c.property == "parameterCount" and written.match(c.said.note)
    )
    assert read_out == stated and stated.total() > 250
