"""The most that each common word of an index is worth in any document, found out once, when the index is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from kg.search.clauses import Indexed

RARE = 256  # a word is rare that at most one document in so many holds
_FILE = "peaks.json"
_EACH = 64  # one document in so many tells which words are common
_OFTEN = 4  # as many times rarer in these a word may be than it is in all

Peaks = dict[str, dict[str, float]]  # of a term of a field, without its weight


class CommonWords:
    """Finds out which words are common, from some of the documents."""

    def __init__(self) -> None:
        self._known: Counter[tuple[str, str]] = Counter()
        self._seen = self._looked = 0

    def add(self, doc: Indexed) -> None:
        """Look at the next document."""
        if self._seen % _EACH == 0:
            self._looked += 1
            texts = doc.text.items()
            self._known.update({(field, word) for field, text in texts for word in text.split()})
        self._seen += 1

    def write(self, folder: Path, peak: Callable[[str, str], float]) -> None:
        """Write what each common word is worth at most.

        Args:
            folder: of the index.
            peak: finds it out.
        """
        found: Peaks = {}
        for (field, word), often in sorted(self._known.items()):
            if often * RARE * _OFTEN >= self._looked:
                found.setdefault(field, {})[word] = peak(field, word)
        (folder / _FILE).write_bytes(msgspec.json.encode(found))


def read_peaks(folder: Path) -> Mapping[str, Mapping[str, float]]:
    """What common words are worth; none of an index that has few documents, or is of an older program."""
    file = folder / _FILE
    return msgspec.json.decode(file.read_bytes(), type=Peaks) if file.exists() else {}
