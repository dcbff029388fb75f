"""The second judged set: what people ask for in words, judged by facts (see asked_open.yaml).

A query is answered by what its judge named (`is`, and what `also` matches), or by whatever the facts of the data
show to fit (`fits`). The facts are read from the entities, never by way of the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kg.files.yaml import read_yaml
from kg.model.claim import Entity, kind_of
from kg.model.vocabulary import COMMERCIAL_VERDICT, DEVELOPER, LICENSE, RELEASE_DATE
from kg.snapshot.snapshot import Snapshot
from tests.search.judged import Query

HERE = Path(__file__).parent
FILES = {"open": HERE / "asked_open.yaml", "held apart": HERE / "asked_held.yaml"}
LISTED = ("model", "family")  # what answers a question for models
TUNED = re.compile(r"instruct|chat|[-_ ]it\b|sft|dpo|think|assistant|oasst|vicuna|alpaca", re.I)
BASE = re.compile(r"\bbase\b|[-_]pt\b", re.I)
_SCALE = {"m": 1e6, "b": 1e9}


class Asked(NamedTuple):
    """A query as it stands in a file."""

    kind: str
    text: str
    named: tuple[str, ...]  # the ids that are meant
    also: str  # ids that answer it as well, as a pattern
    fits: dict[str, Any]  # what the facts must show
    why: str


class Read(NamedTuple):
    """What is judged by of one entity."""

    id: str
    facts: dict[str, list[str]]
    names: str  # ids, names, repositories
    about: str  # the same with descriptions and tasks
    above: str  # itself, its families and what it comes from


def asked(part: str) -> list[Asked]:
    """The queries of one half."""
    rows: list[dict[str, Any]] = read_yaml(FILES[part]).data
    return [
        Asked(
            r["kind"],
            str(r["text"]),
            tuple(r.get("is", ())),
            r.get("also", ""),
            r.get("fits", {}),
            r.get("why", ""),
        )
        for r in rows
    ]


def judge(snapshot: Snapshot, part: str) -> list[Query]:
    """The queries of one half with everything in a snapshot that answers them; what nothing answers is left out.

    The tests have a cut of the catalog, which lacks the answers of three.
    """
    read = list(read_entities(snapshot))
    judged = [
        Query(f"{part}/{n}", q.kind, q.text, _relevant(q, read), part != "open")
        for n, q in enumerate(asked(part))
    ]
    return [query for query in judged if query.relevant]


def read_entities(snapshot: Snapshot) -> Iterator[Read]:
    """What is judged by, of all entities."""
    for entity in snapshot.entities():
        above = [entity.id]
        if kind_of(entity.id) in LISTED:
            reach = snapshot.families.ancestors(snapshot.number(entity.id))
            above += [snapshot.id_at(n) for n in (*reach.models, *reach.families)]
        yield _read(snapshot.inheritance.widened(entity), " ".join(above))


def _read(entity: Entity, above: str) -> Read:
    facts = {
        fact.property: [str(v) for v in fact.values]
        for fact in (*entity.facts, *entity.inferred)
        if fact.values
    }
    labels = [name for names in entity.labels.values() for name in names]
    names = "\n".join([entity.id, *labels, *facts.get("hubId", [])])
    said = ("description", "task", "modality", "usesTechnique", "trainingStrategy")
    about = "\n".join([names, *(v for name in said for v in facts.get(name, []))])
    return Read(entity.id, facts, names, about, f"{above}\n{names}")


def _relevant(query: Asked, read: list[Read]) -> dict[str, int]:
    found = dict.fromkeys(query.named, 3)
    for one in read:
        if one.id in found:
            continue
        if query.also and _matches(query.also, one.id):
            found[one.id] = 2
        elif query.fits and kind_of(one.id) in LISTED and fits(query.fits, one):
            found[one.id] = 3
    return found


def fits(wanted: dict[str, Any], one: Read) -> bool:
    """Whether facts show all that is wanted; what nothing is known of does not fit."""
    return all(_TESTS[name](value, one) for name, value in wanted.items())


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _one_of(wanted: str, ids: list[str]) -> bool:
    return any(re.fullmatch(wanted, id.rpartition("/")[2], re.IGNORECASE) for id in ids)


def _verdict(wanted: Any, one: Read) -> bool:
    values = one.facts.get(COMMERCIAL_VERDICT, [])
    return bool(values) and values[0] in (wanted if isinstance(wanted, list) else [wanted])


def _makers(one: Read) -> list[str]:
    return [*one.facts.get(DEVELOPER, []), *one.facts.get("publisher", [])]


def _size(wanted: str, one: Read) -> bool:
    found = one.facts.get("parameterCount")
    low, _, high = wanted.partition("..")
    return bool(found) and _number(low, 0) <= float(found[0]) <= _number(high, 1e18)


def _number(text: str, default: float) -> float:
    return float(text[:-1]) * _SCALE[text[-1]] if text else default


def _released(wanted: str, one: Read) -> bool:
    found = one.facts.get(RELEASE_DATE)
    low, _, high = str(wanted).partition("..")
    return bool(found) and low <= found[0] and (not high or found[0] <= f"{high}-99")


def _form(wanted: str, one: Read) -> bool:
    return bool((TUNED if wanted == "instruct" else BASE).search(one.names))


_TESTS = {
    "verdict": _verdict,
    "license": lambda value, one: _one_of(value, one.facts.get(LICENSE, [])),
    "license_not": lambda value, one: (
        LICENSE in one.facts and not _one_of(value, one.facts[LICENSE])
    ),
    "language": lambda value, one: _one_of(value, one.facts.get("language", [])),
    "maker": lambda value, one: _one_of(value, _makers(one)),
    "maker_not": lambda value, one: bool(_makers(one)) and not _one_of(value, _makers(one)),
    "access": lambda value, one: _one_of(value, one.facts.get("access", [])),
    "size": _size,
    "size_not": lambda value, one: "parameterCount" in one.facts and not _size(value, one),
    "released": _released,
    "relation": lambda value, one: value in one.facts,
    "relation_not": lambda value, one: value not in one.facts,
    "form": _form,
    "form_not": lambda value, one: not _form(value, one),
    "named": lambda value, one: _matches(value, one.names),
    "about": lambda value, one: _matches(value, one.about),
    "lineage": lambda value, one: _matches(value, one.above),
    "outside": lambda value, one: not _matches(value, one.above),
}
