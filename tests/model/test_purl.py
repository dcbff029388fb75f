"""Package URLs: which name a model, and what is said of the others."""

from __future__ import annotations

import pytest

from kg.errors import InputError
from kg.model.purl import id_of_purl, is_purl, read_purl, with_hub_paths, write_purl


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("pkg:huggingface/Qwen/Qwen3-8B", "model/hf/Qwen/Qwen3-8B"),
        ("pkg:huggingface/Qwen/Qwen3-8B@4f1d2b", "model/hf/Qwen/Qwen3-8B"),
        (" PKG:HuggingFace/Qwen/Qwen3-8B ", "model/hf/Qwen/Qwen3-8B"),
        ("pkg:huggingface/Qwen%2FQwen3-8B?repository_url=https://hf.co", "model/hf/Qwen/Qwen3-8B"),
        ("pkg:huggingface/o/m@1#model-Q4.gguf", "model/hf/o/m"),
        ("pkg:huggingface/gpt2", "model/hf/gpt2"),
        ("pkg:huggingface/datasets/o/d", "dataset/hf/o/d"),
        ("pkg:huggingface/o/d?repo_type=dataset", "dataset/hf/o/d"),
        ("pkg:huggingface-datasets/o/d@1", "dataset/hf/o/d"),
    ],
)
def test_what_it_names(text: str, id: str) -> None:
    assert is_purl(text) and id_of_purl(text) == id


@pytest.mark.parametrize(
    "text",
    [
        "pkg:pypi/transformers@4",
        "pkg:mlflow/m@3?repository_url=https://mlflow.example.org",
        "pkg:huggingface/o/m?repository_url=https://evil.example/huggingface.co/",
        "pkg:huggingface/",
        "pkg:",
        "pkg:huggingface/o/m?repository_url=https://huggingface.co.evil.example",
    ],
)
def test_another_type_has_one_clear_line(text: str) -> None:
    with pytest.raises(
        InputError, match=r"names no model: .* as pkg:huggingface/owner/name"
    ) as told:
        id_of_purl(text)
    assert "\n" not in str(told.value) and "pkg:huggingface/owner/name" in told.value.message.text(
        "ko"
    )


def test_what_is_none_is_left_alone() -> None:
    assert not is_purl("pkgs") and read_purl("o/m") is None
    assert with_hub_paths("a pkg:huggingface/o/m b pkg:pypi/x") == "a o/m b pkg:pypi/x"


def test_what_is_written_is_read_again() -> None:
    for path in ("o/m", "gpt2", "o/m-1.5_x"):
        assert id_of_purl(write_purl(path)) == f"model/hf/{path}"
