"""GGUF: heads read within bounds, whoever wrote them, and what they say of a model."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.ingest.sources.heads._gguf_head import GgufHead, read_gguf_head
from kg.ingest.sources.heads._gguf_names import parse_gguf_name
from tests.ingest.gguf_bytes import F16, F32, Q4_K, gguf, text
from tests.reading import Found, read

BASE = "general.base_model.0.repo_url"
PYTHIA = "https://huggingface.co/EleutherAI/pythia-1.4b"
WRITTEN = Path(__file__).with_name("written_by_gguf.gguf")


def head_of(data: bytes) -> GgufHead:
    return read_gguf_head(IntakeFile("x.gguf", len(data), lambda: io.BytesIO(data)))


def said(folder: Path, **files: bytes) -> Found:
    """What a folder says; `__` in a name stands for a dot, `___` for a minus."""
    for name, data in files.items():
        path = folder / name.replace("___", "-").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return read("folder", folder)


def parents(found: Found) -> set[tuple[str, object]]:
    kinds = ("From", "adapterOf", "unresolvedParent")
    return {(c.property, c.said.value) for c in found.claims if c.property.endswith(kinds)}


# ---- heads


def test_a_file_that_the_gguf_package_wrote() -> None:
    """Written with gguf 0.19.0 of ggml-org, which shares no code with the reader."""
    head = head_of(WRITTEN.read_bytes())
    assert head.fields["general.base_model.0.repo_url"].endswith("EleutherAI/pythia-14m")  # type: ignore[union-attr]
    assert (
        head.fields["general.languages"] == ("en", "ko") and head.fields["general.file_type"] == 7
    )
    assert head.lengths["tokenizer.ggml.tokens"] == 4
    assert (head.numbers, head.types, head.fault) == (160, frozenset({0, 8}), "")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("version", [2, 3])
def test_versions_and_byte_orders(version: int, order: str) -> None:
    fields = {"general.name": "A", "general.tags": ["x", "y"], "a.scales": [1, 2, 3], "a.b": True}
    head = head_of(gguf(fields, [((4, 8), F16)], version=version, order=order))
    assert head.fields == {"general.name": "A", "general.tags": ("x", "y"), "a.b": True}
    assert (head.numbers, head.lengths["a.scales"], head.fault) == (32, 3, "")


@pytest.mark.parametrize(
    "data", [b"", b"GGUF", b"GGML" + b"\0" * 20, gguf({}, version=1), gguf({}, version=9)]
)
def test_what_is_no_gguf(data: bytes) -> None:
    with pytest.raises(DataError):
        head_of(data)


def test_arrays_are_passed_over() -> None:
    fields = {"tokenizer.ggml.tokens": ["token"] * 20_000, "general.name": "after it"}
    head = head_of(gguf(fields))
    assert head.fields == {"general.name": "after it"}
    assert head.lengths == {"tokenizer.ggml.tokens": 20_000}


HUGE = 2**62


def hostile(sort: str) -> bytes:
    """A head that declares far more than it holds."""
    one = b"GGUF" + struct.pack("<IQQ", 3, 0, 1)
    match sort:
        case "text":
            return one + text("general.name") + struct.pack("<IQ", 8, HUGE)
        case "key":
            return one + struct.pack("<Q", HUGE)
        case "array of numbers":
            return one + text("a") + struct.pack("<IIQ", 9, 10, HUGE)
        case "array of texts":
            return one + text("a") + struct.pack("<IIQ", 9, 8, 3_000_000)
        case "array of arrays":
            return one + text("a") + struct.pack("<IIQ", 9, 9, 2) + struct.pack("<IQ", 9, 1) * 50
        case "fields":
            return b"GGUF" + struct.pack("<IQQ", 3, 0, HUGE)
        case "tensors":
            return b"GGUF" + struct.pack("<IQQ", 3, HUGE, 0)
        case "dimensions":
            return gguf({}, [((HUGE,) * 8, F32)])
    raise ValueError(sort)


@pytest.mark.parametrize(
    "sort",
    [
        "text",
        "key",
        "array of numbers",
        "array of texts",
        "array of arrays",
        "fields",
        "tensors",
        "dimensions",
    ],
)
def test_declared_lengths_are_not_believed(sort: str) -> None:
    data = hostile(sort)
    tracemalloc.start()
    try:
        head = head_of(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert head.fault and peak < 4 << 20


@given(st.binary(max_size=400))
def test_any_bytes_after_the_magic_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(DataError):
        head_of(b"GGUF" + struct.pack("<I", 3) + data)


@given(st.data())
def test_a_damaged_head_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(WRITTEN.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DataError):
        head_of(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


def test_what_stands_before_a_fault_is_kept() -> None:
    whole = gguf({"general.license": "mit", "general.name": "A"}, [((4,), F32)])
    head = head_of(whole[:-30])
    assert (
        head.fields == {"general.license": "mit", "general.name": "A"} and "cut short" in head.fault
    )


# ---- names of files


@pytest.mark.parametrize(
    ("name", "base", "encoding"),
    [
        ("my-7b.Q4_K_M.gguf", "my-7b", "Q4_K_M"),
        ("Llama-3-8B-Instruct-IQ3_XXS.gguf", "Llama-3-8B-Instruct", "IQ3_XXS"),
        ("Qwen3-8B-UD-Q4_K_XL.gguf", "Qwen3-8B", "Q4_K_XL"),
        ("Mini.i1-Q6_K.gguf", "Mini", "Q6_K"),
        ("Phi-3-mini-4k-instruct-q4.gguf", "Phi-3-mini-4k-instruct", "Q4"),
        ("mini-fp16.gguf", "mini", "F16"),
        ("gpt-oss-20b-MXFP4.gguf", "gpt-oss-20b", "MXFP4"),
        ("ggml-model-f16.gguf", "", "F16"),
        ("Q8_0.gguf", "", "Q8_0"),
        ("deepseek-67b.gguf", "deepseek-67b", ""),
    ],
)
def test_names_of_files(name: str, base: str, encoding: str) -> None:
    assert parse_gguf_name(name)[:2] == (base, encoding)


@pytest.mark.parametrize(
    "name",
    ["mmproj-model-f16.gguf", "Qwen-VL-mmproj-BF16.gguf", "a-7B-v1.0-vocab.gguf", "imatrix.gguf"],
)
def test_files_that_go_with_a_model(name: str, tmp_path: Path) -> None:
    assert parse_gguf_name(name).beside
    (tmp_path / name).write_bytes(gguf({"general.name": "A"}))
    assert not read("folder", tmp_path).claims


# ---- what they say


@pytest.mark.parametrize(
    ("fields", "tensors", "expected"),
    [
        ({BASE: PYTHIA, "general.file_type": 15}, [], "quantizedFrom"),
        ({BASE: PYTHIA, "general.file_type": 1024 + 15}, [], "quantizedFrom"),
        ({BASE: PYTHIA}, [((8,), Q4_K)], "quantizedFrom"),
        ({BASE: PYTHIA, "general.file_type": 32}, [], "derivedFrom"),
        ({BASE: PYTHIA, "general.file_type": 1}, [((8,), F16)], "derivedFrom"),
        ({BASE: PYTHIA, "general.type": "adapter"}, [((8,), F16)], "adapterOf"),
        ({BASE: PYTHIA, "adapter.type": "lora"}, [((8,), F16)], "adapterOf"),
        ({"general.source.repo_url": PYTHIA}, [((8,), F16)], "convertedFrom"),
        ({"general.source.url": PYTHIA}, [((8,), F16)], "convertedFrom"),
    ],
)
def test_how_a_file_derives(
    tmp_path: Path, fields: dict[str, object], tensors: list[object], expected: str
) -> None:
    found = said(
        tmp_path,
        mini__gguf=gguf(
            {"general.base_model.count": 1, **fields} if BASE in fields else fields, tensors
        ),
    )  # type: ignore[arg-type]
    assert parents(found) == {(expected, "model/hf/EleutherAI/pythia-1.4b")}


def test_facts_with_their_places(tmp_path: Path) -> None:
    fields = {
        "general.architecture": "llama",
        "general.license": "other",
        "general.license.name": "llama3.1",
        "general.license.link": "https://example.org/license",
        "general.languages": ["ko", "en"],
        "general.dataset.count": 1,
        "general.dataset.0.repo_url": "https://huggingface.co/datasets/org/data",
        "llama.context_length": 4096,
        "llama.block_count": 32,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": ["a", "b"],
        "general.quantized_by": "kim",
        BASE: PYTHIA,
    }
    found = said(tmp_path, mini__Q4_0__gguf=gguf(fields, [((8, 4), 2)]))
    me = "model/folder/mini"
    assert found.one(me, "contextLength").locator == "mini.Q4_0.gguf#llama.context_length"
    assert found.one(me, "layerCount").value == 32 and found.one(me, "parameterCount").value == 32
    assert found.one(me, "vocabularySize").value == 2
    assert found.one(me, "weightType").value == "Q4_0"
    assert found.one(me, "architectureName").value == "llama"
    assert found.one(me, "trainedOn").value == "dataset/hf/org/data"
    assert found.one(me, "quantizedFrom").note == "Q4_0; quantized by kim"
    assert found.one(me, "license").locator == "mini.Q4_0.gguf#general.license"
    assert {c.said.value for c in found.claims if c.property == "language"} == {
        "language/korean",
        "language/english",
    }


def test_several_bases(tmp_path: Path) -> None:
    fields: dict[str, object] = {"general.base_model.count": 3, "general.file_type": 15}
    fields |= {f"general.base_model.{n}.repo_url": f"https://huggingface.co/o/{n}" for n in (0, 1)}
    found = said(
        tmp_path, a__gguf=gguf(fields), b__gguf=gguf({**fields, "general.tags": ["mergekit"]})
    )
    edges = {(c.subject, c.property) for c in found.claims if c.property.endswith("From")}
    assert edges == {("model/folder/a", "derivedFrom"), ("model/folder/b", "mergedFrom")}
    lost = {(c.subject, c.said.value) for c in found.claims if c.property == "unresolvedParent"}
    assert lost == {("model/folder/a", "derivedFrom"), ("model/folder/b", "mergedFrom")}


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        (
            {
                "general.base_model.0.name": "Llama 2 7b",
                "general.base_model.0.organization": "Meta Llama",
            },
            "as written: Llama 2 7b (Meta Llama)",
        ),
        (
            {"general.base_model.0.repo_url": "https://github.com/a/b"},
            "as written: https://github.com/a/b",
        ),
        ({"general.base_model.0.repo_url": "/home/kim/models/b"}, "a path on a disk"),
        ({"general.base_model.count": 1}, "none is named"),
        ({"general.license": "mit"}, "none is named"),
        ({"general.quantized_by": "kim"}, "none is named"),
    ],
)
def test_an_original_that_cannot_be_found(
    tmp_path: Path, fields: dict[str, object], note: str
) -> None:
    found = said(tmp_path, mini__gguf=gguf({**fields, "general.file_type": 15}))
    assert parents(found) == {("unresolvedParent", "quantizedFrom")}
    assert found.one("model/folder/mini", "unresolvedParent").note.startswith(note)


@pytest.mark.parametrize(
    "data",
    [
        b"version https://git-lfs.github.com/spec/v1\n",
        gguf({"general.license": "mit", BASE: PYTHIA})[:-10],
    ],
)
def test_a_head_that_cannot_be_read_leaves_the_parent_open(tmp_path: Path, data: bytes) -> None:
    found = said(tmp_path, mini__Q4_0__gguf=data)
    assert parents(found) == {("unresolvedParent", "quantizedFrom")}
    assert found.rules["unreadable"] == 1


def test_encodings_and_parts_of_one_model_are_one(tmp_path: Path) -> None:
    fields = {BASE: PYTHIA, "general.base_model.count": 1}
    part = gguf({"split.count": 2}, [((8,), Q4_K)])
    found = said(
        tmp_path,
        mini__Q8_0__gguf=gguf({**fields, "general.file_type": 7}, [((16,), 8)]),
        Mini__Q4_0__gguf=gguf({**fields, "general.file_type": 2}, [((16,), 2)]),
        other___F16__gguf=gguf({"general.license": "mit"}, [((4,), F16)]),
        **{
            "big-Q4_K_M-00001-of-00002.gguf": gguf(fields, [((8,), Q4_K)]),
            "big-Q4_K_M-00002-of-00002.gguf": part,
        },
    )
    subjects = {c.subject for c in found.claims if c.subject.startswith("model/folder/")}
    assert subjects == {"model/folder/mini", "model/folder/other", "model/folder/big"}
    assert found.one("model/folder/big", "parameterCount").value == 16
    types = {
        c.said.value
        for c in found.claims
        if c.property == "weightType" and c.subject.endswith("mini")
    }
    assert types == {"Q8_0", "Q4_0"}


def test_files_beside_a_card_are_of_its_model(tmp_path: Path) -> None:
    home = tmp_path / "repo"
    card = b"---\nbase_model: org/tuned\nlicense: mit\n---\n"
    file = gguf({BASE: PYTHIA, "general.file_type": 15})
    found = said(home, README__md=card, tuned__Q4_K_M__gguf=file, **{"Q8_0/tuned-Q8_0.gguf": file})
    assert parents(found) == {
        ("derivedFrom", "model/hf/org/tuned"),
        ("derivedFrom", "model/hf/EleutherAI/pythia-1.4b"),  # what the card's model came from
    }
    assert {c.subject for c in found.claims if c.subject.startswith("model/folder")} == {
        "model/folder/repo"
    }


def test_a_size_label_stands_in_for_tensors(tmp_path: Path) -> None:
    found = said(tmp_path, mini__gguf=gguf({"general.size_label": "7B", BASE: PYTHIA}))
    count = found.one("model/folder/mini", "parameterCount")
    assert (count.value, count.note) == (7_000_000_000, "as written: 7B")


def test_each_parent_that_cannot_be_found_and_each_broken_file_is_told(tmp_path: Path) -> None:
    bases = {f"general.base_model.{n}.name": f"Model {n}" for n in range(2)}
    cut = gguf({"general.name": "A", **bases})
    found = said(
        tmp_path, mini__Q4_0__gguf=cut, mini__Q8_0__gguf=cut, a__Q4_0__gguf=b"x", a__Q8_0__gguf=b"x"
    )
    notes = {
        c.said.note
        for c in found.claims
        if c.property == "unresolvedParent" and c.subject.endswith("mini")
    }
    assert notes == {"as written: Model 0", "as written: Model 1"}
    assert found.rules["unreadable"] == 2
