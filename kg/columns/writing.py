"""Writes the columns of the models of a snapshot that is being built; kg/columns/table.py says how they stand."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from kg.claims.accounts import NOBODY, Accounts
from kg.columns.states_file import FOLDER, read_states
from kg.columns.table import (
    GROUPS,
    LANGS,
    NUMBERS,
    PROPERTY,
    RELEASED,
    ColumnTexts,
    ModelScore,
)
from kg.licenses.states import names_of
from kg.lineage.texts import Texts
from kg.model.claim import Entity, Value, main_label
from kg.model.dating import best_date
from kg.model.vocabulary import COUNTRY, LANGUAGE, PUBLISHER, RELEASE_DATE
from kg.snapshot.snapshot import Snapshot

_HUB_ORG = "org/hf/"
_NUMBERS = [PROPERTY[name] for name in NUMBERS]
_BITS = {PROPERTY[name]: bit for bit, name in enumerate((*NUMBERS, *GROUPS))} | {
    RELEASE_DATE: RELEASED
}
_SHARES = {"percent": 1.0, "fraction": 100.0}  # units that say how much of all was reached


class _Groups:
    """Numbers the groups of values of one property; 0 is the empty one."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, ...], int] = {(): 0}

    def number(self, values: Sequence[Value]) -> int:
        key = tuple([str(value) for value in values if value is not None])
        return self.numbers.setdefault(key, len(self.numbers))


class ColumnWriter:
    """Writes the columns of a snapshot that is being built into its folder, where its states already stand.

    Args:
        snapshot: it is given every model of it, in order, and then told to save.
        accounts: on the Hub; one that publishes only what others made is nobody's publisher here.
    """

    def __init__(self, snapshot: Snapshot, accounts: Accounts = NOBODY) -> None:
        self._snapshot, self._accounts = snapshot, accounts
        self._state, states = read_states(snapshot.folder)
        engine = snapshot.states.engine
        self._asking = [bool(engine.beginnings(terms)) for terms in states]
        self._rows = 0
        self._numbers, self._released = array("d"), array("i")
        self._groups, self._inherited = array("i"), array("H")
        self._found = {PROPERTY[name]: _Groups() for name in GROUPS}
        self._labels: dict[str, list[str]] = {lang: [] for lang in LANGS}
        self._names: dict[int, tuple[str, ...]] = {}

    def add(self, model: Entity) -> None:
        """Take in the next model."""
        reached = {f.fact.property: f.fact.values for f in self._snapshot.inheritance.of(model)}
        known = {fact.property: fact.values for fact in (*model.facts, *model.inferred)}
        if reached:
            known = reached | known
        if PUBLISHER in known:
            known[PUBLISHER] = tuple(id for id in known[PUBLISHER] if not self._copies(id))
        said = known.get
        self._numbers.extend([_number(said(property, ())) for property in _NUMBERS])
        self._groups.extend(
            [found.number(said(property, ())) for property, found in self._found.items()]
        )
        self._released.append(_day(best_date(known.get)))
        self._inherited.append(_bits(reached))
        for lang, labels in self._labels.items():
            labels.append(main_label(model, lang))
        if self._asking[self._state[self._rows]]:
            self._names[self._rows] = names_of(model)
        self._rows += 1

    def save(self) -> None:
        """Write all columns."""
        first, folder = self._snapshot.kind_range("model")[0], self._snapshot.folder / FOLDER
        columns = {
            "numbers": np.array(self._numbers).reshape(self._rows, len(NUMBERS)),
            "released": np.array(self._released, np.int32),
            "groups": np.array(self._groups, np.int32).reshape(self._rows, len(GROUPS)),
            "inherited": np.array(self._inherited, np.uint16),
            "places": _places(self._labels),
        }
        for name, column in columns.items():
            np.save(folder / f"{name}.npy", column)
        scores = sorted(_scores(self._snapshot, first), key=lambda one: one.row)
        texts = ColumnTexts(
            groups={name: list(self._found[PROPERTY[name]].numbers) for name in GROUPS},
            scores=scores,
            languages=_languages(self._snapshot, scores),
            names=self._names,
            countries=dict(_countries(self._snapshot)),
        )
        _write_texts(folder, self._labels, texts)

    def _copies(self, id: Value) -> bool:
        return self._accounts.copies(str(id).removeprefix(_HUB_ORG))


def _write_texts(folder: Path, labels: Mapping[str, list[str]], texts: ColumnTexts) -> None:
    for lang, told in labels.items():
        Texts.save(folder, f"label-{lang}", told)
    (folder / "columns.json").write_bytes(msgspec.json.encode(texts) + b"\n")


def _number(values: Sequence[Value]) -> float:
    value = values[0] if values else None
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan
    )


def _day(date: str) -> int:
    """A date as YYYYMMDD, with 00 for what of it is not stated."""
    digits = date.replace("-", "")
    return int(digits.ljust(8, "0")) if digits.isdecimal() and len(digits) in (4, 6, 8) else 0


def _bits(reached: Mapping[str, tuple[Value, ...]]) -> int:
    """Which columns come from a family."""
    return sum(1 << bit for name, bit in _BITS.items() if name in reached) if reached else 0


def _places(labels: Mapping[str, list[str]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """The place of each label among all of its language, in the order of LANGS."""
    places = np.zeros((len(labels[LANGS[0]]), len(LANGS)), np.int32)
    for column, lang in enumerate(LANGS):
        told = labels[lang]
        order = sorted(range(len(told)), key=[*map(str.casefold, told)].__getitem__)
        places[order, column] = np.arange(len(told))
    return places


def _scores(snapshot: Snapshot, first: int) -> Iterator[ModelScore]:
    """The scores of models that say how much of all was reached; of a family they are nobody's."""
    end = snapshot.kind_range("model")[1]
    for entity in snapshot.entities("evaluation"):
        told = {fact.property: fact.values[0] for fact in entity.facts if fact.values}
        number = snapshot.lines.find(str(told.get("evaluatedModel", "")))
        share, score = _SHARES.get(str(told.get("scoreUnit", ""))), told.get("score")
        if number is None or not first <= number < end or share is None or not _is_number(score):
            continue
        measured = (str(told[name]) for name in ("metric", "setting") if told.get(name))
        yield ModelScore(
            number - first,
            str(told.get("onBenchmark", "")),
            round(float(str(score)) * share, 4),
            ", ".join(measured),
        )


def _is_number(value: Value | None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _languages(snapshot: Snapshot, scores: Iterable[ModelScore]) -> dict[str, tuple[str, ...]]:
    """The languages of each benchmark that has scores, those with most scores first."""
    counts = Counter(score.benchmark for score in scores)
    ordered = sorted(counts, key=lambda id: (-counts[id], id))
    return {
        entity.id: tuple(str(value) for value in entity.values(LANGUAGE) if value)
        for entity in snapshot.those(ordered)
    }


def _countries(snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The countries of all makers of which one is known."""
    for kind in ("org", "person"):
        for entity in snapshot.entities(kind):
            if codes := tuple(str(value) for value in entity.values(COUNTRY) if value):
                yield entity.id, codes
