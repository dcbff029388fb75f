"""Sentences of a card that name a parent count where nothing else names one; a name that cannot be found is a doubt."""

from pathlib import Path

import pytest

from tests.ingest.test_source_folder import ME, stored

HUB = "https://huggingface.co"


def parents(tmp_path: Path, text: str, head: str = "license: mit") -> set[tuple[str, object]]:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "README.md").write_text(f"---\n{head}\n---\n# My model\n\n{text}\n")
    found = stored(tmp_path, folder)
    told = {"fineTunedFrom", "quantizedFrom", "derivedFrom", "unresolvedParent"}
    return {(p, v) for s, p, v, _ in found.said() if s == ME and p in told}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"This model is a fine-tuned version of [org/base]({HUB}/org/base) on an unknown dataset.",
            ("fineTunedFrom", "model/hf/org/base"),
        ),
        ("It is a finetuned version of `org/base`.", ("fineTunedFrom", "model/hf/org/base")),
        (
            "A quantized version of the org/base model.",
            ("quantizedFrom", "model/hf/org/base"),
        ),
        (
            f"[베이스]({HUB}/org/base)를 미세조정한 모델입니다.",
            ("derivedFrom", "model/hf/org/base"),
        ),
        ("org/base를 기반으로 파인튜닝했습니다.", ("derivedFrom", "model/hf/org/base")),
        (
            "This model is a fine-tuned version of [Llama](https://example.org/llama) on x.",
            ("unresolvedParent", "fineTunedFrom"),
        ),
        (
            f"This model is a fine-tuned version of [](https://huggingface.co/) on {HUB}.",
            ("unresolvedParent", "fineTunedFrom"),
        ),
    ],
)
def test_a_sentence_names_the_parent(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    assert parents(tmp_path, text) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "This model can be fine-tuned.",
        "See the fine-tuned versions of it.",
        "파인튜닝 방법은 docs/train.md에 있습니다.",
        "",
    ],
)
def test_other_sentences_name_none(tmp_path: Path, text: str) -> None:
    assert parents(tmp_path, text) == set()


def test_a_field_comes_before_a_sentence(tmp_path: Path) -> None:
    text = f"This model is a fine-tuned version of [org/old]({HUB}/org/old)."
    found = parents(tmp_path, text, "license: mit\nbase_model: org/base")
    assert found == {("derivedFrom", "model/hf/org/base")}
