"""Texts, code of other languages and notebooks."""

import json

import pytest

from kg.scan.scan import scan_text
from tests.scan.finds import finds, names


@pytest.mark.parametrize(
    ("text", "what", "kind"),
    [
        ("see https://huggingface.co/Qwen/Qwen3-8B.", "Qwen/Qwen3-8B", "model"),
        ("(https://huggingface.co/datasets/allenai/c4/tree/main)", "allenai/c4", "dataset"),
        ("hf://meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B", "model"),
        ("https://www.modelscope.cn/models/qwen/Qwen-7B/summary", "qwen/Qwen-7B", "model"),
    ],
)
def test_an_address_names_a_model(text: str, what: str, kind: str) -> None:
    assert finds(text, "README.md") == [(1, what, kind, "text")]


@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co/docs/transformers",
        "https://huggingface.co/spaces/a/b",
        "https://discuss.huggingface.co/t/some-topic/12",
        "https://huggingface.co/datasets/huggingface/documentation-images/resolve/main/x.png",
        "https://nothuggingface.co/a/b",
        "and/or, TCP/IP, src/main, gpt-4o is good",
    ],
)
def test_what_is_no_address_of_a_model(text: str) -> None:
    assert finds(text, "README.md") == []


def test_an_id_in_prose_counts_only_if_it_is_known() -> None:
    text = "We tried Qwen/Qwen3-8B and nobody/knows-this."
    assert names(text, "README.md") == []
    assert names(text, "README.md", lambda id: id == "Qwen/Qwen3-8B") == ["Qwen/Qwen3-8B"]


def test_blocks_of_code_in_a_text() -> None:
    text = "# Use\n```bash\n$ ollama run llama3.2:1b\n```\ntext\n```python\nA.from_pretrained('Qwen/Qwen3-8B')\n```\n"
    assert finds(text, "README.md") == [
        (3, "llama3.2:1b", "model", "text"),
        (7, "Qwen/Qwen3-8B", "model", "text"),
    ]


def test_code_of_other_languages() -> None:
    text = (
        "const m = pipeline('feature-extraction', 'Xenova/all-MiniLM-L6-v2');\n"
        'const r = await client.create({ model: "gpt-4o", messages });\n'
        "const t = openai('gpt-4.1-mini');\n"
        'const o = { model: "sedan", color: "red", contentType: "application/json" };\n'
        "const d = process.env.MODEL_NAME ?? 'claude-sonnet-4-5';\n"
        "const MODEL_NAME = process.env.MODEL ?? 'claude-haiku-4-5';\n"
    )
    assert [found[:2] for found in finds(text, "a.ts")] == [
        (1, "Xenova/all-MiniLM-L6-v2"),
        (2, "gpt-4o"),
        (3, "gpt-4.1-mini"),
        (5, "claude-sonnet-4-5"),
        (6, "claude-haiku-4-5"),
    ]
    assert names('var p = openai.ChatCompletionParams{\n\tModel: "gpt-4o",\n}', "a.go") == [
        "gpt-4o"
    ]


def notebook(*cells: tuple[str, list[str]]) -> str:
    made = [{"cell_type": kind, "metadata": {}, "source": lines} for kind, lines in cells]
    return json.dumps({"cells": made, "nbformat": 4}, indent=1, ensure_ascii=False)


def test_a_notebook_tells_cell_and_line() -> None:
    text = notebook(
        ("markdown", ["# 모델\n", "https://huggingface.co/google/gemma-2b"]),
        ("code", ["!ollama pull llama3.2:1b\n", "%pip install x\n", 'M = "Qwen/Qwen3-8B"\n']),
        ("code", ["A.from_pretrained(\n", "  'tiiuae/falcon-7b')"]),
        ("code", ["%%bash\n", "vllm serve BAAI/bge-m3"]),
    )
    found = scan_text(text, "a.ipynb")
    assert [(f.what, f.cell, f.sure) for f in found] == [
        ("google/gemma-2b", 1, "text"),
        ("llama3.2:1b", 2, "command"),
        ("Qwen/Qwen3-8B", 2, "text"),
        ("tiiuae/falcon-7b", 3, "call"),
        ("BAAI/bge-m3", 4, "command"),
    ]
    lines = text.split("\n")
    assert all(f.what in lines[f.line - 1] for f in found)


def test_a_constant_of_another_cell_is_followed() -> None:
    text = notebook(("code", ['name = "Qwen/Qwen3-8B"']), ("code", ["A.from_pretrained(name)"]))
    assert [(f.what, f.cell, f.sure) for f in scan_text(text, "a.ipynb")] == [
        ("Qwen/Qwen3-8B", 1, "call")
    ]


def test_a_broken_notebook_is_searched() -> None:
    assert names('{"cells": [ https://huggingface.co/a1/b1', "a.ipynb") == ["a1/b1"]
    assert names('{"cells": [1, null]}', "a.ipynb") == []


def test_requirements_with_a_model_in_them() -> None:
    text = "torch\nen-core-web-sm @ https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.7.1/en_core_web_sm-3.7.1-py3-none-any.whl\n"
    (found,) = scan_text(text, "requirements.txt")
    assert (found.what, found.host, found.line) == ("en_core_web_sm", "spacy", 2)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.swift", 'XCTAssertEqual(result.model, "gpt-4o")'),
        ("a.go", 'assert.Equal(t, "gpt-4o", got)'),
        ("a.rs", 'assert_eq!(got, "gpt-4o");'),
        ("a.ts", 'expect(got).toBe("gpt-4o");'),
    ],
)
def test_what_a_test_expects_is_no_use(name: str, line: str) -> None:
    assert names(line, name) == []


def test_a_title_beside_an_id_is_no_second_use() -> None:
    text = "[{\n  name: 'all-MiniLM-L6-v2',\n  key: 'Xenova/all-MiniLM-L6-v2',\n}, 'gpt-4o-mini']\n"
    assert names(text, "a.ts") == ["Xenova/all-MiniLM-L6-v2", "gpt-4o-mini"]


@pytest.mark.parametrize("word", ["Qwen3VLCaptioner", "Llama3Tokenizer", "phi3.5-q8_0.uqff"])
def test_classes_and_files_called_after_models_are_none(word: str) -> None:
    assert names(f'uid = "{word}"\n', "a.py") == []
    assert names(f'const uid = "{word}"\n', "a.ts") == []
