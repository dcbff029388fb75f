"""Tables of copies: unsloth, Xinference and GPUStack. What was made from what, and what a table gets wrong."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from kg.model.values import mistake
from kg.model.vocabulary import load_vocabulary
from tests.ingest.test_source_hub import Stored
from tests.reading import SHARED, Found, as_json, as_yaml, read

EDGES = ("quantizedFrom", "convertedFrom", "mirrorOf", "derivedFrom", "dependsOn")


def edges(found: Found) -> set[tuple[str, str, object]]:
    """The edges between models of the Hub, without what ids of the Hub begin with."""
    return {
        (
            c.subject.removeprefix("model/hf/"),
            c.property,
            str(c.said.value).removeprefix("model/hf/"),
        )
        for c in found.claims
        if c.property in EDGES
    }


# ---- unsloth ----

MAPPER = """
from os import system  # never run

INT_TO_FLOAT = {
    "unsloth/gemma-2-2b-bnb-4bit": ("unsloth/gemma-2-2b", "google/gemma-2-2b"),
    "unsloth/gemma-2b-bnb-4bit": ("unsloth/gemma-2b-it", "google/gemma-2b-it"),
    "unsloth/llama-2-7b-bnb-4bit": ("unsloth/llama-2-7b", "meta-llama/Llama-2-7b-hf"),
    "unsloth/L-3.1-8B-unsloth-bnb-4bit": {
        "8": ("RedHatAI/L-3.1-8B-FP8", "unsloth/L-3.1-8B-FP8-Block"),
        "16": ("unsloth/L-3.1-8B", "meta-llama/L-3.1-8B", "unsloth/L-3.1-8B-bnb-4bit"),
    },
    "mistralai/Codestral-22B": ("mistral-community/Codestral-22B",),
    "unsloth/Mistral-7B-bnb-4bit": ("mistralai/Mistral-7B",),
    "unsloth/phi-v0-bnb-4bit": ("unsloth/phi-v0",),
    "unsloth/computed": tuple(name for name in ()),
    "torch.float16": 1,
}
system("false")
"""


def test_unsloths_table_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "mapper.py").write_text(MAPPER, encoding="utf-8")
    found = read("unsloth", tmp_path)
    assert edges(found) == {
        ("unsloth/gemma-2-2b-bnb-4bit", "quantizedFrom", "google/gemma-2-2b"),
        ("unsloth/gemma-2-2b", "mirrorOf", "google/gemma-2-2b"),
        ("unsloth/gemma-2b-it", "mirrorOf", "google/gemma-2b-it"),
        ("unsloth/llama-2-7b-bnb-4bit", "quantizedFrom", "meta-llama/Llama-2-7b-hf"),
        ("unsloth/llama-2-7b", "mirrorOf", "meta-llama/Llama-2-7b-hf"),
        ("unsloth/L-3.1-8B-unsloth-bnb-4bit", "quantizedFrom", "meta-llama/L-3.1-8B"),
        ("unsloth/L-3.1-8B-bnb-4bit", "quantizedFrom", "meta-llama/L-3.1-8B"),
        ("unsloth/L-3.1-8B-FP8-Block", "quantizedFrom", "meta-llama/L-3.1-8B"),
        ("RedHatAI/L-3.1-8B-FP8", "quantizedFrom", "meta-llama/L-3.1-8B"),
        ("unsloth/L-3.1-8B", "mirrorOf", "meta-llama/L-3.1-8B"),
        ("unsloth/Mistral-7B-bnb-4bit", "quantizedFrom", "mistralai/Mistral-7B"),
        ("unsloth/phi-v0-bnb-4bit", "quantizedFrom", "unsloth/phi-v0"),
    }
    assert found.rules == {"other-model": 1, "direction": 1, "shape": 1}
    assert found.silent() == set()


def test_unsloths_pairs(tmp_path: Path) -> None:
    rows = [
        ["unsloth/tinyllama", "TinyLlama/TinyLlama-1.1B-step-3T"],
        ["unsloth/L-8B-FP8", "meta-llama/L-8B"],
        ["unsloth/L-8B-FP8", "meta-llama/Meta-L-8B"],
        ["unsloth/x-bnb-4bit", "maker/x-AWQ"],
        ["unsloth/y-BF16", "unsloth/y"],
        ["only-one"],
        {"copy": "a/b"},
    ]
    found = read("unsloth", as_json(tmp_path, "pairs.json", rows))
    assert edges(found) == {
        ("unsloth/tinyllama", "mirrorOf", "TinyLlama/TinyLlama-1.1B-step-3T"),
        ("unsloth/L-8B-FP8", "quantizedFrom", "meta-llama/L-8B"),
    }
    assert found.one("model/hf/unsloth/tinyllama", "mirrorOf").note == "under another name"
    assert found.rules == {
        "several-originals": 1,
        "quantized-original": 1,
        "same-owner": 1,
        "shape": 2,
    }


# ---- Xinference ----


def spec(format: str, size: object, hub: str, *quantizations: str, **more: Any) -> dict[str, Any]:
    """A specification as Xinference writes it."""
    listed = list(quantizations or ("none",))
    sources = {"huggingface": {"model_id": hub, "quantizations": listed}}
    if "modelscope" in more:
        sources["modelscope"] = {"model_id": more.pop("modelscope"), "quantizations": listed}
    return {
        "model_format": format,
        "model_size_in_billions": size,
        "model_src": sources,
    } | more


def family(*specs: object, **more: object) -> dict[str, object]:
    return {"model_name": "acorn", "chat_template": "{{ secret }}", "model_specs": [*specs]} | more


def xinference(folder: Path, *specs: object, **more: object) -> Found:
    return read("xinference", as_json(folder, "acorn.json", family(*specs, **more)))


ACORN = spec("pytorch", "1_5", "oak/Acorn-1.5B-Chat", modelscope="OAK/Acorn-1.5B-Chat")


def test_what_was_made_from_a_model_of_the_same_size(tmp_path: Path) -> None:
    found = xinference(
        tmp_path,
        ACORN,
        spec("ggufv2", "1_5", "oak/Acorn-1.5B-Chat-GGUF", "Q4_K_M", "F16"),
        spec("gptq", "1_5", "quant/Acorn-1.5B-Chat-GPTQ-{quantization}", "Int4", "Int8"),
        spec("mlx", "1_5", "mlx-community/Acorn-1.5B-Chat-{quantization}", "4bit", "bf16"),
        spec("pytorch", "1_5", "oak/Acorn-1.5B-Chat-int4", "none"),
        spec("awq", 7, "quant/Acorn-7B-Chat-AWQ", "Int4"),
    )
    model = "oak/Acorn-1.5B-Chat"
    assert edges(found) == {
        ("oak/Acorn-1.5B-Chat-GGUF", "quantizedFrom", model),
        ("quant/Acorn-1.5B-Chat-GPTQ-Int4", "quantizedFrom", model),
        ("quant/Acorn-1.5B-Chat-GPTQ-Int8", "quantizedFrom", model),
        ("mlx-community/Acorn-1.5B-Chat-4bit", "quantizedFrom", model),
        ("mlx-community/Acorn-1.5B-Chat-bf16", "convertedFrom", model),
        ("oak/Acorn-1.5B-Chat-int4", "quantizedFrom", model),
    }
    assert found.rules == {"no-model": 1}
    assert found.one(f"model/hf/{model}", "modelScopeId").value == "OAK/Acorn-1.5B-Chat"
    assert [(link.left, link.right) for link in found.links] == [
        ("model/ms/OAK/Acorn-1.5B-Chat", f"model/hf/{model}")
    ]


def test_a_copy_of_another_model_is_none_of_this_one(tmp_path: Path) -> None:
    found = xinference(
        tmp_path,
        spec("pytorch", 7, "oak/acorn-7b-base"),
        spec("ggufv2", 7, "TheBloke/acorn-7B-chat-GGUF", "Q4"),
        spec("pytorch", 9, "oak/Elm-9B-BF16"),
        spec("fp8", 9, "oak/Elm-9B", "fp8"),
        spec("pytorch", 3, "oak/one-3b"),
        spec("pytorch", 3, "oak/two-3b"),
        spec("ggufv2", 4, "a/b/c", "Q4"),
        {"model_format": "pytorch"},
        {"model_format": "awq", "model_src": {"modelscope": {"model_id": "only/There"}}},
        "odd",
    )
    assert edges(found) == set()
    assert found.rules == {
        "other-name": 1,
        "direction": 1,
        "several-models": 1,
        "hub-id": 1,
        "shape": 2,
        "modelscope-only": 1,
    }


def test_a_modelscope_id_beside_two_models_is_no_tie(tmp_path: Path) -> None:
    found = xinference(
        tmp_path,
        spec("awq", 1, "a/Tree-1B-AWQ", "Int4", modelscope="x/Tree-1B-AWQ"),
        spec("awq", 1, "b/Tree-1B-AWQ", "Int4", modelscope="X/tree-1b-awq"),
        spec("awq", 2, "a/Tree-2B-AWQ", "Int4", modelscope="x/Bush-2B-AWQ"),
        spec("awq", 3, "a/Tree-3B-AWQ", "Int4", modelscope="y/Tree-3B-AWQ"),
    )
    assert [link.left for link in found.links] == ["model/ms/y/Tree-3B-AWQ"]
    assert found.rules["modelscope-several"] == 2 and found.rules["modelscope-name"] == 1


def test_what_xinference_says_of_a_model(tmp_path: Path) -> None:
    moe = spec("pytorch", 30, "oak/Acorn-30B-A3B", activated_size_in_billions=3)
    more = {"context_length": 4096, "model_lang": ["en", "ko"], "model_ability": ["chat"]}
    found = xinference(tmp_path, moe, **more)
    subject = "model/hf/oak/Acorn-30B-A3B"
    assert {
        (subject, "parameterCount", 30_000_000_000),
        (subject, "activeParameterCount", 3_000_000_000),
        (subject, "contextLength", 4096),
        (subject, "language", "language/korean"),
        (subject, "task", "chat"),
    } <= found.said
    assert "secret" not in repr(found)


def test_sizes_and_languages_that_cannot_be_right(tmp_path: Path) -> None:
    found = xinference(
        tmp_path,
        spec("pytorch", 3, "oak/Moon-16B-A3B", activated_size_in_billions=16),
        spec("pytorch", "1_5", "oak/acorn2"),
        spec("pytorch", 671, "oak/big"),
        model_lang=["en", "kh", "la"],
    )
    sizes = {(s, v) for s, p, v in found.said if p in ("parameterCount", "activeParameterCount")}
    assert sizes == {("model/hf/oak/big", 671_000_000_000)}
    assert found.rules == {"size": 2, "language": 3}


def test_the_archive_of_xinferences_repository(tmp_path: Path) -> None:
    path = tmp_path / "inference-main.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for folder in ("llm", "image"):
            data = json.dumps(family(spec("pytorch", 1, f"oak/{folder}-1b"))).encode()
            entry = tarfile.TarInfo(f"inference-main/xinference/model/{folder}/models/a.json")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    found = read("xinference", path)
    assert {v for _, p, v in found.said if p == "hubId"} == {"oak/llm-1b"}


# ---- GPUStack ----


def gpu(name: str, *hub: str, **more: object) -> dict[str, object]:
    """A model of GPUStack's catalog."""
    specs = [{"quantization": "BF16", "huggingface_repo_id": id} for id in hub]
    return {"name": name, "description": "not kept", "specs": specs} | more


CATALOG: dict[str, object] = {
    ".version": "0.1",
    "draft_models": [
        {"name": "Acorn-8B-EAGLE3", "huggingface_repo_id": "x/acorn_eagle"},
        {"name": "Gone-EAGLE3", "huggingface_repo_id": "x/gone_eagle"},
        {"name": "Odd-EAGLE3", "huggingface_repo_id": None},
    ],
    "model_sets": [
        gpu(
            "Acorn-8B",
            "oak/Acorn-8B",
            "oak/Acorn-8B-FP8",
            "oak/Bush-8B-FP8",
            size=8,
            licenses=["apache-2.0"],
            release_date="2025-04-19",
            categories=["llm"],
            capabilities=["context/128K", "vision", "dimensions/1024"],
        ),
        gpu("Elm", "oak/Elm-FP8", size=1.6, size_unit="T", capabilities=["context/1M"]),
        gpu("Voice-300M", "gpustack/Voice-300M", size=300, size_unit="M"),
        gpu("Two", "a/Two", "b/Two", size=2, licenses=["mit", "apache-2.0"]),
        gpu("None"),
        {"description": "no name"},
    ],
}


@pytest.fixture
def gpustack(tmp_path: Path) -> Found:
    return read("gpustack", as_yaml(tmp_path, "model-catalog.yaml", CATALOG))


def test_copies_in_gpustacks_catalog(gpustack: Found) -> None:
    assert edges(gpustack) == {
        ("oak/Acorn-8B-FP8", "quantizedFrom", "oak/Acorn-8B"),
        ("oak/Elm-FP8", "quantizedFrom", "model/gpustack/elm"),
        ("gpustack/Voice-300M", "mirrorOf", "model/gpustack/voice-300m"),
        ("x/acorn_eagle", "dependsOn", "oak/Acorn-8B"),
    }
    assert gpustack.rules == {
        "other-name": 1,
        "several-models": 2,
        "dangling": 1,
        "hub-id": 1,
        "context": 1,
        "license": 1,
        "size": 1,
        "shape": 2,
    }


def test_what_gpustack_says_of_a_model(gpustack: Found) -> None:
    subject = "model/hf/oak/Acorn-8B"
    assert {
        (subject, "parameterCount", 8_000_000_000),
        (subject, "license", "license/apache-2.0"),
        (subject, "releaseDate", "2025-04-19"),
        (subject, "contextLength", 131_072),
        (subject, "task", "vision"),
        ("model/gpustack/elm", "parameterCount", 1_600_000_000_000),
        ("model/gpustack/voice-300m", "parameterCount", 300_000_000),
    } <= gpustack.said
    assert "not kept" not in {c.said.value for c in gpustack.claims}


def test_specifications_that_merge_others(tmp_path: Path) -> None:
    text = """
model_sets:
- name: Acorn
  .base: &base {quantization: BF16, huggingface_repo_id: oak/Acorn}
  specs:
  - <<: *base
    backend: vLLM
"""
    (tmp_path / "catalog.yaml").write_text(text, encoding="utf-8")
    assert ("model/hf/oak/Acorn", "hubId", "oak/Acorn") in read("gpustack", tmp_path).said


# ---- all of them ----


@pytest.mark.parametrize(
    ("source", "file", "good"),
    [
        ("unsloth", "a.json", json.dumps([["unsloth/x", "maker/x"]])),
        ("xinference", "a.json", json.dumps(family(ACORN))),
        ("gpustack", "a.yaml", json.dumps(CATALOG)),
    ],
)
def test_an_unknown_format_keeps_the_run_before(
    tmp_path: Path, source: str, file: str, good: str
) -> None:
    path = tmp_path / file
    path.write_text(good, encoding="utf-8")
    run = ingest(tmp_path, IngestRequest(source, str(path)))
    assert run.counts["claims"] and "value" not in run.issues
    for text in ('{"version": 3, "models": []}', "[1, 2]", "{", ""):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=source):
            ingest(tmp_path, IngestRequest(source, str(path)))
    assert Stored(tmp_path, run).said()


def test_links_are_stored(tmp_path: Path) -> None:
    path = as_json(tmp_path, "acorn.json", family(ACORN)) / "acorn.json"
    run = ingest(tmp_path, IngestRequest("xinference", str(path)))
    assert Stored(tmp_path, run).links() == {
        ("model/ms/OAK/Acorn-1.5B-Chat", "model/hf/oak/Acorn-1.5B-Chat")
    }


# ---- the real files ----

RAW = SHARED.parent / "catalog-sources"


@pytest.mark.parametrize(
    ("source", "records", "made", "rules"),
    [
        ("unsloth", 663, 659, {"several-originals", "direction"}),
        ("xinference", 235, 935, {"other-name", "modelscope-name", "no-model"}),
        ("gpustack", 134, 35, {"size", "context", "dangling"}),
        ("osai-index", 194, 85, {"base-name", "mixed-up", "empty"}),
        ("ms-swift", 1193, 0, {"modelscope-name", "architecture"}),
        ("llamafactory", 629, 0, {"modelscope-name"}),
    ],
)
def test_the_whole_of_a_table(source: str, records: int, made: int, rules: set[str]) -> None:
    if not (RAW / source).is_dir():
        pytest.skip(f"../shared/catalog-sources/{source} is not here")
    found = read(source, RAW / source)
    told = {c.said.locator for c in found.claims} | {i.origin for i in found.issues}
    silent = {r for r in found.records if not any(at.startswith(r) for at in told)}
    again = {"ms-swift": 5, "llamafactory": 1}  # rows that repeat what another one says
    assert len(found.records) == records and len(silent) <= again.get(source, 0), silent
    assert len(edges(found)) == made and rules <= found.rules.keys()
    known = load_vocabulary().properties
    wrong = [
        c
        for c in found.claims
        if c.property in known
        and c.said.value is not None
        and mistake(known[c.property], c.said.value)
    ]
    assert wrong == []
