"""Writes the columns of the models of a snapshot that is being built; kg/columns/table.py says how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
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
from kg.model.claim import Value, main_label
from kg.model.dating import best_date
from kg.model.vocabulary import COUNTRY, LANGUAGE, PUBLISHER, RELEASE_DATE
from kg.snapshot.snapshot import Snapshot

_HUB_ORG = "org/hf/"
_SHARES = {"percent": 1.0, "fraction": 100.0}  # units that say how much of all was reached


class _Groups:
    """Numbers the groups of values of one property; 0 is the empty one."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, ...], int] = {(): 0}

    def number(self, values: Iterable[Value]) -> int:
        key = tuple(str(value) for value in values if value is not None)
        return self.numbers.setdefault(key, len(self.numbers))


def write_columns(snapshot: Snapshot, accounts: Accounts = NOBODY) -> None:
    """Write the columns of a snapshot into its folder, where its states already stand.

    Args:
        snapshot: it is being built.
        accounts: on the Hub; one that publishes only what others made is nobody's publisher here.
    """
    folder = snapshot.folder / FOLDER
    first, end = snapshot.kind_range("model")
    state, states = read_states(snapshot.folder)
    engine = snapshot.states.engine
    asking = [bool(engine.beginnings(terms)) for terms in states]
    numbers = np.full((end - first, len(NUMBERS)), np.nan)
    released = np.zeros(end - first, np.int32)
    groups = np.zeros((end - first, len(GROUPS)), np.int32)
    inherited = np.zeros(end - first, np.uint16)
    found = {name: _Groups() for name in GROUPS}
    labels: dict[str, list[str]] = {lang: [] for lang in LANGS}
    names: dict[int, tuple[str, ...]] = {}
    for row, entity in enumerate(snapshot.entities("model")):
        own = {fact.property: fact.values for fact in (*entity.facts, *entity.inferred)}
        reached = {f.fact.property: f.fact.values for f in snapshot.inheritance.of(entity)}
        known = {**reached, **own}
        if PUBLISHER in known:
            known[PUBLISHER] = tuple(id for id in known[PUBLISHER] if not _copies(id, accounts))
        numbers[row] = [_number(known.get(PROPERTY[name], ())) for name in NUMBERS]
        groups[row] = [found[name].number(known.get(PROPERTY[name], ())) for name in GROUPS]
        released[row] = _day(best_date(known.get))
        inherited[row] = _bits(reached)
        for lang in LANGS:
            labels[lang].append(main_label(entity, lang))
        if asking[state[row]]:
            names[row] = names_of(entity)
    for name, array in (
        ("numbers", numbers),
        ("released", released),
        ("groups", groups),
        ("inherited", inherited),
        ("places", _places(labels)),
    ):
        np.save(folder / f"{name}.npy", array)
    texts = ColumnTexts(
        groups={name: list(found[name].numbers) for name in GROUPS},
        scores=(scores := sorted(_scores(snapshot, first), key=lambda one: one.row)),
        languages=_languages(snapshot, scores),
        names=names,
        countries=dict(_countries(snapshot)),
    )
    _write_texts(folder, labels, texts)


def _write_texts(folder: Path, labels: Mapping[str, list[str]], texts: ColumnTexts) -> None:
    for lang, told in labels.items():
        Texts.save(folder, f"label-{lang}", told)
    (folder / "columns.json").write_bytes(msgspec.json.encode(texts) + b"\n")


def _copies(id: Value, accounts: Accounts) -> bool:
    return accounts.copies(str(id).removeprefix(_HUB_ORG))


def _number(values: Iterable[Value]) -> float:
    value = next(iter(values), None)
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan
    )


def _day(date: str) -> int:
    """A date as YYYYMMDD, with 00 for what of it is not stated."""
    digits = date.replace("-", "")
    return int(digits.ljust(8, "0")) if digits.isdecimal() and len(digits) in (4, 6, 8) else 0


def _bits(reached: Mapping[str, tuple[Value, ...]]) -> int:
    """Which columns come from a family."""
    places = {PROPERTY[name]: bit for bit, name in enumerate((*NUMBERS, *GROUPS))}
    places[RELEASE_DATE] = RELEASED
    return sum(1 << bit for name, bit in places.items() if name in reached)


def _places(labels: Mapping[str, list[str]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """The place of each label among all of its language, in the order of LANGS."""
    places = np.zeros((len(labels[LANGS[0]]), len(LANGS)), np.int32)
    for column, lang in enumerate(LANGS):
        told = labels[lang]
        order = sorted(range(len(told)), key=lambda row: (told[row].casefold(), row))
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
