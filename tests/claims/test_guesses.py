"""What rules infer from names, and that it gives way to whatever a source states."""

import random
from pathlib import Path

import pytest

from kg.claims.accounts import Accounts, read_accounts
from kg.claims.guesses import Guesses, NamesMet, NameWatch
from kg.claims.linking import Linker, Tie
from kg.claims.name_rules import INSTRUCT, QUANTIZATION, NameRules, read_name_rules
from kg.errors import DataError
from kg.model.claim import Claim, Said
from kg.paths import DATA

HUB = "model/hf/"
SHIPPED = read_name_rules(DATA)


@pytest.fixture(scope="module")
def rules() -> NameRules:
    assert SHIPPED is not None
    return SHIPPED


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    return read_accounts(DATA)


def met(rules: NameRules, accounts: Accounts, *ids: str) -> NamesMet:
    names = NameWatch(rules, accounts)
    for id in ids:
        names.note(id)
    return names.met()


def infer(rules: NameRules, accounts: Accounts, *ids: str) -> dict[str, tuple[str, str]]:
    guesses = Guesses(rules, accounts)
    guesses.add(met(rules, accounts, *(HUB + id for id in ids)))
    found = guesses.claims()
    return {
        c.subject.removeprefix(HUB): (
            c.said.source.removeprefix("source/"),
            str(c.said.value).removeprefix(HUB),
        )
        for c in found
    }


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("TheBloke/deepseek-llm-7B-chat-GGUF", "deepseek-ai/deepseek-llm-7b-chat"),
        ("Qwen/Qwen3-8B-FP8", "Qwen/Qwen3-8B"),
        ("unsloth/Qwen3-8B-unsloth-bnb-4bit", "Qwen/Qwen3-8B"),
        ("mlx-community/Qwen3-8B-4bit-DWQ", "Qwen/Qwen3-8B"),
        ("mradermacher/Qwen3-8B-i1-GGUF", "Qwen/Qwen3-8B"),
        ("RedHatAI/Qwen3-8B-quantized.w4a16", "Qwen/Qwen3-8B"),
        ("nytopop/Qwen3-8B.w8a8", "Qwen/Qwen3-8B"),
        ("bartowski/Qwen_Qwen3-8B-GGUF", "Qwen/Qwen3-8B"),
        ("someone/Qwen3-8B-Q4_K_M-GGUF", "Qwen/Qwen3-8B"),
        ("someone/Qwen3-8B-exl2-4.0bpw", "Qwen/Qwen3-8B"),
        ("someone/Qwen3-8B-GPTQ-Int4", "Qwen/Qwen3-8B"),
    ],
)
def test_a_quantization_suffix_is_taken_off(
    child: str, parent: str, rules: NameRules, accounts: Accounts
) -> None:
    assert infer(rules, accounts, child, parent) == {child: (QUANTIZATION, parent)}


@pytest.mark.parametrize(
    "ids",
    [
        ("someone/Qwen3-8B-abliterated-GGUF", "Qwen/Qwen3-8B"),  # another model
        ("someone/Mine-8B-GGUF", "someone/Mine-8B"),  # no maker's
        ("someone/Qwen3-8B-MLX", "Qwen/Qwen3-8B"),  # converted, perhaps not quantized
        ("someone/Same-8B-GGUF", "Qwen/Same-8B", "google/Same-8B"),  # whose?
        ("someone/Qwen3-8B-GGUF",),  # nobody met the maker's
    ],
)
def test_what_is_not_sure_is_not_inferred(
    ids: tuple[str, ...], rules: NameRules, accounts: Accounts
) -> None:
    assert infer(rules, accounts, *ids) == {}


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("google/gemma-3-27b-it", "google/gemma-3-27b-pt"),
        ("google/gemma-2-9b-it", "google/gemma-2-9b"),
        ("tiiuae/Falcon3-7B-Instruct", "tiiuae/Falcon3-7B-Base"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistralai/Mistral-7B-v0.3"),
        ("mistralai/Ministral-3-3B-Instruct-2512", "mistralai/Ministral-3-3B-Base-2512"),
        ("deepseek-ai/deepseek-llm-7b-chat", "deepseek-ai/deepseek-llm-7b-base"),
    ],
)
def test_a_tuned_model_comes_from_the_base_of_the_same_maker(
    child: str, parent: str, rules: NameRules, accounts: Accounts
) -> None:
    assert infer(rules, accounts, child, parent) == {child: (INSTRUCT, parent)}


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("someone/Mine-7B-Instruct", "someone/Mine-7B"),
        ("NousResearch/Llama-2-7b-chat-hf", "NousResearch/Llama-2-7b-hf"),  # mirrors, too
        ("google/gemma-3-27b-it", "Qwen/gemma-3-27b-pt"),
        ("Qwen/cross-en-it-roberta", "Qwen/cross-en-roberta"),  # a language
    ],
)
def test_only_makers_own_models_are_inferred_to_be_tuned(
    child: str, parent: str, rules: NameRules, accounts: Accounts
) -> None:
    assert infer(rules, accounts, child, parent) == {}


def test_twins_are_one_repository_and_nothing_comes_from_itself(
    rules: NameRules, accounts: Accounts
) -> None:
    one, other, child = (HUB + x for x in ("Qwen/X-8B", "google/X-8B", "someone/X-8B-GGUF"))
    same = Linker([Tie(one, other)])
    guesses = Guesses(rules, accounts, same.canonical)
    guesses.add(met(rules, accounts, one, other, child))
    assert [(c.subject, c.said.value) for c in guesses.claims()] == [(child, one)]
    itself = Linker([Tie(one, HUB + "Qwen/X-8B-FP8")])
    guesses = Guesses(rules, accounts, itself.canonical)
    guesses.add(met(rules, accounts, one, HUB + "Qwen/X-8B-FP8"))
    assert list(guesses.claims()) == []


def test_a_parent_that_only_an_edge_names_is_known_as_well(
    rules: NameRules, accounts: Accounts
) -> None:
    edge = Claim(
        "model/hf/a/b", "quantizedFrom", Said(value=HUB + "Qwen/X-8B", source="source/hub")
    )
    named = Claim(HUB + "c/X-8B-AWQ", "label", Said(value="X", source="source/hub"))
    names = NameWatch(rules, accounts, relations={"quantizedFrom"})
    assert list(names.watch([edge, named])) == [edge, named]
    guesses = Guesses(rules, accounts)
    guesses.add(names.met())
    assert [c.subject for c in guesses.claims()] == [named.subject]


def test_the_order_of_ids_does_not_matter(rules: NameRules, accounts: Accounts) -> None:
    ids = ["Qwen/A-1B", "qwen/A-1B", "THUDM/B-Chat", "zai-org/B-Chat", "zai-org/B", "THUDM/B"]
    ids += ["x/A-1B-GGUF", "y/B-Chat-AWQ", "Qwen/A-1B-FP8", "z/A-1B-FP8-GGUF"]
    first = infer(rules, accounts, *ids)
    assert first["x/A-1B-GGUF"] == (QUANTIZATION, "Qwen/A-1B")
    assert first["y/B-Chat-AWQ"] == (QUANTIZATION, "zai-org/B-Chat")  # as it is called now
    assert first["z/A-1B-FP8-GGUF"] == (QUANTIZATION, "Qwen/A-1B-FP8")  # the nearest
    for seed in range(5):
        random.Random(seed).shuffle(ids)
        assert infer(rules, accounts, *ids) == first


def test_claims_say_which_rule_and_that_it_inferred(rules: NameRules) -> None:
    said = rules.claim(QUANTIZATION, "model/hf/a/b-GGUF", "model/hf/c/b").said
    assert said.inferred and said.source == "source/rule-quantization" and "name" in said.note
    types = {c.subject for c in rules.about() if c.said.value == "rule"}
    assert types >= {"source/rule-quantization", "source/rule-instruct", "source/rule-gguf"}


def test_a_rule_decides_only_if_it_is_right_often_enough(tmp_path: Path) -> None:
    text = (DATA / "ingest" / "name_rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "ingest").mkdir()
    path = tmp_path / "ingest" / "name_rules.yaml"
    head, _, tail = text.partition("rule-instruct:")
    tail = tail.replace("decides: false", "decides: true", 1)
    before, _, after = tail.partition("measured: {")
    path.write_text(
        f"{head}rule-instruct:{before}measured: {{right: 94, checked: 100}}\n{after.partition(chr(10))[2]}",
        encoding="utf-8",
    )
    with pytest.raises(
        DataError, match=r"name_rules.yaml:\d+: rule-instruct was right in 94 of 100"
    ):
        read_name_rules(tmp_path)
    assert read_name_rules(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [("decide-from: x", "float"), ("decide-fro: 0.95", "decide"), ("'gguf|(ggml|", "regular")],
)
def test_a_wrong_file_is_named(wrong: str, why: str, tmp_path: Path) -> None:
    text = (DATA / "ingest" / "name_rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "ingest").mkdir()
    old = "'gguf|ggml|" if wrong.startswith("'") else "decide-from: 0.95"
    (tmp_path / "ingest" / "name_rules.yaml").write_text(text.replace(old, wrong), encoding="utf-8")
    with pytest.raises(DataError, match=why) as error:
        read_name_rules(tmp_path)
    assert "name_rules.yaml:" in str(error.value)
