"""Scripts, Dockerfiles and Modelfiles."""

import time

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


@pytest.mark.parametrize(
    ("line", "what", "kind"),
    [
        ("python t.py --actor.model_name_or_path wow1/bar9", "wow1/bar9", "model"),
        ("python t.py --embedder_name_or_path wow1/bar9", "wow1/bar9", "model"),
        ("python t.py --data.prompt_dataset wow1/bar9", "wow1/bar9", "dataset"),
        ("swift sft --val_dataset wow1/bar9", "wow1/bar9", "dataset"),
        ("swift sft --dataset 'HF::wow1/bar9:part#500'", "wow1/bar9", "dataset"),
        ("swift sft --dataset wow1/bar9#500 --x y", "wow1/bar9", "dataset"),
        ("swift export --adapters wow1/bar9", "wow1/bar9", "adapter"),
        ("torchrun t.py model.partial_pretrain=wow1/bar9", "wow1/bar9", "model"),
        ("python server/cli.py serve BAAI/bge-small-en", "BAAI/bge-small-en", "model"),
        ("./run.sh Qwen/Qwen3-8B 4", "Qwen/Qwen3-8B", "model"),
        (
            "wget https://huggingface.co/xlm-roberta-base/raw/main/c.json",
            "xlm-roberta-base",
            "model",
        ),
        ("wget https://huggingface.co/datasets/squad/resolve/main/t.json", "squad", "dataset"),
    ],
)
def test_options_called_as_keys_and_what_scripts_are_given(line: str, what: str, kind: str) -> None:
    assert [(found, of) for _, found, of, _ in finds(line, "run.sh")] == [(what, kind)]


def test_a_semicolon_ends_a_command_and_a_hash_within_a_word_begins_no_comment() -> None:
    text = (
        "sleep 3; ollama pull llama3.2:3b; A=b ollama pull bge-m3\n# ollama pull gemma2:2b, don't\n"
    )
    assert names(text, "run.sh") == ["llama3.2:3b", "bge-m3"]


@pytest.mark.parametrize(
    "line",
    [
        "vllm serve --uvicorn-log-level warning --port 80",
        "python t.py --output_name_or_path wow1/bar9-7b",
        "docker run --rm wow1/llama-7b-chat",
        "python -m fastchat.serve --model-names vicuna-7b-v1.5 --model-path ./here",
    ],
)
def test_values_of_other_options_and_images_are_none(line: str) -> None:
    assert names(line, "run.sh") == []


def test_defaults_in_the_words_of_a_container() -> None:
    text = 'services:\n  a:\n    entrypoint: ["python3", "--model-path", "${M:-wow1/bar9}"]\n'
    assert finds(text, "compose.yaml") == [(3, "wow1/bar9", "model", "command")]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "a.sh",
            "cat <<EOF | kubectl apply -f -\napiVersion: v1\npreset:\n  name: phi-4\nEOF\n",
            4,
        ),
        ("a.sh", "cat > x/Modelfile <<'EOF'\nFROM phi-4\nEOF\n", 2),
        (
            "a.sh",
            "python - <<PY\nimport openai\nopenai.OpenAI().responses.create(model='phi-4')\nPY\n",
            3,
        ),
        ("ci.yml", "run: |\n  tee a.yaml <<-END\n    llm: phi-4\n    END\n", 3),
    ],
)
def test_here_documents_are_read_as_what_they_are(name: str, text: str, line: int) -> None:
    assert [(at, what) for at, what, *_ in finds(text, name)] == [(line, "phi-4")]


def test_what_a_here_document_says_to_a_person_is_none() -> None:
    assert names("cat <<EOF\nmodel: wow1/bar9 is used, <<EOF\nEOF\nx <<NEVER\n", "a.sh") == []


def test_an_option_may_be_given_several_ids() -> None:
    line = "python t.py --data_path wow1/bar8 wow1/bar9 --model wow1/bar7 data/x.json\n"
    assert sorted(names(line, "run.sh")) == ["wow1/bar7", "wow1/bar8", "wow1/bar9"]


def test_here_documents_that_never_end_take_no_long() -> None:
    started = time.process_time()
    text = "cat <<E1 > model.sh\n" * 3_000 + "x: y\n" + "echo <<" * 20_000 + "\nE1\n"
    names(text, "a.sh")
    names("".join(f"cat <<E{n} > a.sh\n" for n in range(5_000)) + "E4999\n" * 9, "a.sh")
    names(
        "".join(f"cat <<E{n} > a.sh\n" for n in range(3_000, 0, -1))
        + "".join(f"E{n}\n" for n in range(3_000)),
        "a.sh",
    )
    assert time.process_time() - started < 10
