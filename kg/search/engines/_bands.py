"""The best of very many hits, without looking at each: documents in bands of their factor, the greatest first.

The points of a document are what the engine gives it times its factor. Once as many hits as are asked for have more
points than any document of the bands below could have, by their greatest factor and the most that the words of the query
are worth anywhere, they are the best of all. Documents that hold a rare word of the query are looked at whatever their
factor, so that the bound need not allow for its points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import floor, log, log2
from typing import NamedTuple

from kg.search.clauses import (
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
)

BAND = "band"  # the field of the numbers below
BANDS = 128
_FINE = 16  # bands in which factors double
_ONE = 64  # the band that begins with the factor 1

Frequency = Callable[[str, str], int]  # of a term in a field
Peak = Callable[[TermClause], float]  # the most that a term is worth in any document


def band_of(factor: float) -> int:
    """The band of a document.

    >>> [band_of(factor) for factor in (0.25, 1.0, 1.04, 1.05, 2.0, 1e9)]
    [32, 64, 64, 65, 80, 127]
    """
    return min(max(floor(_FINE * log2(factor)) + _ONE, 0), BANDS - 1)


def most_below(band: int) -> float:
    """What no factor of the bands below one reaches.

    >>> most_below(64), most_below(80)
    (1.0, 2.0)
    """
    return float(2 ** ((band - _ONE) / _FINE))


class Rest(NamedTuple):
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
        self._size, self._rare = size, rare
        self._frequency, self._peak = frequency, peak

    def hits(self, plan: SearchPlan) -> int:
        """More documents than so many do not match."""
        asked = [plan.match, *plan.keep] if plan.match is not None else plan.keep
        return min((self._most(clause) for clause in asked), default=self._size)

    def rest(self, clause: Clause) -> Rest:
        """What a clause may be worth in a document without its rare words."""
        match clause:
            case TermClause(_, _, weight):
                if self._most(clause) <= self._rare:
                    return Rest(None, (clause,))
                return Rest(weight * self._peak(clause))
            case Phrase(field, terms, weight):
                words = [TermClause(field, term) for term in terms]
                least = min(words, key=self._most)
                if self._most(least) <= self._rare:
                    return Rest(None, (least,))
                return Rest(weight * (1 + K1) * sum(map(self._rarity, words)))
            case Every(parts, weight):
                return self._every([self.rest(part) for part in parts], weight)
            case Some(parts):
                return _joined((self.rest(part) for part in parts), sum)
            case Best(parts):
                return _joined((self.rest(part) for part in parts), _best)
            case Flat(part, points):
                rest = self.rest(part)
                return rest._replace(points=None if rest.points is None else points)
            case _:
                return Rest(0.0)

    def _every(self, parts: list[Rest], weight: float) -> Rest:
        """All parts; where a document without rare words lacks one of them, the rare words of that one are enough."""
        lacking = [part for part in parts if part.points is None]
        if lacking:
            return min(lacking, key=lambda part: sum(map(self._most, part.rare)))
        return Rest(
            weight * sum(part.points or 0.0 for part in parts),
            tuple(word for part in parts for word in part.rare),
        )

    def _most(self, clause: Clause) -> int:
        match clause:
            case TermClause(field, text, _):
                return self._frequency(field, text)
            case Phrase(field, terms, _):
                return min(self._frequency(field, term) for term in terms)
            case Every(parts, _):
                return min(map(self._most, parts), default=self._size)
            case Some(parts) | Best(parts):
                return min(self._size, sum(map(self._most, parts)))
            case Flat(part, _):
                return self._most(part)
            case Within():
                return self._size

    def _rarity(self, word: TermClause) -> float:
        return rarity(self._size, self._frequency(word.field, word.text))


def rarity(size: int, often: int) -> float:
    """What BM25 makes of how many documents have a term."""
    return log(1 + (size - often + 0.5) / (often + 0.5))


def _joined(parts: Iterable[Rest], join: Callable[[list[float]], float]) -> Rest:
    known = list(parts)
    points = [part.points for part in known if part.points is not None]
    rare = tuple(word for part in known for word in part.rare)
    return Rest(join(points) if points else None, rare)


def _best(points: list[float]) -> float:
    return (1 - TIE) * max(points) + TIE * sum(points)
