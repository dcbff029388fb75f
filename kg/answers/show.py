"""Questions put to a snapshot, answered in the types of kg/answers/contract.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.answers.contract import (
    ClaimAnswer,
    EdgeAnswer,
    FactAnswer,
    FamilyFactAnswer,
    Ref,
    ShowAnswer,
    Shown,
)
from kg.errors import DataError, UnknownId
from kg.language.lookalikes import code_point, find_lookalikes
from kg.language.remarks import remark
from kg.messages.message import Message, mark
from kg.model.claim import RULE, Entity, Fact, Said, Value, kind_of, slug_of
from kg.model.identifiers import hub_path
from kg.model.vocabulary import DERIVED_FROM, DESCRIPTION, RETRIEVED, SOURCE_TYPE, URL, Property
from kg.snapshot.inheritance import FamilyFact
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

if TYPE_CHECKING:  # `show` loads no arrays
    from kg.lineage.graph import Edge


# How the parts of a license expression are told in one label.
_BOTH, _EITHER = mark("%(left)s and %(right)s"), mark("%(left)s or %(right)s")


def _told(template: str, labels: Iterable[str], lang: str) -> str:
    return reduce(lambda left, right: Message(template, left=left, right=right).text(lang), labels)


class Labels:
    """What answers say of other entities in one language, each looked up once."""

    def __init__(self, snapshot: Snapshot, lang: str) -> None:
        self._snapshot, self._lang = snapshot, lang
        self._known: dict[str, str] = {}
        self._sources: dict[str, tuple[str, str]] = {}

    def ref(self, id: str) -> Ref:
        """An id with its label."""
        if id not in self._known:
            self._known[id] = self._found(id)
        return Ref(id, self._known[id])

    def _found(self, id: str) -> str:
        """A label; of licenses to choose from, or that hold together, those of their parts."""
        snapshot, lang = self._snapshot, self._lang
        text = unquote(slug_of(id))
        if kind_of(id) != "license" or " " not in text or snapshot.lines.find(id) is not None:
            return snapshot.label(id, lang)
        try:
            alternatives = snapshot.states.engine.terms.parse(text)
        except DataError:
            return text
        parts = ([snapshot.label(one.id, lang) for one in all] for all in alternatives)
        return _told(_EITHER, (_told(_BOTH, all, lang) for all in parts), lang)

    def name(self, id: str) -> str:
        """The label of an id."""
        return self.ref(id).label

    def remark(self, text: str) -> str:
        """A note or a reason."""
        return remark(text, self._lang)

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
        id: as a user names it: kind/slug, a bare slug, an id of the Hub, or a name.
        lang: language of labels of entities that stand as values.

    Raises:
        UnknownId: there is no such entity; says what is closest.
    """
    entity = snapshot.entity(_find(snapshot, id, lang))
    labels = Labels(snapshot, lang)
    names: dict[str, list[str]] = {"en": [], "ko": []}
    names |= {k: list(v) for k, v in entity.labels.items()}
    said = [claim_answer(name, False, labels) for name in entity.names]
    return ShowAnswer(
        id=entity.id,
        kind=kind_of(entity.id),
        labels=names,
        facts=facts_of(snapshot, entity, labels),
        names=said,
        from_family=[
            _from_family(snapshot, found, labels) for found in snapshot.inheritance.of(entity)
        ],
        lookalike=tell_lookalikes(entity, lang),
    )


def facts_of(snapshot: Snapshot, entity: Entity, labels: Labels) -> list[FactAnswer]:
    """The facts of an entity with what every source says, and what this program derived.

    Args:
        snapshot: where it stands.
        entity: any.
        labels: of what stands as a value; who asks for several entities finds each label once.
    """
    facts = [_fact(snapshot, fact, labels) for fact in entity.facts]
    return [*facts, *(_fact(snapshot, fact, labels, inferred=True) for fact in entity.inferred)]


def tell_lookalikes(entity: Entity, lang: str = "en") -> str:
    """That the id or a main name of an entity holds letters of another script; "" if none does.

    Args:
        entity: any.
        lang: language of the sentence.
    """
    main = [names[0] for names in entity.labels.values() if names]
    # Most are, and none of these is of another script
    if entity.id.isascii() and all(map(str.isascii, main)):
        return ""
    path = hub_path(entity.id)
    found = [find_lookalikes(path or slug_of(entity.id), ascii_only=bool(path))]
    found += map(find_lookalikes, main)
    letters = dict.fromkeys(letter for one in found for letter in one.letters)
    if letters:
        points = ", ".join(map(code_point, letters))
        told = Message("this name holds letters of another script: %(points)s", points=points)
        return told.text(lang)
    unseen = dict.fromkeys(sign for one in found for sign in one.unseen)
    if unseen:
        points = ", ".join(map(code_point, unseen))
        return Message("this name holds signs that cannot be seen: %(points)s", points=points).text(
            lang
        )
    return ""


def _from_family(snapshot: Snapshot, found: FamilyFact, labels: Labels) -> FamilyFactAnswer:
    name = found.fact.property
    is_entity = snapshot.vocabulary.properties[name].type == "entity"
    values = [show_value(value, is_entity, labels) for value in found.fact.values]
    value = values if len(values) > 1 else values[0]
    return FamilyFactAnswer(name, value, labels.ref(found.family))


def tell_missing(snapshot: Snapshot, error: UnknownId, lang: str = "en") -> UnknownId:
    """The error that nothing goes by a name, with what is not there and what is closest, if that is known.

    Args:
        snapshot: an open snapshot.
        error: as the snapshot raised it, or as this function gave it.
        lang: language of labels and sentences.
    """
    from kg.answers.missing import without_known  # loads the search, which no answer needs

    return without_known(snapshot, error, lang)


def _find(snapshot: Snapshot, text: str, lang: str) -> str:
    try:
        return snapshot.find(text)
    except UnknownId as error:
        raise tell_missing(snapshot, error, lang) from error


def _fact(snapshot: Snapshot, fact: Fact, labels: Labels, inferred: bool = False) -> FactAnswer:
    is_entity = snapshot.vocabulary.properties[fact.property].type == "entity"
    values = [show_value(v, is_entity, labels) for v in fact.values or _told_parents(fact)]
    value = values if len(values) > 1 else values[0] if values else None
    claims = [claim_answer(said, is_entity, labels) for said in fact.claims]
    rule = rule_of_fact(snapshot, fact)
    guess = labels.ref(rule) if rule else None
    return FactAnswer(
        property=fact.property,
        value=value,
        disputed=fact.disputed,
        claims=claims,
        inferred=inferred,
        rule=guess,
        doubtful=fact.doubtful,
    )


def _told_parents(fact: Fact) -> list[Value]:
    """What "derived from" left to more specific facts: nothing of it is unknown."""
    if fact.property != DERIVED_FROM:
        return []
    best = [said for said in fact.claims if said.rank == fact.claims[0].rank]  # best rank first
    return list(
        dict.fromkeys(s.value for s in best if s.rank != "rejected" and s.value is not None)
    )


def show_value(value: Value, is_entity: bool, labels: Labels) -> Shown:
    """A value, with its label if it is an entity."""
    return labels.ref(str(value)) if is_entity and value is not None else value


def tell_value(value: Shown, known: Property, lang: str, write: Callable[[str], str] = str) -> str:
    """A value of an answer in words.

    Args:
        value: what stands in the answer.
        known: its property.
        lang: of the words.
        write: makes a text of what has no word of its own; by default all of it.
    """
    if isinstance(value, Ref):
        return f"{value.label} ({value.id})"
    if value is None:
        return Message("unknown").text(lang)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return known.code_word(value, lang) or write(str(value))


def claim_answer(said: Said, is_entity: bool, labels: Labels) -> ClaimAnswer:
    """What one source says, with what is known of the source."""
    url, retrieved = labels.source(said.source)
    return ClaimAnswer(
        value=show_value(said.value, is_entity, labels),
        source=said.source,
        locator=said.locator,
        rank=said.rank,
        reason=labels.remark(said.reason) or None,
        url=said.url or url or None,
        retrieved=said.retrieved or retrieved or None,
        note=labels.remark(said.note) or None,
        inferred=said.inferred,
        origin=said.origin or None,
        lang=said.lang or None,
    )


def describe(entity: Entity, lang: str) -> str:
    """The description in a language, else in the other; "" if there is none."""
    fact = entity.fact(DESCRIPTION)
    said = (
        {s.lang: str(s.value) for s in reversed(fact.claims) if s.rank != "rejected"}
        if fact
        else {}
    )
    return said.get(lang) or next(iter(said.values()), "")


# ---- edges that only a rule infers: its claims hold only where no source states a parent, so one tells for all of a fact


def rule_of_edge(snapshot: Snapshot, child: Entity, relation: str) -> str | None:
    """The rule that the edges of a relation rest on, as the id of a source; None if a source states them.

    Args:
        snapshot: where the sources stand.
        child: whose edges they are.
        relation: by which it derives.
    """
    fact = child.fact(relation)
    return rule_of_fact(snapshot, fact) if fact else None


def rule_of_fact(snapshot: Snapshot, fact: Fact) -> str | None:
    """The rule that a fact rests on, as the id of a source; None if a source states it."""
    holding = [
        said for said in fact.claims if said.value in fact.values and said.rank != "rejected"
    ]
    guessed = all(said.inferred and _is_rule(snapshot, said.source) for said in holding)
    return holding[0].source if holding and guessed else None


def answer_edge(snapshot: Snapshot, edge: Edge) -> EdgeAnswer:
    """An edge as an answer has it."""
    child, parent = snapshot.id_at(edge.child), snapshot.id_at(edge.parent)
    rule = None
    if edge.relation in snapshot.lineage.weights and edge.child < len(snapshot.lines):
        rule = rule_of_edge(snapshot, snapshot.entity_at(edge.child), edge.relation)
    return EdgeAnswer(child, parent, edge.relation, rule)


@memo(most=1_000)
def _is_rule(snapshot: Snapshot, source: str) -> bool:
    number = snapshot.lines.find(source)
    return number is not None and RULE in snapshot.entity_at(number).values(SOURCE_TYPE)
