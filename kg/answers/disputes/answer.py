"""One fact and all that is said of it: which value holds and why, and what another would change; part of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from kg.answers.contract import ClaimSetAnswer, Ref, Shown
from kg.answers.disputes.reasons import ClaimRanking, Group, Why, tell_distance, tell_why, why_not
from kg.answers.license import license_answer
from kg.answers.show import Labels, claim_answer, show_value
from kg.errors import InputError
from kg.licenses.doubts import Doubts, doubt_bits, load_doubts
from kg.licenses.rules import USES
from kg.licenses.states import LICENSED
from kg.licenses.terms import Use, Verdict
from kg.licenses.wording import words_in
from kg.messages.message import Message, counted, mark
from kg.model.claim import Entity, Fact, Said, Value, kind_of, main_label
from kg.model.vocabulary import (
    ACCESS,
    DESCENDANT_COUNT,
    DEVELOPER,
    LICENSE,
    PUBLICATION_DATE,
    SOURCE_TYPE,
    Vocabulary,
)
from kg.snapshot.disputes import disputed_facts
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_CONTESTED = doubt_bits(["disputed"])
Weight = Literal["verdict", "license", "fact"]  # what hangs on a fact


class VoiceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One source that says a value."""

    source: Ref
    type: str  # sourceType
    level: int | None  # how far it was trusted, 1 = most; None where that is not known
    published: str | None  # the source
    retrieved: str | None  # when it was read
    locator: str
    url: str | None
    rank: str
    reason: str | None
    note: str | None
    origin: str | None  # file:line in data/ where it can be corrected


class SideAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One value, and who says it."""

    value: Shown
    holds: bool
    why: Why | None  # why it does not hold; None where it does
    sentence: str  # that in words; "" where it holds
    distance: str  # from what holds, of dates and numbers
    since: str | None  # the first day on which a source is known to have said so
    seen: str | None  # the last day on which one was read that does
    would: str  # what would follow if it held, or of what holds if it did not
    verdict: Verdict | None  # on commercial use then; None where that was not worked out
    voices: list[VoiceAnswer]  # the first is what ranks it


class DisputeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of one property of one entity."""

    id: str
    kind: str
    label: str
    property: str
    property_label: str
    disputed: bool  # false: whatever is said agrees, or several values may hold
    weight: Weight
    reach: int  # models that descend from it
    verdict: Verdict | None  # on commercial use as things stand; None where no license bears on it
    sides: list[SideAnswer]  # what holds first


def find_dispute(snapshot: Snapshot, name: str, property: str, lang: str = "en") -> DisputeAnswer:
    """Who says what of one property of an entity, which value holds, and what would follow from another.

    Args:
        snapshot: an open snapshot.
        name: of the entity, as a user names it.
        property: local name of a property of the ontology.
        lang: language of labels and sentences.

    Raises:
        UnknownId: there is no such entity.
        InputError: there is no such property, or nothing is said of it.
        SnapshotError: the snapshot was built before disagreements were listed.
    """
    if property not in snapshot.vocabulary.properties:
        raise InputError(Message("there is no property %(name)r", name=property[:40]))
    entity = snapshot.entity(snapshot.find(name))
    fact = entity.fact(property)
    if fact is None or not fact.claims:
        raise InputError(
            Message("no source says anything of %(name)s of %(id)s", name=property, id=entity.id)
        )
    return _Teller(snapshot, entity, fact, lang).tell()


def bears_on_licenses(vocabulary: Vocabulary, property: str) -> bool:
    """Whether license reasoning reads a property.

    >>> from kg.model.vocabulary import load_vocabulary
    >>> [bears_on_licenses(load_vocabulary(), name) for name in ("license", "trainedOn", "likes")]
    [True, True, False]
    """
    return property in (LICENSE, DEVELOPER, ACCESS) or bool(vocabulary.properties[property].edge)


def weigh(snapshot: Snapshot, number: int, property: str) -> Weight:
    """What hangs on a property of an entity: "verdict" where a verdict on it rests on a claim that others contradict.

    Args:
        snapshot: an open snapshot.
        number: of the entity.
        property: local name of a property.
    """
    if not bears_on_licenses(snapshot.vocabulary, property):
        return "fact"
    return "verdict" if bool((_doubts(snapshot)[number] & _CONTESTED).any()) else "license"


@memo(most=1)
def _doubts(snapshot: Snapshot) -> Doubts:
    return load_doubts(snapshot.folder / "release")


def group_claims(fact: Fact) -> list[Group]:
    """The claims of a fact by their value, in the order in which they were ranked; what holds first."""
    said: dict[Value, list[Said]] = {}
    for one in fact.claims:
        said.setdefault(one.value, []).append(one)
    groups = [Group(value, found) for value, found in said.items()]
    return sorted(groups, key=lambda group: group.value not in fact.values)


def ranking_of(snapshot: Snapshot, property: str) -> ClaimRanking:
    """What the claims on a property were ranked by."""
    found = disputed_facts(snapshot)
    return ClaimRanking(snapshot.vocabulary.properties[property], found.standings)


class _Teller:
    """Tells of one fact."""

    def __init__(self, snapshot: Snapshot, entity: Entity, fact: Fact, lang: str) -> None:
        self._snapshot, self._entity, self._fact, self._lang = snapshot, entity, fact, lang
        self._labels = Labels(snapshot, lang)
        self._prop = snapshot.vocabulary.properties[fact.property]
        self._ranking = ranking_of(snapshot, fact.property)
        self._sources: dict[str, Entity | None] = {}
        bears = bears_on_licenses(snapshot.vocabulary, fact.property)
        self._bears = bears and kind_of(entity.id) in LICENSED
        self._now: dict[Use, Verdict] = {}
        self._tried: dict[Use, Sequence[ClaimSetAnswer]] = {}
        for use in USES if self._bears and snapshot.states.engine.terms.kinds else ():
            answer = license_answer(snapshot, entity.id, use, lang=lang)
            self._now[use] = answer.verdict
            self._tried[use] = [
                one
                for one in answer.claim_sets
                if (one.subject, one.property) == (entity.id, fact.property)
            ]

    def tell(self) -> DisputeAnswer:
        groups = group_claims(self._fact)
        holding = groups[0] if groups and groups[0].value in self._fact.values else None
        sides = [self._side(group, holding) for group in groups]
        known = (f.values[0] for f in self._entity.inferred if f.property == DESCENDANT_COUNT)
        return DisputeAnswer(
            id=self._entity.id,
            kind=kind_of(self._entity.id),
            label=main_label(self._entity, self._lang),
            property=self._prop.name,
            property_label=self._prop.term.labels.get(self._lang, self._prop.name),
            disputed=self._fact.disputed,
            weight=weigh(self._snapshot, self._snapshot.number(self._entity.id), self._prop.name),
            reach=int(next(known, 0) or 0),
            verdict=self._now.get(USES[0]),
            sides=sides,
        )

    def _side(self, group: Group, holding: Group | None) -> SideAnswer:
        holds = group.value in self._fact.values
        why = None if holds else why_not(group, holding, self._ranking)
        voices = [self._voice(said) for said in group.said]
        days = sorted({day for one in voices for day in (one.published, one.retrieved) if day})
        read = sorted({one.retrieved for one in voices if one.retrieved})
        then = self._verdicts_if(group.value, holds)
        return SideAnswer(
            value=show_value(group.value, self._prop.type == "entity", self._labels),
            holds=holds,
            why=why,
            sentence=tell_why(why, group, holding, self._ranking, self._labels, self._lang)
            if why
            else "",
            distance=""
            if holds or holding is None
            else tell_distance(group.value, holding.value, self._prop, self._lang),
            since=days[0] if days else None,
            seen=read[-1] if read else None,
            would=self._would(then, holds),
            verdict=then.get(USES[0]),
            voices=voices,
        )

    def _verdicts_if(self, value: Value, holds: bool) -> dict[Use, Verdict]:
        """The verdicts if a license held; of the only parent that holds, if it were not there."""
        found: dict[Use, Verdict] = {}
        for use, tried in self._tried.items():
            if self._prop.name == LICENSE:
                told = next((one.verdict for one in tried if one.value == value), None)
                told = told or (self._now[use] if holds else None)
            else:
                told = tried[0].verdict if tried and holds and len(self._fact.values) == 1 else None
            if told:
                found[use] = told
        return found

    def _would(self, then: Mapping[Use, Verdict], holds: bool) -> str:
        """What would follow, in sentences."""
        lang, words = self._lang, words_in(self._lang)
        if not self._bears:
            return Message("No license verdict reads this property.").text(lang)
        if not then:
            told = mark("License reasoning reads this; what would follow is not worked out here.")
            return Message(told).text(lang)
        if holds and self._prop.name == LICENSE:
            now = words[self._now[USES[0]]]
            return Message("As things stand, commercial use is %(now)s.", now=now).text(lang)
        changed = [use for use, verdict in then.items() if verdict != self._now[use]]
        if not changed:
            return Message("No verdict would change.").text(lang)
        template = (
            mark("Without it, %(use)s would be %(then)s instead of %(now)s.")
            if holds
            else mark("If it held, %(use)s would be %(then)s instead of %(now)s.")
        )
        return " ".join(
            Message(
                template, use=words[use], then=words[then[use]], now=words[self._now[use]]
            ).text(lang)
            for use in changed
        )

    def _voice(self, said: Said) -> VoiceAnswer:
        claim = claim_answer(said, False, self._labels)
        about = self._source(said.source)
        standing = self._ranking.standings.get(said.source)
        type, published = (
            str(next(iter(about.values(name)), "") or "") if about else ""
            for name in (SOURCE_TYPE, PUBLICATION_DATE)
        )
        return VoiceAnswer(
            source=self._labels.ref(said.source),
            type=type,
            level=standing.level if standing else None,
            published=published or None,
            retrieved=claim.retrieved,
            locator=said.locator,
            url=claim.url,
            rank=said.rank,
            reason=claim.reason,
            note=claim.note,
            origin=claim.origin,
        )

    def _source(self, id: str) -> Entity | None:
        if id not in self._sources:
            number = self._snapshot.lines.find(id)
            self._sources[id] = None if number is None else self._snapshot.entity_at(number)
        return self._sources[id]


def tell_reach(reach: int, lang: str) -> str:
    """How many models descend from an entity, in words; "" of none."""
    if not reach:
        return ""
    return counted("%(num)s model derives from it", "%(num)s models derive from it", reach).text(
        lang
    )
