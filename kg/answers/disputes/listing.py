"""The facts on which sources disagree, what matters most first; part of the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import msgspec
import numpy as np

from kg.answers.contract import Shown
from kg.answers.disputes.answer import Weight, group_claims, ranking_of, weigh
from kg.answers.disputes.reasons import Why, why_not
from kg.answers.show import Labels, show_value
from kg.errors import InputError
from kg.lineage.adjacency import Ints
from kg.messages.message import Message, mark
from kg.model.claim import kind_of, main_label
from kg.snapshot.disputes import disputed_facts
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

WEIGHTS: dict[Weight, str] = {
    "verdict": mark("a license verdict rests on it"),
    "license": mark("license reasoning reads it"),
    "fact": mark("no license verdict reads it"),
}


class DisputeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One fact on which sources disagree."""

    id: str
    kind: str
    label: str
    property: str
    property_label: str
    weight: Weight
    reach: int  # models that descend from it
    holds: list[Shown]
    against: list[Shown]  # values that are said and do not hold
    why: Why | None  # why the first of those does not; None where all that is said may hold
    sources: int  # that say something


class DisputesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The facts on which sources disagree, what matters most first."""

    version: str
    total: int  # that were asked for
    properties: dict[str, int]  # of those of the kind and weight that were asked for, by property
    kinds: dict[str, int]  # likewise of the property and weight
    weights: dict[str, int]  # likewise of the property and kind
    disputes: list[DisputeRow]


class DisputesRequest(NamedTuple):
    """Which disagreements are asked for."""

    property: str = ""
    kind: str = ""
    weight: str = ""


class _Columns(NamedTuple):
    """All disputed facts of a release, what matters most first."""

    nodes: Ints
    names: list[str]
    kinds: list[str]
    weights: list[Weight]
    reach: Ints


def list_disputes(
    snapshot: Snapshot,
    wanted: DisputesRequest = DisputesRequest(),  # noqa: B008
    *,
    first: int = 0,
    most: int | None = None,
    lang: str = "en",
) -> DisputesAnswer:
    """List the facts on which sources disagree: those first that a license verdict rests on, then by what descends.

    Args:
        snapshot: an open snapshot.
        wanted: which of them.
        first: how many to pass over.
        most: how many to give; all by default.
        lang: language of labels.

    Raises:
        InputError: there is no such property, kind or weight.
        SnapshotError: the snapshot was built before disagreements were listed.
    """
    _check(snapshot, wanted)
    columns = _columns(snapshot)
    rows = [*zip(columns.names, columns.kinds, columns.weights, strict=True)]
    chosen = [n for n, row in enumerate(rows) if _fits(row, wanted)]
    shown = chosen[first : None if most is None else first + most]
    return DisputesAnswer(
        version=snapshot.manifest.version,
        total=len(chosen),
        properties=_counts(row[0] for row in rows if _fits(row, wanted._replace(property=""))),
        kinds=_counts(row[1] for row in rows if _fits(row, wanted._replace(kind=""))),
        weights=_counts(row[2] for row in rows if _fits(row, wanted._replace(weight=""))),
        disputes=list(_told(snapshot, columns, shown, lang)),
    )


def _check(snapshot: Snapshot, wanted: DisputesRequest) -> None:
    known: Mapping[str, Collection[str]] = {
        "property": snapshot.vocabulary.properties,
        "kind": snapshot.vocabulary.kinds,
        "weight": WEIGHTS,
    }
    for name, value in wanted._asdict().items():
        if value and value not in known[name]:
            raise InputError(
                Message(
                    "%(name)s cannot be %(value)r; known are: %(known)s",
                    name=name,
                    value=value[:40],
                    known=[*known[name]] if name != "property" else disputed_facts(snapshot).names,
                )
            )


def _fits(row: tuple[str, str, Weight], wanted: DisputesRequest) -> bool:
    return all(not asked or asked == value for asked, value in zip(wanted, row, strict=True))


def _counts(values: Iterator[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


@memo(most=1)
def _columns(snapshot: Snapshot) -> _Columns:
    found = disputed_facts(snapshot)
    vocabulary = snapshot.vocabulary
    names = [found.names[place] for place in np.asarray(found.properties).tolist()]
    nodes = np.asarray(found.nodes, np.int64)
    weights = [weigh(snapshot, *row) for row in zip(nodes.tolist(), names, strict=True)]
    orders = {name: known.order for name, known in vocabulary.properties.items()}
    reach = np.asarray(found.reach, np.int64)
    keys = [
        ([*WEIGHTS].index(weights[n]), -int(reach[n]), orders[names[n]], int(nodes[n]))
        for n in range(len(names))
    ]
    order = sorted(range(len(names)), key=keys.__getitem__)
    return _Columns(
        nodes=nodes[order],
        names=[names[n] for n in order],
        kinds=[kind_of(snapshot.id_at(int(nodes[n]))) for n in order],
        weights=[weights[n] for n in order],
        reach=reach[order],
    )


def _told(
    snapshot: Snapshot, columns: _Columns, rows: list[int], lang: str
) -> Iterator[DisputeRow]:
    labels = Labels(snapshot, lang)
    for n in rows:
        entity, name = snapshot.entity_at(int(columns.nodes[n])), columns.names[n]
        fact = entity.fact(name)
        assert fact  # the release was written with it
        prop = snapshot.vocabulary.properties[name]
        groups = group_claims(fact)
        holding = groups[0] if groups and groups[0].value in fact.values else None
        against = [group for group in groups if group.value not in fact.values]
        ranking = ranking_of(snapshot, name)
        is_entity = prop.type == "entity"
        yield DisputeRow(
            id=entity.id,
            kind=columns.kinds[n],
            label=main_label(entity, lang),
            property=name,
            property_label=prop.term.labels.get(lang, name),
            weight=columns.weights[n],
            reach=int(columns.reach[n]),
            holds=[show_value(value, is_entity, labels) for value in fact.values],
            against=[show_value(group.value, is_entity, labels) for group in against],
            why=why_not(against[0], holding, ranking) if against else None,
            sources=len({said.source for said in fact.claims}),
        )
