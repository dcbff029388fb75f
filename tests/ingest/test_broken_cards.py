"""Cards as trainers and hands leave them: what stands is read, what does not is an issue, a lost parent is a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.ingest.sources.card import front_matter
from tests.ingest.test_source_folder import ME, folder
from tests.ingest.test_source_folder import stored as stored_folder
from tests.ingest.test_source_hub import Stored
from tests.ingest.test_unresolved_parents import lost

HEAD = "license: mit\nbase_model: a/b"


def read(tmp_path: Path, card: str, source: str = "card") -> Stored:
    return stored_folder(tmp_path, folder(tmp_path, README_md=card), source)


def values(found: Stored, property: str) -> list[object]:
    return sorted((v for s, p, v, _ in found.said() if (s, p) == (ME, property)), key=str)


@pytest.mark.parametrize(
    ("card", "key"),
    [
        (f"---\ntags: [a]\n{HEAD}\ntags: [b]\n---\n", "tags"),
        (f"---\n{HEAD}\nwidget:\n- text: Hi: there\n---\n", "widget"),
        (f"---\n{HEAD}\n{{% if x %}}\n---\n", "{% if x %}"),
        (f"---\n{HEAD}\nmodel-index:\n\t- a: [\n---\n", "model-index"),
        (f"---\n{HEAD}\nname: 'x\n---\n", "name"),
        (f"---\n{HEAD}\n\n# My model\n\nText: here", "---"),
        (f"<!-- made by a trainer -->\n---\n{HEAD}\n---\n", "---"),
        (f"# made by a trainer\n---\n{HEAD}\n---\n", "---"),
    ],
)
def test_one_bad_line_does_not_lose_a_card(tmp_path: Path, card: str, key: str) -> None:
    found = read(tmp_path, card)
    assert values(found, "license") == ["license/mit"]
    assert values(found, "derivedFrom") == ["model/hf/a/b"] and not lost(found, ME)
    assert [one["value"] for one in found.issues("unreadable")] == [key]


@pytest.mark.parametrize(
    "card",
    [
        f"---\r{HEAD}\r".replace("\n", "\r") + "---\r# x",
        f"---\n{HEAD}\n----\n# x",
        f"----\n{HEAD}\n----\n# x",
        f"---\n{HEAD}\n...\n# x",
        f"---\n{HEAD}\n2024-05-01: x\nNaN: y\n---\n",
        f"\n\n---\n{HEAD}\n---",
    ],
)
def test_odd_cards_that_are_whole(tmp_path: Path, card: str) -> None:
    found = read(tmp_path, card)
    assert values(found, "license") == ["license/mit"] and not found.issues()
    assert values(found, "derivedFrom") == ["model/hf/a/b"]


def test_bytes_that_are_no_text_cost_their_field(tmp_path: Path) -> None:
    path = folder(tmp_path, README_md="")
    card = f"---\n{HEAD}\nauthor: \xb0\xa1\x00\n---\n".encode("latin-1")
    (path / "README.md").write_bytes(card)
    found = stored_folder(tmp_path, path, "card")
    assert values(found, "license") == ["license/mit"]
    assert values(found, "derivedFrom") == ["model/hf/a/b"]


@pytest.mark.parametrize(
    "bad",
    [
        "base_model: [a/b",
        "base_model:\n- a/b\n- c: d: e",
        "base-models: {x",
        "base model meta-llama/Llama-2-7b-hf",
        "  base_model: a/b",
        "tags: [a\nbase_model: b]",
        "base_model:\nx a/b",
        "base_model:\n-name: a/b",
        "base_model:\n\ufffd name: a/b\n  revision: main",
    ],
)
def test_a_parent_in_a_broken_field_is_a_doubt(tmp_path: Path, bad: str) -> None:
    found = read(tmp_path, f"---\nlicense: mit\n{bad}\n---\n")
    assert lost(found, ME) or values(found, "derivedFrom")


def test_a_key_without_a_value_names_no_parent(tmp_path: Path) -> None:
    found = read(tmp_path, "---\nlicense: mit\nbase_model:\ntags: []\n---\n")
    assert not lost(found, ME) and values(found, "license") == ["license/mit"]


def test_a_broken_license_is_not_known(tmp_path: Path) -> None:
    found = read(tmp_path, "---\nlicense: [mit\nlicence: mit\nlanguage: ko\n---\n")
    assert None in values(found, "license")


def test_both_of_two_base_models_count(tmp_path: Path) -> None:
    found = read(tmp_path, "---\nbase_model: a/b\nlicense: mit\nbase_model: c/d\n---\n")
    assert values(found, "derivedFrom") == ["model/hf/a/b", "model/hf/c/d"]


@pytest.mark.parametrize("text", ["---\n\nprose between rules\n\n---\n", "---\n# Title\nprose: x"])
def test_rules_in_prose_are_no_front_matter(text: str) -> None:
    assert "license" not in front_matter(text, "x")


@pytest.mark.parametrize("name", ["adapter_config_json", "config_json"])
def test_a_configuration_that_is_a_pointer_names_a_parent(tmp_path: Path, name: str) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:6bdf\nsize 712\n"
    path = folder(tmp_path, README_md="---\nlicense: mit\n---", **{name: pointer})
    found = stored_folder(tmp_path, path)
    assert list(lost(found, ME).values()) == ["a file that cannot be read"]
    assert "git lfs pull" in found.issues("unreadable")[0]["message"]


def test_an_adapter_whose_configuration_has_nan_and_commas(tmp_path: Path) -> None:
    config = '{"lora_alpha": NaN, // later\n "base_model_name_or_path": "a/b",}'
    path = folder(tmp_path, README_md="---\nlicense: mit\n---", adapter_config_json=config)
    found = stored_folder(tmp_path, path)
    assert values(found, "adapterOf") == ["model/hf/a/b"] and not lost(found, ME)
