"""safetensors: heads read within bounds, and what they say of a model's types, size and base."""

from __future__ import annotations

import contextlib
import io
import json
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.ingest.sources.heads._safetensors import TensorHead, read_tensor_head
from tests.reading import Found, read

LORA = {"base_model.model.layers.0.q_proj.lora_A.weight": ("F32", [8, 4])}
KOHYA = {
    "lora_unet_down.lora_down.weight": ("F16", [4, 4]),
    "lora_unet_down.lora_up.weight": ("F16", [4, 4]),
    "lora_unet_down.alpha": ("F16", []),
}
FULL = {"model.embed.weight": ("BF16", [10, 10]), "ids": ("I64", [1])}


def tensors(shapes: dict[str, tuple[str, list[int]]], metadata: object = None) -> bytes:
    head: dict[str, object] = {
        name: {"dtype": kind, "shape": shape, "data_offsets": [0, 0]}
        for name, (kind, shape) in shapes.items()
    }
    text = json.dumps(head | ({"__metadata__": metadata} if metadata is not None else {})).encode()
    return struct.pack("<Q", len(text)) + text


def head_of(data: bytes) -> TensorHead:
    return read_tensor_head(IntakeFile("x.safetensors", len(data), lambda: io.BytesIO(data)))


def said(folder: Path, files: dict[str, bytes | dict[str, object]]) -> Found:
    for name, data in files.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return read("folder", folder)


def parents(found: Found) -> set[tuple[str, object]]:
    kinds = ("From", "adapterOf", "unresolvedParent")
    return {(c.property, c.said.value) for c in found.claims if c.property.endswith(kinds)}


def values(found: Found, property: str) -> list[object]:
    return [c.said.value for c in found.claims if c.property == property]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (LORA, True),
        (KOHYA, True),
        ({"model.layers.0.self_attn.q_proj.lora_a": ("F32", [1])}, True),
        ({"lora_te_x.hada_w1_a": ("F32", [1])}, True),
        ({"unet.to_q_lora.down.weight": ("F32", [1])}, True),
        ({"prompt_embeddings": ("F32", [8, 16])}, True),
        (FULL, False),
        ({"prompt_encoder.weight": ("F32", [1])}, False),
        ({**FULL, "layers.1.weight": ("F32", [2]), **LORA}, False),
        ({}, False),
    ],
)
def test_adapters_are_told_by_their_tensors(
    shapes: dict[str, tuple[str, list[int]]], expected: bool
) -> None:
    assert head_of(tensors(shapes)).is_adapter == expected


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<Q", 40 << 20) + b"{}",
        tensors({"a": ("F32", [-1])}),
        tensors({"a": ("F32", [2**60] * 3)}),
        tensors({"a": ("F32", [1])}, {"format": 7}),
        struct.pack("<Q", 15) + b'{"a": [1, 2, 3]',
        struct.pack("<Q", 200_000) + b'{"a":' * 40_000,
    ],
)
def test_heads_that_are_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        head_of(data)


@given(st.binary(max_size=300))
def test_any_head_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(DataError):
        head_of(struct.pack("<Q", len(data)) + data)
    with contextlib.suppress(DataError):
        head_of(data)


def test_types_and_numbers(tmp_path: Path) -> None:
    found = said(tmp_path, {"model.safetensors": tensors(FULL, {"format": "pt"})})
    assert values(found, "parameterCount") == [101]
    assert values(found, "weightType") == ["BF16"] and not parents(found)


def test_parts_are_counted_once_as_the_index_has_them(tmp_path: Path) -> None:
    half = tensors({"a": ("BF16", [50])})
    index: dict[str, object] = {
        "metadata": {"total_size": 200},
        "weight_map": {
            "a": "model-00001-of-00002.safetensors",
            "b": "model-00002-of-00002.safetensors",
        },
    }
    files: dict[str, bytes | dict[str, object]] = {
        "model-00001-of-00002.safetensors": half,
        "model-00002-of-00002.safetensors": half,
        "model.safetensors": half,  # left from another saving
        "consolidated.safetensors": half,
        "model.safetensors.index.json": index,
    }
    assert values(said(tmp_path, files), "parameterCount") == [100]


@pytest.mark.parametrize(("declared", "expected"), [(1234, [1234]), (None, []), ("many", [])])
def test_parts_that_are_missing_are_not_guessed(
    tmp_path: Path, declared: object, expected: list[int]
) -> None:
    index = {"metadata": {"total_parameters": declared}, "weight_map": {"a": "x.safetensors"}}
    files = {"model.safetensors": tensors(FULL), "model.safetensors.index.json": index}
    assert values(said(tmp_path, files), "parameterCount") == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shapes", "metadata", "expected"),
    [
        (KOHYA, {"ss_sd_model_name": "org/base"}, ("adapterOf", "model/hf/org/base")),
        (FULL, {"base_model": "org/base"}, ("derivedFrom", "model/hf/org/base")),
        (FULL, {"modelspec.merged_from": "org/a"}, ("mergedFrom", "model/hf/org/a")),
        (KOHYA, {"ss_sd_model_name": "/home/kim/x.ckpt"}, ("unresolvedParent", "adapterOf")),
        (
            KOHYA,
            {"ss_sd_model_name": "sd_xl_base_1.0.safetensors"},
            ("unresolvedParent", "adapterOf"),
        ),
        (KOHYA, {"ss_base_model_version": "sdxl_base_v1-0"}, ("unresolvedParent", "adapterOf")),
        (KOHYA, {"ss_sd_model_name": "None"}, ("unresolvedParent", "adapterOf")),
        (KOHYA, None, ("unresolvedParent", "adapterOf")),
    ],
)
def test_the_base_in_the_metadata(
    tmp_path: Path,
    shapes: dict[str, tuple[str, list[int]]],
    metadata: dict[str, str] | None,
    expected: tuple[str, str],
) -> None:
    found = said(tmp_path, {"style.safetensors": tensors(shapes, metadata)})
    assert parents(found) == {expected}
    assert {c.subject for c in found.claims} == {"model/folder/style"}
    assert not any("kim" in c.said.note for c in found.claims)


def test_the_family_of_an_unnamed_base_is_told(tmp_path: Path) -> None:
    metadata = {"modelspec.architecture": "flux-1-dev/lora", "modelspec.license": "apache-2.0"}
    found = said(tmp_path, {"style.safetensors": tensors(KOHYA, metadata)})
    me = "model/folder/style"
    assert found.one(me, "unresolvedParent").note == "as written: flux-1-dev/lora"
    assert found.one(me, "license").locator == "style.safetensors#__metadata__.modelspec.license"


def test_adapters_in_one_folder_are_models_each(tmp_path: Path) -> None:
    files = {f"{name}.safetensors": tensors(KOHYA) for name in ("anime", "pixel")}
    found = said(tmp_path, files)  # type: ignore[arg-type]
    assert {c.subject for c in found.claims} == {"model/folder/anime", "model/folder/pixel"}


def test_the_card_beside_an_adapter_names_its_base(tmp_path: Path) -> None:
    card = b"---\nbase_model: org/base\n---\n"
    found = said(tmp_path, {"README.md": card, "pytorch_lora_weights.safetensors": tensors(KOHYA)})
    assert parents(found) == {(p, "model/hf/org/base") for p in ("derivedFrom", "adapterOf")}


def test_an_adapter_that_cannot_be_read_has_a_base(tmp_path: Path) -> None:
    found = said(tmp_path, {"adapter_model.safetensors": b"version https://git-lfs"})
    assert parents(found) == {("unresolvedParent", "adapterOf")} and found.rules["unreadable"] == 1
