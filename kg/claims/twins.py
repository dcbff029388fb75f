"""Ids that name the same thing by what their sources say of it: ties weaker than every other.

Two models are one if they have the same name to the last word and size, the same maker, and nothing known
of both differs: parameters, month of release. Models of one space (a source, the Hub, curated data) are
different, so ties never join two of them, and one with several twins in a space is tied to that of the same
main name, or to none. Two organizations are one if they have the same name; within one source, the same main name.

tests/linking measures how often a tie is right; docs/decisions/0037-ties-by-name.md says why they are made
at each build. One line of data/judgements.yaml undoes one. What is on the Hub streams past what is not, and
only namesakes are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, groupby, product
from operator import attrgetter
from typing import NamedTuple

from kg.claims._described import (
    Described,
    Key,
    agree,
    main_name,
    maker_words,
    model_keys,
    own_names,
    space_of,
)
from kg.claims.accounts import Accounts
from kg.claims.claim_files import Wanted
from kg.claims.linking import NAMED, Linker, Tie
from kg.language.folding import fold
from kg.language.names import read_name, spellings
from kg.model.claim import Claim, kind_of, slug_of
from kg.model.identifiers import hub_path

WHY = "the same name and maker, and nothing that differs"
_HUB = "model/hf/"
_SHORTEST = 3  # letters of a maker's name that begin another's

Claims = Callable[[Wanted], Iterable[Claim]]
Sift = Callable[["HubSieve"], Iterable[str]]


class _Pair(NamedTuple):
    """Two things of one name and maker."""

    left: str
    right: str
    main: bool  # it is the main name of each
    agree: bool  # nothing known of both differs


def find_twins(
    off_hub: Iterable[Claim],
    claims: Claims,
    linker: Linker,
    accounts: Accounts,
    sift: Sift | None = None,
) -> list[Tie]:
    """The ties that follow from names.

    Args:
        off_hub: all claims on models and organizations that are not on the Hub.
        claims: gives all claims on the subjects that are wanted, in their own ids.
        linker: the ties that go before these.
        accounts: who uploads again what others made: under the names that those gave it.
        sift: gives the subjects of all claims that a sieve lets through, where several processes find them; None = one
            pass does both.
    """
    found = _Twins(linker, accounts)
    for subject, said in groupby(off_hub, key=_subject):
        found.describe(subject, said)
    found.learn_names()
    sieve = HubSieve(found, accounts)
    wanted: Wanted = sieve.wants
    if sift:
        met = {linker.canonical(id) for id in sift(sieve)}
        met.update(old for old, id in linker.redirects.items() if id in met)
        wanted = frozenset(filter(sieve.wants, met)).__contains__  # which can be pickled
    for subject, said in groupby(claims(wanted), key=_subject):
        found.pass_by(subject, said)
    return found.ties()


def is_off_hub(id: str) -> bool:
    """Whether an id is that of a model or an organization that is not on the Hub."""
    return kind_of(id) in ("model", "org") and not slug_of(id).startswith("hf/")


_subject = attrgetter("subject")


class _Twins:
    """Things that are described, and which of them have the same name."""

    def __init__(self, linker: Linker, accounts: Accounts) -> None:
        self._canonical, self._accounts = linker.canonical, accounts
        self._former: dict[str, list[str]] = defaultdict(list)
        for old, id in linker.redirects.items():
            self._former[id].append(old)
        self._things: dict[str, Described] = {}
        self._named: dict[tuple[str, Key], list[str]] = defaultdict(list)
        self._org_names: dict[str, set[str]] = defaultdict(set)  # with those of the same name

    def describe(self, subject: str, said: Iterable[Claim]) -> None:
        """Take in what is said of a thing that is not on the Hub."""
        self._thing(subject).add(said)

    def _thing(self, subject: str) -> Described:
        id = self._canonical(subject)
        if id not in self._things:
            self._things[id] = self._new(id)
        return self._things[id]

    def _new(self, id: str) -> Described:
        of = str if kind_of(id) == "org" else space_of  # a source may name one organization twice
        thing = Described(id=id, spaces=set(map(of, self._ids(id))))
        for one in self._ids(id):
            if path := hub_path(one):
                thing.aliases[path.rpartition("/")[2]] = None
                thing.makers.add(f"org/hf/{path.partition('/')[0]}")
        return thing

    def learn_names(self) -> None:
        """Sort all that was described by its names; the names of organizations tell makers apart."""
        self._sort_by_name("org")
        orgs = Linker(self._ties("org"))
        for id, org in self._things.items():
            if kind_of(id) == "org":
                self._org_names[orgs.canonical(id)] |= {*org.labels, *org.aliases}
        self._org_names |= {id: self._org_names[one] for id, one in orgs.redirects.items()}
        self._sort_by_name("model")

    def _sort_by_name(self, kind: str) -> None:
        for id, thing in self._things.items():
            if kind_of(id) == kind:
                for key in self._keys(thing):
                    self._named[kind, key].append(id)

    def pass_by(self, subject: str, said: Iterable[Claim]) -> None:
        """Take in a model of the Hub if it is known already, or has the name of one that is."""
        id = self._canonical(subject)
        thing = self._things.get(id) or self._new(id)
        thing.add(said)
        if id in self._things:
            return
        for key in self._keys(thing):
            if ("model", key) in self._named:
                self._named["model", key].append(id)
                self._things[id] = thing

    def is_known(self, subject: str, said: Iterable[Claim]) -> bool:
        """Whether `pass_by` would take a model in, if it were the first to pass."""
        id = self._canonical(subject)
        if id in self._things:
            return True
        thing = self._new(id)
        thing.add(said)
        return any(("model", key) in self._named for key in self._keys(thing))

    def _keys(self, thing: Described) -> set[Key]:
        if kind_of(thing.id) == "org":
            return {(fold(name),) for name in (*thing.labels, *thing.aliases)}
        words = frozenset().union(*map(maker_words, self._makers(thing)))
        return {key for name in own_names(thing) for key in model_keys(name, words)}

    def _makers(self, thing: Described) -> set[str]:
        """The names of those who made a thing."""
        ids = {self._canonical(maker) for maker in thing.makers}
        return {name for id in ids for name in self._maker_names(id)}

    def _maker_names(self, id: str) -> set[str]:
        return self._org_names.get(id) or {slug_of(id).rpartition("/")[2]}

    def ties(self) -> list[Tie]:
        """The pairs that are one, without those that leave a doubt."""
        return [*self._ties("org"), *self._ties("model")]

    def _ties(self, kind: str) -> list[Tie]:
        named = (ids for (of, _), ids in self._named.items() if of == kind)
        pairs = {pair for ids in named for pair in self._pairs(ids)}
        clear = sorted(_clear(pairs, self._things), key=lambda p: (not p.main, p.left, p.right))
        groups = _Spaces({id: thing.spaces for id, thing in self._things.items()})
        return [Tie(p.left, p.right, NAMED, WHY) for p in clear if groups.join(p.left, p.right)]

    def _pairs(self, ids: Iterable[str]) -> Iterator[_Pair]:
        for left, right in combinations(sorted(set(ids)), 2):
            one, other = self._things[left], self._things[right]
            if one.spaces.isdisjoint(other.spaces) and self._same_maker(one, other):
                main = fold(main_name(one)) == fold(main_name(other))
                if not main and space_of(left) == space_of(right):
                    continue  # one source that calls two differently means two
                yield _Pair(left, right, main, kind_of(left) == "org" or agree(one, other))

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
        if not mine or not theirs:
            return self._unsaid(*((one, other) if theirs else (other, one)))
        told = (one.counts and other.counts) or (one.dates and other.dates)
        return bool(told) and any(map(_within, product(mine, theirs)))

    def _unsaid(self, one: Described, other: Described) -> bool:
        """Whether a thing of unknown maker may be another: a name with its size, of a maker's own model."""
        owners = {path.partition("/")[0] for id in self._ids(other.id) if (path := hub_path(id))}
        own = "" in other.spaces or any(map(self._accounts.is_maker, owners))
        return (
            own
            and bool(read_name(main_name(one)).sizes)
            and fold(main_name(one)) == fold(main_name(other))
        )

    def _ids(self, id: str) -> tuple[str, ...]:
        return (id, *self._former.get(id, ()))


class HubSieve(NamedTuple):
    """Lets through what may be one with a thing that is described; any process may use it."""

    found: _Twins
    accounts: Accounts

    def wants(self, id: str) -> bool:
        """Whether an id is that of a model of the Hub, and not of an account that only copies."""
        owner = id.removeprefix(_HUB).partition("/")[0]
        return id.startswith(_HUB) and not self.accounts.copies(owner)

    def sift(self, claims: Iterable[Claim]) -> list[str]:
        """The subjects of wanted claims that are known, or have the name of one that is, by what stands together on them.

        The first and the last are let through as well, because claims on them may go on in another part.
        """
        through: list[str] = []
        last = ""
        for last, said in groupby(claims, key=_subject):
            if self.found.is_known(last, said) or not through:
                through.append(last)
        return [*through, last] if last else []


def _within(makers: tuple[str, str]) -> bool:
    """Whether the name of a maker begins that of another: Google, and Google DeepMind."""
    short, long = sorted(makers, key=len)
    return len(short) >= _SHORTEST and long.startswith(short)


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
