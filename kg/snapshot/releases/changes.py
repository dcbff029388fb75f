"""What changed from one release to the next: two sorted streams of entities, compared line by line.

Memory is bounded by one entity of each side, however many there are: both files are sorted by id, and
lines that are the same byte for byte are not even read. Of an entity that goes by a new id the line
under the old one is looked up. What follows from the facts of other entities, such as the number of
descendants, does not count as a change of an entity; its verdict does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeVar, get_args

import msgspec

from kg.model.claim import ALIAS, LABEL, Entity, Fact, Value
from kg.model.vocabulary import COMMERCIAL_VERDICT, Vocabulary

What = Literal[
    "entity-added",
    "entity-removed",
    "entity-renamed",
    "value-added",
    "value-removed",
    "value-changed",
    "verdict-changed",
    "dispute-began",
    "dispute-ended",
]
WHATS: tuple[What, ...] = get_args(What)

# Why a value no longer holds: a person preferred another, or rejected it; nobody says it any more; a
# source that was not there before outranks it; or the sources rank otherwise than they did.
Why = Literal["", "preferred", "rejected", "withdrawn", "outranked", "reranked"]

Look = Callable[[str], bytes | None]
_T = TypeVar("_T")
_ID = len('{"id":"')
_entity = msgspec.json.Decoder(Entity)
_NO_FACT = Fact("", (), ())


class Change(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, kw_only=True):
    """One thing that is otherwise than before."""

    what: What
    property: str = ""  # local name; of an entity as a whole ""
    before: tuple[Value, ...] = ()  # values that no longer hold, the former verdict, the former id
    # Values that hold now and did not; of a dispute, all that is said
    after: tuple[Value, ...] = ()
    why: Why = ""
    reason: str = ""  # in the words of who preferred or rejected a claim
    sources: tuple[str, ...] = ()  # that say what holds now
    facts: int = 0  # of an entity that is new or gone; -1 = not known


class Changed(msgspec.Struct, frozen=True, gc=False):
    """All that changed on one entity."""

    id: str
    labels: dict[str, str]  # language -> main label
    changes: tuple[Change, ...]


class _Terms(NamedTuple):
    """What both releases are read with."""

    entities: frozenset[str]  # properties whose values are ids
    moved: Mapping[str, str]  # old id -> the id it goes by now


def compare_entities(
    old: Iterable[bytes],
    new: Iterable[bytes],
    moved: Mapping[str, str],
    vocabulary: Vocabulary,
    look: Look,
) -> Iterator[Changed]:
    """What changed between two releases, by id.

    Args:
        old: the lines of the older entities.jsonl.
        new: those of the newer one.
        moved: the redirects of the newer release: old id -> the id it goes by now.
        vocabulary: says which properties hold ids.
        look: the line of an id in the older release, if it is there.
    """
    terms = _Terms(
        frozenset(n for n, p in vocabulary.properties.items() if p.type == "entity"), moved
    )
    came_from = {now: was for was, now in moved.items() if look(was) and not look(now)}
    for before, after in _side_by_side(old, new):
        if before == after:
            continue
        if after is None:
            known = _decoded(before)
            if came_from.get(moved.get(known.id, "")) != known.id:
                yield _gone(known, moved.get(known.id))
        else:
            found = _decoded(after)
            was = came_from.get(found.id) if before is None else None
            changed = _changed(before or (look(was) if was else None), found, terms)
            if changed.changes:
                yield changed


def id_in(line: bytes) -> bytes:
    """The id a line of entities.jsonl begins with.

    >>> id_in(b'{"id":"model/a","labels":{}}')
    b'model/a'
    """
    return line[_ID : line.index(b'"', _ID)]


def _side_by_side(
    old: Iterable[bytes], new: Iterable[bytes]
) -> Iterator[tuple[bytes | None, bytes | None]]:
    """The lines of each id: of the older and of the newer release, None where it is missing."""
    olds, news = iter(old), iter(new)
    left, right = next(olds, None), next(news, None)
    while left is not None or right is not None:
        order = _order(left, right)
        yield (left if order <= 0 else None), (right if order >= 0 else None)
        if order <= 0:
            left = next(olds, None)
        if order >= 0:
            right = next(news, None)


def _order(left: bytes | None, right: bytes | None) -> int:
    """Below 0 if the left line comes first, 0 if both are on one id."""
    if left is None or right is None:
        return 1 if left is None else -1
    if left == right:
        return 0
    one, other = id_in(left), id_in(right)
    return (one > other) - (one < other)


def _decoded(line: bytes | None) -> Entity:
    return _entity.decode(line or b"")


def _main(entity: Entity) -> dict[str, str]:
    return {code: names[0] for code, names in entity.labels.items() if names}


def _gone(entity: Entity, now: str | None) -> Changed:
    """An entity that is not there any more, or that became part of one that was there before."""
    change = (
        Change(what="entity-renamed", before=(entity.id,), after=(now,))
        if now
        else Change(what="entity-removed", facts=len(entity.facts))
    )
    return Changed(entity.id, _main(entity), (change,))


def _changed(before: bytes | None, after: Entity, terms: _Terms) -> Changed:
    """What is otherwise on an entity; `before` is its former line, maybe under another id."""
    if before is None:
        found = [Change(what="entity-added", facts=len(after.facts))]
    else:
        former = _decoded(before)
        found = [
            *_renamed(former, after),
            *_names(former, after),
            *_facts(former, after, terms),
            *_verdict(former, after),
        ]
    return Changed(after.id, _main(after), tuple(found))


def _renamed(before: Entity, after: Entity) -> Iterator[Change]:
    if before.id != after.id:
        yield Change(what="entity-renamed", before=(before.id,), after=(after.id,))


def _names(before: Entity, after: Entity) -> Iterator[Change]:
    """Main labels and other names, of all languages together."""
    for name, part in ((LABEL, slice(0, 1)), (ALIAS, slice(1, None))):
        was, now = (
            [n for names in e.labels.values() for n in names[part]] for e in (before, after)
        )
        gone, come = _without(was, now), _without(now, was)
        if gone or come:
            yield Change(what=_kind(gone, come), property=name, before=gone, after=come)


def _facts(before: Entity, after: Entity, terms: _Terms) -> Iterator[Change]:
    names = dict.fromkeys(fact.property for fact in (*after.facts, *before.facts))
    for name in names:
        was, now = before.fact(name) or _NO_FACT, after.fact(name) or _NO_FACT
        if was != now:
            yield from _values(name, _moved(was, name, terms), now)
            yield from _dispute(name, was, now)


def _moved(fact: Fact, name: str, terms: _Terms) -> Fact:
    """A fact of the older release with the ids of the newer one."""
    if name not in terms.entities or not any(v in terms.moved for v in fact.values):
        return fact
    values = tuple(terms.moved.get(str(v), v) for v in fact.values)
    return msgspec.structs.replace(fact, values=values)


def _values(name: str, was: Fact, now: Fact) -> Iterator[Change]:
    gone, come = _without(was.values, now.values), _without(now.values, was.values)
    if gone or come:
        why, reason = _why(was, now, gone, come) if gone else ("", "")
        saying = (s.source for s in now.claims if s.value in come and s.rank != "rejected")
        yield Change(
            what=_kind(gone, come),
            property=name,
            before=gone,
            after=come,
            why=why,
            reason=reason,
            sources=tuple(dict.fromkeys(saying)),
        )


def _kind(gone: object, come: object) -> What:
    return "value-changed" if gone and come else "value-added" if come else "value-removed"


def _without(values: Iterable[_T], others: Iterable[_T]) -> tuple[_T, ...]:
    known = frozenset(others)
    return tuple(value for value in values if value not in known)


def _why(was: Fact, now: Fact, gone: tuple[Value, ...], come: tuple[Value, ...]) -> tuple[Why, str]:
    """Why some values no longer hold, in our words and in those of who decided it."""
    for said in now.claims:
        if said.rank == "preferred" and said.value in come and said not in was.claims:
            return "preferred", said.reason
    for said in now.claims:
        if said.rank == "rejected" and said.value in gone:
            return "rejected", said.reason
    if not any(said.value in gone for said in now.claims):
        return "withdrawn", ""
    known = {said.source for said in was.claims}
    best = next((said.source for said in now.claims if said.value in come), None)
    return ("outranked" if best and best not in known else "reranked"), ""


def _dispute(name: str, was: Fact, now: Fact) -> Iterator[Change]:
    if was.disputed != now.disputed:
        said = dict.fromkeys(s.value for s in now.claims if s.value is not None)
        what: What = "dispute-began" if now.disputed else "dispute-ended"
        yield Change(what=what, property=name, after=tuple(said) if now.disputed else now.values)


def _verdict(before: Entity, after: Entity) -> Iterator[Change]:
    was, now = (
        next((f.values for f in e.inferred if f.property == COMMERCIAL_VERDICT), ())
        for e in (before, after)
    )
    if was != now:
        yield Change(what="verdict-changed", property=COMMERCIAL_VERDICT, before=was, after=now)
