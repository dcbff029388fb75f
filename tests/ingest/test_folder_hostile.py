"""A model's folder of any content: it is read, or its files are told as unreadable; nothing else happens."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.ingest.kit.kit import Place, Record
from kg.ingest.sources import folder
from kg.model.claim import Claim, is_id
from tests.ingest.gguf_bytes import gguf
from tests.reading import kit_of

KIT = kit_of("folder")
WORDS = st.sampled_from(
    [
        "org/base",
        "",
        "None",
        "/home/kim/x",
        "lora",
        "merge",
        "a b",
        "\x00",
        "https://huggingface.co/a/b",
        "한글",
        "x" * 3000,
    ]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def fields(*keys: str) -> st.SearchStrategy[dict[str, object]]:
    """A mapping with some of these keys and any values, most of them with some sense."""
    return st.dictionaries(st.sampled_from(keys), WORDS | ANY, max_size=6)


ADAPTER = fields(
    "base_model_name_or_path",
    "model",
    "model_name",
    "peft_type",
    "fine_tune_type",
    "revision",
    "config",
)
CONFIG = fields(
    "model_type", "architectures", "hidden_size", "_name_or_path", "dtype", "text_config", "n_layer"
)
MERGE = fields(
    "merge_method", "models", "slices", "experts", "modules", "base_model", "name", "gate_mode"
)
TRAINING = fields(
    "base_model", "model_name_or_path", "learning_rate", "num_epochs", "adapter", "finetuning_type"
)
INDEX = fields("metadata", "weight_map")
HEAD = st.fixed_dictionaries(
    {
        "__metadata__": st.dictionaries(
            st.sampled_from(["base_model", "ss_sd_model_name", "license", "modelspec.merged_from"]),
            WORDS,
        )
        | ANY
    }
) | st.dictionaries(WORDS, ANY | st.fixed_dictionaries({"dtype": WORDS, "shape": ANY}), max_size=3)
GGUF = st.dictionaries(
    st.sampled_from(
        [
            "general.base_model.count",
            "general.base_model.0.repo_url",
            "general.base_model.0.name",
            "general.base_model.x.y",
            "general.architecture",
            "general.file_type",
            "general.license",
            "general.languages",
            "general.tags",
            "general.name",
            "general.source.repo_url",
            "general.dataset.0.repo_url",
            "general.size_label",
            "general.type",
            "llama.block_count",
        ]
    ),
    st.integers(0, 2**32 - 1) | WORDS | st.just(["a", ""]) | st.booleans() | st.just("llama"),
)
JSON = {
    "adapter_config.json": ADAPTER,
    "config.json": CONFIG,
    "tokenizer_config.json": fields("name_or_path"),
    "args.json": TRAINING,
    "model.safetensors.index.json": INDEX,
}


def safetensors(head: object) -> bytes:
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text


def dumped(data: object) -> str:
    return yaml.safe_dump(data, allow_unicode=True)


FILES = st.fixed_dictionaries(
    {},
    optional={
        **{name: inner.map(lambda d: json.dumps(d).encode()) for name, inner in JSON.items()},
        "mergekit_config.yml": MERGE.map(lambda d: dumped(d).encode()),
        "train.yaml": TRAINING.map(lambda d: dumped(d).encode()),
        "README.md": st.tuples(fields("base_model", "tags", "license"), MERGE | TRAINING).map(
            lambda both: f"---\n{dumped(both[0])}---\n```yaml\n{dumped(both[1])}```\n".encode()
        ),
        "a.safetensors": HEAD.map(safetensors),
        "adapter_model.safetensors": HEAD.map(safetensors) | st.binary(max_size=40),
        "m-Q4_K_M.gguf": GGUF.map(gguf),
        "Q8_0/m.gguf": st.binary(max_size=60).map(lambda data: b"GGUF\x03\0\0\0" + data),
    },
)


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_any_folder_is_read(files: dict[str, bytes]) -> None:
    read_folder(files)


def read_folder(files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as at:
        for name, data in files.items():
            path = Path(at, "home", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        found = list(folder.fetch(Place(Path(at)))) if files else []
        records = [one for one in found if isinstance(one, Record)]
        said = list(folder.claims(records, KIT))
    claims = [one for one in said if isinstance(one, Claim)]
    assert all(is_id(claim.subject) for claim in claims)
    assert not [claim for claim in claims if "kim" in f"{claim.said.value} {claim.said.note}"]
