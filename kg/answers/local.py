"""A model that is in no snapshot yet, beside the current one: its ancestors and what may be done with it.

`gyebo ingest folder ./my-model` answers with this. The claims of the run are resolved as a build would;
parents, their ancestors and their licenses come from the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.answers.contract import EdgeAnswer, LicenseAnswer, LineageAnswer, NodeAnswer
from kg.answers.license import answer_ancestry
from kg.answers.license_parents import LicenseAncestry, read_ancestors
from kg.answers.lineage import lineage
from kg.answers.tree.unresolved import unresolved_of
from kg.claims.claim_files import by_subject, read_claims
from kg.claims.resolve import resolve_entity
from kg.licenses.ancestry import AncestryNode
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import USES
from kg.licenses.states import LicenseClaims, read_license_claims
from kg.licenses.terms import Use
from kg.model.claim import Claim, Entity, kind_of, main_label, slug_of
from kg.model.vocabulary import DERIVED_FROM
from kg.snapshot.snapshot import Snapshot

_NOTHING = LicenseClaims()


class LocalAnswer(msgspec.Struct, frozen=True):
    """What a snapshot says of a model that it does not hold."""

    id: str
    label: str
    lineage: LineageAnswer
    missing: list[str]  # parents that the snapshot does not hold
    licenses: list[LicenseAnswer]  # one a use


class _Parent(NamedTuple):
    id: str
    relation: str
    number: int | None  # in the snapshot


def local_answers(snapshot: Snapshot, claims: Path, lang: str = "en") -> list[LocalAnswer]:
    """Answer for each model of a run.

    Args:
        snapshot: the current one.
        claims: the run's file of claims.
        lang: language of labels and sentences.
    """
    return [_answer(snapshot, entity, lang) for entity in _models(snapshot, read_claims(claims))]


def local_licenses(
    snapshot: Snapshot,
    claims: Iterable[Claim],
    use: Use,
    profile: Profile = NOBODY,
    lang: str = "en",
) -> list[LicenseAnswer]:
    """What may be done with each model that claims speak of.

    Args:
        snapshot: the current one.
        claims: of no run, such as what a file of weights says.
        use: what they are to be used for.
        profile: what is known of who asks.
        lang: language of the sentences.
    """
    return [
        answer_ancestry(
            snapshot,
            _license_ancestry(snapshot, entity, list(_parents(snapshot, entity))),
            use,
            profile,
            lang,
        )
        for entity in _models(snapshot, claims)
    ]


def _models(snapshot: Snapshot, claims: Iterable[Claim]) -> Iterator[Entity]:
    """The models that claims speak of, resolved as a build would."""
    said = sorted(
        (claim for claim in claims if kind_of(claim.subject) == "model"),
        key=lambda claim: claim.subject,
    )
    for id, group in by_subject(said):
        yield resolve_entity(id, group, snapshot.vocabulary, {})


def _answer(snapshot: Snapshot, entity: Entity, lang: str) -> LocalAnswer:
    parents = list(_parents(snapshot, entity))
    ancestry = _license_ancestry(snapshot, entity, parents)
    licenses = [answer_ancestry(snapshot, ancestry, use, lang=lang) for use in USES]
    missing = [parent.id for parent in parents if parent.number is None]
    tree = _lineage(snapshot, entity, parents, lang)
    return LocalAnswer(entity.id, main_label(entity, lang), tree, missing, licenses)


def _parents(snapshot: Snapshot, entity: Entity) -> Iterator[_Parent]:
    """The parents, each by the id the snapshot knows it by; `derivedFrom` only where nothing is closer."""
    known = snapshot.vocabulary.properties
    closer = {
        value
        for fact in entity.facts
        for value in fact.values
        if DERIVED_FROM in known[fact.property].supers
    }
    for fact in entity.facts:
        for value in fact.values if known[fact.property].edge else ():
            if fact.property != DERIVED_FROM or value not in closer:
                id = snapshot.spelled(str(value))
                yield _Parent(id, fact.property, snapshot.lines.find(id))


def _license_ancestry(
    snapshot: Snapshot, entity: Entity, parents: Iterable[_Parent]
) -> LicenseAncestry:
    """The model as the node -1, parents that nobody describes as those before it."""
    carriers = snapshot.states.engine.carriers
    nodes: dict[int, AncestryNode] = {}
    names = {-1: entity.id}
    edges: list[tuple[int, str]] = []
    for parent in parents:
        if parent.relation not in carriers:
            continue
        number = parent.number
        if number is None:
            number = -1 - len(names)
            names[number] = parent.id
            nodes[number] = AncestryNode(_NOTHING, (), (), (), known=False)
        else:
            nodes |= read_ancestors(snapshot, number)
        edges.append((number, parent.relation))
    nodes[-1] = AncestryNode(read_license_claims(entity), tuple(edges), (), ())
    return LicenseAncestry(entity, -1, nodes, names)


def _lineage(
    snapshot: Snapshot, entity: Entity, parents: Iterable[_Parent], lang: str
) -> LineageAnswer:
    """The parents with weights, and what the snapshot says their ancestors are.

    The model itself is in no snapshot, so its own ancestors cannot be asked for.
    """
    nodes = {entity.id: NodeAnswer(entity.id, main_label(entity, lang), "model", 0, "root")}
    edges: dict[EdgeAnswer, None] = {}
    weights = snapshot.vocabulary.edges("weights")
    unresolved = list(unresolved_of(entity, lang))
    for parent in parents:
        if parent.relation not in weights:
            continue
        edges[EdgeAnswer(entity.id, parent.id, parent.relation)] = None
        if parent.number is None:
            nodes.setdefault(
                parent.id,
                NodeAnswer(
                    parent.id,
                    slug_of(parent.id).removeprefix("hf/"),
                    kind_of(parent.id),
                    1,
                    "ancestor",
                ),
            )
            continue
        found = lineage(snapshot, parent.id, "up", lang=lang)
        for node in found.nodes:
            nodes.setdefault(
                node.id, msgspec.structs.replace(node, depth=node.depth + 1, role="ancestor")
            )
        edges |= dict.fromkeys(found.edges)
        unresolved += found.unresolved
    total = sum(node.kind == "model" for node in nodes.values()) - 1
    return LineageAnswer(
        root=entity.id,
        total=total,
        nodes=list(nodes.values()),
        edges=list(edges),
        unresolved=unresolved,
    )
