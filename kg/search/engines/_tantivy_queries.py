"""Plans as queries of tantivy, whole or within some documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import tantivy
from tantivy import FieldType, Occur, Query

from kg.search.clauses import (
    TEXT,
    TIE,
    Best,
    Clause,
    Every,
    Extra,
    Flat,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    with_extras,
)

Join = Callable[[list[Query]], Query]
# By identity of a clause, which is kept, so that its identity stays its own
Made = dict[int, tuple[Clause, Query | None]]
_MOST_MADE = 1_000  # parts that are kept
_OFTEN = 2_000  # documents that have a word, above which it costs less to look for each that is looked at


class QueryMaker:
    """Makes queries for one index.

    The plans that are tried for a search ask for the same words, in many of their parts, and hits, their number and their
    facets are asked for one by one: what was made of a part is kept for the next.

    Args:
        schema: of the index.
        frequency: how many documents have a term in a field.
    """

    def __init__(self, schema: tantivy.Schema, frequency: Callable[[str, str], int]) -> None:
        self._schema, self._frequency = schema, frequency
        self._kept: Made = {}

    def plan(self, plan: SearchPlan, within: Query | None = None) -> Query:
        """A plan as a query.

        Args:
            plan: what is asked.
            within: the only documents that are looked at, worth nothing; None: all.
        """
        made = {} if within else self._made()
        keep = self._passed(plan.keep, within, made)
        scored = self._part(plan.match, within, made) if plan.match is not None else None
        if len(keep) < len(plan.keep) or (plan.match is not None and not scored):
            return Query.empty_query()
        if not scored:
            # tantivy drops "every document", with its points, where something else is asked
            asked = [*keep, within] if within else keep
            scored = Query.const_score_query(asked[0], 1.0) if asked else Query.all_query()
            scored, keep = limited_to(scored, within) if keep else scored, keep[1:]
        elif within:
            keep = [within, *keep]
        others = [(Occur.Must, Query.const_score_query(query, 0.0)) for query in keep]
        others += [(Occur.MustNot, query) for query in self._passed(plan.drop, within, made)]
        return Query.boolean_query([(Occur.Must, scored), *others]) if others else scored

    def documents(self, plan: SearchPlan) -> Query:
        """What a plan matches, by a query that is smaller and gives no points: to count."""
        ways = _ways(plan.match) if plan.match is not None else {}
        told = any(_is_among(clause, ways) for clause in plan.keep)
        return self.plan(plan._replace(match=Some(_least(ways)) if ways and not told else None))

    def _made(self) -> Made:
        """What was made of parts of the last plans."""
        if len(self._kept) > _MOST_MADE:
            self._kept = {}
        return self._kept

    def clause(self, clause: Clause, within: Query | None = None) -> Query | None:
        """A clause as a query, None if no document has what it asks.

        What nothing holds is left out, and what is then alone stands for the whole: tantivy does something for each
        part of a query at every document that matches. That it looks only within some documents is said at each
        part that many have as well, since it reads a union of terms in blocks, all of it.

        Args:
            clause: what is asked.
            within: the only documents that are looked at; None: all.
        """
        made = self._part(clause, within, {} if within else self._made())
        return limited_to(made, within) if made else None

    def _part(self, clause: Clause, within: Query | None, made: Made) -> Query | None:
        """A clause as a query; where it has few documents, also of others than those that are looked at.

        Args:
            clause: what is asked.
            within: the only documents that are looked at; None: all.
            made: parts that are made already; those that are made now are added.
        """
        known = made.get(id(clause))
        if known is None:
            known = made[id(clause)] = clause, self._query(clause, within, made)
        return known[1]

    def _query(self, clause: Clause, within: Query | None, made: Made) -> Query | None:
        match clause:
            case TermClause(field, text, weight):
                term = self.term(clause)
                few = not within or self._frequency(field, text) < _OFTEN
                whole = _weighed(term, weight) if term else None
                return whole if few or not whole else limited_to(whole, within)
            case Phrase(field, terms, weight):
                row = Query.phrase_query(self._schema, field, list(terms))
                return limited_to(_weighed(row, weight), within)
            case Every(parts, weight):
                held = self._held(parts, within, made)
                whole = _joined(held, every) if len(held) == len(parts) else None
                return _weighed(whole, weight) if whole else None
            case Some(parts):
                if extra := with_extras(clause):
                    return self._with_extras(*extra, within, made)
                return _joined(self._held(parts, within, made), some)
            case Best(parts):
                return _joined(self._held(parts, within, made), _best)
            case Flat(part, points):
                held_by = self._part(part, within, made)
                return Query.const_score_query(held_by, points) if held_by else None
            case _:
                numbers = Query.range_query(
                    self._schema, clause.field, FieldType.Float, clause.low, clause.high
                )
                return limited_to(numbers, within)

    def term(self, clause: TermClause) -> Query | None:
        """The documents that have a term, by BM25 alone; None if there are none."""
        option: Literal["freq", "basic"] = "freq" if clause.field in TEXT else "basic"
        known = self._frequency(clause.field, clause.text)
        if not known:
            return None
        return Query.term_query(self._schema, clause.field, clause.text, option)

    def _passed(self, filters: Sequence[Clause], within: Query | None, made: Made) -> list[Query]:
        """Filters that some document may pass; a term by itself is skipped through quickly anyway."""
        passed = (
            self.clause(filter)
            if isinstance(filter, TermClause)
            else self._part(filter, within, made)
            for filter in filters
        )
        return [query for query in passed if query]

    def _with_extras(
        self, first: Clause, extras: Sequence[Extra], within: Query | None, made: Made
    ) -> Query | None:
        whole = self._part(first, within, made)
        for more, points in extras if whole else ():
            held = self._held(more, None, {})
            if whole and len(held) == len(more):
                added = Query.const_score_query(_joined(held, every) or Query.all_query(), points)
                whole = Query.boolean_query([(Occur.Must, whole), (Occur.Should, added)])
        return whole

    def _held(self, parts: Sequence[Clause], within: Query | None, made: Made) -> list[Query]:
        """The parts that some document may match."""
        return [query for part in parts if (query := self._part(part, within, made))]


def _ways(clause: Clause) -> dict[int, Clause]:
    """Clauses of which a document matches any if it matches one, by identity, with those that are made of them."""
    found = {id(clause): clause}
    match clause:
        case Some(parts):
            for part in parts:
                found |= _ways(part)
        case Flat(part, _):
            found |= _ways(part)
    return found


def _least(ways: Mapping[int, Clause]) -> tuple[Clause, ...]:
    """As few of them as match the same."""
    return tuple(
        way
        for way in ways.values()
        if not isinstance(way, Some | Flat)
        and not (isinstance(way, Every) and any(id(part) in ways for part in way.parts))
    )


def _is_among(clause: Clause, ways: Mapping[int, Clause]) -> bool:
    """Whether what matches a clause surely matches one of some ways."""
    match clause:
        case Some(parts):
            return all(_is_among(part, ways) for part in parts)
        case Every(parts, _):
            return id(clause) in ways or any(id(part) in ways for part in parts)
        case _:
            return id(clause) in ways


def _joined(parts: list[Query], join: Join) -> Query | None:
    return join(parts) if len(parts) > 1 else next(iter(parts), None)


def every(parts: Sequence[Query]) -> Query:
    """What matches all of some queries."""
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def some(parts: Sequence[Query]) -> Query:
    """What matches any of some queries."""
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def _best(parts: list[Query]) -> Query:
    return Query.disjunction_max_query(parts, TIE)


def _weighed(query: Query, weight: float) -> Query:
    return Query.boost_query(query, weight) if weight != 1.0 else query


def limited_to(query: Query, within: Query | None) -> Query:
    """What matches a query and is one of some documents; None = of all."""
    return every([query, Query.const_score_query(within, 0.0)]) if within else query
