"""Questions put to a snapshot, answered in the types of kg/contract.py."""

from __future__ import annotations

from collections.abc import Iterable

from kg.contract import (
    ClaimAnswer,
    Direction,
    EdgeAnswer,
    EdgeChoice,
    FactAnswer,
    LineageAnswer,
    NodeAnswer,
    Ref,
    Role,
    ShowAnswer,
    Shown,
)
from kg.family import Families
from kg.lineage import Edge, Reached, merge_reached
from kg.model import Entity, Fact, Said, Value, kind_of
from kg.reader import Snapshot
from kg.vocab import DESCRIPTION, IN_FAMILY, RETRIEVED, URL


class Labels:
    """What answers say of other entities in one language, each looked up once."""

    def __init__(self, snapshot: Snapshot, lang: str) -> None:
        self._snapshot, self._lang = snapshot, lang
        self._known: dict[str, str] = {}
        self._sources: dict[str, tuple[str, str]] = {}

    def ref(self, id: str) -> Ref:
        """An id with its label."""
        if id not in self._known:
            self._known[id] = self._snapshot.label(id, self._lang)
        return Ref(id, self._known[id])

    def source(self, id: str) -> tuple[str, str]:
        """The address of a source and the day it was read."""
        if id not in self._sources:
            number = self._snapshot.lines.find(id)
            known = Entity(id, {}) if number is None else self._snapshot.entity_at(number)
            url, retrieved = (next(iter(known.values(name)), "") for name in (URL, RETRIEVED))
            self._sources[id] = str(url or ""), str(retrieved or "")
        return self._sources[id]


def show(snapshot: Snapshot, id: str, lang: str = "en") -> ShowAnswer:
    """Everything known of an entity.

    Args:
        snapshot: an open snapshot.
        id: a canonical id.
        lang: language of labels of entities that stand as values.

    Raises:
        UnknownId: there is no such entity.
    """
    entity = snapshot.entity(id)
    labels = Labels(snapshot, lang)
    facts = [_fact(snapshot, fact, labels) for fact in entity.facts]
    facts += [_fact(snapshot, fact, labels, inferred=True) for fact in entity.inferred]
    names: dict[str, list[str]] = {"en": [], "ko": []}
    names |= {k: list(v) for k, v in entity.labels.items()}
    said = [claim_answer(name, False, labels) for name in entity.names]
    return ShowAnswer(id, kind_of(id), names, facts, said)


def _fact(snapshot: Snapshot, fact: Fact, labels: Labels, inferred: bool = False) -> FactAnswer:
    is_entity = snapshot.vocabulary.properties[fact.property].type == "entity"
    values = [shown(v, is_entity, labels) for v in fact.values]
    value = values if len(values) > 1 else values[0] if values else None
    claims = [claim_answer(said, is_entity, labels) for said in fact.claims]
    return FactAnswer(fact.property, value, fact.disputed, claims, inferred)


def shown(value: Value, is_entity: bool, labels: Labels) -> Shown:
    """A value, with its label if it is an entity."""
    return labels.ref(str(value)) if is_entity and value is not None else value


def claim_answer(said: Said, is_entity: bool, labels: Labels) -> ClaimAnswer:
    """What one source says, with what is known of the source."""
    url, retrieved = labels.source(said.source)
    return ClaimAnswer(
        shown(said.value, is_entity, labels), said.source, said.locator, said.rank,
        said.reason or None, said.url or url or None, said.retrieved or retrieved or None,
        said.note or None, said.inferred, said.origin or None, said.lang or None,
    )  # fmt: skip


def describe(entity: Entity, lang: str) -> str:
    """The description in a language, else in the other; "" if there is none."""
    fact = entity.fact(DESCRIPTION)
    said = (
        {s.lang: str(s.value) for s in reversed(fact.claims) if s.rank != "rejected"}
        if fact
        else {}
    )
    return said.get(lang) or next(iter(said.values()), "")


def lineage(snapshot: Snapshot, id: str, direction: Direction = "both",
            edges: EdgeChoice = "weights", limit: int | None = None,
            lang: str = "en") -> LineageAnswer:  # fmt: skip
    """The family tree of a model or family.

    Args:
        snapshot: an open snapshot.
        id: a canonical id of any kind; other kinds stand alone in weight edges.
        direction: ancestors, descendants or both.
        edges: weights only, or data edges and distillation as well.
        limit: most ancestors and descendants to list, the nearest first.
        lang: language of the labels.

    Raises:
        UnknownId: there is no such entity.
    """
    root = snapshot.number(id)
    families = snapshot.families
    reach = _reach_weights if edges == "weights" else _reach_all
    up, down = reach(snapshot, families, root, direction)
    members = families.members(root) if families.is_family(root) else set()
    roles: dict[int, NodeAnswer] = {}
    labels = Labels(snapshot, lang)

    def add(node: int, depth: int, role: Role) -> None:
        if node not in roles:
            ref = labels.ref(snapshot.id_at(node))
            roles[node] = NodeAnswer(ref.id, ref.label, kind_of(ref.id), depth, role)

    add(root, 0, "root")
    for member in sorted(members):
        add(member, 0, "member")
    total = _count_models(snapshot, {*up, *down} - members - {root})
    nearest: list[tuple[int, int, Role]] = [(d, node, "ancestor") for node, d in up.items()]
    nearest += [(depth, node, "descendant") for node, depth in down.items()]
    nearest = [item for item in sorted(nearest) if item[1] not in roles]
    for depth, node, role in nearest[:limit]:
        add(node, depth, role)
    shown_edges = _edges(snapshot, families, set(roles), edges)
    nodes = sorted(roles.values(), key=lambda n: (n.depth, n.role != "root", n.role, n.id))
    return LineageAnswer(id, total, nodes, shown_edges)


def _reach_weights(snapshot: Snapshot, families: Families, root: int, direction: Direction
                   ) -> tuple[Reached, Reached]:  # fmt: skip
    up: Reached = {}
    down: Reached = {}
    if direction != "down":
        reach = families.above(root)
        up = merge_reached([reach.models, reach.families])
    if direction != "up":
        reach = families.below(root)
        down = merge_reached([reach.models, reach.families])
    return up, down


def _reach_all(snapshot: Snapshot, families: Families, root: int, direction: Direction
               ) -> tuple[Reached, Reached]:  # fmt: skip
    """Along every edge that carries weights, knowledge or data; membership joins nothing."""
    relations = _followed(snapshot)
    roots = {root, *(families.members(root) if families.is_family(root) else ())}
    walk = snapshot.lineage
    up = merge_reached(walk.ancestors(r, relations) for r in roots) if direction != "down" else {}
    down = merge_reached(walk.descendants(r, relations) for r in roots) if direction != "up" else {}
    return up, down


def _followed(snapshot: Snapshot) -> frozenset[str]:
    return snapshot.vocabulary.edges("weights", "distillation", "data")


def _count_models(snapshot: Snapshot, nodes: Iterable[int]) -> int:
    first, end = snapshot.kind_range("model")
    known = len(snapshot.lines)
    return sum(first <= n < end or (n >= known and kind_of(snapshot.id_at(n)) == "model")
               for n in nodes)  # fmt: skip


def _edges(snapshot: Snapshot, families: Families, shown: set[int], choice: EdgeChoice
           ) -> list[EdgeAnswer]:  # fmt: skip
    found: Iterable[Edge] = families.edges(shown)
    if choice == "all":
        relations = _followed(snapshot) | {IN_FAMILY}
        found = (e for n in shown for e in snapshot.lineage.parents(n, relations)
                 if e.parent in shown)  # fmt: skip
    answers = (EdgeAnswer(snapshot.id_at(e.child), snapshot.id_at(e.parent), e.relation)
               for e in found)  # fmt: skip
    return sorted(answers, key=lambda e: (e.child, e.parent, e.relation))
