"""Settings: YAML, JSON, TOML, variables."""

import pytest

from kg.scan.scan import scan_text
from tests.scan.finds import finds, names


def test_yaml_keys_lists_and_variables() -> None:
    text = (
        "model_list:\n"
        "  - model_name: fast\n"
        "    litellm_params:\n"
        "      model: openai/gpt-4o-mini\n"
        "env:\n"
        "  - name: MODEL_ID\n"
        "    value: Qwen/Qwen3-8B\n"
        "environment:\n"
        "  - EMBEDDING_MODEL=BAAI/bge-m3\n"
        "  - RERANKER=${RERANKER:-x}\n"
        "storageUri: hf://meta-llama/Llama-3.1-8B:main\n"
    )
    assert finds(text, "config.yaml") == [
        (4, "openai/gpt-4o-mini", "model", "key"),
        (7, "Qwen/Qwen3-8B", "model", "key"),
        (9, "BAAI/bge-m3", "model", "key"),
        (11, "meta-llama/Llama-3.1-8B", "model", "key"),
    ]


def test_the_words_of_a_container_are_a_command() -> None:
    text = (
        "containers:\n"
        "  - image: vllm/vllm-openai:latest\n"
        "    args:\n"
        "      - --model=tiiuae/falcon-7b\n"
        '    command: ["sh", "-c", "vllm serve Qwen/Qwen3-8B --port 80"]\n'
        "steps:\n"
        "  - run: |\n"
        "      set -e\n"
        "      ollama pull llama3.2:3b\n"
    )
    assert finds(text, "pod.yaml") == [
        (4, "tiiuae/falcon-7b", "model", "command"),
        (5, "Qwen/Qwen3-8B", "model", "command"),
        (9, "llama3.2:3b", "model", "command"),
    ]


def test_models_of_compose_and_of_axolotl() -> None:
    compose = "models:\n  llm:\n    model: ai/smollm2\n"
    assert finds(compose, "compose.yaml") == [(3, "ai/smollm2", "model", "key")]
    axolotl = "base_model: NousResearch/Llama-2-7b-hf\ndatasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca\n"
    assert finds(axolotl, "lora.yml") == [
        (1, "NousResearch/Llama-2-7b-hf", "model", "key"),
        (3, "tatsu-lab/alpaca", "dataset", "key"),
    ]


def test_mergekit() -> None:
    text = "merge_method: slerp\nbase_model: a/base\nmodels:\n  - model: b/one\n  - model: c/two\n"
    assert names(text, "mergekit_config.yml") == ["a/base", "b/one", "c/two"]


def test_json_has_lines_also_where_a_value_stands_twice() -> None:
    text = '{\n "name": "gpt-4o",\n "a": {"model": "gpt-4o"},\n "b": {"modelName": "gpt-4o"}\n}'
    assert finds(text, "x.json") == [(3, "gpt-4o", "model", "key"), (4, "gpt-4o", "model", "key")]


def test_adapter_and_model_configurations() -> None:
    assert names('{"base_model_name_or_path": "bert-base-uncased"}', "adapter_config.json") == [
        "bert-base-uncased"
    ]
    assert names('{"_name_or_path": "gpt2", "model_type": "gpt2"}', "config.json") == ["gpt2"]
    assert names('{"_name_or_path": "/home/me/x"}', "config.json") == []


def test_toml_and_variables() -> None:
    assert finds('[llm]\nmodel = "claude-sonnet-4-5"\n', "a.toml") == [
        (2, "claude-sonnet-4-5", "model", "key")
    ]
    env = "OPENAI_API_KEY=sk-proj-abcdef\n# MODEL=gpt-4\nMODEL=gpt-4o\nHF_MODEL_ID=${X:-google/gemma-2b}\n"
    assert finds(env, ".env.example") == [
        (3, "gpt-4o", "model", "key"),
        (4, "google/gemma-2b", "model", "key"),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("image: vllm/vllm-openai", "a.yaml"),
        ("model: resnet/v1.yaml", "a.yaml"),
        ("model_dir: a/b", "a.yaml"),
        ("served_model_name: me/mine", "a.yaml"),
        ('{"dependencies": {"@ai/model": "1"}, "model": "./local"}', "package.json"),
        ("uses: actions/checkout@v4", "ci.yml"),
    ],
)
def test_what_is_no_model(text: str, name: str) -> None:
    assert names(text, name) == []


def test_broken_documents_are_read_line_by_line() -> None:
    assert names("a: [\nmodel: Qwen/Qwen3-8B\n", "a.yaml") == ["Qwen/Qwen3-8B"]
    assert names("model: {{ .Values.x }}\nmodelId: Qwen/Qwen3-8B # tuned\n", "t.yaml") == [
        "Qwen/Qwen3-8B"
    ]
    assert names('// c\n{"model": "gpt-4o",}\n', "a.jsonc") == ["gpt-4o"]
    assert names('// c\n{\n  "model": "gpt-4o",\n}\n', "a.jsonc") == ["gpt-4o"]


def test_a_bomb_of_anchors_ends() -> None:
    text = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join('*' + a for _ in range(9))}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert names(text + "model: gpt-4o\n", "a.yaml") == ["gpt-4o"]


def test_no_secret_is_ever_found() -> None:
    keys = (
        "sk-proj-0123456789abcdef",
        "hf_abcdefghijklmnopqrstuvwxyz",
        "ghp_0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "0123456789abcdef0123456789abcdef",
    )
    for key in keys:
        for text, name in (
            (f"MODEL={key}", ".env"),
            (f"model: {key}", "a.yaml"),
            (f"A.from_pretrained('{key}')", "a.py"),
            (f"vllm serve {key}", "a.sh"),
            (f'{{"model": "{key}"}}', "a.json"),
            (f"FROM {key}", "Modelfile"),
        ):
            assert scan_text(text, name, lambda text: True) == [], (key, name)
    (found,) = scan_text("url: https://me:hf_secret@huggingface.co/Qwen/Qwen3-8B", "a.yaml")
    assert found.what == "Qwen/Qwen3-8B" and "secret" not in repr(found)


@pytest.mark.parametrize("ending", [".example", ".sample", ".template", ".dist", ".j2"])
def test_a_file_that_is_there_to_be_copied_is_read_as_what_it_will_be(ending: str) -> None:
    assert names("llm:\n  model: wow1/bar9\n", f"settings.yaml{ending}") == ["wow1/bar9"]


def test_labels_of_kubernetes_are_no_use() -> None:
    text = """apiVersion: v1
metadata:
  labels: {ai.gke.io/model: gemma-7b, app: phi-4}
spec:
  selector:
    matchLabels: {serves: phi-4}
  model: wow1/bar9
"""
    assert names(text, "a.yaml") == ["wow1/bar9"]
    assert names("labels:\n  path: wow1/bert-base-mnli\n", "a.yaml") == ["wow1/bert-base-mnli"]


def test_workflows_of_comfyui() -> None:
    page = '{"nodes": [{"type": "CheckpointLoader", "widgets_values": ["svd.safetensors", 7]}]}'
    asked = '{"4": {"inputs": {"unet_name": "flux-dev.safetensors", "text": "a cat"}}}'
    assert [names(text, "w.json") for text in (page, asked)] == [
        ["svd.safetensors"],
        ["flux-dev.safetensors"],
    ]


def test_yaml_with_tags_of_its_own_is_yaml() -> None:
    text = "a: !apply:sb.from_hparams\n  source: wow1/bar9\n  run_opts: {b: !ref <c>}\n"
    assert finds(text, "hparams.yaml") == [(2, "wow1/bar9", "model", "key")]


def test_a_name_beside_the_id_of_its_model_only_says_how_it_is_called() -> None:
    assert names('{"name": "gpt-4o", "model_name": "wow1/bar9"}', "a.json") == ["wow1/bar9"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("gpt-35-turbo;gpt-4o", ["gpt-35-turbo", "gpt-4o"]),
        ("GPT-35 Turbo;GPT-4o", []),
        ("cloudflare-ai-gateway/anthropic/claude-opus-4-6", None),
        ("gpt-4v", None),
    ],
)
def test_values_of_a_key_of_models(value: str, found: list[str] | None) -> None:
    assert names(f'models: "{value}"\n', "a.yaml") == ([value] if found is None else found)


def test_words_for_people_are_no_list_of_names() -> None:
    told = "please use gpt-3.5-turbo, gpt-4, gpt-4-32k, or ask"
    assert names(f"MESSAGE_MODELS = {told!r}\n", "a.py") == []
    given = "pretrained=wow1/bar9,generation_parameters={temperature: 0.7,top_p: 0.9}"
    assert names(f"model_args: {given!r}\n", "a.yaml") == ["wow1/bar9"]


@pytest.mark.parametrize("key", ["model_type_or_dir", "tokenizer_type", "encoder_name_or_path"])
def test_keys_of_a_name_or_a_folder(key: str) -> None:
    assert names(f"{key}: wow1/bar9\n", "a.yaml") == ["wow1/bar9"]
    assert names(f"{key}: ./out\n", "a.yaml") == []
