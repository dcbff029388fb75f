"""GGUF files written by hand after the format's documentation (docs/gguf.md of ggml-org/ggml), good and hostile."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

F32, F16, Q4_K = 0, 1, 12  # ggml types of tensors


def gguf(
    fields: Mapping[str, object],
    tensors: Sequence[tuple[Sequence[int], int]] = (),
    *,
    version: int = 3,
    order: str = "<",
) -> bytes:
    """A file of metadata and tensors (shape and type), without the tensors' numbers."""
    head = b"GGUF" + struct.pack(f"{order}IQQ", version, len(tensors), len(fields))
    body = b"".join(text(key, order) + value(one, order) for key, one in fields.items())
    for number, (shape, kind) in enumerate(tensors):
        body += text(f"blk.{number}.weight", order) + struct.pack(f"{order}I", len(shape))
        body += struct.pack(f"{order}{len(shape)}QIQ", *shape, kind, 0)
    return head + body


def text(one: str, order: str = "<") -> bytes:
    data = one.encode()
    return struct.pack(f"{order}Q", len(data)) + data


def value(one: object, order: str = "<") -> bytes:
    """A value with its type: a text, a whole number, a truth, a list of texts or of numbers."""
    match one:
        case bool():
            return struct.pack(f"{order}I?", 7, one)
        case int():
            return struct.pack(f"{order}II", 4, one)
        case float():
            return struct.pack(f"{order}Id", 12, one)
        case str():
            return struct.pack(f"{order}I", 8) + text(one, order)
        case [str(), *_]:
            texts = b"".join(text(part, order) for part in one)
            return struct.pack(f"{order}IIQ", 9, 8, len(one)) + texts
        case list():
            return struct.pack(f"{order}IIQ{len(one)}I", 9, 4, len(one), *one)
    raise TypeError(type(one))
