"""From what is said to what holds: sorted claims in, a stream of entities out.

A fact holds its best-ranked values: preferred before normal, never rejected; within a rank the more
trusted source, then the newer one (of dates first what a person looked up); a rough value, or a broad code, gives way to a more precise one that agrees with it. A
preferred "unknown" holds against every estimate. Nothing said is dropped: every claim stays with its fact. Of what the
editors named, nothing holds that is said only by a bill of materials, or by a file that somebody handed in, and nothing
gives way to it. What a rule of ours guesses from a name is no claim of that kind: it goes where any other source states
a parent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from kg.claims._unresolved import without_explained
from kg.claims.claim_files import by_subject
from kg.claims.precision import conflict, refined
from kg.model.claim import ALIAS, EDITORS, LABEL, Claim, Entity, Fact, Said, Value
from kg.model.vocabulary import (
    DERIVED_FROM,
    LICENSE,
    RESEMBLES,
    UNRESOLVED_PARENT,
    Property,
    Vocabulary,
)

_RANKS = {"preferred": 0, "normal": 1, "rejected": 2}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far a source is trusted."""

    level: int = 9  # 1 = most; data/trust.yaml
    date: str = ""  # when it was published or read, ISO; newer wins within a level
    bulk: bool = False  # a machine-read source of many entities
    guesses: bool = False  # a rule of ours, which infers from names
    decides: bool = True  # whether an edge that rests on it alone may decide a license answer
    # What it says of things that the editors named is shown beside, and nothing rests on it
    tells_only: bool = False


Standings = Mapping[str, Standing]
Memberships = Mapping[str, frozenset[str]]  # model -> the families it stands in
_UNKNOWN = Standing(tells_only=True)
# Properties whose claims give way to a parent that another property names.
_PARENTS_ELSEWHERE = frozenset({DERIVED_FROM, RESEMBLES, UNRESOLVED_PARENT})
_FAR = 2  # levels of trust between a maker's word and that of an overview
_NONE: Memberships = MappingProxyType({})


def resolve(
    claims: Iterable[Claim],
    vocabulary: Vocabulary,
    standings: Standings,
    memberships: Memberships = _NONE,
) -> Iterator[Entity]:
    """Resolve sorted claims, one entity at a time.

    Args:
        claims: sorted as their lines are (kg/claims/claim_files.py).
        vocabulary: says which properties hold one value.
        standings: by source id; a source that is missing is trusted least.
        memberships: so that "from LLaMA 13B" refines "from LLaMA".
    """
    for id, group in by_subject(claims):
        yield resolve_entity(id, group, vocabulary, standings, memberships)


def resolve_entity(
    id: str,
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    standings: Standings,
    memberships: Memberships = _NONE,
) -> Entity:
    """Resolve all claims on one entity."""
    said: dict[str, list[Said]] = {}
    for claim in claims:
        said.setdefault(claim.property, []).append(claim.said)
    weak = _take_weak(said, standings)
    _drop_guesses(said, vocabulary, standings)
    names = _ranked(said.pop(LABEL, []), standings) + _ranked(said.pop(ALIAS, []), standings)
    known = vocabulary.properties
    facts = [
        resolve_fact(known[name], group, standings, memberships) for name, group in said.items()
    ]
    if weak:
        facts = [_beside(fact, weak.get(fact.property, ())) for fact in facts]
    if not _PARENTS_ELSEWHERE.isdisjoint(said):
        weights = frozenset(name for name in said if known[name].edge == "weights")
        facts = [_without_told_parents(fact, facts, weights, memberships) for fact in facts]
        facts = [without_explained(fact, facts, weights) for fact in facts]
    facts.sort(key=lambda fact: known[fact.property].order)
    said_names = tuple(s for s in names if not standings.get(s.source, _UNKNOWN).bulk)
    return Entity(id, _labels(names), tuple(facts), said_names)


def _take_weak(said: dict[str, list[Said]], standings: Standings) -> Mapping[str, Sequence[Said]]:
    """Take out what sources that only tell say of something that the editors named.

    A bill of materials, or a file in the form of another source, can name any model: it may tell of one, and change
    nothing that is known here.
    """
    if not any(is_editors_name(LABEL, s) for s in said.get(LABEL, ())):
        return {}
    weak: dict[str, list[Said]] = {}
    for name, group in said.items():
        found = [s for s in group if standings.get(s.source, _UNKNOWN).tells_only]
        if found:
            weak[name] = [msgspec.structs.replace(s, outranked=True) for s in found]
            said[name] = [s for s in group if s not in found]
    return weak


def is_editors_name(property: str, said: Said) -> bool:
    """Whether a claim is the name that the editors gave a thing, which makes it theirs."""
    return property == LABEL and said.source == EDITORS and said.rank == "preferred"


def _beside(fact: Fact, weak: Sequence[Said]) -> Fact:
    """A fact, with what less trusted sources say beside it."""
    return msgspec.structs.replace(fact, claims=(*fact.claims, *weak)) if weak else fact


def _drop_guesses(
    said: dict[str, list[Said]], vocabulary: Vocabulary, standings: Standings
) -> None:
    """Take out what rules guess of the parents of something of which a source states one, findable or not."""
    known = vocabulary.properties
    edges = [name for name in said if name in known and known[name].edge == "weights"]
    guessed = {n for n in edges if any(_is_guess(s, standings) for s in said[n])}
    stated = [s for name in (*edges, UNRESOLVED_PARENT) for s in said.get(name, ())]
    if not guessed or not any(_states_parent(s, standings) for s in stated):
        return
    for name in guessed:
        said[name] = [s for s in said[name] if not _is_guess(s, standings)]
        if not said[name]:
            del said[name]


def _is_guess(said: Said, standings: Standings) -> bool:
    return standings.get(said.source, _UNKNOWN).guesses


def _states_parent(said: Said, standings: Standings) -> bool:
    """Whether a source states a parent, or a person that it is not known."""
    told = said.value is not None or said.rank == "preferred"
    return told and said.rank != "rejected" and not _is_guess(said, standings)


def resolve_fact(
    prop: Property,
    said: Sequence[Said],
    standings: Standings,
    memberships: Memberships = _NONE,
) -> Fact:
    """Resolve all claims on one property of one entity."""
    if len(said) == 1 and said[0].rank != "rejected" and said[0].value is not None:
        return _unopposed(prop.name, said[0], standings)
    ranked = _ranked(_corrected(said, standings), standings, dated=prop.type == "date")
    best = [s for s in ranked if s.rank == "preferred"] or ranked
    best = [s for s in best if s.rank != "rejected" and s.value is not None]
    rough = prop.type == "date" or (
        prop.rounded and any(standings.get(s.source, _UNKNOWN).bulk for s in ranked)
    )
    values = _values(prop, best, rough)
    if prop.edge == "weights" and len(values) > 1:
        values = _without_known_families(values, memberships)
    disputed = _disputed(prop, ranked, values, rough)
    doubtful = bool(values) and not any(
        standings.get(s.source, _UNKNOWN).decides for s in best if s.value in values
    )
    if prop.name == LICENSE and disputed:
        ranked = list(_marked(ranked, values, standings))
    return Fact(prop.name, values, tuple(ranked), disputed, doubtful)


def _unopposed(property: str, said: Said, standings: Standings) -> Fact:
    """What comes of one claim that nobody rejects: nine facts of ten, so nothing is weighed for them."""
    doubtful = not standings.get(said.source, _UNKNOWN).decides
    return Fact(property, (said.value,), (said,), doubtful=doubtful)


def _marked(
    ranked: Iterable[Said], values: Collection[Value], standings: Standings
) -> Iterator[Said]:
    """Claims, those marked that give way: to a preferred one, or to one that is far more trusted.

    What a maker's own card or text says of a license stands against an overview of others; each value
    counts as its best claim does.
    """
    said = [s for s in ranked if s.rank != "rejected" and s.value is not None]
    levels: dict[Value, int] = {}
    for one in said:
        level = 0 if one.rank == "preferred" else standings.get(one.source, _UNKNOWN).level
        levels[one.value] = min(level, levels.get(one.value, level))
    best = min((levels[value] for value in values if value in levels), default=_UNKNOWN.level)
    for one in ranked:
        level = levels.get(one.value, best)
        gives_way = one.value not in values and (level > best == 0 or level >= best + _FAR)
        yield msgspec.structs.replace(one, outranked=True) if gives_way else one


def _corrected(said: Sequence[Said], standings: Standings) -> Sequence[Said]:
    """Claims, those that machines read rejected where a person rejected their value.

    What the editors reject and nobody says is left out: they only answer others.
    """
    wrong = {
        s.value: s
        for s in said
        if s.rank == "rejected" and not standings.get(s.source, _UNKNOWN).bulk
    }
    if not wrong:
        return said
    others = {s.value for s in said if s.source != EDITORS}
    return [
        msgspec.structs.replace(s, rank="rejected", reason=wrong[s.value].reason)
        if s.value in wrong and standings.get(s.source, _UNKNOWN).bulk
        else s
        for s in said
        if s.source != EDITORS or s.value not in wrong or s.value in others
    ]


def _ranked(said: Sequence[Said], standings: Standings, dated: bool = False) -> list[Said]:
    """Best first: rank, trust, then newer; else as sorted on disk.

    Args:
        said: claims on one property.
        standings: of their sources.
        dated: whether they are dates. Of a day that is past a later table knows no more, so within a level
            what a person looked up comes before what was read in bulk.
    """
    if len(said) == 1:
        return list(said)
    newest_first = sorted(said, key=lambda s: standings.get(s.source, _UNKNOWN).date, reverse=True)

    def place(one: Said) -> tuple[int, int, bool]:
        standing = standings.get(one.source, _UNKNOWN)
        return _RANKS[one.rank], standing.level, dated and standing.bulk

    return sorted(newest_first, key=place)


def _values(prop: Property, best: Sequence[Said], rough: bool) -> tuple[Value, ...]:
    if prop.type == "text":  # one value a language
        return tuple({s.lang: s.value for s in reversed(best)}.values())[::-1]
    values = tuple(dict.fromkeys(s.value for s in best))
    if not prop.single:
        return values
    values = tuple(_most_exact(prop, values))
    return tuple(refined(v, values) if rough else v for v in values[:1])


def _without_told_parents(
    fact: Fact, facts: Sequence[Fact], weights: Collection[str], memberships: Memberships
) -> Fact:
    """Of "derived from", leave to more specific facts the parents, and their families, that they tell."""
    if fact.property != DERIVED_FROM or len(facts) == 1:
        return fact
    exact = (f for f in facts if f.property in weights and f.property != DERIVED_FROM)
    told = {str(v) for f in exact for v in f.values}
    told |= {family for parent in told for family in memberships.get(parent, ())}
    kept = tuple(value for value in fact.values if value not in told)
    return msgspec.structs.replace(fact, values=kept) if len(kept) < len(fact.values) else fact


def _without_known_families(
    values: tuple[Value, ...], memberships: Memberships
) -> tuple[Value, ...]:
    """Drop a family as parent where a member of it is named as well."""
    named = {family for value in values for family in memberships.get(str(value), ())}
    return tuple(value for value in values if value not in named)


def _disputed(prop: Property, said: Sequence[Said], resolved: Sequence[Value], rough: bool) -> bool:
    """Whether the sources disagree, or a value is claimed that does not hold."""
    if prop.type == "text":
        return False
    if any(s.rank == "rejected" for s in said):
        return True
    values = {s.value for s in said if s.value is not None}
    if len(said) == 1 or not prop.single or not values:
        return False
    if not resolved:
        return True
    return conflict(values) if rough else len(_most_exact(prop, values)) > 1


def _most_exact(prop: Property, values: Collection[Value]) -> list[Value]:
    """Values without the codes of which another says the same more exactly."""
    wider = {prop.broader.get(str(value)) for value in values} if prop.broader else ()
    return [value for value in values if value not in wider]


def _labels(names: Sequence[Said]) -> dict[str, tuple[str, ...]]:
    labels: dict[str, list[str]] = {}
    for said in names:
        group = labels.setdefault(said.lang, [])
        if said.rank != "rejected" and said.value not in group:
            group.append(str(said.value))
    return {lang: tuple(group) for lang, group in sorted(labels.items()) if group}
