"""Parents that sources declare and nothing can find: each becomes a claim, and no path is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.test_source_folder import ME, folder
from tests.ingest.test_source_folder import stored as stored_folder
from tests.ingest.test_source_hub import Stored, model, stored

PROPERTY = "unresolvedParent"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:6bdf\nsize 712\n"


def lost(found: Stored, subject: str = "model/hf/o/m") -> dict[tuple[str, str], str]:
    """Relation and source of each such claim on a model, with its note."""
    lines = (found.folder / "claims.jsonl").read_text("utf-8").splitlines()
    claims = [json.loads(line) for line in lines]
    return {
        (c["said"]["value"], c["said"]["source"].split("/")[1]): c["said"].get("note", "")
        for c in claims
        if (c["subject"], c["property"]) == (subject, PROPERTY)
    }


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("/root/autodl-tmp/models/kim/x", "a path on a disk"),
        (r"D:\models\kim", "a path on a disk"),
        ("Llama 2 7B chat (Meta)", "as written: Llama 2 7B chat (Meta)"),
        (
            "https://www.kaggle.com/models/a/b?token=kim",
            "as written: https://www.kaggle.com/models/a/b",
        ),
        ("models/Qwen2-7B", "a path on a disk; as written: models/Qwen2-7B"),
        ("https://kim:secret@host.example/a/b", "as written: https://host.example/a/b"),
        ("undisclosed", "as written: undisclosed"),
        ("TBD", "as written: TBD"),
        ("?", "as written: ?"),
        ("미정", "as written: 미정"),
        (7, "not written as text"),
        ({"name": "my mix"}, "as written: my mix"),
    ],
)
def test_what_names_no_model_is_a_parent_all_the_same(
    text: object, note: str, tmp_path: Path
) -> None:
    found = stored(tmp_path, [model(cardData={"base_model": text, "license": "mit"})])
    assert lost(found) == {("derivedFrom", "hub-cards"): note}
    assert b"kim" not in (found.folder / "claims.jsonl").read_bytes()


def test_an_id_of_modelscope_is_no_id_of_the_hub(tmp_path: Path) -> None:
    text = "https://modelscope.cn/models/a/b?token=kim"
    found = stored(tmp_path, [model(cardData={"base_model": text, "license": "mit"})])
    assert not lost(found) and found.values("o/m", "derivedFrom") == ["model/ms/a/b"]


@pytest.mark.parametrize("text", ["", "none", "N/A", None, [], "O/M", "o/m"])
def test_nothing_and_itself_declare_no_parent(text: object, tmp_path: Path) -> None:
    assert not lost(stored(tmp_path, [model(cardData={"base_model": text})]))


@pytest.mark.parametrize(
    ("text", "note"),
    [("none", "none is named"), ("o/m", "its own name"), ("./x", "a path on a disk")],
)
def test_an_adapter_of_nothing_has_a_base(text: str, note: str, tmp_path: Path) -> None:
    card = {"base_model": text, "base_model_relation": "adapter"}
    assert lost(stored(tmp_path, [model(cardData=card)])) == {("adapterOf", "hub-cards"): note}


def test_each_of_several_parents_counts(tmp_path: Path) -> None:
    card = {"base_model": ["/root/a", "p/q", "/root/b"], "base_model_relation": "merge"}
    found = stored(tmp_path, [model(cardData=card)])
    assert found.values("o/m", "mergedFrom") == ["model/hf/p/q"]
    lines = (found.folder / "claims.jsonl").read_text("utf-8").splitlines()
    notes = [
        said["note"]
        for line in lines
        if (said := json.loads(line)["said"])["value"] == "mergedFrom"
    ]
    assert notes == ["a path on a disk; parent 1 of 3", "a path on a disk; parent 3 of 3"]


@pytest.mark.parametrize(
    ("fields", "relation"),
    [
        ({"library_name": "peft"}, "adapterOf"),
        ({"tags": ["transformers", "LoRA"]}, "adapterOf"),
        ({"tags": ["mergekit", "merge"]}, "mergedFrom"),
        ({"tags": ["text-generation"]}, ""),
        ({"library_name": "peft", "tags": ["base_model:adapter:p/q"]}, ""),
        ({"library_name": "peft", "cardData": {"base_model": "p/q"}}, ""),
    ],
)
def test_what_is_called_an_adapter_or_a_merge_has_a_parent(
    fields: dict[str, Any], relation: str, tmp_path: Path
) -> None:
    found = lost(stored(tmp_path, [model(**fields)]))
    assert {key[0] for key in found} == ({relation} if relation else set())
    assert all(note.startswith("none is named; as written: ") for note in found.values())


def test_a_card_on_a_disk_that_calls_its_model_a_merge(tmp_path: Path) -> None:
    path = folder(tmp_path, README_md="---\nlicense: mit\nbase_model: []\ntags:\n- merge\n---")
    for source in ("card", "folder"):
        assert {key[0] for key in lost(stored_folder(tmp_path, path, source), ME)} == {"mergedFrom"}


@pytest.mark.parametrize(
    ("config", "note"),
    [
        ('{"base_model_name_or_path": "/root/kim/Meta-Llama-3-8B"}', "a path on a disk"),
        ('{"base_model_name_or_path": null}', "none is named"),
        ("{}", "none is named"),
        (POINTER, "a file that cannot be read"),
        ('{"lora_alpha": NaN, "base_model_name_or_path": "p/q"', "a file that cannot be read"),
        ("[]", "a file that cannot be read"),
    ],
)
def test_an_adapter_whose_base_cannot_be_read(config: str, note: str, tmp_path: Path) -> None:
    path = folder(tmp_path, README_md="---\nlicense: mit\n---", adapter_config_json=config)
    found = stored_folder(tmp_path, path)
    assert lost(found, ME) == {("adapterOf", "folder"): note}
    assert b"kim" not in (found.folder / "claims.jsonl").read_bytes()


def test_the_path_of_the_model_that_the_card_names_is_no_other(tmp_path: Path) -> None:
    base = {"base_model_name_or_path": "/data/hub/Meta-Llama-3-8B/"}
    card = "---\nbase_model: meta-llama/%s\n---"
    path = folder(tmp_path, README_md=card % "Meta-Llama-3-8B", adapter_config_json=base)
    assert not lost(stored_folder(tmp_path, path), ME)
    bare = {"base_model_name_or_path": "Meta-Llama-3-8B"}
    path = folder(tmp_path, README_md=card % "Meta-Llama-3-8B", adapter_config_json=bare)
    assert not lost(stored_folder(tmp_path, path), ME)
    path = folder(tmp_path, README_md=card % "Llama-2-7b", adapter_config_json=base)
    assert lost(stored_folder(tmp_path, path), ME) == {("adapterOf", "folder"): "a path on a disk"}
    path = folder(
        tmp_path, README_md="---\nbase_model: /data/Meta-Llama-3-8B\n---", adapter_config_json=base
    )
    assert {key[0] for key in lost(stored_folder(tmp_path, path), ME)} == {
        "derivedFrom",
        "adapterOf",
    }


def test_weights_of_an_adapter_alone(tmp_path: Path) -> None:
    path = folder(tmp_path, README_md="---\nlicense: mit\n---", adapter_model_safetensors="x")
    assert lost(stored_folder(tmp_path, path), ME) == {("adapterOf", "folder"): "none is named"}
    path = folder(tmp_path, README_md="---\nbase_model: p/q\n---")
    assert not lost(stored_folder(tmp_path, path), ME)


def test_a_merge_of_a_path_and_a_model(tmp_path: Path) -> None:
    text = "models:\n- model: mistralai/Mistral-7B-v0.1\n- model: /workspace/kim/private\nmerge_method: linear\n"
    found = stored_folder(tmp_path, folder(tmp_path, mergekit_config_yml=text))
    assert lost(found, ME) == {("mergedFrom", "folder"): "a path on a disk; parent 2 of 2"}
    found = stored_folder(tmp_path, folder(tmp_path, mergekit_config_yml="models: [\n"))
    assert lost(found, ME) == {("mergedFrom", "folder"): "a file that cannot be read"}


@pytest.mark.parametrize(
    "key", ["base_models", "base-model", "basemodel", "Base_Model", "BASE MODEL", "bsae_model"]
)
def test_a_misspelled_key_is_read(key: str, tmp_path: Path) -> None:
    found = stored(tmp_path, [model(cardData={key: ["p/q"], "base_model_relation": "finetune"})])
    assert found.values("o/m", "fineTunedFrom") == ["model/hf/p/q"]
    assert [issue["value"] for issue in found.issues("card-key")] == [f"{key}: p/q"]


def test_both_spellings_of_a_key_are_read(tmp_path: Path) -> None:
    card = {"base_model": "p/q", "base_models": ["r/s", "/root/kim"]}
    found = stored(tmp_path, [model(cardData=card)])
    assert found.values("o/m", "derivedFrom") == ["model/hf/p/q", "model/hf/r/s"]
    assert lost(found) == {("derivedFrom", "hub-cards"): "a path on a disk; parent 2 of 2"}
