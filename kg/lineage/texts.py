"""A list of texts, memory-mapped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np

from kg.lineage.adjacency import Ints, map_array


class Texts(Sequence[str]):
    """A list of texts in two files, read one at a time.

    Args:
        folder: where `save` wrote them.
        name: of the files.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._starts = map_array(folder / f"{name}.npy")
        text = folder / f"{name}.txt"
        self._text = np.memmap(text, np.uint8, "r") if len(self) else np.zeros(0, np.uint8)

    @staticmethod
    def save(folder: Path, name: str, texts: Sequence[str]) -> None:
        """Write texts to a folder: one file of UTF-8, and where each begins."""
        encoded = [text.encode() for text in texts]
        np.save(folder / f"{name}.npy", np.cumsum([0, *map(len, encoded)]))
        (folder / f"{name}.txt").write_bytes(b"".join(encoded))

    def those(self, places: Ints) -> list[str]:
        """The texts at some places, several times quicker than one by one."""
        starts, ends = self._starts[places].tolist(), self._starts[places + 1].tolist()
        text = memoryview(self._text.data)
        return [str(text[a:b], "utf-8") for a, b in zip(starts, ends, strict=True)]

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._text[self._starts[place] : self._starts[place + 1]].tobytes().decode()
