"""What a pasted text is taken for."""

from __future__ import annotations

import pytest

from kg.pasted._shapes import find_shape

SENTENCE = "We took this one because it was small enough for us all."
REQUIREMENTS = """\
# models come later
torch>=2.1
transformers[torch]==4.57.0 ; python_version >= "3.11"
-r base.txt
sentence-transformers
"""
PYTHON = 'from transformers import pipeline\nask = pipeline("text-generation", model="a/b")\n'


@pytest.mark.parametrize(
    ("text", "sort", "file"),
    [
        ("gpt2", "list", ""),
        (
            "beomi/KoAlpaca-Polyglot-12.8B\nbase_model: Qwen/Qwen3-8B\nComposer 2 (Cursor)",
            "list",
            "",
        ),
        ('["gpt2", "meta-llama/Llama-2-7b-hf"]', "list", ""),
        ("---\nlicense: mit\nbase_model: gpt2\n---\n# Kim 8B\n", "card", ""),
        ("license: mit\nbase_model:\n- gpt2\n", "card", ""),
        ("---\nservices:\n  a: {image: b}\n---\n", "code", "pasted.yaml"),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "bom", ""),
        ('{"bomFormat": "CycloneDX", "specVersion": ', "bom", ""),
        ('{"spdxVersion": "SPDX-2.3"}', "bom", ""),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "bom", ""),
        ("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0", "bom", ""),
        ('{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}', "bom", ""),
        ('{"model": "gpt2"}', "code", "pasted.json"),
        ('{"cells": [], "nbformat": 4}', "code", "pasted.ipynb"),
        (REQUIREMENTS, "code", "requirements.txt"),
        ('[project]\nname = "x"\ndependencies = ["torch"]\n', "code", "pyproject.toml"),
        (PYTHON, "code", "pasted.py"),
        ("FROM llama3\nPARAMETER temperature 1\n", "code", "Modelfile"),
        ("FROM python:3.12\nRUN pip install vllm\n", "code", "Dockerfile"),
        ("vllm serve Qwen/Qwen3-8B --port 80\n", "code", "pasted.sh"),
        ("MODEL_ID=Qwen/Qwen3-8B\nPORT=80\n", "code", ".env"),
        (f"{SENTENCE}\n{SENTENCE}\nQwen/Qwen3-8B", "code", "pasted.md"),
        ("Run it:\n```sh\nvllm serve Qwen/Qwen3-8B\n```\n", "code", "pasted.md"),
        ("llm:\n  model: Qwen/Qwen3-8B\n  port: 80\n", "code", "pasted.yaml"),
    ],
)
def test_a_text_is_taken_for_what_it_is(text: str, sort: str, file: str) -> None:
    found = find_shape(text)
    assert (found.sort, found.file) == (sort, file)


def test_the_name_of_the_file_decides() -> None:
    assert find_shape("x = 1", "settings.py").file == "settings.py"
    assert find_shape("torch\nvllm\n", "requirements-dev.txt").sort == "code"
    assert find_shape('{"bomFormat": "CycloneDX"}', "x.json").sort == "bom"
    assert find_shape("---\nlicense: mit\n---\n", "README.md").sort == "card"
    assert find_shape("gpt2\nbert-base\n", "models.txt").sort == "list"
