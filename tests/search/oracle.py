"""A search engine in plain Python, slow and simple: what the real engines must agree with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from kg.search.clauses import (
    COMPLETE,
    FILTER,
    K1,
    KEYS,
    SORTED_BY,
    TIE,
    B,
    Best,
    Clause,
    Counts,
    Every,
    Flat,
    Found,
    Hits,
    Indexed,
    Order,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    placed_terms,
)

Points = dict[int, float]  # document -> points, for those that match


class Oracle:
    """Holds documents in memory and looks at every one of them."""

    def __init__(self, docs: Iterable[Indexed]) -> None:
        self.docs = list(docs)
        self.size = len(self.docs)

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        points = self._matching(plan)
        if order == "relevance":
            worth = {d: p * self.docs[d].prior for d, p in points.items()}
        else:
            worth = {d: self.docs[d].numbers.get(SORTED_BY[order], -math.inf) for d in points}
        ranked = sorted(worth, key=lambda d: (-worth[d], d))[offset : offset + limit]
        return Hits(len(points), [Found(self.docs[d].id, worth[d]) for d in ranked])

    def count(self, plan: SearchPlan) -> int:
        return len(self._matching(plan))

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        docs = self._matching(plan)
        counted = {f: Counter(v for d in docs for v in self.docs[d].values(f)) for f in facets}
        return {facet: dict(counter.most_common(most)) for facet, counter in counted.items()}

    def frequency(self, field: str, term: str) -> int:
        return sum(self._times(doc, field, (term,)) > 0 for doc in self.docs)

    def complete(self, start: str, limit: int) -> list[str]:
        begins = [d for d in self.docs if any(t.startswith(start) for t in d.complete.split())]
        return [d.id for d in sorted(begins, key=lambda d: -d.standing)][:limit]

    def close(self) -> None:
        pass

    def _matching(self, plan: SearchPlan) -> Points:
        points = (
            dict.fromkeys(range(self.size), 1.0) if plan.match is None else self._points(plan.match)
        )
        for clause in plan.keep:
            points = {d: points[d] for d in points.keys() & self._points(clause).keys()}
        for clause in plan.drop:
            points = {d: points[d] for d in points.keys() - self._points(clause).keys()}
        return points

    def _points(self, clause: Clause) -> Points:
        match clause:
            case TermClause(field, text, weight):
                return self._bm25(field, (text,), weight)
            case Phrase(field, terms, weight):
                return self._bm25(field, terms, weight)
            case Every(parts, weight):
                found = [self._points(p) for p in parts]
                docs = set.intersection(*map(set, found)) if found else set(range(self.size))
                return {d: weight * sum(f[d] for f in found) for d in docs}
            case Some(parts):
                return {d: sum(v) for d, v in self._each(parts).items()}
            case Best(parts):
                return {d: (1 - TIE) * max(v) + TIE * sum(v) for d, v in self._each(parts).items()}
            case Flat(part, points):
                return dict.fromkeys(self._points(part), points)
            case _:
                numbers = {
                    i: d.numbers.get(clause.field, math.nan) for i, d in enumerate(self.docs)
                }
                return {i: 0.0 for i, n in numbers.items() if clause.low <= n <= clause.high}

    def _each(self, parts: Sequence[Clause]) -> dict[int, list[float]]:
        each: dict[int, list[float]] = {}
        for part in parts:
            for doc, points in self._points(part).items():
                each.setdefault(doc, []).append(points)
        return each

    def _bm25(self, field: str, terms: tuple[str, ...], weight: float) -> Points:
        rarity = 0.0
        for term in terms:
            n = self.frequency(field, term)
            rarity += math.log(1 + (self.size - n + 0.5) / (n + 0.5))
        lengths = [len(placed_terms(doc.text.get(field, ""))) for doc in self.docs]
        mean = sum(lengths) / self.size or 1
        points = {}
        for i, doc in enumerate(self.docs):
            if times := self._times(doc, field, terms):
                norm = K1 * (1 - B + B * lengths[i] / mean)
                points[i] = weight * rarity * (1 + K1) * times / (times + norm)
        return points

    def _times(self, doc: Indexed, field: str, terms: tuple[str, ...]) -> int:
        plain = {FILTER: doc.filters, KEYS: doc.exact, COMPLETE: doc.complete}
        if field in plain:
            return int(terms[0] in plain[field].split())
        placed = placed_terms(doc.text.get(field, ""))
        stands = set(placed)
        if len(terms) == 1:
            return sum(term == terms[0] for term, _ in placed)
        return sum(
            all((t, place + i) in stands for i, t in enumerate(terms))
            for _, place in {(0, p) for t, p in stands if t == terms[0]}
        )
