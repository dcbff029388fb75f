"""Unusual but real ways of naming a model, and words that look like one: each is read for what it is."""

import json
import time
from pathlib import Path

import pytest

from kg.scan.scan import scan_project
from tests.scan.finds import finds, names


@pytest.mark.parametrize(
    "written",
    [
        "'%s/%s' % ('wow1', 'bar9')",
        "'wow1/%s' % 'bar9'",
        "'{}/{}'.format('wow1', 'bar9')",
        "'/'.join(['wow1', 'bar9'])",
        "'/'.join((ORG, 'bar9'))",
    ],
)
def test_texts_put_together_are_followed(written: str) -> None:
    assert names(f"ORG = 'wow1'\nA.from_pretrained({written})\n", "a.py") == ["wow1/bar9"]


@pytest.mark.parametrize("written", ["'%s/%s' % pair", "'{}/{}'.format(org)", "'/'.join(parts)"])
def test_texts_put_together_from_what_is_not_told_are_none(written: str) -> None:
    assert names(f"A.from_pretrained({written})\n", "a.py") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ci.yml", "env:\n  MODEL_NAME: ${{ vars.MODEL || 'wow1/bar9' }}\n"),
        ("conf.yaml", "model: ${oc.env:MODEL,wow1/bar9}\n"),
        ("conf.yaml", "model: \"{{ model | default('wow1/bar9', true) }}\"\n"),
        ("compose.yaml", "environment:\n  MODEL: ${A:-${B:-wow1/bar9}}\n"),
        (".env", 'MODEL="${A:-wow1/bar9}"\n'),
        ("conf.toml", 'model = "${oc.env:MODEL,wow1/bar9}"\n'),
    ],
)
def test_what_a_setting_is_if_nothing_else_is_given(name: str, text: str) -> None:
    assert names(text, name) == ["wow1/bar9"]


def test_json_with_comments_is_read_as_json() -> None:
    text = """{
  // "model": "no/commented-7b", as before
  "model": "wow1/bar9", /* "llm": "no/other-7b" */
  "url": "https://x.example//y",
  "postCreateCommand": "ollama pull llama3.2:3b",
}
"""
    assert [(line, what) for line, what, *_ in finds(text, "devcontainer.json")] == [
        (3, "wow1/bar9"),
        (5, "llama3.2:3b"),
    ]


def test_a_cell_that_writes_a_file_is_read_as_that_file() -> None:
    def cell(text: str) -> dict[str, object]:
        return {"cell_type": "code", "source": text.splitlines(keepends=True)}

    cells = [
        cell(
            "%%writefile app/serve.py\nfrom transformers import pipeline\npipeline('ner', model='wow1/bar9')\n"
        ),
        cell("%%writefile -a conf.yaml\nbase_model: wow1/bar8\n"),
        cell("%%writefile nothing.py\n"),
    ]
    text = json.dumps({"cells": cells}, indent=1)
    assert [(what, sure) for _, what, _, sure in finds(text, "a.ipynb")] == [
        ("wow1/bar9", "call"),
        ("wow1/bar8", "key"),
    ]
    first = finds(text, "a.ipynb")[0]
    assert "bar9" in text.split("\n")[first[0] - 1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "hf_hub_download('wow1/bar9-GGUF', 'llama-2-7b.Q4_K_M.gguf')\n"),
        ("a.py", "hf_hub_download(repo_id='wow1/bar9-GGUF', filename='llama-2-7b.Q4_K_M.gguf')\n"),
        ("a.py", "A.from_pretrained('wow1/bar9-GGUF', gguf_file='llama-2-7b.Q4_K_M.gguf')\n"),
        ("a.yaml", "repo_id: wow1/bar9-GGUF\nfilename: llama-2-7b.Q4_K_M.gguf\n"),
        ("a.json", '{"hf_repo": "wow1/bar9-GGUF", "hf_file": "llama-2-7b.Q4_K_M.gguf"}'),
    ],
)
def test_a_file_of_a_model_that_is_named_beside_it_is_no_other_model(name: str, text: str) -> None:
    assert names(text, name) == ["wow1/bar9-GGUF"]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "pipe.load_ip_adapter('wow1/bar9')\n", ["wow1/bar9"]),
        ("a.py", "pipe.load_textual_inversion('wow1/bar9')\n", ["wow1/bar9"]),
        ("a.sh", "transformers-cli download wow1/bar9\n", ["wow1/bar9"]),
        (
            "a.json",
            '{"tokenizer_dir": "wow1/llama-7b", "output_dir": "out/llama-7b"}',
            ["wow1/llama-7b"],
        ),
        (
            "a.yaml",
            "inference:\n  preset:\n    name: phi-4-mini-instruct\n",
            ["phi-4-mini-instruct"],
        ),
        ("A.java", '.optModelUrls("djl://ai.djl.huggingface.pytorch/wow1/bar9")\n', ["wow1/bar9"]),
        (
            "promptfooconfig.yaml",
            "providers:\n- openai:chat:gpt-4o\n- huggingface:text-generation:wow1/llama-7b\n",
            ["openai:chat:gpt-4o", "huggingface:text-generation:wow1/llama-7b"],
        ),
        (
            "pyproject.toml",
            "[project]\ndependencies = ['en-core-web-sm @ https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.7.1/x.whl']\n",
            ["en_core_web_sm"],
        ),
    ],
)
def test_libraries_and_tools(name: str, text: str, found: list[str]) -> None:
    assert names(text, name) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "push_to_hub('wow1/bar-7b')\n"),
        ("package.json", '{"repository": "github:wow1/llama-utils"}'),
        ("a.py", "A.from_pretrained('your-username/your-model')\n"),
        ("a.py", "A.from_pretrained('test/dummy')\n"),
        ("a.py", "A.from_pretrained('outputs/best')\n"),
        ("a.py", "A.from_pretrained('test/fixtures')\n"),
        ("a.py", "model = 'auto'\n"),
    ],
)
def test_what_is_no_use_of_a_model(name: str, text: str) -> None:
    assert names(text, name) == []


@pytest.mark.parametrize("id", ["acme/llama-ko-7b", "wow1/test", "wow1/custom", "unknown/bar9"])
def test_a_name_beside_a_word_of_examples_may_be_a_model(id: str) -> None:
    assert names(f"A.from_pretrained('{id}')\n", "a.py") == [id]


def test_a_path_that_the_graph_knows_is_that_model() -> None:
    text = "A.from_pretrained('test/bar9')\n"
    assert names(text, "a.py", {"test/bar9": "model"}.get) == ["test/bar9"]


def test_keys_with_a_slash_are_never_repeated() -> None:
    key = "AIzaSyDxxabcdefghijklmnop0123/gpt-4o"
    assert names(f"MODEL_ID={key}\n", ".env") == []


def test_names_of_files_stay_on_their_line(tmp_path: Path) -> None:
    for name in ("a\nb.py", "\x1b[31mc.py", "\u202eyp.d.py"):
        (tmp_path / name).write_text("A.from_pretrained('wow1/bar9')\n")
    told = {finding.file for finding in scan_project(tmp_path).findings}
    assert told == {"a\ufffdb.py", "\ufffd[31mc.py", "\ufffdyp.d.py"}


def _listed(many: int) -> str:
    return "".join(f'"o/m-{at}b",' for at in range(many))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", f"x = [{_listed(20_000)}]  # gyebo: ignore"),
        ("a.py", "A.from_pretrained('/'.join([" + '"a",' * 100_000 + "]))"),
        ("a.json", f'{{"models": [{_listed(40_000)}"x"]}}'),
        ("a.toml", f'models = [{_listed(40_000)}"x"]'),
        ("c.json", "{" + "//\n" * 200_000),
        ("a.sh", ("MODELS=(" + "o/m-7b\n" * 500 + ")\n") * 130),
        ("a.yaml", 'model: "{{' + "|default('a'" * 40_000 + '"'),
    ],
    ids=["list", "join", "json", "toml", "comments", "arrays", "defaults"],
)
def test_no_text_takes_long(name: str, text: str) -> None:
    began = time.process_time()
    names(text, name)
    # Each took more than 8 seconds, or minutes, as long as every name was looked for in all of its line.
    assert time.process_time() - began < 6
