"""What the Whoosh engine knows of each document besides its terms, as arrays by document number."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.search.clauses import COUNTED, NUMBERS, TEXT, Indexed

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


class FacetColumn(msgspec.Struct):
    """The values of one facet, and of each document the codes of its own."""

    values: dict[str, int] = {}
    codes: list[list[int]] = []


class KeptColumns(msgspec.Struct, kw_only=True):
    """What is known of each document besides its terms."""

    ids: list[str] = []
    priors: list[float] = []
    standings: list[float] = []
    lengths: dict[str, list[int]] = {}
    facets: dict[str, FacetColumn] = {}
    numbers: dict[str, list[float | None]] = {}
    complete: list[tuple[str, int]] = []

    def add(self, doc: Indexed) -> None:
        """Add the next document."""
        self.complete += [(text, len(self.ids)) for text in doc.complete.split()]
        self.ids.append(doc.id)
        self.priors.append(doc.prior)
        self.standings.append(doc.standing)
        for field in TEXT:
            self.lengths.setdefault(field, []).append(len(doc.text.get(field, "").split()))
        for name in NUMBERS:
            self.numbers.setdefault(name, []).append(doc.numbers.get(name))
        for name in COUNTED:
            facet = self.facets.setdefault(name, FacetColumn())
            facet.codes.append(
                [facet.values.setdefault(v, len(facet.values)) for v in doc.values(name)]
            )


class Values:
    """One facet in arrays."""

    def __init__(self, facet: FacetColumn) -> None:
        self._values = list(facet.values)
        self._docs = np.repeat(np.arange(len(facet.codes)), [len(codes) for codes in facet.codes])
        self._codes = np.array([code for codes in facet.codes for code in codes], np.int64)

    def counts(self, match: Mask, most: int) -> dict[str, int]:
        """How many of the matching documents have each value, most first."""
        totals = np.bincount(self._codes[match[self._docs]], minlength=len(self._values))
        order = np.argsort(-totals, kind="stable")[:most]
        return {self._values[code]: int(totals[code]) for code in order if totals[code]}


def rounded(lengths: Floats) -> Floats:
    """Field lengths as tantivy and Lucene keep them in one byte: exact up to 40, then in eight steps an octave."""
    table = [*range(24)]
    table += [24 + (c if c < 8 else (c & 7 | 8) << (c >> 3) - 1) for c in range(100)]
    steps = np.array(table, dtype=float)
    rounded: Floats = steps[np.searchsorted(steps, lengths, side="right") - 1]
    return rounded
