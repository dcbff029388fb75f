"""Scripts, Dockerfiles and Modelfiles."""

import pytest

from tests.scan.finds import finds, names


@pytest.mark.parametrize(
    ("line", "what", "kind"),
    [
        ("vllm serve Qwen/Qwen3-8B --port 8000", "Qwen/Qwen3-8B", "model"),
        ("vllm serve --port 8000 Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "model"),
        (
            "python -m vllm.entrypoints.openai.api_server --model Qwen/Qwen3-8B",
            "Qwen/Qwen3-8B",
            "model",
        ),
        ("text-generation-launcher --model-id=Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "model"),
        ("docker run --gpus all tgi:1 --model-id Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "model"),
        (
            "./llama-server -hf ggml-org/gemma-3-1b-it-GGUF:Q4_K_M",
            "ggml-org/gemma-3-1b-it-GGUF:Q4_K_M",
            "model",
        ),
        ("llama-cli -m models/x.gguf -p hi", "models/x.gguf", "weights"),
        ("ollama run llama3.2", "llama3.2", "model"),
        (
            "ollama pull hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF",
            "bartowski/Llama-3.2-1B-Instruct-GGUF",
            "model",
        ),
        ("docker exec -it ollama ollama pull deepseek-r1:8b", "deepseek-r1:8b", "model"),
        ("docker model pull ai/smollm2", "ai/smollm2", "model"),
        ("hf download --repo-type dataset allenai/c4", "allenai/c4", "dataset"),
        ("huggingface-cli download Qwen/Qwen3-8B --local-dir ./x", "Qwen/Qwen3-8B", "model"),
        ("git clone https://huggingface.co/Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "model"),
        ("python train.py --model_name_or_path Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "model"),
        ("python train.py --dataset_name allenai/c4", "allenai/c4", "dataset"),
        (
            "lm_eval --model hf --model_args pretrained=Qwen/Qwen3-8B,dtype=auto",
            "Qwen/Qwen3-8B",
            "model",
        ),
        ("sudo vllm serve 'Qwen/Qwen3-8B' && echo ok", "Qwen/Qwen3-8B", "model"),
        ("python -m spacy download en_core_web_sm", "en_core_web_sm", "model"),
    ],
)
def test_a_command_names_a_model(line: str, what: str, kind: str) -> None:
    (found,) = finds(f"#!/bin/sh\n{line}\n", "run.sh")
    assert found[:3] == (2, what, kind)


def test_variables_and_lines_that_go_on() -> None:
    text = "MODEL=Qwen/Qwen3-8B\nvllm serve \\\n  --port 1 \\\n  $MODEL \\\n  --tokenizer ${TOK:-google/gemma-2b}\n"
    assert finds(text, "run.sh") == [
        (1, "Qwen/Qwen3-8B", "model", "command"),
        (5, "google/gemma-2b", "model", "command"),
    ]


def test_a_dockerfile() -> None:
    text = 'FROM vllm/vllm-openai:v1\nENV MODEL_ID=Qwen/Qwen3-8B\nARG EMBEDDING_MODEL="BAAI/bge-m3"\nRUN ollama pull llama3.2:1b\nCMD ["vllm", "serve", "tiiuae/falcon-7b"]\n'
    assert [found[:2] for found in finds(text, "Dockerfile")] == [
        (2, "Qwen/Qwen3-8B"),
        (3, "BAAI/bge-m3"),
        (4, "llama3.2:1b"),
        (5, "tiiuae/falcon-7b"),
    ]


def test_a_modelfile() -> None:
    text = "# mine\nFROM llama3.2:3b\nADAPTER me/lora\nSYSTEM you are FROM mars\n"
    assert [found[:3] for found in finds(text, "Modelfile")] == [
        (2, "llama3.2:3b", "model"),
        (3, "me/lora", "adapter"),
    ]
    assert [found[:3] for found in finds("FROM ./x.gguf\nFROM x.gguf", "my.Modelfile")] == [
        (1, "x.gguf", "weights"),
        (2, "x.gguf", "weights"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "git clone https://github.com/a/b",
        "# vllm serve a/b",
        "pip install -m a/b/c",
        "cp --model ./x y",
        "vllm serve $MODEL",
        "ollama list",
        "ollama run",
        'echo "unended',
    ],
)
def test_what_names_no_model(line: str) -> None:
    assert names(line, "run.sh") == []
