"""The head of a GGUF file, versions 2 and 3 in either byte order: its metadata and the shapes of its tensors.

Invariant: no length that a file declares is allocated or followed beyond the bounds below, and what was
read before a fault stands, with the fault. Format: docs/gguf.md of ggml-org/ggml.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from typing import IO, NamedTuple

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.messages.message import Message

GgufValue = str | int | float | bool | tuple[str, ...]

_BYTES = 128 << 20  # of a head; the largest vocabularies take some 20 MB
_CHUNK = 1 << 16
_TEXT = 1 << 14  # bytes of a text that is kept; chat templates are longer and say nothing here
_KEY = (1 << 16) - 1  # the format's own limit
_FIELDS = 100_000
_ENTRIES = 4_000_000  # texts in all arrays
_KEPT = 1_000  # texts of an array that is kept
_TENSORS = 1_000_000
_DIMENSIONS = 8  # ggml has four
_NUMBERS = 10**16  # in all tensors
_NESTED = 4
_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class GgufHead(NamedTuple):
    """What the head of a GGUF file holds."""

    fields: Mapping[str, GgufValue]  # numbers, and texts and lists of texts that are short
    lengths: Mapping[str, int]  # entries of each array
    numbers: int  # in its tensors
    types: frozenset[int]  # ggml types of its tensors
    fault: str = ""  # why reading stopped; "" if the head was read whole


def read_gguf_head(file: IntakeFile) -> GgufHead:
    """Read the head of a GGUF file.

    Raises:
        DataError: not GGUF, or a version that is not read.
    """
    with file.open() as stream:
        start = stream.read(8)
        if len(start) < 8 or start[:4] != b"GGUF":
            raise DataError(Message("not a GGUF file"), file.name)
        little, big = (int.from_bytes(start[4:], order) for order in ("little", "big"))
        version = min(little, big)  # a version is small; read in the wrong order it is huge
        if version not in (2, 3):
            raise DataError(
                Message("GGUF of version %(version)s is not read", version=version), file.name
            )
        return _Reader(stream, "<" if version == little else ">", file.name).read()


class _Reader:
    """Reads one head, forward only."""

    def __init__(self, stream: IO[bytes], order: str, name: str) -> None:
        self._stream, self._order, self._name = stream, order, name
        self._left = _BYTES
        self._entries = _ENTRIES
        self._fields: dict[str, GgufValue] = {}
        self._lengths: dict[str, int] = {}
        self._numbers = 0
        self._types: set[int] = set()

    def read(self) -> GgufHead:
        """The head, as far as it can be read."""
        fault = ""
        try:
            self._read()
        except DataError as error:
            fault = str(error.what)
        types = frozenset(self._types)
        return GgufHead(self._fields, self._lengths, self._numbers, types, fault)

    def _read(self) -> None:
        tensors, fields = self._number("Q"), self._number("Q")
        if tensors > _TENSORS or fields > _FIELDS:
            raise self._fault(Message("a GGUF head that declares too many entries"))
        for _ in range(fields):
            self._field()
        for _ in range(tensors):
            self._tensor()

    def _field(self) -> None:
        length = self._number("Q")
        if length > _KEY:
            raise self._fault(Message("a GGUF key that is too long"))
        key = self._take(length).decode("utf-8", "replace")
        if key in self._fields or key in self._lengths:
            raise self._fault(Message("the GGUF key %(key)r stands twice", key=key[:80]))
        kind = self._number("I")
        if kind == _ARRAY:
            self._array(key)
        elif kind == _STRING:
            if (text := self._text()) is not None:
                self._fields[key] = text
        else:
            self._fields[key] = self._scalar(kind)

    def _scalar(self, kind: int) -> int | float | bool:
        if kind not in _SCALARS:
            raise self._fault(Message("a GGUF value of the unknown type %(type)s", type=kind))
        return self._unpacked(_SCALARS[kind])

    def _array(self, key: str) -> None:
        kind, count = self._number("I"), self._number("Q")
        self._lengths[key] = count
        if kind != _STRING:
            self._skip_values(kind, count, _NESTED)
            return
        kept: list[str] = []
        keeps = count <= _KEPT and not key.startswith("tokenizer.")
        self._count_entries(count)
        for _ in range(count):
            if keeps:
                kept.append(self._text() or "")
            else:
                self._skip(self._number("Q"))
        if keeps:
            self._fields[key] = tuple(kept)

    def _skip_values(self, kind: int, count: int, depth: int) -> None:
        """Pass over the values of an array."""
        if kind in _SCALARS:
            self._skip(count * struct.calcsize("=" + _SCALARS[kind]))
            return
        if kind not in (_STRING, _ARRAY) or not depth:
            raise self._fault(Message("a GGUF value of the unknown type %(type)s", type=kind))
        self._count_entries(count)
        for _ in range(count):
            if kind == _STRING:
                self._skip(self._number("Q"))
            else:
                self._skip_values(self._number("I"), self._number("Q"), depth - 1)

    def _count_entries(self, count: int) -> None:
        self._entries -= count
        if self._entries < 0:
            raise self._fault(Message("a GGUF head that declares too many entries"))

    def _tensor(self) -> None:
        self._skip(self._number("Q"))
        dimensions = self._number("I")
        if dimensions > _DIMENSIONS:
            raise self._fault(Message("a GGUF tensor of too many dimensions"))
        numbers = math.prod(self._number("Q") for _ in range(dimensions))
        self._types.add(self._number("I"))
        self._number("Q")  # where its numbers begin
        self._numbers += numbers
        if self._numbers > _NUMBERS:
            raise self._fault(Message("GGUF tensors beyond any size"))

    def _text(self) -> str | None:
        """A text without control characters; None if it is too long to be kept."""
        length = self._number("Q")
        if length > _TEXT:
            self._skip(length)
            return None
        return _CONTROL.sub(" ", self._take(length).decode("utf-8", "replace")).strip()

    def _number(self, code: str) -> int:
        return int(self._unpacked(code))

    def _unpacked(self, code: str) -> int | float | bool:
        size = struct.calcsize("=" + code)
        value: int | float | bool = struct.unpack(self._order + code, self._take(size))[0]
        return value

    def _fault(self, message: Message) -> DataError:
        return DataError(message, self._name)

    def _take(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise self._fault(Message("a GGUF head that is too large"))
        data = self._stream.read(size)
        if len(data) < size:
            raise self._fault(Message("a GGUF file that is cut short"))
        return data

    def _skip(self, size: int) -> None:
        if size > self._left:
            raise self._fault(Message("a GGUF head that is too large"))
        while size > 0:
            size -= len(self._take(min(size, _CHUNK)))
