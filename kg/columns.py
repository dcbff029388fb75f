"""What is known of each document besides its words: filters and facets, as arrays by document number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.glossary import key
from kg.query import Is, Query, Range

Mask = NDArray[np.bool_]


class Column(msgspec.Struct):
    """The values of one field: of each document the codes of its values."""

    values: list[str] = []
    keys: dict[str, list[int]] = {}  # any name of a value -> its codes
    codes: list[list[int]] = []


class Columns(msgspec.Struct):
    """All fields of all documents."""

    ids: list[str] = []
    priors: list[float] = []
    exact: dict[str, Column] = {}
    numbers: dict[str, list[float | None]] = {}

    def add(
        self,
        id: str,
        prior: float,
        exact: Mapping[str, Mapping[str, Iterable[str]]],
        numbers: Mapping[str, float],
    ) -> None:
        """Add the next document.

        Args:
            id: its id.
            prior: factor of its score.
            exact: field to its values, each with the names it goes by.
            numbers: field to number.
        """
        for field in {*exact, *self.exact}:
            column = self.exact.setdefault(field, Column())
            column.codes += [[] for _ in range(len(self.ids) - len(column.codes))]
            column.codes.append([_code(column, v, n) for v, n in exact.get(field, {}).items()])
        for field in {*numbers, *self.numbers}:
            values = self.numbers.setdefault(field, [])
            values += [None] * (len(self.ids) - len(values))
            values.append(numbers.get(field))
        self.ids.append(id)
        self.priors.append(prior)


def _code(column: Column, value: str, names: Iterable[str]) -> int:
    known = column.keys.get(key(value))
    code = next((c for c in known or () if column.values[c] == value), None)
    if code is None:
        code = len(column.values)
        column.values.append(value)
        for name in {key(value), *map(key, names)}:
            column.keys.setdefault(name, []).append(code)
    return code


class Filters:
    """Answers filters and counts facets over columns."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._size = len(columns.ids)
        self._numbers = {f: np.array([np.nan if v is None else v for v in values] +
                                     [np.nan] * (self._size - len(values)))
                         for f, values in columns.numbers.items()}  # fmt: skip
        self._offsets: dict[str, NDArray[np.int64]] = {}
        self._codes: dict[str, NDArray[np.int64]] = {}
        for field, column in columns.exact.items():
            lengths = [len(codes) for codes in column.codes] + [0] * (
                self._size - len(column.codes)
            )
            self._offsets[field] = np.repeat(np.arange(self._size), lengths)
            self._codes[field] = np.array([c for codes in column.codes for c in codes], np.int64)

    def mask(self, query: Query) -> tuple[Mask, list[str]]:
        """Which documents pass all filters of a query, and notes on filters that name nothing."""
        passed: Mask = np.ones(self._size, dtype=bool)
        notes: list[str] = []
        for filter in query.filters:
            one = self._range(filter) if isinstance(filter, Range) else self._is(filter, notes)
            if one is not None:
                passed &= ~one if filter.negated else one
        return passed, notes

    def _range(self, filter: Range) -> Mask:
        numbers = self._numbers.get(filter.field, np.full(self._size, np.nan))
        within: Mask = (numbers >= filter.low) & (numbers <= filter.high)
        return within

    def _is(self, filter: Is, notes: list[str]) -> Mask | None:
        column = self._columns.exact.get(filter.field, Column())
        codes = column.keys.get(key(filter.value)) or [
            code for name, found in column.keys.items() if filter.field == "relation"
            and name.startswith(key(filter.value)) for code in found]  # fmt: skip
        if not codes:
            notes.append(f"nothing has the {filter.field} {filter.value!r}")
            return None
        mask: Mask = np.zeros(self._size, dtype=bool)
        mask[self._offsets[filter.field][np.isin(self._codes[filter.field], codes)]] = True
        return mask

    def facets(
        self, found: Sequence[int] | NDArray[np.int64], fields: Iterable[str]
    ) -> dict[str, dict[str, int]]:
        """How many of some documents have each value of some fields, most first."""
        chosen = np.zeros(self._size, dtype=bool)
        chosen[found] = True
        result: dict[str, dict[str, int]] = {}
        for field in fields:
            if (column := self._columns.exact.get(field)) is None:
                continue
            codes = self._codes[field][chosen[self._offsets[field]]]
            counts = np.bincount(codes, minlength=len(column.values))
            order = sorted(np.flatnonzero(counts), key=lambda c: (-counts[c], column.values[c]))
            result[field] = {column.values[code]: int(counts[code]) for code in order}
        return result
