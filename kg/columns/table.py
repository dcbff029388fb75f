"""The columns of all models of a snapshot, memory-mapped; row 0 is the first model by id.

    columns/numbers.npy     float64, a row a model and a column each of NUMBERS; not a number = not known
    columns/released.npy    int32, YYYYMMDD with 00 for what of a date is not stated; 0 = not known
    columns/groups.npy      int32, a column each of GROUPS: a place in `groups` of columns.json
    columns/inherited.npy   uint16, bit n: that of NUMBERS + GROUPS + released is said of the model's family
    columns/places.npy      int32, the place of each label in the alphabet of each of LANGS
    columns/label-LANG.*    the labels
    columns/columns.json    the groups of values, scores, and the names that some clause asks about

A group is what one model has of a property with several values, such as its languages; 0 is the empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.columns.states_file import FOLDER, read_states
from kg.errors import SnapshotError
from kg.licenses.propagation import State
from kg.lineage.texts import Texts
from kg.messages.message import Message
from kg.model.vocabulary import (
    ACCESS,
    ACTIVE_COUNT,
    CONTEXT_LENGTH,
    DESCENDANT_COUNT,
    DEVELOPER,
    DOWNLOADS,
    LANGUAGE,
    LICENSE,
    PARAMETER_COUNT,
    PUBLISHER,
)
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

Number = Literal["params", "active", "context", "descendants", "downloads"]
Group = Literal["org", "license", "lang", "access", "publisher"]
NUMBERS: tuple[Number, ...] = get_args(Number)
GROUPS: tuple[Group, ...] = get_args(Group)
LANGS = ("en", "ko")
PROPERTY: Mapping[str, str] = {
    "params": PARAMETER_COUNT,
    "active": ACTIVE_COUNT,
    "context": CONTEXT_LENGTH,
    "descendants": DESCENDANT_COUNT,
    "downloads": DOWNLOADS,
    "org": DEVELOPER,
    "license": LICENSE,
    "lang": LANGUAGE,
    "access": ACCESS,
    "publisher": PUBLISHER,
}
RELEASED = len(NUMBERS) + len(GROUPS)  # its bit in `inherited`
Mask = NDArray[np.bool_]


class ModelScore(msgspec.Struct, frozen=True, array_like=True):
    """One score of a model on a benchmark."""

    row: int
    benchmark: str  # id
    percent: float  # of the greatest possible
    measured: str  # metric and setting as the source states them, "" if it states none


class ColumnTexts(msgspec.Struct, frozen=True, kw_only=True):
    """What columns hold besides numbers."""

    groups: dict[str, list[tuple[str, ...]]]  # the values of each group, by GROUPS
    scores: list[ModelScore]
    languages: dict[str, tuple[str, ...]]  # benchmark -> the languages it is in
    names: dict[int, tuple[str, ...]]  # of a model with a clause that asks for its name
    countries: dict[str, tuple[str, ...]]  # maker -> codes of the countries that it is in


class ModelTable:
    """The columns of the models of a snapshot.

    Args:
        folder: the snapshot's.
        first: the number of the first model.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """

    def __init__(self, folder: Path, first: int) -> None:
        self._folder, self.first = folder / FOLDER, first
        try:
            self._numbers = self._array("numbers")
            self.released: NDArray[np.int32] = self._array("released")
            self._groups = self._array("groups")
            self._inherited = self._array("inherited")
            self._places = self._array("places")
            self._texts = msgspec.json.decode(
                (self._folder / "columns.json").read_bytes(), type=ColumnTexts
            )
            self.state, self.states = read_states(folder)
        except (OSError, ValueError) as error:
            raise SnapshotError(
                Message("%(path)s cannot be read; run `gyebo build`", path=self._folder)
            ) from error

    def _array(self, name: str) -> NDArray[Any]:
        return np.asarray(np.load(self._folder / f"{name}.npy", mmap_mode="r"))

    def __len__(self) -> int:
        return len(self.released)

    def numbers(self, name: Number) -> NDArray[np.float64]:
        """A column of numbers; what is not known is not a number."""
        column: NDArray[np.float64] = self._numbers[:, NUMBERS.index(name)]
        return column

    def earliest(self) -> NDArray[np.int32]:
        """The first day that each date may mean; 0 = not known."""
        days = self.released
        days = days + np.where((days > 0) & (days % 10_000 == 0), 100, 0)
        return (days + np.where((days > 0) & (days % 100 == 0), 1, 0)).astype(np.int32)

    def values(self, name: Group, row: int) -> tuple[str, ...]:
        """What a model has of a property with several values."""
        return self._texts.groups[name][int(self._groups[row, GROUPS.index(name)])]

    def groups(self, name: Group) -> Sequence[tuple[str, ...]]:
        """The groups of values that some model has."""
        return self._texts.groups[name]

    def having(self, name: Group, wanted: Callable[[tuple[str, ...]], bool]) -> Mask:
        """The models whose values pass a test, which is made once a group."""
        passing = np.array([wanted(values) for values in self._texts.groups[name]], bool)
        return passing[self.places_of(name)]

    def places_of(self, name: Group) -> NDArray[np.int32]:
        """The place in `groups` of each model's group."""
        places: NDArray[np.int32] = self._groups[:, GROUPS.index(name)]
        return places

    def is_inherited(self, name: str, row: int) -> bool:
        """Whether a value is said of the model's family, and not of the model."""
        bit = RELEASED if name == "released" else (*NUMBERS, *GROUPS).index(name)
        return bool(int(self._inherited[row]) >> bit & 1)

    def places(self, lang: str) -> NDArray[np.int32]:
        """The place of each model's label in the alphabet."""
        places: NDArray[np.int32] = self._places[:, LANGS.index(lang)]
        return places

    def label(self, row: int, lang: str) -> str:
        """The label of a model."""
        return self._labels[lang][row]

    @cached_property
    def _labels(self) -> Mapping[str, Texts]:
        return {lang: Texts(self._folder, f"label-{lang}") for lang in LANGS}

    @property
    def scores(self) -> Sequence[ModelScore]:
        """All scores, those of a model together."""
        return self._texts.scores

    def in_language(self, language: str) -> Sequence[str]:
        """The benchmarks in a language, those with most scores first."""
        return [id for id, spoken in self._texts.languages.items() if language in spoken]

    def benchmarks(self) -> Sequence[str]:
        """The benchmarks on which some model has a score, those with most first."""
        return list(self._texts.languages)

    def names(self, row: int) -> tuple[str, ...]:
        """The names of a model with a clause that asks for them; of others none are kept."""
        return self._texts.names.get(row, ())

    @property
    def countries(self) -> Mapping[str, tuple[str, ...]]:
        """The countries of each maker of which one is known, by id."""
        return self._texts.countries

    def state_of(self, row: int) -> State:
        """The terms in force on a model."""
        return self.states[int(self.state[row])]


@memo(most=1)
def read_table(snapshot: Snapshot) -> ModelTable:
    """The columns of a snapshot, opened once.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    return ModelTable(snapshot.folder, snapshot.kind_range("model")[0])
