"""GGUF repositories that a list gives for a model: lifted to the maker's repository, or nothing."""

from kg.ingest.kit._gguf import GgufSources
from kg.model.claim import Claim
from kg.model.issues import Issue
from tests.reading import kit_of

NAMES = ["Qwen/Qwen3-8B", "willcb/Qwen3-8B", "someone/Mine-7B", "google/Twice", "Qwen/Twice"]


def given(*pairs: tuple[object, str]) -> tuple[dict[str, object], list[Issue]]:
    sources = GgufSources(kit_of("llmfit"), NAMES)
    found = [one for repository, model in pairs for one in sources.claims(repository, model, "x")]
    found += sources.issues()
    edges = {
        c.subject.removeprefix("model/hf/"): c.said.value
        for c in found
        if isinstance(c, Claim) and c.property == "quantizedFrom"
    }
    return edges, [one for one in found if isinstance(one, Issue)]


def test_a_copy_is_lifted_to_the_makers_repository() -> None:
    edges, issues = given(
        ("unsloth/Qwen3-8B-GGUF", "willcb/Qwen3-8B"), ("Qwen/Qwen3-8B-GGUF", "Qwen/Qwen3-8B")
    )
    both = {"unsloth/Qwen3-8B-GGUF", "Qwen/Qwen3-8B-GGUF"}
    assert edges == dict.fromkeys(both, "model/hf/Qwen/Qwen3-8B") and not issues


def test_what_cannot_be_lifted_is_counted_and_not_claimed() -> None:
    edges, (issue,) = given(
        ("x/Mine-7B-GGUF", "someone/Mine-7B"),  # no maker's
        ("x/Twice-GGUF", "google/Twice"),  # two makers'
        ("x/Qwen3-8B-abliterated-GGUF", "Qwen/Qwen3-8B"),  # another model
        ("y/Qwen3-8B-GGUF", "someone/Mine-7B"),  # given for another
        ("y/Qwen3-8B-GGUF", "Qwen/Qwen3-8B"),  # and then for its own
    )
    assert edges == {"y/Qwen3-8B-GGUF": "model/hf/Qwen/Qwen3-8B"}
    assert issue.rule == "gguf-parent" and issue.message.startswith("3 GGUF repositories")
    assert "x/Mine-7B-GGUF of someone/Mine-7B" in issue.value


def test_a_broken_name_is_an_issue() -> None:
    for broken in (None, "no-owner", "two words/x", {"repo": 1}):
        edges, (issue,) = given((broken, "Qwen/Qwen3-8B"))
        assert edges == {} and issue.rule == "hub-id"


def test_a_repository_is_described_once_as_the_guess_of_a_rule() -> None:
    sources = GgufSources(kit_of("llmfit"), NAMES)
    pair = ("unsloth/Qwen3-8B-GGUF", "Qwen/Qwen3-8B")
    found = [*sources.claims(*pair, "a"), *sources.claims(*pair, "b")]
    claims = [one for one in found if isinstance(one, Claim)]
    assert [c.property for c in claims] == ["label", "hubId", "quantizedFrom"]
    assert claims[-1].said.source == "source/rule-gguf" and claims[-1].said.inferred
