"""Ids that name the same thing by what their sources say of it: ties weaker than every other.

Two models are one if they have the same name to the last word and size, the same maker, and nothing known
of both differs: parameters, month of release. Two organizations are one if they have the same name. Ids of
one space (a source, the Hub, curated data) name different things, so ties never join two of them, and an id
with several twins in one space is tied to the one of the same main name, or to none.

tests/linking measures how often a tie is right; docs/decisions/0036-ties-by-name.md says why they are made
at each build. One line of data/judgements.yaml undoes one. What is on the Hub streams past what is not, and
only namesakes are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, groupby, product
from typing import NamedTuple, TypeVar

import msgspec

from kg.claims.accounts import Accounts
from kg.claims.linking import NAMED, Linker, Tie
from kg.language.folding import fold
from kg.language.names import read_name, spellings
from kg.model.claim import ALIAS, LABEL, Claim, kind_of, slug_of
from kg.model.identifiers import hub_path
from kg.model.vocabulary import API_NAME, DEVELOPER, PARAMETER_COUNT, RELEASE_DATE

WHY = "the same name and maker, and nothing that differs"
_MADE_BY = frozenset((DEVELOPER, "publisher", "ownedBy"))
_MONTHS = 1  # dates of one thing lie no further apart
_SHORTEST = 3  # letters of a maker's name that begin another's
_NEAR = 0.12  # counts of one thing differ no more: 7B and 6,738,415,616
# Steps of training. A short name that leaves one out may mean the model before it.
_STEPS = frozenset("instruct instruction it chat base pt pretrained sft dpo rlhf thinking".split())

T = TypeVar("T")
Claims = Callable[[], Iterable[Claim]]
Key = tuple[str, ...]


class Described(msgspec.Struct):
    """What sources say of a thing that tells whether another id names it."""

    id: str  # what it goes by without these ties
    spaces: set[str]  # who gave the ids that it goes by; "" is curated data
    labels: dict[str, None] = {}  # the main one first
    aliases: dict[str, None] = {}
    makers: set[str] = set()  # ids
    counts: dict[int, None] = {}
    dates: dict[str, None] = {}
    settled: set[str] = set()  # properties that curated data tells

    def add(self, claim: Claim) -> None:
        """Take in what a claim tells; of numbers and dates curated data, which comes first, is enough."""
        property, value = claim.property, claim.said.value
        if claim.said.rank == "rejected" or value is None:
            return
        if not _space(claim.subject):
            self.settled.add(property)
        elif property in self.settled and property in (PARAMETER_COUNT, RELEASE_DATE):
            return
        if property == LABEL:
            self.labels[str(value)] = None
        elif property in (ALIAS, API_NAME):
            self.aliases[str(value)] = None
        elif property in _MADE_BY:
            self.makers.add(str(value))
        elif property == PARAMETER_COUNT and isinstance(value, int):
            self.counts[value] = None
        elif property == RELEASE_DATE:
            self.dates[str(value)] = None


class _Pair(NamedTuple):
    """Two things of one name and maker."""

    left: str
    right: str
    main: bool  # it is the main name of each
    agree: bool  # nothing known of both differs


def find_twins(claims: Claims, linker: Linker, accounts: Accounts) -> list[Tie]:
    """The ties that follow from names.

    Args:
        claims: gives all claims, in their own ids; it is asked twice.
        linker: the ties that go before these.
        accounts: who uploads again what others made: under the names that those gave it.
    """
    found = _Twins(linker)
    for subject, said in _by_subject(claims()):
        if not _on_hub(subject):
            found.describe(subject, said)
    found.learn_names()
    for subject, said in _by_subject(claims()):
        owner = hub_path(subject).partition("/")[0]
        if kind_of(subject) == "model" and _on_hub(subject) and not accounts.copies(owner):
            found.pass_by(subject, said)
    return found.ties()


def _by_subject(claims: Iterable[Claim]) -> Iterator[tuple[str, Iterator[Claim]]]:
    for subject, said in groupby(claims, key=lambda claim: claim.subject):
        if kind_of(subject) in ("model", "org"):
            yield subject, said


def _on_hub(id: str) -> bool:
    return slug_of(id).startswith("hf/")


def _space(id: str) -> str:
    prefix, slash, _ = slug_of(id).partition("/")
    return prefix if slash else ""


class _Twins:
    """Things that are described, and which of them have the same name."""

    def __init__(self, linker: Linker) -> None:
        self._canonical = linker.canonical
        self._former: dict[str, list[str]] = defaultdict(list)
        for old, id in linker.redirects.items():
            self._former[id].append(old)
        self._things: dict[str, Described] = {}
        self._named: dict[tuple[str, Key], list[str]] = defaultdict(list)

    def describe(self, subject: str, said: Iterable[Claim]) -> None:
        """Take in what is said of a thing that is not on the Hub."""
        thing = self._thing(subject)
        for claim in said:
            thing.add(claim)

    def _thing(self, subject: str) -> Described:
        id = self._canonical(subject)
        if id not in self._things:
            self._things[id] = self._new(id)
        return self._things[id]

    def _new(self, id: str) -> Described:
        ids = (id, *self._former[id])
        thing = Described(id, {_space(one) for one in ids})
        for one in ids:
            if path := hub_path(one):
                thing.aliases[path.rpartition("/")[2]] = None
                thing.makers.add(f"org/hf/{path.partition('/')[0]}")
        return thing

    def learn_names(self) -> None:
        """Sort all that was described by its names."""
        for id, thing in self._things.items():
            for key in self._keys(thing):
                self._named[kind_of(id), key].append(id)

    def pass_by(self, subject: str, said: Iterable[Claim]) -> None:
        """Take in a model of the Hub if it is known already, or has the name of one that is."""
        id = self._canonical(subject)
        thing = self._things.get(id) or self._new(id)
        for claim in said:
            thing.add(claim)
        if id in self._things:
            return
        for key in self._keys(thing):
            if ("model", key) in self._named:
                self._named["model", key].append(id)
                self._things[id] = thing

    def _keys(self, thing: Described) -> set[Key]:
        if kind_of(thing.id) == "org":
            return {(fold(name),) for name in (*thing.labels, *thing.aliases)}
        words = frozenset(word for name in self._makers(thing) for word in _words(name))
        return {key for name in _names(thing) for key in _model_keys(name, words)}

    def _makers(self, thing: Described) -> set[str]:
        """The names of those who made a thing."""
        ids = {self._canonical(maker) for maker in thing.makers}
        return {name for id in ids for name in self._maker_names(id)}

    def _maker_names(self, id: str) -> Iterable[str]:
        known = self._things.get(id)
        return (*known.labels, *known.aliases) if known else (slug_of(id).rpartition("/")[2],)

    def ties(self) -> list[Tie]:
        """The pairs that are one, without those that leave a doubt."""
        pairs = {pair for ids in self._named.values() for pair in self._pairs(ids)}
        clear = sorted(_clear(pairs, self._things), key=lambda p: (not p.main, p.left, p.right))
        groups = _Spaces({id: thing.spaces for id, thing in self._things.items()})
        return [Tie(p.left, p.right, NAMED, WHY) for p in clear if groups.join(p.left, p.right)]

    def _pairs(self, ids: Iterable[str]) -> Iterator[_Pair]:
        for left, right in combinations(sorted(set(ids)), 2):
            one, other = self._things[left], self._things[right]
            if one.spaces.isdisjoint(other.spaces) and self._same_maker(one, other):
                main = fold(_main(one)) == fold(_main(other))
                yield _Pair(left, right, main, self._agree(one, other))

    def _agree(self, one: Described, other: Described) -> bool:
        if kind_of(one.id) == "org":
            return True
        return _alike(one.counts, other.counts, _near) and _alike(
            one.dates, other.dates, _in_a_month
        )

    def _same_maker(self, one: Described, other: Described) -> bool:
        """Whether both have a maker of one name; a laboratory of it will do if more speaks for the pair."""
        if kind_of(one.id) == "org":
            return True
        mine, theirs = (
            {fold(part) for name in self._makers(thing) for part in spellings(name, "org")}
            for thing in (one, other)
        )
        if not mine.isdisjoint(theirs):
            return True
        told = (one.counts and other.counts) or (one.dates and other.dates)
        return bool(told) and any(map(_within, product(mine, theirs)))


def _names(thing: Described) -> Iterator[str]:
    """The names that mean this thing and no step of its training before or after it."""
    steps = _steps(_main(thing))
    return (name for name in (*thing.labels, *thing.aliases) if _steps(name) == steps)


def _main(thing: Described) -> str:
    return next(iter(thing.labels), "")


def _steps(name: str) -> frozenset[str]:
    return _STEPS.intersection(read_name(name).words)


def _words(maker: str) -> Iterator[str]:
    for part in spellings(maker, "org"):
        yield from read_name(part, "org").words


def _model_keys(name: str, makers: frozenset[str]) -> Iterator[Key]:
    """A name as it is compared, with its maker's in front of it and without."""
    for part in spellings(name):
        parsed = read_name(part)
        sizes = [str(size) for size in parsed.sizes]
        yield parsed.joined, *sizes
        joined = parsed.joined
        for word in parsed.words:
            if word not in makers or not joined.startswith(word) or joined == word:
                break
            joined = joined[len(word) :]
            yield joined, *sizes


def _alike(mine: Iterable[T], theirs: Iterable[T], same: Callable[[T, T], bool]) -> bool:
    """Whether all that two sides say can be one; a side that contradicts itself is like nothing."""
    return all(same(a, b) for a, b in product(mine, theirs))


def _within(makers: tuple[str, str]) -> bool:
    """Whether the name of a maker begins that of another: Google, and Google DeepMind."""
    short, long = sorted(makers, key=len)
    return len(short) >= _SHORTEST and long.startswith(short)


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= _NEAR * max(one, other)


def _in_a_month(one: str, other: str) -> bool:
    """Whether two dates may lie in one month or the next; a year alone may mean any of its months."""
    if min(len(one), len(other)) < 7:
        return one[:4] == other[:4]
    (year, month), (other_year, other_month) = ((int(d[:4]), int(d[5:7])) for d in (one, other))
    return abs((year - other_year) * 12 + month - other_month) <= _MONTHS


def _clear(pairs: Iterable[_Pair], things: Mapping[str, Described]) -> Iterator[_Pair]:
    """The pairs that agree, and of which neither side has another as good in the space of the other."""
    beside: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    sides: dict[_Pair, list[tuple[str, str]]] = {}
    for pair in pairs:
        left, right = things[pair.left], things[pair.right]
        sides[pair] = [(left.id, s) for s in right.spaces] + [(right.id, s) for s in left.spaces]
        for side in sides[pair]:
            beside[side].append(pair)
    for pair, own in sides.items():
        rivals = {rival for side in own for rival in beside[side]} - {pair}
        rivals = {rival for rival in rivals if rival.agree or rival.main > pair.main}
        if pair.agree and all(pair.main > rival.main for rival in rivals):
            yield pair


class _Spaces:
    """Groups of ids that never hold two of one space."""

    def __init__(self, spaces: Mapping[str, set[str]]) -> None:
        self._group = {id: id for id in spaces}
        self._spaces = {id: set(some) for id, some in spaces.items()}

    def join(self, left: str, right: str) -> bool:
        """Put two groups together, if they share no space."""
        one, other = self._root(left), self._root(right)
        if one == other or not self._spaces[one].isdisjoint(self._spaces[other]):
            return False
        self._group[other] = one
        self._spaces[one] |= self._spaces.pop(other)
        return True

    def _root(self, id: str) -> str:
        while (up := self._group[id]) != id:
            id = up
        return id
