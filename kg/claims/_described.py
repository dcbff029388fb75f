"""What sources say of a thing that tells whether another id names it, and the names it is compared by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import TypeVar

import msgspec

from kg.language.names import read_name, spellings
from kg.model.claim import ALIAS, LABEL, Claim, slug_of
from kg.model.dating import DATED_BY
from kg.model.vocabulary import API_NAME, DEVELOPER, PARAMETER_COUNT

T = TypeVar("T")
Key = tuple[str, ...]

_MADE_BY = frozenset((DEVELOPER, "publisher", "ownedBy"))
_TELLING = _MADE_BY.union((LABEL, ALIAS, API_NAME, PARAMETER_COUNT), DATED_BY)
_MONTHS = 1  # dates of one thing lie no further apart
_NEAR = 0.12  # counts of one thing differ no more: 7B and 6,738,415,616
_DAY = 8  # digits of a day in a name, as in gpt-4o-2024-05-13
# Steps of training. A short name that leaves one out may mean the model before it.
_STEPS = frozenset("instruct instruction it chat base pt pretrained sft dpo rlhf thinking".split())


_read = lru_cache(10_000)(read_name)  # a name is read for its steps and for its keys


def space_of(id: str) -> str:
    """Who gave an id: the Hub, a source, or "" for curated data."""
    prefix, slash, _ = slug_of(id).partition("/")
    return prefix if slash else ""


class Described(msgspec.Struct, kw_only=True):
    """What sources say of a thing that tells whether another id names it."""

    id: str  # what it goes by without these ties
    spaces: set[str]  # who gave the ids that it goes by; "" is curated data
    labels: dict[str, None] = {}  # the main one first
    aliases: dict[str, None] = {}
    makers: set[str] = set()  # ids
    counts: dict[int, None] = {}
    dates: dict[str, None] = {}
    settled: set[str] = set()  # properties that curated data tells

    def add(self, claims: Iterable[Claim]) -> None:
        """Take in what claims tell; of numbers and dates curated data, which comes first, is enough."""
        for claim in claims:
            told = claim.property in _TELLING and claim.said.rank != "rejected"
            if told and claim.said.value is not None:
                self._add(claim)

    def _add(self, claim: Claim) -> None:
        property, value = claim.property, claim.said.value
        if not space_of(claim.subject):
            self.settled.add(property)
        elif self._is_settled(property):
            return
        if property == LABEL:
            self.labels[str(value)] = None
        elif property in (ALIAS, API_NAME):
            self.aliases[str(value)] = None
        elif property in _MADE_BY:
            self.makers.add(str(value))
        elif property == PARAMETER_COUNT and isinstance(value, int):
            self.counts[value] = None
        elif property in DATED_BY:
            self.dates[str(value)] = None

    def _is_settled(self, property: str) -> bool:
        told = DATED_BY if property in DATED_BY else (property,)
        return property in (PARAMETER_COUNT, *DATED_BY) and not self.settled.isdisjoint(told)


def own_names(thing: Described) -> Iterator[str]:
    """The names that mean this thing, and no step of its training before or after it nor a snapshot of it."""
    kept = _apart(main_name(thing))
    return (name for name in (*thing.labels, *thing.aliases) if _apart(name) == kept)


def main_name(thing: Described) -> str:
    """The first label; "" if there is none."""
    return next(iter(thing.labels), "")


@lru_cache(10_000)
def _apart(name: str) -> frozenset[str]:
    """What of a name means one step of training, or the day of one snapshot."""
    read = _read(name)
    return _STEPS.intersection(read.words) | {n for n in read.numbers if len(n) == _DAY}


@lru_cache(10_000)
def maker_words(maker: str) -> frozenset[str]:
    """The words of a maker's name that may stand in the names of its models."""
    parts = spellings(maker, "org")
    return frozenset(word for part in parts for word in _read(part, "org").words)


def model_keys(name: str, makers: frozenset[str]) -> Iterator[Key]:
    """A name as it is compared, with its maker's in front of it and without."""
    for part in spellings(name):
        parsed = _read(part)
        sizes = [str(size) for size in parsed.sizes]
        yield parsed.joined, *sizes
        joined = parsed.joined
        for word in parsed.words:
            if word not in makers or not joined.startswith(word) or joined == word:
                break
            joined = joined[len(word) :]
            yield joined, *sizes


def agree(one: Described, other: Described) -> bool:
    """Whether nothing that is known of both models differs."""
    return _alike(one.counts, other.counts, _near) and _alike(one.dates, other.dates, _in_a_month)


def _alike(mine: Iterable[T], theirs: Iterable[T], same: Callable[[T, T], bool]) -> bool:
    """Whether all that two sides say can be one; a side that contradicts itself is like nothing."""
    return all(same(a, b) for a, b in product(mine, theirs))


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= _NEAR * max(one, other)


def _in_a_month(one: str, other: str) -> bool:
    """Whether two dates may lie in one month or the next; a year alone may mean any of its months."""
    if min(len(one), len(other)) < 7:
        return one[:4] == other[:4]
    (year, month), (other_year, other_month) = ((int(d[:4]), int(d[5:7])) for d in (one, other))
    return abs((year - other_year) * 12 + month - other_month) <= _MONTHS
