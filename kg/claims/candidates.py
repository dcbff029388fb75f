"""Pairs of ids that may name the same thing, each with a score and the reasons for and against.

Never across kinds: a family is not one of its models. Where one side says a size and the other does
not, they may be a model and its family, and the score says so. Ids of one source, of curated data, or
of the Hub are not paired among themselves: there each id is a thing of its own.

Everything but the Hub is held in memory in an index; what is on the Hub streams past it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

import msgspec

from kg.language.names import ParsedName, likeness, undated, without
from kg.language.sounds import skeleton
from kg.model.claim import kind_of, slug_of

FLOOR = 0.3  # scores below are no candidates
BEST = 20  # candidates kept of one id
CROWD = 60  # a word in more names than this finds nobody
SHORT = 16  # letters of a name up to which one that differs by a letter is looked for
_NEAR = 0.12  # sizes that differ less are one: 7B and 6,738,415,616


class ComparedThing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an id that helps to tell whether another names the same."""

    id: str
    names: tuple[ParsedName, ...]
    makers: frozenset[str] = frozenset()  # joined names of organizations
    maker_words: frozenset[str] = frozenset()
    parameters: int = 0  # 0 if not known
    date: str = ""
    sources: frozenset[str] = frozenset()

    @property
    def space(self) -> str:
        """Who gave the id: `hf`, a source, or "" for curated data."""
        prefix, slash, _ = slug_of(self.id).partition("/")
        return prefix if slash else ""


class PairReason(NamedTuple):
    """What speaks for a pair, or against it, and by how many points."""

    points: float
    text: str


class Candidate(NamedTuple):
    """Two ids that may be the same."""

    score: float  # 0 to 1
    left: str
    right: str
    reasons: tuple[PairReason, ...]


def compare_things(left: ComparedThing, right: ComparedThing) -> Candidate:
    """Weigh all that is known of two things of one kind; the score is not a probability."""
    reasons = [_names(left, right)]
    if reasons[0].points > 0:
        reasons += [*_sizes(left, right), *_makers(left, right), *_dates(left, right)]
        if both := left.sources & right.sources:
            reasons.append(PairReason(-0.3, f"{min(both)} names both"))
    score = min(1.0, max(0.0, sum(reason.points for reason in reasons)))
    first, second = sorted((left.id, right.id), key=lambda id: ("/" in slug_of(id), id))
    return Candidate(round(score, 3), first, second, tuple(reasons))


def _names(left: ComparedThing, right: ComparedThing) -> PairReason:
    """The best of all pairs of names; the other side's maker in a name tells nothing apart."""
    best, why = 0.0, "nothing in their names is alike"
    for mine, theirs in product(left.names, right.names):
        if mine.hangul != theirs.hangul and _share_a_script(left, right):
            continue
        common = set(mine.words) & set(theirs.words)
        alike, text = likeness(
            undated(without(mine, right.maker_words - common), right.date),
            undated(without(theirs, left.maker_words - common), left.date),
        )
        if alike > best:
            best, why = alike, text
    return PairReason(round(best * _WEIGHT.get(kind_of(left.id), 0.75), 3), why)


def _share_a_script(left: ComparedThing, right: ComparedThing) -> bool:
    mine, theirs = ({name.hangul for name in side.names} for side in (left, right))
    return bool(mine & theirs)


_WEIGHT = {"org": 0.9, "family": 0.8, "dataset": 0.8}  # how far a name alone goes


def _sizes(left: ComparedThing, right: ComparedThing) -> Iterator[PairReason]:
    mine, theirs = _named_sizes(left), _named_sizes(right)
    if kind_of(left.id) != "model":
        if mine != theirs:
            yield PairReason(-0.3, "only one name says a size")
        return
    if not (mine and theirs):  # a count is more exact than a name: 7B and 6,738,415,616 are one
        mine, theirs = mine | _counted(left), theirs | _counted(right)
    if mine and theirs:
        near = any(_near(a, b) for a, b in product(mine, theirs))
        yield (
            PairReason(0.12, "the same size") if near else PairReason(-0.75, _unlike(mine, theirs))
        )
    elif _named_sizes(left) or _named_sizes(right):
        yield PairReason(-0.3, "only one says its size; the other may be the family")
    elif mine or theirs:
        yield PairReason(-0.1, "only one says its size")


def _near(left: int, right: int) -> bool:
    whole = left % 10**8 == 0 and right % 10**8 == 0
    return abs(left - right) <= (0.02 if whole else _NEAR) * max(left, right)


def _unlike(mine: frozenset[int], theirs: frozenset[int]) -> str:
    return f"{min(mine):,} parameters, and {min(theirs):,}"


def _named_sizes(thing: ComparedThing) -> frozenset[int]:
    return frozenset(size for name in thing.names[:1] for size in name.sizes)


def _counted(thing: ComparedThing) -> frozenset[int]:
    return frozenset({thing.parameters}) if thing.parameters else frozenset()


def _makers(left: ComparedThing, right: ComparedThing) -> Iterator[PairReason]:
    if not left.makers or not right.makers:
        return
    if left.makers & right.makers:
        yield PairReason(0.15, "the same maker")
    elif any(
        a in b or b in a for a, b in product(left.makers, right.makers) if min(len(a), len(b)) > 2
    ):
        yield PairReason(0.1, "makers of a like name")
    else:
        yield PairReason(-0.2, f"made by {min(left.makers)}, and by {min(right.makers)}")


def _dates(left: ComparedThing, right: ComparedThing) -> Iterator[PairReason]:
    if not left.date or not right.date:
        return
    months = abs(_month(left.date) - _month(right.date))
    if months <= 1:
        yield PairReason(0.08, "dates in one month" if not months else "dates a month apart")
    elif months > 18:
        yield PairReason(-0.2, f"dates {months} months apart")


def _month(date: str) -> int:
    year, _, rest = date.partition("-")
    return int(year) * 12 + int(rest[:2] or 6)


class Index:
    """Things by what their names have in common.

    Args:
        things: all but those on the Hub.
    """

    def __init__(self, things: Iterable[ComparedThing]) -> None:
        self.things = list(things)
        self._found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, thing in enumerate(self.things):
            for key in _keys(thing):
                self._found[kind_of(thing.id)][key].append(number)

    def like(self, thing: ComparedThing) -> Iterator[ComparedThing]:
        """The things of its kind that share a name, a sound, a rare word, or all but a letter."""
        seen: set[int] = set()
        found = self._found.get(kind_of(thing.id), {})
        for key in _keys(thing) & found.keys():
            numbers = found[key]
            if len(numbers) <= CROWD or key[0] == "=":
                seen.update(numbers)
        for number in sorted(seen):
            other = self.things[number]
            if other.id != thing.id and other.space != thing.space:
                yield other


def _keys(thing: ComparedThing) -> frozenset[str]:
    kind = kind_of(thing.id)
    return frozenset(
        f"{key[0]}{kind} {key[1:]}" for name in thing.names for key in _of(name, thing)
    )


def _of(name: ParsedName, thing: ComparedThing) -> Iterator[str]:
    yield "=" + name.joined
    bare = without(name, thing.maker_words)
    yield "=" + bare.joined
    heard = skeleton(name.joined)
    if len(heard) > 2:
        yield "~" + heard
    if 5 <= len(bare.joined) <= SHORT:
        for at in range(len(bare.joined)):
            yield "-" + bare.joined[:at] + bare.joined[at + 1 :]
        yield "-" + bare.joined
    for word in bare.words:
        if len(word) > 3:
            yield "w" + word


def candidates(
    index: Index, hub: Iterable[ComparedThing] = (), floor: float = FLOOR
) -> list[Candidate]:
    """The pairs that may be the same, best first.

    Args:
        index: things that are not on the Hub; they are compared among themselves as well.
        hub: things on the Hub, a stream of any length.
        floor: the least score.
    """
    kept: dict[str, list[Candidate]] = defaultdict(list)
    for thing in index.things:
        for other in index.like(thing):
            if thing.id < other.id:
                _keep(kept[thing.id], compare_things(thing, other), floor)
    for thing in hub:
        for other in index.like(thing):
            _keep(kept[other.id], compare_things(thing, other), floor)
    found = [candidate for heap in kept.values() for candidate in heap]
    return sorted(found, key=lambda c: (-c.score, c.left, c.right))


def _keep(heap: list[Candidate], candidate: Candidate, floor: float) -> None:
    if candidate.score < floor:
        return
    heapq.heappush(heap, candidate)
    if len(heap) > BEST:
        heapq.heappop(heap)
