"""What names of repositories say of copies: at what precision weights are stored, and of which model."""

from __future__ import annotations

import re

_QUANTIZED = re.compile(
    r"awq|gptq|gguf|ggml|exl[23]|aqlm|bnb|nf4|nvfp4|mxfp[48]|fp[468]|int[2-8]|[2-8]bits?|w\d+a\d+|(int|fp)\d+mix"
)
_STORED = re.compile(r"bf16|fp?16|fp?32|mlx|hf")  # another format or number type, nothing lost
_BESIDE = frozenset({"dynamic", "block", "static", "torchao"})  # after a mark: how it was done
_TUNED = frozenset({"it", "instruct", "chat", "base", "pt", "thinking", "reasoning", "sft", "dpo"})


def is_quantized(id: str) -> bool:
    """Whether a repository's name says that its weights are stored at lower precision.

    >>> is_quantized("unsloth/gemma-2-2b-bnb-4bit"), is_quantized("openbmb/MiniCPM-2B-sft-bf16")
    (True, False)
    """
    return any(_QUANTIZED.fullmatch(token) for token in _tokens(id))


def is_marked(id: str) -> bool:
    """Whether a repository's name says how its weights are stored at all.

    >>> is_marked("zai-org/GLM-5.3-BF16"), is_marked("zai-org/GLM-5.3")
    (True, False)
    """
    return any(map(_is_mark, _tokens(id)))


def plain_name(id: str) -> str:
    """The name of the model that a repository stores, as such names are compared: without marks.

    >>> plain_name("unsloth/Llama-3.1-8B-Instruct-FP8-Block"), plain_name("meta-llama/Llama-2-7b-hf")
    ('llama-3-1-8b-instruct', 'llama-2-7b')
    """
    tokens = _tokens(id)
    kept = []
    for number, token in enumerate(tokens):
        after = number > 0 and _is_mark(tokens[number - 1]) and token in _BESIDE
        before = token == "unsloth" and tokens[number + 1 : number + 2] == ["bnb"]
        if not (_is_mark(token) or after or before):
            kept.append(token)
    return "-".join(kept)


def tuned_alike(left: str, right: str) -> bool:
    """Whether two names agree on what was made of a base model: `x-it` is no copy of `x`.

    >>> tuned_alike("unsloth/gemma-2b-bnb-4bit", "google/gemma-2b-it")
    False
    >>> tuned_alike("unsloth/mistral-7b", "mistralai/Mistral-7B-v0.1")
    True
    """
    words = [_TUNED.intersection(_tokens(id)) for id in (left, right)]
    return words[0] == words[1]


def owner(id: str) -> str:
    """The account that a repository stands under, as accounts are compared.

    >>> owner("Qwen/Qwen3-8B")
    'qwen'
    """
    return id.partition("/")[0].casefold()


def _tokens(id: str) -> list[str]:
    return re.split(r"[-_.]+", id.rpartition("/")[2].casefold())


def _is_mark(token: str) -> bool:
    return bool(_QUANTIZED.fullmatch(token) or _STORED.fullmatch(token))
