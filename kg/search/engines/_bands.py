"""The best of very many hits, without looking at each: documents in bands of their factor, the greatest first.

The points of a document are what the engine gives it times its factor. Once as many hits as are asked for have more
points than any document of the bands below could have, by their greatest factor and the most that the words of the query
are worth anywhere, they are the best of all. Documents that hold a rare word of the query are looked at whatever their
factor, so that the bound need not allow for its points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import floor, inf, log, log2
from typing import NamedTuple

from kg.search.clauses import (
    FILTER,
    K1,
    TIE,
    Best,
    Clause,
    Every,
    Flat,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    Within,
    with_extras,
)

BAND = "band"  # the field of the numbers below
BANDS = 256
_FINE = 32  # bands in which factors double
_ONE = 128  # the band that begins with the factor 1
_LEAVES = 48  # of a plan, more than which cost too much to be said to each
_RANGE = 10  # a range of numbers costs as much as so many words
_DEAR = 8  # times as much a document costs that is looked at by itself
_ALL = Within("descendants", 0.0, inf)  # every document
_FEW = 4  # a filter is looked at by itself that at most one document in so many passes

Frequency = Callable[[str, str], int]  # of a term in a field
Peak = Callable[[str, str], float]  # the most that a term of a field is worth in any document


def band_of(factor: float) -> int:
    """The band of a document.

    >>> [band_of(factor) for factor in (0.25, 1.0, 1.04, 1.05, 2.0, 1e9)]
    [64, 128, 129, 130, 160, 255]
    """
    return min(max(floor(_FINE * log2(factor)) + _ONE, 0), BANDS - 1)


def most_below(band: int) -> float:
    """What no factor of the bands below one reaches.

    >>> most_below(128), most_below(160)
    (1.0, 2.0)
    """
    return float(2 ** ((band - _ONE) / _FINE))


class Remainder(NamedTuple):
    """What a clause may be worth where a document holds none of its rare words."""

    points: float | None  # the most, None if such a document does not match at all
    rare: tuple[Clause, ...] = ()  # words, of which each document that is left out holds none


class Bound:
    """Bounds on what the documents of one index are worth.

    Args:
        size: documents of the index.
        rare: documents that hold a word, up to which all are looked at.
        frequency: how many documents have a term in a field.
        peak: the most that a term is worth.
    """

    def __init__(self, size: int, rare: int, frequency: Frequency, peak: Peak) -> None:
        self.size, self._rare = size, rare
        self._frequency, self._peak = frequency, peak

    def hits(self, plan: SearchPlan) -> int:
        """More documents than so many do not match."""
        asked = [plan.match, *plan.keep] if plan.match is not None else plan.keep
        known: dict[int, int] = {}
        return min((self._most(clause, known) for clause in asked), default=self.size)

    def postings(self, plan: SearchPlan) -> int:
        """How many documents have a word of a plan, counted for each word."""
        return sum(map(self._most, _words(plan)))

    def documents_to_look_at(self, plan: SearchPlan) -> int:
        """So many documents, looked at by themselves, may cost as much as all that have a word of a plan."""
        leaves = _words(plan)
        # Ranges of numbers are read as a whole each time
        ranges = sum(isinstance(leaf, Within) for leaf in leaves)
        if len(leaves) + _RANGE * ranges > _LEAVES:
            return 0
        often = [many for leaf in leaves if (many := self._most(leaf)) > self._rare]
        return int(sum(often) / len(often) / _DEAR) if often else self.size // _DEAR

    def documents(self, clauses: Iterable[Clause]) -> int:
        """More documents than so many do not match any of some clauses."""
        return min(self.size, sum(map(self._most, clauses)))

    def told(self, clause: Clause) -> dict[Flat, TermClause]:
        """The parts that give points to what passes a filter, and that filter, if not most documents pass it."""
        found: dict[Flat, TermClause] = {}
        for flat in _flats(clause):
            parts = flat.part.parts if isinstance(flat.part, Every) else (flat.part,)
            words = [p for p in parts if isinstance(p, TermClause) and p.field == FILTER]
            if words and self._most(word := min(words, key=self._most)) <= self.size // _FEW:
                found[flat] = word
        return found

    def rest(self, clause: Clause, without: Collection[Clause] = ()) -> Remainder:
        """What a clause may be worth in a document without its rare words.

        Args:
            clause: any.
            without: further words that the document does not hold.
        """
        if clause in without:
            return Remainder(None)
        match clause:
            case TermClause(field, text, weight):
                if self._most(clause) <= self._rare:
                    return Remainder(None, (clause,))
                return Remainder(weight * self._peak(field, text))
            case Phrase(field, terms, weight):
                words = [TermClause(field, term) for term in terms]
                least = min(words, key=self._most)
                if self._most(least) <= self._rare:
                    return Remainder(None, (least,))
                return Remainder(weight * (1 + K1) * sum(map(self._rarity, words)))
            case Every(parts, weight):
                return self._every([self.rest(part, without) for part in parts], weight)
            case Some(parts):
                return _joined((self.rest(part, without) for part in parts), sum)
            case Best(parts):
                return _joined((self.rest(part, without) for part in parts), _best)
            case Flat(part, points):
                rest = self.rest(part, without)
                return rest._replace(points=None if rest.points is None else points)
            case _:
                return Remainder(0.0)

    def _every(self, parts: Sequence[Remainder], weight: float) -> Remainder:
        """All parts; where a document without rare words lacks one of them, the rare words of that one are enough."""
        lacking = [part for part in parts if part.points is None]
        if lacking:
            return min(lacking, key=lambda part: self.documents(part.rare))
        points = weight * sum(part.points or 0.0 for part in parts)
        return Remainder(points, _unique(word for part in parts for word in part.rare))

    def _most(self, clause: Clause, known: dict[int, int] | None = None) -> int:
        """More documents than so many do not match; known is what was found so of parts that stand in several others."""
        known = {} if known is None else known
        most = known.get(id(clause))
        if most is None:
            most = known[id(clause)] = self._reckoned(clause, known)
        return most

    def _reckoned(self, clause: Clause, known: dict[int, int]) -> int:
        match clause:
            case TermClause(field, text, _):
                return self._frequency(field, text)
            case Phrase(field, terms, _):
                return min(self._frequency(field, term) for term in terms)
            case Every(parts, _):
                return min((self._most(part, known) for part in parts), default=self.size)
            case Some(parts) | Best(parts):
                return min(self.size, sum(self._most(part, known) for part in parts))
            case Flat(part, _):
                return self._most(part, known)
            case Within():
                return self.size

    def _rarity(self, word: TermClause) -> float:
        return rarity(self.size, self._frequency(word.field, word.text))


def rarity(size: int, often: int) -> float:
    """What BM25 makes of how many documents have a term."""
    return log(1 + (size - often + 0.5) / (often + 0.5))


def _joined(parts: Iterable[Remainder], join: Callable[[list[float]], float]) -> Remainder:
    known = list(parts)
    points = [part.points for part in known if part.points is not None]
    rare = _unique(word for part in known for word in part.rare)
    return Remainder(join(points) if points else None, rare)


def _unique(words: Iterable[Clause]) -> tuple[Clause, ...]:
    return tuple(dict.fromkeys(words))


def _best(points: list[float]) -> float:
    return (1 - TIE) * max(points) + TIE * sum(points)


def _words(plan: SearchPlan) -> list[Clause]:
    """The words of a plan, or its filters where it has none."""
    asked = (plan.match,) if plan.match is not None else plan.keep or (_ALL,)
    return [leaf for clause in asked for leaf in _leaves(clause)]


def _leaves(clause: Clause) -> Iterator[Clause]:
    """The words of a clause."""
    match clause:
        case Some() if extra := with_extras(clause):
            yield from _leaves(extra[0])
            yield from (part for more, _ in extra[1] for part in more)
        case Every(parts, _) | Some(parts) | Best(parts):
            for part in parts:
                yield from _leaves(part)
        case Flat(part, _):
            yield from _leaves(part)
        case _:
            yield clause


def _flats(clause: Clause) -> Iterator[Flat]:
    """The parts of a clause that give so many points."""
    match clause:
        case Every(parts, _) | Some(parts) | Best(parts):
            for part in parts:
                yield from _flats(part)
        case Flat():
            yield clause
