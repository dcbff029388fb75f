"""A model's folder and its card: every file that says where a model comes from, and the verdict."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.answers.license import license_answer
from kg.cli.main import main
from kg.config import Config
from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from kg.snapshot.snapshot import Snapshot
from tests.ingest.test_source_hub import REAL, Stored, real

ME = "model/local/my-model"


def folder(path: Path, **files: object) -> Path:
    """A folder `my-model`; a mapping is written as JSON, `_` before the suffix stands for a dot."""
    home = path / "my-model"
    home.mkdir(exist_ok=True)
    for name, body in files.items():
        stem, _, suffix = name.rpartition("_")
        text = body if isinstance(body, str) else json.dumps(body)
        (home / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
    return home


def stored(home: Path, path: Path, source: str = "folder") -> Stored:
    return Stored(home, ingest(home, IngestRequest(source, str(path))))


def edges(found: Stored) -> set[tuple[str, object]]:
    return {(p, v) for s, p, v, _ in found.said() if s == ME and str(v).startswith("model/")}


def notes(found: Stored) -> dict[object, str]:
    lines = (found.folder / "claims.jsonl").read_text("utf-8").splitlines()
    said = [json.loads(line)["said"] for line in lines]
    return {one["value"]: one.get("note", "") for one in said}


def test_card_and_adapter_both_stand(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        README_md="---\nbase_model: a/b\nlicense: mit\nlanguage: no\n---\n# hi",
        adapter_config_json={
            "base_model_name_or_path": "a/b",
            "peft_type": "LORA",
            "revision": "v2",
        },
    )
    found = stored(tmp_path, path)
    assert edges(found) == {("derivedFrom", "model/hf/a/b"), ("adapterOf", "model/hf/a/b")}
    said = {(p, v) for s, p, v, _ in found.said() if s == ME}
    assert {
        ("license", "license/mit"),
        ("language", "language/norwegian"),
        ("label", "my-model"),
    } <= said
    assert "LORA; revision v2" in notes(found)["model/hf/a/b"]


@pytest.mark.parametrize("path", ["/root/autodl-tmp/kim/x", "../kim", None])
def test_an_adapter_on_a_local_path(tmp_path: Path, path: object) -> None:
    found = stored(
        tmp_path, folder(tmp_path, adapter_config_json={"base_model_name_or_path": path})
    )
    assert not edges(found) and len(found.issues()) == 1
    assert b"kim" not in found.bytes()


MERGE = """
merge_method: ties
base_model: org/base
models:
  - model: org/a@main+org/lora
    parameters: {weight: 0.5, density: 0.3}
  - {model: {model: {path: org/c, revision: abc}}, parameters: {weight: [0, 1]}}
  - model: /home/kim/local
tokenizer_source: org/tokenizer
"""
SLICES = """
merge_method: passthrough
slices:
  - sources: [{model: org/a, layer_range: [0, 24]}, {model: org/b, layer_range: [8, 32]}]
"""
MODULES = """
modules:
  text: {slices: [{sources: [{model: org/a}]}]}
  vision: {models: [{model: org/b}], base_model: org/c}
"""
EXPERTS = """
gate_mode: hidden
base_model: org/base
experts: [{source_model: org/a, positive_prompts: [x]}, {source_model: org/b}]
shared_experts: [{source_model: org/c}]
"""


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        (MERGE, ["base", "a", "lora", "c"]),
        (SLICES, ["a", "b"]),
        (MODULES, ["a", "b", "c"]),
        (EXPERTS, ["base", "a", "b", "c"]),
    ],
)
def test_merges(tmp_path: Path, text: str, parents: list[str]) -> None:
    found = stored(tmp_path, folder(tmp_path, mergekit_config_yml=text))
    assert edges(found) == {("mergedFrom", f"model/hf/org/{name}") for name in parents}
    assert len(found.issues("parent-path")) == (text is MERGE)
    assert b"kim" not in found.bytes()


def test_what_each_model_gave_to_a_merge(tmp_path: Path) -> None:
    told = notes(stored(tmp_path, folder(tmp_path, mergekit_config_yml=MERGE)))
    assert (
        told["model/hf/org/a"]
        == "mergekit ties; weight 0.5; with the adapter org/lora; revision main"
    )
    assert told["model/hf/org/c"] == "mergekit ties; weight 0–1; revision abc"
    assert told["model/hf/org/lora"] == "mergekit ties; adapter on org/a"
    assert told["model/hf/org/base"] == "mergekit ties; base model"


def test_of_merges_in_several_steps_the_ingredients_are_parents(tmp_path: Path) -> None:
    text = """
name: first
merge_method: linear
models: [{model: org/a, parameters: {weight: 0.5}}, {model: org/b}]
---
merge_method: slerp
base_model: first
models: [{model: first}, {model: org/a}, {model: org/c}]
---
"""
    told = notes(stored(tmp_path, folder(tmp_path, mergekit_config_yml=text)))
    assert told["model/hf/org/a"] == "mergekit linear; weight 0.5; mergekit slerp"
    assert told["model/hf/org/b"] == "mergekit linear"
    assert told["model/hf/org/c"] == "mergekit slerp"
    assert not any("first" in parent for parent in told)


def test_config(tmp_path: Path) -> None:
    config = {
        "max_position_embeddings": 4096,
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "vocab_size": 9,
        "_name_or_path": "org/loaded",
        "text_config": {"num_attention_heads": 4},
    }
    found = stored(tmp_path, folder(tmp_path, config_json=config))
    said = {p: v for s, p, v, _ in found.said() if s == ME}
    assert (said["contextLength"], said["hiddenDimension"], said["layerCount"]) == (4096, 64, 2)
    assert (said["vocabularySize"], said["attentionHeadCount"]) == (9, 4)
    assert edges(found) == {("resembles", "model/hf/org/loaded")}
    assert [i["value"] for i in found.issues("parent-hint")] == ["org/loaded"]
    assert said["resembles"] == "model/hf/org/loaded"


@pytest.mark.parametrize(
    "config", [{"_name_or_path": "someone/My-Model"}, {"_name_or_path": "/data/x"}, {}]
)
def test_a_config_that_remembers_its_own_name_or_a_path_tells_of_no_other(
    tmp_path: Path, config: dict[str, object]
) -> None:
    config |= {"model_type": "llama", "hidden_size": 8}
    found = stored(tmp_path, folder(tmp_path, config_json=config))
    assert "resembles" not in {p for _, p, _, _ in found.said()}


def tensors(path: Path, **shapes: tuple[str, list[int]]) -> None:
    head = json.dumps(
        {k: {"dtype": t, "shape": s, "data_offsets": [0, 0]} for k, (t, s) in shapes.items()}
    )
    path.write_bytes(struct.pack("<Q", len(head)) + head.encode() + b"\0" * 8)


def test_shards_of_safetensors_are_counted(tmp_path: Path) -> None:
    path = folder(tmp_path, README_md="---\nlicense: mit\n---")
    tensors(path / "model-00001-of-00002.safetensors", a=("BF16", [10, 10]), ids=("I64", [1]))
    tensors(path / "model-00002-of-00002.safetensors", b=("BF16", [5]))
    tensors(path / "adapter_model.safetensors", c=("F32", [1000]))
    said = {p: v for s, p, v, _ in stored(tmp_path, path).said() if s == ME}
    assert said["parameterCount"] == 106


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 8, b"\x05" + b"\0" * 7 + b"{}", b"\x02" + b"\0" * 7 + b"[]"]
)
def test_broken_safetensors(tmp_path: Path, data: bytes) -> None:
    path = folder(tmp_path, README_md="---\nlicense: mit\n---")
    (path / "model.safetensors").write_bytes(data)
    found = stored(tmp_path, path)
    assert len(found.issues("unreadable")) == 1 and found.run.counts["records"] == 1


@pytest.mark.parametrize(
    "card",
    [
        "---\nlicense: [mit\n---",
        "---\n- a\n---",
        "---\nlicense: mit\nlicense: mit\n---",
        "---\na: !!python/object/apply:os.system ['true']\n---",
        "---\na: " + "[" * 300 + "\n---",
    ],
)
def test_a_broken_card_does_not_stop_the_rest(tmp_path: Path, card: str) -> None:
    path = folder(tmp_path, README_md=card, adapter_config_json={"base_model_name_or_path": "a/b"})
    found = stored(tmp_path, path)
    assert edges(found) == {("adapterOf", "model/hf/a/b")} and found.issues("unreadable")


@pytest.mark.parametrize(
    "card", ["# no front matter", "", "from hub import x\ncard = '''---\nlicense: mit\n---'''"]
)
def test_a_readme_without_front_matter(tmp_path: Path, card: str) -> None:
    """A file that is named is a card; a folder must say that it holds one."""
    path = folder(tmp_path, README_md=card)
    found = stored(tmp_path, path / "README.md", "card")
    assert {p for _, p, _, _ in found.said()} == {"label"} and not found.issues()
    for source in ("card", "folder"):
        with pytest.raises(DataError, match="says nothing of a model"):
            stored(tmp_path, path, source)


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    found = stored(
        tmp_path, folder(tmp_path, README_md="\ufeff---\r\nlicense: mit\r\n---\r\n# x"), "card"
    )
    assert (ME, "license", "license/mit", "source/card/my-model") in found.said()


def test_models_in_folders_below(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        folder(tmp_path / name, adapter_config_json={"base_model_name_or_path": f"org/{name}"})
    found = stored(tmp_path, tmp_path)
    subjects = {s for s, p, _, _ in found.said() if p == "adapterOf"}
    assert subjects == {"model/local/a-my-model", "model/local/b-my-model"}


# ---- family and verdict


def run(config: Config, *args: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(config.home), "ingest", *args])


@pytest.fixture
def home(snapshot_home: Path, tmp_path: Path) -> Path:
    """A home of its own with the shared snapshot."""
    for name in ("snapshots", "current"):
        (tmp_path / name).symlink_to(snapshot_home / name)
    return tmp_path


def asked(home: Path, *args: str) -> Any:
    result = CliRunner().invoke(main, ["--home", str(home), "ingest", "folder", *args, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_family_and_verdict_of_an_adapter(home: Path, snapshot: Snapshot) -> None:
    path = folder(
        home,
        README_md="---\nlicense: apache-2.0\n---",
        adapter_config_json={"base_model_name_or_path": "EleutherAI/polyglot-ko-5.8b"},
    )
    (model,) = asked(home, str(path))["models"]
    assert model["lineage"]["edges"][0] == {
        "child": ME,
        "parent": "model/polyglot-ko-5.8b",
        "relation": "adapterOf",
        "rule": None,
    }
    assert model["missing"] == []
    commercial = next(a for a in model["licenses"] if a["use"] == "commercial")
    assert commercial["declared"] == ["license/apache-2.0"]
    assert commercial["file_alone"] is not None


def test_a_license_of_its_own_frees_nothing(home: Path, snapshot: Snapshot) -> None:
    """A child of a model that may not be sold may not be sold either, whatever its card says."""
    parent = snapshot.entity("model/vicuna-33b")
    assert license_answer(snapshot, parent.id).verdict == "prohibited"
    card = f"---\nlicense: apache-2.0\nbase_model: {parent.values('hubId')[0]}\n---"
    (model,) = asked(home, str(folder(home, README_md=card)))["models"]
    commercial = next(a for a in model["licenses"] if a["use"] == "commercial")
    assert commercial["verdict"] == "prohibited"
    assert commercial["findings"][0]["path"][:2] == [ME, parent.id]


def test_parents_that_nobody_knows(home: Path) -> None:
    path = folder(home, README_md="---\nlicense: mit\nbase_model: no/where\n---")
    result = CliRunner().invoke(main, ["--home", str(home), "ingest", "folder", str(path)])
    assert "no/where" in result.output and "not in the snapshot" in result.output
    (model,) = asked(home, str(path))["models"]
    assert (
        model["missing"] == ["model/hf/no/where"] and model["licenses"][0]["verdict"] == "unknown"
    )


def test_without_a_snapshot(tmp_path: Path) -> None:
    path = folder(tmp_path, README_md="---\nlicense: mit\n---")
    answer = asked(tmp_path, str(path))
    assert "gyebo build" in answer["note"] and answer["models"] == []


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_text(home: Path, lang: str) -> None:
    path = folder(home, README_md="---\nlicense: mit\n---")
    result = CliRunner().invoke(
        main, ["--home", str(home), "ingest", "folder", str(path), "--lang", lang]
    )
    assert result.exit_code == 0
    assert (
        "no parent is declared" if lang == "en" else "밝힌 상위 모델이 없습니다"
    ) in result.output


# ---- real files


@real
def test_real_cards_and_adapters(tmp_path: Path) -> None:
    found = stored(tmp_path, REAL / "cards-and-adapters")
    assert found.run.counts["records"] == 21 and not found.issues("unreadable")
    assert len(found.issues("parent-path")) == 3
    merged = {v for s, p, v, _ in found.said() if p == "mergedFrom" and "modelstock" in s}
    assert len(merged) == 3
    for secret in (b"autodl", b"personal_assistant"):
        assert secret not in found.bytes()


@real
def test_real_merges(tmp_path: Path) -> None:
    found = stored(tmp_path, REAL / "mergekit-configs")
    assert found.run.counts["records"] == 6
    assert [one["value"] for one in found.issues()] == ["model_a", "model_b"]  # of an example
