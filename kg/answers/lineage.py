"""The family tree of an entity, as an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.answers.contract import (
    Direction,
    EdgeChoice,
    LineageAnswer,
    NodeAnswer,
    UnresolvedAnswer,
)
from kg.answers.genealogy import (
    ANY,
    Genealogy,
    Where,
    edges_among,
    find_genealogy,
    list_nearest,
)
from kg.answers.show import answer_edge
from kg.language.remarks import remark
from kg.lineage.unresolved import unresolved_parents
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of, main_label
from kg.model.vocabulary import UNRESOLVED_PARENT, VocabularyTerm, load_vocabulary
from kg.snapshot.snapshot import Snapshot


def lineage(
    snapshot: Snapshot,
    id: str,
    direction: Direction = "both",
    edges: EdgeChoice = "weights",
    limit: int | None = None,
    lang: str = "en",
    where: Where = ANY,
) -> LineageAnswer:
    """The family tree of a model, family or dataset; of an organization, of its models.

    Args:
        snapshot: an open snapshot.
        id: as a user names it; other kinds stand alone.
        direction: ancestors, descendants or both.
        edges: weights, data (with distillation), or both of these.
        limit: most ancestors and descendants to list, the nearest first.
        lang: language of the labels.
        where: which ancestors and descendants count.

    Raises:
        UnknownId: there is no such entity.
    """
    id = snapshot.find(id)
    found = find_genealogy(snapshot, id, direction, edges, where)
    nodes: dict[int, NodeAnswer] = {}
    for node, depth, role in list_nearest(found, limit):
        known = snapshot.named(node)
        nodes[node] = NodeAnswer(known.id, main_label(known, lang), kind_of(known.id), depth, role)
    links = [answer_edge(snapshot, e) for e in edges_among(snapshot, found, nodes)]
    return LineageAnswer(
        id,
        found.total,
        sorted(nodes.values(), key=lambda n: (n.depth, n.role != "root", n.role, n.id)),
        sorted(links, key=lambda e: (e.child, e.parent, e.relation)),
        dict(found.counts),
        [] if edges == "data" else unresolved_above(snapshot, found, lang),
    )


def unresolved_above(snapshot: Snapshot, found: Genealogy, lang: str) -> list[UnresolvedAnswer]:
    """The parents of a root and its ancestors that are declared and that nothing can find."""
    described = [n for n in (found.root, *found.ancestors) if n < len(snapshot.lines)]
    return [one for node in described for one in unresolved_of(snapshot.entity_at(node), lang)]


def unresolved_of(entity: Entity, lang: str) -> Iterator[UnresolvedAnswer]:
    """The parents of an entity that are declared and that nothing can find, each told once."""
    told = set()
    for relation, said in unresolved_parents(entity):
        key = relation, said.note, said.source
        if key not in told:
            told.add(key)
            yield UnresolvedAnswer(
                child=entity.id,
                child_label=main_label(entity, lang),
                relation=relation,
                relation_label=_codes()[relation].labels[lang]
                if relation in _codes()
                else relation,
                note=remark(said.note, lang) or None,
                source=said.source,
                locator=said.locator,
            )


def unresolved_line(one: UnresolvedAnswer) -> Message:
    """A parent that nothing can find, in words."""
    if one.note:
        return Message(
            "%(child)s: the %(parent)s cannot be found (%(written)s)",
            child=one.child_label,
            parent=one.relation_label,
            written=one.note,
        )
    return Message(
        "%(child)s: the %(parent)s cannot be found",
        child=one.child_label,
        parent=one.relation_label,
    )


def _codes() -> Mapping[str, VocabularyTerm]:
    return load_vocabulary().properties[UNRESOLVED_PARENT].codes
