"""What of a snapshot waits to be judged: pairs that may be the same and that no judgement decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.claims.candidates import FLOOR, Candidate, ComparedThing, Index, candidates
from kg.claims.judgements import in_force, linker
from kg.language.names import FILLERS, read_name, spellings
from kg.model.claim import Entity, Judgement, kind_of, slug_of
from kg.model.dating import known_date
from kg.model.vocabulary import DEVELOPER, HUB_ID, PARAMETER_COUNT
from kg.snapshot.snapshot import Snapshot

KINDS = tuple(FILLERS)  # the kinds that sources name each in their own way
_MADE_BY = (DEVELOPER, "publisher", "ownedBy")


class ThingReader:
    """Reads entities of a snapshot as things to compare."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._makers: dict[str, tuple[str, ...]] = {}

    def thing(self, entity: Entity) -> ComparedThing:
        """What is known of an entity that helps to tell whether another is the same."""
        kind, slug = kind_of(entity.id), slug_of(entity.id)
        hub = [slug.removeprefix("hf/")] if slug.startswith("hf/") else []
        hub += map(str, entity.values(HUB_ID))
        names = [name for labels in entity.labels.values() for name in labels]
        makers = [
            name
            for property in _MADE_BY
            for id in entity.values(property)
            for name in self._named(str(id))
        ]
        owners = [id.partition("/")[0] for id in hub if "/" in id] if kind != "org" else []
        parameters = next(iter(entity.values(PARAMETER_COUNT)), 0)
        return make_thing(
            entity.id,
            [*names, *(id.rpartition("/")[2] for id in hub)],
            makers,
            owners,
            parameters if isinstance(parameters, int) else 0,
            known_date(entity),
            {said.source for fact in entity.facts for said in fact.claims},
        )

    def _named(self, id: str) -> tuple[str, ...]:
        if id not in self._makers:
            number = self._snapshot.lines.find(id)
            labels = self._snapshot.named(number).labels if number is not None else {}
            self._makers[id] = tuple(n for group in labels.values() for n in group) or (
                slug_of(id),
            )
        return self._makers[id]


def make_thing(
    id: str,
    names: Iterable[str],
    makers: Sequence[str] = (),
    owners: Sequence[str] = (),
    parameters: int = 0,
    date: str = "",
    sources: Iterable[str] = (),
) -> ComparedThing:
    """A thing to compare.

    Args:
        id: of the entity.
        names: as written, the main one first.
        makers: names of the organizations that made it.
        owners: names of accounts it stands under on the Hub.
        parameters: how many; 0 if not known.
        date: of its release, ISO.
        sources: that speak of it.
    """
    kind = kind_of(id)
    read = dict.fromkeys(read_name(part, kind) for name in names for part in spellings(name, kind))
    orgs = [read_name(part, "org") for name in makers for part in spellings(name, "org")]
    joined = frozenset(org.joined for org in (*orgs, *(read_name(o, "org") for o in owners)))
    words = frozenset(word for org in orgs for word in org.words)
    return ComparedThing(
        id=id,
        names=tuple(read),
        makers=joined,
        maker_words=words,
        parameters=parameters,
        date=date,
        sources=frozenset(sources),
    )


class Waiting(NamedTuple):
    """Candidates that no judgement decides."""

    candidates: list[Candidate]
    total: int  # before the limit


def waiting(
    snapshot: Snapshot,
    judgements: Sequence[Judgement],
    kinds: Sequence[str] = KINDS,
    floor: float = FLOOR,
    limit: int | None = None,
) -> Waiting:
    """The candidates of a snapshot that no judgement decides, best first.

    Args:
        snapshot: whose entities are compared; Hub entities are read as a stream.
        judgements: what was decided, also after the snapshot was built.
        kinds: of the entities.
        floor: the least score.
        limit: most candidates.
    """
    names = ThingReader(snapshot)
    index = Index(map(names.thing, _entities(snapshot, kinds, hub=False)))
    found = candidates(index, map(names.thing, _entities(snapshot, kinds, hub=True)), floor)
    decided = _Decided(snapshot, judgements)
    open_ = [candidate for candidate in found if not decided(candidate)]
    return Waiting(open_[:limit], len(open_))


def _entities(snapshot: Snapshot, kinds: Sequence[str], hub: bool) -> Iterator[Entity]:
    for kind in kinds:
        start, end = snapshot.kind_range(kind)
        first, last = (snapshot.lines.bisect(f"{kind}/hf{c}") for c in "/0")  # 0 follows /
        for number in range(first, last) if hub else (*range(start, first), *range(last, end)):
            yield snapshot.read_entity(number)


class _Decided:
    """Whether judgements decide a pair, over the ids that the snapshot has already joined."""

    def __init__(self, snapshot: Snapshot, judgements: Sequence[Judgement]) -> None:
        self._redirects = snapshot.redirects
        self._linker = linker(judgements, ())
        self._apart = {
            frozenset((self._canonical(j.left), self._canonical(j.right)))
            for j in in_force(judgements)
            if not j.same
        }

    def _canonical(self, id: str) -> str:
        joined = self._linker.canonical(id)
        return self._linker.canonical(self._redirects.get(joined, joined))

    def __call__(self, candidate: Candidate) -> bool:
        left, right = self._canonical(candidate.left), self._canonical(candidate.right)
        return left == right or frozenset((left, right)) in self._apart
