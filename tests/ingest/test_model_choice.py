"""What is a model in a folder: cards, configurations and merges of models are, much that looks like them is not."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from tests.ingest.test_source_folder import tensors
from tests.ingest.test_source_hub import Stored

CARD = "---\nlicense: mit\nbase_model: org/base\n---\n# Mine"
ADAPTER = json.dumps({"base_model_name_or_path": "org/base", "peft_type": "LORA"})
CONFIG = json.dumps({"model_type": "llama", "hidden_size": 64})
MERGE = "merge_method: linear\nmodels: [{model: org/a}, {model: org/b}]\n"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 712\n"


def write(home: Path, files: Mapping[str, str]) -> Path:
    """A folder `project` with these files."""
    for name, body in files.items():
        path = home / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return home / "project"


def stored(home: Path, path: Path, source: str = "folder") -> Stored:
    return Stored(home, ingest(home, IngestRequest(source, str(path))))


def models(found: Stored) -> set[str]:
    return {s.removeprefix("model/local/") for s, *_ in found.said() if s.startswith("model/")}


def passed_over(found: Stored) -> set[tuple[str, str]]:
    rules = ("no-model-card", "no-model-config", "foreign-package")
    return {(one["rule"], one["origin"]) for rule in rules for one in found.issues(rule)}


NO_CARDS = {
    "a project's README": "# My project\n\n    pip install it\n",
    "a page of Jekyll": "---\nlayout: page\ntitle: How it works\nlicense: mit\n---\n",
    "a page of Docusaurus": "---\nsidebar_position: 3\nlanguage: en\ntags: [a]\n---\n",
    "a page with a title and tags": "---\ntitle: Notes\ntags: [nlp]\n---\n",
    "a dataset": "---\nlicense: mit\nsize_categories: [1K<n<10K]\nlanguage: ko\n---\n",
    "a dataset with configurations": "---\nlicense: mit\nconfigs:\n- config_name: a\n  data_files: x\n---\n",
    "a dataset as the library writes it": "---\ndataset_info:\n  features:\n  - name: text\n---\n",
    "a Space": "---\ntitle: Demo\nsdk: gradio\napp_file: app.py\nlicense: mit\n---\n",
    "a Space of Docker": "---\ntitle: D\ncolorFrom: red\ncolorTo: blue\nlicense: mit\n---\n",
    "no fields": "---\n---\n",
}


@pytest.mark.parametrize("text", NO_CARDS.values(), ids=NO_CARDS)
def test_a_readme_that_speaks_of_no_model(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, {"README.md": text, "lora/adapter_config.json": ADAPTER})
    found = stored(tmp_path, path)
    assert models(found) == {"lora"}
    assert passed_over(found) == {("no-model-card", "README.md")}
    assert found.run.counts["records"] == 1


CARDS = {
    "with a parent": CARD,
    "with a license": "---\nlicence: apache-2.0\n---",
    "with a library": "---\nlibrary_name: peft\n---",
    "with tags alone": "---\ntags: [lora]\n---",
    "with datasets": "---\ndatasets: [org/data]\n---",
    "with a dataset's field beside a parent": "---\nbase_model: a/b\npretty_name: B\n---",
    "with a title beside a license": "---\ntitle: My 7B\nlicense: mit\n---",
}


@pytest.mark.parametrize("text", CARDS.values(), ids=CARDS)
def test_a_card_is_a_model_without_a_file_beside_it(tmp_path: Path, text: str) -> None:
    found = stored(tmp_path, write(tmp_path, {"README.md": text}))
    assert models(found) == {"project"} and not passed_over(found)


@pytest.mark.parametrize(
    "beside",
    ["adapter_config.json", "config.json", "merge.yaml", "pytorch_model-00001-of-00002.bin"],
)
def test_what_lies_beside_a_readme_makes_it_a_card(tmp_path: Path, beside: str) -> None:
    body = {"merge.yaml": MERGE, "config.json": CONFIG}.get(beside, ADAPTER)
    text = "---\nlicense: mit\ntask_categories: [text-generation]\n---"
    found = stored(tmp_path, write(tmp_path, {"README.md": text, beside: body}))
    assert ("model/local/project", "license", "license/mit") in {one[:3] for one in found.said()}


def test_a_bare_readme_beside_weights_is_a_model_of_which_nothing_is_known(tmp_path: Path) -> None:
    found = stored(tmp_path, write(tmp_path, {"README.md": "# Mine", "pytorch_model.bin": "x"}))
    assert models(found) == {"project"} and {p for _, p, *_ in found.said()} == {"label"}


def test_the_license_of_a_space_is_not_that_of_the_adapter_in_it(tmp_path: Path) -> None:
    files = {"README.md": NO_CARDS["a Space"], "adapter_config.json": ADAPTER}
    found = stored(tmp_path, write(tmp_path, files))
    assert {p for _, p, *_ in found.said()} == {"label", "adapterOf"}


NO_CONFIGS = {
    "eval.yaml": "models:\n  - model: openai/gpt-4o-mini\n    temperature: 0\ntasks: [mmlu]\n",
    "litellm.yml": "models: [{model: openai/gpt-4o}]\nrouter: {}\n",
    "docker-compose.yml": "services: {web: {image: x}}\nmodels:\n  llm: {model: ai/smollm2}\n",
    "schema.yml": "version: 2\nmodels:\n  - name: customers\n    columns: []\n",
    "moe.yaml": "experts: [{name: a}, {name: b}]\n",
    "chart.yaml": "models: {{ .Values.models }}\n",
    "slices.yml": "slices: [1, 2]\n",
    "config.json": '{"port": 8080}',
}


@pytest.mark.parametrize("name", NO_CONFIGS)
def test_a_configuration_of_no_model(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, {name: NO_CONFIGS[name], "mine/README.md": CARD})
    found = stored(tmp_path, path)
    assert models(found) == {"mine"} and not found.issues("unreadable")
    assert passed_over(found) == {("no-model-config", name)}


def test_other_yaml_is_passed_over_in_silence(tmp_path: Path) -> None:
    files = {"mkdocs.yml": "nav: !!python/name:x\n", "ci.yml": "on: push\n", "README.md": CARD}
    assert not stored(tmp_path, write(tmp_path, files)).issues()


def test_a_merge_that_cannot_be_read_leaves_its_parents_open(tmp_path: Path) -> None:
    files = {"README.md": "---\nlicense: mit\n---", "my-merge.yaml": MERGE + "\t- x: [\n"}
    found = stored(tmp_path, write(tmp_path, files))
    assert ("unresolvedParent", "mergedFrom") in {(p, v) for _, p, v, _ in found.said()}


def test_packages_of_others_are_not_read(tmp_path: Path) -> None:
    inside = ("node_modules/left-pad", "py/site-packages/x", "third_party/y/z", "vendor/a")
    files = {f"{folder}/README.md": CARD for folder in inside} | {"mine/README.md": CARD}
    path = write(tmp_path, files)
    for source in ("folder", "card"):
        found = stored(tmp_path, path, source)
        assert models(found) == {"mine"}
        told = {at for _, at in passed_over(found)}
        assert told == {"node_modules", "py/site-packages", "third_party", "vendor"}


TRAINING = {
    f"out/{step}/{name}": body
    for step in ("checkpoint-500", "checkpoint-1000", "global_step7", "epoch_3")
    for name, body in (("adapter_config.json", ADAPTER), ("README.md", CARD))
}


@pytest.mark.parametrize("archive", [False, True])
def test_checkpoints_of_one_training_are_one_model(tmp_path: Path, archive: bool) -> None:
    path = write(tmp_path, TRAINING)
    if archive:
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
            for name, body in TRAINING.items():
                packed.writestr(name, body)
        path = tmp_path / "x.zip"
    found = stored(tmp_path, path)
    assert models(found) == {"out"}
    said = [(p, v) for s, p, v, _ in found.said() if s == "model/local/out"]
    assert said.count(("adapterOf", "model/hf/org/base")) == 1
    assert said.count(("license", "license/mit")) == 1


def test_one_checkpoint_goes_by_its_training(tmp_path: Path) -> None:
    path = write(tmp_path, TRAINING)
    for source in ("folder", "card"):
        assert models(stored(tmp_path, path / "out" / "checkpoint-500", source)) == {"out"}


def test_a_model_is_not_taken_for_a_checkpoint(tmp_path: Path) -> None:
    names = ("step3", "epoch-llm", "checkpointer", "final")
    path = write(tmp_path, {f"{name}/README.md": CARD for name in names})
    assert models(stored(tmp_path, path)) == set(names)


def test_of_several_checkpoints_the_weights_of_one_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, {"out/checkpoint-9/README.md": CARD, "out/checkpoint-10/a.md": ""})
    tensors(path / "out/checkpoint-9/model.safetensors", a=("F32", [3]))
    for shard in (1, 2):
        tensors(path / f"out/checkpoint-10/model-0000{shard}-of-00002.safetensors", a=("F32", [5]))
    said = {p: v for _, p, v, _ in stored(tmp_path, path).said()}
    assert said["parameterCount"] == 10


@pytest.mark.parametrize(
    ("index", "body"),
    [
        (
            "model_index.json",
            {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "x"]},
        ),
        ("modules.json", [{"idx": 0, "name": "0", "path": "unet", "type": "Transformer"}]),
    ],
)
def test_the_parts_of_a_model_are_no_models(tmp_path: Path, index: str, body: object) -> None:
    files = {index: json.dumps(body), "README.md": CARD, "unet/config.json": CONFIG}
    path = write(tmp_path, files)
    tensors(path / "unet" / "diffusion.safetensors", a=("F32", [3]))
    found = stored(tmp_path, path)
    assert models(found) == {"project"} and not passed_over(found)
    assert "hiddenDimension" not in {p for _, p, *_ in found.said()}


# ---- cards


def test_cards_in_one_folder_are_models_by_file(tmp_path: Path) -> None:
    files = {
        "small.md": CARD,
        "more/large.md": CARD,
        "tuned/README.md": CARD,
        "tuned/README.ko.md": CARD,
        "carded/MODEL_CARD.md": CARD,
        "guide.md": "---\ntitle: Guide\n---",
        "SKILL.md": "---\nname: x\nlicense: mit\n---",
    }
    found = stored(tmp_path, write(tmp_path, files), "card")
    assert models(found) == {"small", "more-large", "tuned", "carded"}
    assert {at for _, at in passed_over(found)} == {"guide.md", "SKILL.md"}


def test_a_card_that_is_named_goes_by_its_own_name(tmp_path: Path) -> None:
    path = write(tmp_path, {"small.md": "# small", "README.md": CARD})
    assert models(stored(tmp_path, path / "small.md", "card")) == {"small"}
    assert models(stored(tmp_path, path / "README.md", "card")) == {"project"}


# ---- Git LFS


def test_a_pointer_in_place_of_an_adapter_leaves_its_base_open(tmp_path: Path) -> None:
    files = {"README.md": "---\nlicense: mit\n---", "adapter_config.json": POINTER}
    found = stored(tmp_path, write(tmp_path, files))
    (issue,) = found.issues("unreadable")
    assert "run `git lfs pull`" in issue["message"]
    assert ("unresolvedParent", "adapterOf") in {(p, v) for _, p, v, _ in found.said()}


def test_a_pointer_in_place_of_a_card_leaves_a_parent_open(tmp_path: Path) -> None:
    files = {"README.md": POINTER, "model.safetensors": POINTER}
    found = stored(tmp_path, write(tmp_path, files))
    assert len(found.issues("unreadable")) == 2 and models(found) == {"project"}
    assert ("unresolvedParent", "derivedFrom") in {(p, v) for _, p, v, _ in found.said()}


def test_pointers_alone_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="git lfs pull"):
        stored(tmp_path, write(tmp_path, {"model.safetensors": POINTER}))


def test_several_merges_in_a_folder_are_models_by_file(tmp_path: Path) -> None:
    files = {"merges/ties.yaml": MERGE, "merges/slerp.yaml": MERGE, "one/experts.yaml": MERGE}
    found = stored(tmp_path, write(tmp_path, files))
    assert models(found) == {"merges-ties", "merges-slerp", "one"}


def test_a_card_whose_head_cannot_be_read_is_no_page_of_a_project(tmp_path: Path) -> None:
    text = "---\ntitle: x\nbase_modle: [org/base\n---\n"
    found = stored(tmp_path, write(tmp_path, {"README.md": text}))
    assert models(found) == {"project"}
