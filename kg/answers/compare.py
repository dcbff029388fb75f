"""Models side by side: what differs between them, and where their ways up meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from typing import Literal

from kg.answers._ancestor_graph import nearest_common_ancestors, paths
from kg.answers.contract import (
    CommonAnswer,
    CompareAnswer,
    ComparedFact,
    FactAnswer,
    FamilyFactAnswer,
    Ref,
    ShowAnswer,
    Shown,
)
from kg.answers.genealogy import EDGE_KINDS
from kg.answers.show import answer_edge, show
from kg.errors import InputError
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.model.vocabulary import DESCRIPTION
from kg.snapshot.snapshot import Snapshot

LEAST, MOST = 2, 6  # models
WAYS = 5  # from one model to one common ancestor
_KINDS = ("model", "family")


def compare(snapshot: Snapshot, ids: Sequence[str], lang: str = "en") -> CompareAnswer:
    """Compare models or families.

    Args:
        snapshot: an open snapshot.
        ids: as a user names them.
        lang: language of labels.

    Raises:
        UnknownId: there is no such entity.
        InputError: there are too few or too many, or something else than models and families.
    """
    ids = list(dict.fromkeys(map(snapshot.find, ids)))
    check_number(ids)
    for id in ids:
        check_kind(id)
    shown = [show(snapshot, id, lang) for id in ids]
    every = snapshot.vocabulary.edges(*EDGE_KINDS["all"])
    by_weights = _common(snapshot, ids, None, lang)
    known = {common.id for common in by_weights}
    further = [c for c in _common(snapshot, ids, every, lang) if c.id not in known]
    models = [Ref(id, snapshot.label(id, lang)) for id in ids]
    return CompareAnswer(models, _facts(snapshot, shown), by_weights, further)


def check_number(ids: Collection[str]) -> None:
    """Check that there are enough models and not too many.

    Raises:
        InputError: there are not.
    """
    if not LEAST <= len(ids) <= MOST:
        raise InputError(
            Message(
                "compare %(least)s to %(most)s different models, not %(num)s",
                least=LEAST,
                most=MOST,
                num=len(ids),
            )
        )


def check_kind(id: str) -> None:
    """Check that an id is of a kind that can be compared.

    Raises:
        InputError: it is not.
    """
    if kind_of(id) not in _KINDS:
        raise InputError(Message("%(id)s is neither a model nor a family", id=id))


def _facts(snapshot: Snapshot, shown: Sequence[ShowAnswer]) -> list[ComparedFact]:
    """The properties of any of them, in the order of pages."""
    known = [{fact.property: fact for fact in one.facts} for one in shown]
    reached = [{found.property: found for found in one.from_family} for one in shown]
    stated = {name for facts in known for name in facts} - {DESCRIPTION}
    stated |= {name for facts in reached for name in facts}
    return [
        _compared(name, [own.get(name) for own in known], [far.get(name) for far in reached])
        for name in snapshot.vocabulary.properties
        if name in stated
    ]


def _compared(
    name: str, own: list[FactAnswer | None], reached: list[FamilyFactAnswer | None]
) -> ComparedFact:
    """One property; what reaches a model from its family counts as its value."""
    said = [fact or found for fact, found in zip(own, reached, strict=True)]
    return ComparedFact(name, _result([one.value if one else None for one in said]), own, reached)


def _result(said: Sequence[Shown | list[Shown]]) -> Literal["same", "differs", "unknown"]:
    values = [
        frozenset(value if isinstance(value, list) else [value])
        for value in said
        if value is not None
    ]
    if len(values) < LEAST:
        return "unknown"
    if any(value != values[0] for value in values):
        return "differs"
    return "same" if len(values) == len(said) else "unknown"


def _common(
    snapshot: Snapshot, ids: Sequence[str], relations: Collection[str] | None, lang: str
) -> list[CommonAnswer]:
    """The nearest ancestors that all share; if there are none, those that two of them share."""
    nodes = [snapshot.number(id) for id in ids]
    shared = _shared(snapshot, [nodes], relations)
    if not shared:
        shared = _shared(snapshot, combinations(nodes, 2), relations)
    return [
        _answer(snapshot, node, [n for n in nodes if n in among], relations, lang)
        for node, among in shared.items()
    ]


def _shared(
    snapshot: Snapshot, groups: Iterable[Sequence[int]], relations: Collection[str] | None
) -> dict[int, set[int]]:
    """Common ancestors of groups, each with all that share it."""
    found: dict[int, set[int]] = {}
    for group in groups:
        for common in nearest_common_ancestors(snapshot, group, relations):
            found.setdefault(common.node, set()).update(group)
    return found


def _answer(
    snapshot: Snapshot,
    node: int,
    among: Sequence[int],
    relations: Collection[str] | None,
    lang: str,
) -> CommonAnswer:
    id = snapshot.id_at(node)
    ways = [paths(snapshot, start, node, WAYS, relations) for start in among]
    answers = [[[answer_edge(snapshot, e) for e in way] for way in of] for of in ways]
    steps = [len(of[0]) if of else 0 for of in ways]
    models = [snapshot.id_at(start) for start in among]
    return CommonAnswer(
        id=id,
        label=snapshot.label(id, lang),
        kind=kind_of(id),
        models=models,
        steps=steps,
        paths=answers,
    )
