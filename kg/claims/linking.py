"""Which ids name the same thing: judgements and exact Hub ids, as one mapping to canonical ids.

Invariants: `canonical` is a pure function of the sets of ties and of ids to keep apart; their order
does not matter. Two ids that are kept apart never have one canonical id, by whatever chain of ties:
ties are taken by strength, and one that would close such a chain is left out and named. An id of data/
is canonical before every other, then a slug before a Hub path, a Hub path before the id another source
made, that before a local one; then a current name before an old one; then the smallest.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from kg.model.claim import Claim, kind_of, slug_of
from kg.model.vocabulary import HUB_ID, Vocabulary

# Strength of a tie: a person's word, a Hub id in data/, an id in a run, names that are the same, what a file says that
# somebody handed in.
JUDGED, CURATED, FOUND, NAMED, HANDED = range(5)


class Tie(NamedTuple):
    """Two ids that are said to name the same thing; the smaller its number, the stronger it is."""

    left: str
    right: str
    strength: int = JUDGED
    why: str = ""


class Dropped(NamedTuple):
    """A tie that was left out, because with others it would merge two ids that are kept apart."""

    tie: Tie
    apart: tuple[str, str]
    chain: tuple[Tie, ...]  # from the first of `apart` to the second; the tie is one of them

    def __str__(self) -> str:
        ids = [self.apart[0]]
        for tie in self.chain:
            ids.append(tie.right if tie.left == ids[-1] else tie.left)
        return " = ".join(ids)


class Linker:
    """Maps ids to canonical ids.

    Args:
        ties: pairs that are the same.
        apart: pairs that are not, whatever the ties say.
        outdated: ids that are old names or wrong spellings.
        curated: ids of data/.
    """

    def __init__(
        self,
        ties: Iterable[Tie] = (),
        apart: Iterable[tuple[str, str]] = (),
        outdated: Collection[str] = (),
        curated: Collection[str] = (),
    ) -> None:
        self.dropped: list[Dropped] = []
        groups = _Groups(apart, outdated, curated)
        for tie in sorted(map(_ordered, set(ties)), key=_strongest_first):
            if enemies := groups.enemies(tie):
                chain = tuple(groups.chain(tie, enemies))
                self.dropped.append(Dropped(tie, enemies, chain))
            else:
                groups.join(tie)
        self._canonical = groups.canonical()

    def canonical(self, id: str) -> str:
        """The id that an id goes by."""
        return self._canonical.get(id, id)

    @property
    def redirects(self) -> Mapping[str, str]:
        """Every id that goes by another, with that other."""
        return dict(sorted(self._canonical.items()))


def _ordered(tie: Tie) -> Tie:
    return tie if tie.left <= tie.right else tie._replace(left=tie.right, right=tie.left)


def _strongest_first(tie: Tie) -> tuple[int, str, str, str]:
    return tie.strength, tie.left, tie.right, tie.why


class _Groups:
    """Disjoint sets of ids. A group knows the groups it must not join by ids kept apart."""

    def __init__(
        self,
        apart: Iterable[tuple[str, str]],
        outdated: Collection[str],
        curated: Collection[str],
    ) -> None:
        self._outdated, self._curated = outdated, curated
        self._parent: dict[str, str] = {}
        self._joined: dict[str, list[Tie]] = defaultdict(list)  # only of groups with enemies
        self._apart: dict[str, set[str]] = defaultdict(set)  # root -> its ids that have enemies
        self._enemies: dict[str, set[str]] = defaultdict(set)  # id -> ids
        for left, right in apart:
            if left != right:
                self._enemies[left].add(right)
                self._enemies[right].add(left)
                self._apart[left] |= {left}
                self._apart[right] |= {right}

    def root(self, id: str) -> str:
        parent = self._parent
        while (up := parent.setdefault(id, id)) != id:
            parent[id] = id = parent[up]
        return id

    def enemies(self, tie: Tie) -> tuple[str, str] | None:
        """The smallest pair kept apart that a tie would bring together, from its left to its right."""
        left, right = self.root(tie.left), self.root(tie.right)
        if left == right or left not in self._apart or right not in self._apart:
            return None
        pairs = ((a, b) for a in self._apart[left] for b in self._enemies[a])
        return min((pair for pair in pairs if self.root(pair[1]) == right), default=None)

    def join(self, tie: Tie) -> None:
        first, second = sorted((self.root(tie.left), self.root(tie.right)), key=self._preference)
        if self._enemies:
            self._joined[tie.left].append(tie)
            self._joined[tie.right].append(tie)
        if first == second:
            return
        self._parent[second] = first
        if second in self._apart:
            self._apart[first] |= self._apart.pop(second)

    def chain(self, tie: Tie, apart: tuple[str, str]) -> list[Tie]:
        """The ties from one id kept apart to the other, over a tie that is not taken."""
        return [*self._path(apart[0], tie.left), tie, *self._path(tie.right, apart[1])]

    def _path(self, start: str, end: str) -> list[Tie]:
        came: dict[str, tuple[str, Tie] | None] = {start: None}
        ahead = deque([start])
        while end not in came:
            at = ahead.popleft()
            for tie in self._joined[at]:
                other = tie.right if tie.left == at else tie.left
                if other not in came:
                    came[other] = (at, tie)
                    ahead.append(other)
        path: list[Tie] = []
        while step := came[end]:
            end = step[0]
            path.append(step[1])
        return path[::-1]

    def _preference(self, id: str) -> tuple[bool, int, bool, str]:
        prefix, slash, _ = slug_of(id).partition("/")
        rank = {"hf": 1, "local": 3}.get(prefix, 2) if slash else 0
        return id not in self._curated, rank, id in self._outdated, id

    def canonical(self) -> dict[str, str]:
        return {id: root for id in tuple(self._parent) if (root := self.root(id)) != id}


def harmless_ties(
    ties: Iterable[Tie],
    linker: Linker,
    curated: Collection[str],
    spoken: Callable[[Collection[str]], Collection[str]],
) -> list[Tie]:
    """Ties that a file says which somebody handed in, without those that would bring facts to a curated thing.

    A file may say that it speaks of a curated thing under a name of its own. It cannot say that a curated thing is
    another one that is known here, because what is known of that would then be said of the curated one.

    Args:
        ties: what the file says, or what follows from the names in it.
        linker: all other ties.
        curated: ids of data/.
        spoken: of some ids, those on which other sources say anything.
    """
    found = sorted({_ordered(tie) for tie in ties}, key=_strongest_first)
    ids = {id for tie in found for id in (tie.left, tie.right)}
    goes_by = {id: linker.canonical(id) for id in ids}
    theirs = {id for id in goes_by.values() if id in curated}
    if not theirs:
        return found
    known = {*spoken(ids), *linker.redirects, *linker.redirects.values()}
    firm = theirs | {goes_by[id] for id in ids & known}
    together = Linker(Tie(goes_by[tie.left], goes_by[tie.right]) for tie in found)
    counts = Counter(together.canonical(id) for id in firm)
    barred = {id for id in theirs if counts[together.canonical(id)] > 1}
    return [t for t in found if barred.isdisjoint((goes_by[t.left], goes_by[t.right]))]


def link(claims: Iterable[Claim], linker: Linker, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Put canonical ids into claims, as subjects and values."""
    entities = frozenset(p.name for p in vocabulary.properties.values() if p.type == "entity")
    known = frozenset(linker.redirects)
    for claim in claims:
        is_entity = claim.property in entities
        if claim.subject in known or (is_entity and claim.said.value in known):
            claim = _relink(claim, linker, is_entity)
        yield claim


def _relink(claim: Claim, linker: Linker, is_entity: bool) -> Claim:
    said = claim.said
    if is_entity and isinstance(said.value, str):
        said = msgspec.structs.replace(said, value=linker.canonical(said.value))
    return Claim(linker.canonical(claim.subject), claim.property, said)


def hub_ties(claims: Iterable[Claim]) -> Iterator[Tie]:
    """The ties that follow from exact Hub ids: an entity and its path `kind/hf/…`."""
    for claim in claims:
        if claim.property == HUB_ID and claim.said.rank != "rejected":
            path = f"{kind_of(claim.subject)}/hf/{claim.said.value}"
            yield Tie(claim.subject, path, CURATED, "data/ names this Hub id")
