"""Settings that lie with a model: of adapters, trainings and the model itself, and merges told in a card."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ingest.pasted import read_pasted
from kg.ingest.sources.heads._card_body import card_blocks
from kg.ingest.sources.heads._config import config_claims
from kg.model.claim import Claim
from tests.reading import Found, kit_of, read

TAGGED = "---\nlicense: mit\nbase_model: []\ntags: [mergekit, merge]\n---\n"
SLERP = "merge_method: slerp\nbase_model: org/a\nslices:\n- sources:\n  - model: org/a\n  - model: org/b\n"


def said(folder: Path, files: dict[str, object]) -> Found:
    for name, body in files.items():
        text = body if isinstance(body, str) else json.dumps(body)
        (folder / name).write_text(text, encoding="utf-8")
    return read("folder", folder)


def parents(found: Found) -> set[tuple[str, object]]:
    kinds = ("From", "adapterOf", "unresolvedParent")
    return {(c.property, c.said.value) for c in found.claims if c.property.endswith(kinds)}


# ---- adapters


@pytest.mark.parametrize(
    ("config", "relation", "at"),
    [
        (
            {"base_model_name_or_path": "org/base", "peft_type": "LORA"},
            "adapterOf",
            "base_model_name_or_path",
        ),
        (
            {"model": "org/base", "lora_parameters": {"rank": 8}, "fine_tune_type": "lora"},
            "adapterOf",
            "model",
        ),
        ({"model": "org/base", "fine_tune_type": "dora"}, "adapterOf", "model"),
        ({"model": "org/base", "fine_tune_type": "full"}, "fineTunedFrom", "model"),
        (
            {
                "model_name": "org/base",
                "model_class": "BertModel",
                "config": {"reduction_factor": 16},
            },
            "adapterOf",
            "model_name",
        ),
        ({"model_name_or_path": "org/base", "lora_r": 8}, "adapterOf", "model_name_or_path"),
        ({"base_model_name_or_path": None, "base_model": "org/base"}, "adapterOf", "base_model"),
    ],
)
def test_the_base_of_an_adapter(
    tmp_path: Path, config: dict[str, object], relation: str, at: str
) -> None:
    found = said(tmp_path, {"adapter_config.json": config})
    assert parents(found) == {(relation, "model/hf/org/base")}
    (claim,) = (c for c in found.claims if c.property == relation)
    assert claim.said.locator == f"adapter_config.json#{at}"


@pytest.mark.parametrize(
    "config",
    [{}, {"base_model_name_or_path": None}, {"peft_type": "LORA", "model": ""}, {"model": 7}],
)
def test_an_adapter_that_names_no_base(tmp_path: Path, config: dict[str, object]) -> None:
    found = said(tmp_path, {"adapter_config.json": config})
    assert parents(found) == {("unresolvedParent", "adapterOf")}


@pytest.mark.parametrize("base", [None, "", "/data/kim/base"])
def test_the_card_names_the_base_of_an_adapter(tmp_path: Path, base: object) -> None:
    card = "---\nbase_model: org/base\n---\n"
    found = said(
        tmp_path, {"README.md": card, "adapter_config.json": {"base_model_name_or_path": base}}
    )
    assert parents(found) == {(p, "model/hf/org/base") for p in ("derivedFrom", "adapterOf")}


def test_a_path_to_another_model_than_the_card_names(tmp_path: Path) -> None:
    files = {
        "README.md": "---\nbase_model: org/base\n---\n",
        "adapter_config.json": {"model": "/data/other"},
    }
    assert ("unresolvedParent", "adapterOf") in parents(said(tmp_path, files))


@pytest.mark.parametrize(("base", "differ"), [("org/Base", 0), ("org/other", 1)])
def test_card_and_adapter_that_differ_are_both_told(tmp_path: Path, base: str, differ: int) -> None:
    files = {
        "README.md": "---\nbase_model: org/base\n---\n",
        "adapter_config.json": {"base_model_name_or_path": base},
    }
    found = said(tmp_path, files)
    assert parents(found) == {
        ("derivedFrom", "model/hf/org/base"),
        ("adapterOf", f"model/hf/{base}"),
    }
    assert found.rules["parents-differ"] == differ


@pytest.mark.parametrize(
    ("card", "relation"),
    [
        ("---\nlicense: mit\nlibrary_name: peft\n---\n", "adapterOf"),
        ("---\nlicense: mit\ntags: [text, lora]\n---\n", "adapterOf"),
        (TAGGED, "mergedFrom"),
    ],
)
def test_what_a_card_calls_itself(tmp_path: Path, card: str, relation: str) -> None:
    assert parents(said(tmp_path, {"README.md": card})) == {("unresolvedParent", relation)}


# ---- merges in the text of a card


@pytest.mark.parametrize(
    "body",
    [
        f"# M\n```yaml\n{SLERP}```\n",
        f"# M\r\n```yml\r\n{SLERP}```\r\n".replace("\n", "\r\n").replace("\r\r", "\r"),
        f"# M\n~~~~\n{SLERP}~~~~\n",
        f"```python\nx = 1\n```\ntext\n   ```YAML\n{SLERP}   ```\n",
        f"```yaml\n{SLERP}",
        f"```yaml\nname: x\n---\n{SLERP}\n---\n```",
    ],
)
def test_a_merge_told_in_the_card(tmp_path: Path, body: str) -> None:
    found = said(tmp_path, {"README.md": TAGGED + body})
    assert parents(found) == {("mergedFrom", "model/hf/org/a"), ("mergedFrom", "model/hf/org/b")}


def test_a_merge_in_the_card_stands_at_its_line(tmp_path: Path) -> None:
    found = said(tmp_path, {"README.md": f"{TAGGED}\n```yaml\n{SLERP}```\n"})
    places = {c.said.value: c.said.locator for c in found.claims if c.property == "mergedFrom"}
    lines = (tmp_path / "README.md").read_text("utf-8").splitlines()
    assert "org/b" in lines[int(places["model/hf/org/b"].partition(":")[2]) - 1]


def test_what_one_block_makes_is_no_parent_in_the_next(tmp_path: Path) -> None:
    first = (
        "```yaml\nname: step\nmerge_method: linear\nmodels: [{model: org/a}, {model: org/b}]\n```\n"
    )
    second = "```yaml\nmerge_method: slerp\nbase_model: step\nmodels: [{model: step}, {model: org/c}]\n```\n"
    found = said(tmp_path, {"README.md": TAGGED + first + "then\n" + second})
    assert parents(found) == {("mergedFrom", f"model/hf/org/{x}") for x in "abc"}


def test_a_merge_that_cannot_be_read_leaves_its_parents_open(tmp_path: Path) -> None:
    found = said(
        tmp_path,
        {"README.md": "---\nlicense: mit\n---\n```yaml\nmerge_method: x\nmodels: [\n```\n"},
    )
    assert parents(found) == {("unresolvedParent", "mergedFrom")} and found.rules["unreadable"] == 1


@pytest.mark.parametrize(
    "body",
    [
        "```yaml\nlicense: mit\n```",
        "```python\nmerge_method: slerp\n```",
        "merge_method: slerp\nmodels: []",
    ],
)
def test_other_blocks_say_nothing(tmp_path: Path, body: str) -> None:
    assert not parents(said(tmp_path, {"README.md": f"---\nlicense: mit\n---\n{body}\n"}))


@given(st.text(st.sampled_from("`~\n\r:-[]{} yamlmerge_tod"), max_size=300))
def test_any_text_is_read(text: str) -> None:
    card_blocks(text, "README.md")


# ---- trainings

AXOLOTL = "base_model: org/base\nadapter: lora\nlearning_rate: 0.0002\nsequence_len: 2048\n"
FACTORY = "model_name_or_path: org/base\nfinetuning_type: full\nlearning_rate: 1.0e-5\nstage: sft\n"


@pytest.mark.parametrize(
    ("files", "relation"),
    [
        ({"axolotl.yaml": AXOLOTL}, "adapterOf"),
        ({"train.yml": FACTORY}, "fineTunedFrom"),
        (
            {"args.json": {"model": "org/base", "train_type": "lora", "learning_rate": 1}},
            "adapterOf",
        ),
        ({"README.md": f"---\nlicense: mit\n---\n```yaml\n{AXOLOTL}```\n"}, "adapterOf"),
    ],
)
def test_where_a_training_began(tmp_path: Path, files: dict[str, object], relation: str) -> None:
    found = said(tmp_path, {"config.json": {"model_type": "llama"}, **files})
    assert parents(found) == {(relation, "model/hf/org/base")}


def test_a_training_gives_way_to_a_stated_parent(tmp_path: Path) -> None:
    found = said(
        tmp_path, {"README.md": "---\nbase_model: org/other\n---\n", "axolotl.yaml": AXOLOTL}
    )
    assert parents(found) == {("derivedFrom", "model/hf/org/other")}


def test_a_training_alone_is_no_model(tmp_path: Path) -> None:
    files = {"axolotl.yaml": AXOLOTL, "serve.yaml": "model: gpt-4o\nlearning_rate: 1\n"}
    assert not said(tmp_path, files).claims


# ---- config.json


@pytest.mark.parametrize(
    ("config", "property", "value", "at"),
    [
        ({"n_positions": 1024}, "contextLength", 1024, "n_positions"),
        ({"n_embd": 768}, "hiddenDimension", 768, "n_embd"),
        ({"d_model": 512}, "hiddenDimension", 512, "d_model"),
        ({"num_layers": 12}, "layerCount", 12, "num_layers"),
        ({"text_config": {"vocab_size": 9}}, "vocabularySize", 9, "text_config.vocab_size"),
        ({"torch_dtype": "bfloat16"}, "weightType", "BF16", "torch_dtype"),
        ({"model_type": "qwen2"}, "architectureName", "qwen2", "model_type"),
    ],
)
def test_config(
    tmp_path: Path, config: dict[str, object], property: str, value: object, at: str
) -> None:
    found = said(tmp_path, {"config.json": {"model_type": "x", **config}})
    (claim,) = (c.said for c in found.claims if c.property == property)
    assert (claim.value, claim.locator) == (value, f"config.json#{at}")


@pytest.mark.parametrize("value", ["many", True, -1, 2**70, [4], {"a": 1}, 1.5])
def test_a_size_that_is_none(tmp_path: Path, value: object) -> None:
    found = said(tmp_path, {"config.json": {"hidden_size": value, "model_type": "x"}})
    assert found.rules["number"] == 1
    assert not [c for c in found.claims if c.property == "hiddenDimension"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["hidden_size", "model_type", "architectures", "text_config", "dtype", "n_layer"]
)


KIT = kit_of("folder")


@given(st.dictionaries(KEYS, ANY))
def test_any_config_is_read(data: dict[str, object]) -> None:
    list(config_claims(data, "model/local/x", KIT))


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_a_name_it_was_loaded_under_is_no_parent(tmp_path: Path, file: str) -> None:
    key = "_name_or_path" if file == "config.json" else "name_or_path"
    found = said(tmp_path, {"README.md": "---\nlicense: mit\n---\n", file: {key: "org/loaded"}})
    assert not parents(found) and found.rules["parent-hint"] == 1


# ---- cards alone


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SLERP, {("mergedFrom", "model/hf/org/a"), ("mergedFrom", "model/hf/org/b")}),
        (AXOLOTL, {("adapterOf", "model/hf/org/base")}),
    ],
)
def test_the_text_of_a_card_without_its_folder(
    tmp_path: Path, body: str, expected: set[tuple[str, object]]
) -> None:
    card = f"---\nlicense: mit\n---\n# M\n```yaml\n{body}```\n"
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert parents(read("card", tmp_path / "README.md")) == expected
    pasted = list(read_pasted(card, "model/pasted/x", KIT))
    assert {(c.property, c.said.value) for c in pasted if isinstance(c, Claim)} >= expected
