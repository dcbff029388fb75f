"""A GGUF file: what it holds by its head and its name, and how the keys of its head are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.ingest.sources.heads._gguf_head import GgufHead, GgufValue
from kg.ingest.sources.heads._gguf_names import parse_gguf_name

_MOST = 50  # base models, or datasets, of one file
_PLAIN = frozenset({0, 1, 24, 25, 26, 27, 28, 30})  # ggml types of plain numbers, as F16
_GUESSED = 1024  # added to general.file_type where a program guessed it
# llama.cpp's llama_ftype, the values of general.file_type; 33 to 35 are no longer written.
_ENCODINGS = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    33: "Q4_0_4_4",
    34: "Q4_0_4_8",
    35: "Q4_0_8_8",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4_MOE",
    39: "NVFP4",
}
_UNQUANTIZED = frozenset({"", "F32", "F16", "BF16"})


class GgufFile(NamedTuple):
    """A GGUF file whose head was read, as far as it can be."""

    name: str  # without folders
    head: GgufHead


def is_quantized(file: GgufFile) -> bool:
    """Whether a file holds weights that were made smaller, by its tensors, else by what it is called."""
    if file.head.types:
        return not file.head.types <= _PLAIN
    return encoding_of(file) not in _UNQUANTIZED or "general.quantized_by" in file.head.fields


def is_adapter(head: GgufHead) -> bool:
    """Whether a file holds an adapter."""
    return head.fields.get("general.type") == "adapter" or "adapter.type" in head.fields


def encoding_of(file: GgufFile) -> str:
    """How a file encodes its weights, such as Q4_K_M; "" if neither head nor name says it."""
    code = file.head.fields.get("general.file_type")
    known = _ENCODINGS.get(code & ~_GUESSED, "") if isinstance(code, int) else ""
    return known or parse_gguf_name(file.name).encoding


def text_of(fields: Mapping[str, GgufValue], key: str) -> str:
    """The text of a key; "" if there is none."""
    value = fields.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def texts_of(value: GgufValue | None) -> tuple[str, ...]:
    """The texts of a value that is one or a list."""
    if isinstance(value, tuple):
        return tuple(text for text in value[:_MOST] if text)
    return (value,) if isinstance(value, str) and value else ()


def numbered(fields: Mapping[str, GgufValue], key: str) -> list[int]:
    """The numbers of the things of a kind: those that are counted, and those that are described."""
    count = fields.get(f"{key}.count")
    counted = range(min(count, _MOST)) if isinstance(count, int) else range(0)
    described = {
        int(number)
        for name in fields
        if name.startswith(f"{key}.")
        and (number := name[len(key) + 1 :].partition(".")[0]).isascii()
        and number.isdigit()
        and len(number) < 6
    }
    return sorted({*counted, *described})[:_MOST]
