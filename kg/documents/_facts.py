"""What is known of a model for the lines of a form: its own facts, those of its family, those of its base models.

What is said of a family or of a base model is never told as the model's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kg.answers.show import Labels, rule_of_fact
from kg.answers.tree.unresolved import unresolved_line, unresolved_of
from kg.documents._sources import Bibliography
from kg.documents._values import behind, value_words, values_in
from kg.documents.contract import CitedPlace, DraftDetail, DraftStatement, Way
from kg.messages.message import Message
from kg.model.claim import Entity, Fact, Value
from kg.model.vocabulary import LICENSE, RESEMBLES, UNRESOLVED_PARENT
from kg.snapshot.inheritance import FamilyFact
from kg.snapshot.snapshot import Snapshot

_DISPUTED = Message("sources disagree")


class Parent(NamedTuple):
    """A model that another comes from by its weights, with what is doubted about any step to it."""

    id: str
    relation: str  # of the last step
    child: str  # below it
    fact: Fact | None  # that says so; None of the model itself
    doubts: tuple[Message, ...]


class ModelFacts:
    """Reads a model with the models that its weights come from.

    Args:
        snapshot: an open snapshot.
        entity: the model.
        labels: names of entities in the language of the document.
        cited: takes the sources of what is told.
        lang: language of the document.
    """

    def __init__(
        self, snapshot: Snapshot, entity: Entity, labels: Labels, cited: Bibliography, lang: str
    ) -> None:
        self.snapshot, self.entity, self.labels, self.cited = snapshot, entity, labels, cited
        self.lang = lang
        self._weights = snapshot.vocabulary.edges("weights")

    # ---- properties

    def said_of(self, name: str, *, bases: bool) -> Iterator[DraftStatement]:
        """What is said of a property: of the model, else of its family, else of its nearest base models.

        Args:
            name: the property.
            bases: whether the base models are asked.
        """
        if fact := self.entity.fact(name):
            yield from self.told(fact, self.entity.id, "own", labeled=True)
            return
        reached = [one for one in self._from_family if one.fact.property == name]
        if reached:
            for held in reached:
                yield from self.told(held.fact, held.family, "family", labeled=True)
            return
        for level in self._levels if bases else ():
            found = [(one, fact) for one in level if (fact := self._fact(one.id, name))]
            if any(fact.values for _, fact in found):
                for one, fact in found:
                    yield from self.told(fact, one.id, "base", labeled=True, doubts=one.doubts)
                return

    def told(
        self,
        fact: Fact,
        about: str,
        way: Way,
        *,
        labeled: bool = False,
        doubts: Sequence[Message] = (),
    ) -> Iterator[DraftStatement]:
        """The values of a fact, and what sources say against them where it is disputed.

        Args:
            fact: what was said.
            about: id of the entity it is said of.
            way: how that bears on the model.
            labeled: begin with the name of the property.
            doubts: what is not sure about the entity.
        """
        known = self.snapshot.vocabulary.properties[fact.property]
        start = f"{known.term.labels.get(self.lang, fact.property)}: " if labeled else ""
        unsure = [one.text(self.lang) for one in (*doubts, *self._doubts(fact))]

        def said(value: Value, *, against: bool = False, missing: bool = False) -> DraftStatement:
            all = [claim for claim in fact.claims if claim.value == value]
            return DraftStatement(
                text=start + value_words(value, known, self.labels, self.lang),
                way=way,
                about=self.labels.ref(about),
                cited=self.cited.cite(all if against else behind(fact, value)),
                doubts=unsure,
                against=against,
                missing=missing,
            )

        yield from map(said, values_in(fact, self.lang))
        if not fact.values and behind(fact, None):
            yield said(None, missing=True)
        if fact.disputed or not fact.values:
            yield from (said(value, against=True) for value in _rivals(fact))

    def _doubts(self, fact: Fact) -> Iterator[Message]:
        """Why a fact is not sure."""
        if fact.disputed:
            yield _DISPUTED
        if rule := rule_of_fact(self.snapshot, fact):
            yield Message("inferred by a rule: %(rule)s", rule=self.labels.name(rule))

    def _fact(self, id: str, name: str) -> Fact | None:
        return next((one.fact(name) for one in self.snapshot.those([id])), None)

    @cached_property
    def _from_family(self) -> Sequence[FamilyFact]:
        return self.snapshot.inheritance.of(self.entity)

    # ---- where its weights come from

    @cached_property
    def _levels(self) -> list[list[Parent]]:
        """The models that the weights come from: direct parents, then theirs, each once and by its surest way."""
        levels, seen = [], {self.entity.id}
        here = [Parent(id=self.entity.id, relation="", child="", fact=None, doubts=())]
        while here:
            above: dict[str, Parent] = {}
            for one in here:
                for parent in self._parents(one):
                    known = above.get(parent.id)
                    if parent.id not in seen and (
                        known is None or len(parent.doubts) < len(known.doubts)
                    ):
                        above[parent.id] = parent
            here = list(above.values())
            seen |= above.keys()
            levels += [here] if here else []
        return levels

    def _parents(self, child: Parent) -> Iterator[Parent]:
        for known in self.snapshot.those([child.id]):
            for fact in known.facts:
                if fact.property in self._weights:
                    doubts = tuple(dict.fromkeys((*child.doubts, *self._doubts(fact))))
                    for value in fact.values:
                        yield Parent(
                            id=str(value),
                            relation=fact.property,
                            child=child.id,
                            fact=fact,
                            doubts=doubts,
                        )

    @property
    def ancestors(self) -> list[Parent]:
        """All models that the weights come from, the nearest first."""
        return [one for level in self._levels for one in level]

    def parents(self, *, whole: bool) -> Iterator[DraftStatement]:
        """The models that the weights come from, with their licenses; those that are declared and cannot be found.

        Args:
            whole: all of them; if not, the direct ones.
        """
        for one in self.ancestors if whole else self._levels[0] if self._levels else []:
            yield self._parent(one, licensed=whole)
        yield from self._lost(self.entity)
        if whole:
            for known in self.snapshot.those(one.id for one in self.ancestors):
                yield from self._lost(known)

    def _parent(self, one: Parent, *, licensed: bool) -> DraftStatement:
        assert one.fact is not None
        known = self.snapshot.vocabulary.properties[one.relation]
        text = f"{known.term.labels.get(self.lang, one.relation)}: {self.labels.name(one.id)} ({one.id})"
        further = one.child != self.entity.id
        if further:
            child = self.labels.name(one.child)
            text = Message("%(parent)s, of %(child)s", parent=text, child=child).text(self.lang)
        return DraftStatement(
            text=text,
            way="base" if further else "own",
            about=self.labels.ref(one.child),
            cited=self.cited.cite(behind(one.fact, one.id)),
            doubts=[doubt.text(self.lang) for doubt in one.doubts],
            details=[self.license_of(one.id)] if licensed else [],
        )

    def _lost(self, entity: Entity) -> Iterator[DraftStatement]:
        for one in unresolved_of(entity, self.lang):
            claims = [
                said
                for fact in entity.facts
                for said in fact.claims
                if (said.source, said.locator) == (one.source, one.locator)
                and fact.property in (UNRESOLVED_PARENT, RESEMBLES)
            ]
            yield DraftStatement(
                text=unresolved_line(one).text(self.lang),
                way="own" if entity.id == self.entity.id else "base",
                about=self.labels.ref(entity.id),
                cited=self.cited.cite(claims),
                missing=True,
            )

    # ---- what is told of others

    def license_of(self, id: str) -> DraftDetail:
        """The license of a model, family or data set."""
        fact = self._fact(id, LICENSE)
        if fact and fact.values:
            return self.detail(fact)
        text = Message("its license is not known").text(self.lang)
        cited = self.cited.cite(behind(fact, None)) if fact else []
        return DraftDetail(text=text, cited=cited, doubts=[text])

    def held_claims(self, id: str, name: str) -> list[CitedPlace]:
        """The claims by which a property of an entity, or of its family, holds."""
        for known in self.snapshot.those([id]):
            reached = [f.fact for f in self.snapshot.inheritance.of(known)]
            for fact in (*known.facts, *reached):
                if fact.property == name:
                    return self.cited.cite(c for v in fact.values for c in behind(fact, v))
        return []

    def detail(self, fact: Fact) -> DraftDetail:
        """A fact of another entity in one text, with what sources say against it where it is disputed."""
        known = self.snapshot.vocabulary.properties[fact.property]
        held = values_in(fact, self.lang)
        rivals = _rivals(fact) if fact.disputed else []

        def words(values: Sequence[Value]) -> list[str]:
            return [value_words(value, known, self.labels, self.lang) for value in values]

        text = f"{known.term.labels.get(self.lang, fact.property)}: {', '.join(words(held))}"
        if rivals:
            text = Message("%(held)s; others say %(rivals)s", held=text, rivals=words(rivals)).text(
                self.lang
            )
        claims = [said for value in held for said in behind(fact, value)]
        claims += [said for said in fact.claims if said.value in rivals]
        doubts = [one.text(self.lang) for one in self._doubts(fact)]
        return DraftDetail(text=text, cited=self.cited.cite(claims), doubts=doubts)


def _rivals(fact: Fact) -> list[Value]:
    """What sources say against what holds; of what people rejected the rank tells why."""
    said = dict.fromkeys(one.value for one in fact.claims)
    return [value for value in said if value is not None and value not in fact.values]
