"""Search: what a person typed, understood, put to an engine, and what came of it.

A query must match every word; where that finds little, most of it is enough, and a word that nothing
holds is replaced by what was meant (kg/search/_spelling.py). Every engine answers the same (kg/search/engines).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from kg.language.folding import dotted
from kg.language.tokens import standard
from kg.messages.message import Message
from kg.search._about import About, load_engine
from kg.search._copy_words import grouped
from kg.search._facets import Chosen as Chosen
from kg.search._facets import FacetCounter, keeping, narrowed_to
from kg.search._ranking import exact_keys, named
from kg.search._settling import Settler
from kg.search._spelling import Spelling
from kg.search._understanding import LONGEST as LONGEST
from kg.search._understanding import Understanding, Understood
from kg.search.analyzer import filter_term, typed
from kg.search.clauses import (
    COPIES,
    COPY_OF,
    FACETS,
    FILTER,
    KEYS,
    OWN,
    Clause,
    Counts,
    Flat,
    Found,
    Hits,
    Order,
    SearchEngine,
    SearchPlan,
    Some,
    TermClause,
)
from kg.search.query import Is, Query

ENOUGH = 8  # hits that match every word, below which hits that match some are added
MANY = 1_000  # documents above which tantivy is used: docs/decisions/0036-the-engine-of-an-index.md
NAMESAKES = 100  # things of one name


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Hits of one query."""

    total: int
    hits: Sequence[Found]
    facets: Counts  # of each facet, whatever is chosen of it
    suggestion: str | None
    notes: Sequence[Message] = ()  # what of the query was not understood
    hidden: int = 0  # copies that match and stand behind their originals, not listed
    estimated: bool = False  # the facets, of a part of very many hits


class _Best(msgspec.Struct, frozen=True, kw_only=True):
    """The best hits of a query, and the plan that found them."""

    hits: Sequence[Found]
    total: int  # of these
    plan: SearchPlan
    keep: Sequence[Clause]  # what leaves copies out, none where they are listed
    hidden: int  # copies that were left out; not counted where nobody asked
    understood: Understood
    notes: Sequence[Message]


class _Place(NamedTuple):
    """Which hits are asked for."""

    limit: int
    offset: int = 0
    order: Order = "relevance"


def engine_for(documents: int) -> str:
    """The engine that suits a number of documents."""
    return "tantivy" if documents > MANY else "whoosh"


class SearchIndex:
    """A read-only index.

    Args:
        folder: of the index.
        server: an OpenSearch cluster that holds the same, asked where it answers; "" = none.
        version: of the release, by which the cluster knows it.
    """

    def __init__(self, folder: Path, server: str = "", version: str = "") -> None:
        self._folder = folder
        about = msgspec.json.decode((folder / "about.json").read_bytes(), type=About)
        self._glossary, self._copies = about.glossary, about.copies
        self.engine: SearchEngine = load_engine(about.engine)[1](folder)
        if server:
            from kg.search.engines.elsewhere import ElsewhereEngine, index_name

            self.engine = ElsewhereEngine(self.engine, server, index_name(folder, version))
        self._facets = FacetCounter(self.engine, self._copies)
        self.understanding = Understanding(
            self.engine, about.glossary, about.filters, lambda: self._spelling
        )
        self._settler = Settler(self.engine, about.glossary, about.words, self.understanding)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._folder / "words.json", self._glossary)

    def settle(
        self, asked: Query, as_words: Collection[str] = (), today: dt.date | None = None
    ) -> Query:
        """A query with the filters that its words mean, as many as anything passes (kg/search/_wording.py).

        Args:
            asked: what was typed, as kg.search.query.parse reads it.
            as_words: words that are searched as words, whatever they may mean.
            today: for words such as last year.
        """
        return self._settler.settle(asked, as_words, today or dt.date.today())

    def search(
        self,
        asked: Query,
        limit: int = 20,
        offset: int = 0,
        chosen: Chosen = MappingProxyType({}),
        order: Order = "relevance",
        facets: Sequence[str] = FACETS,
        group: bool = False,
    ) -> Page:
        """Find entities.

        Args:
            asked: what to find, as kg.search.query.parse reads it.
            limit: most hits to return.
            offset: hits to skip.
            chosen: values of facets to narrow to.
            order: relevance, or by a number, the greatest first.
            facets: what to count.
            group: where words are asked for, leave out copies whose original stands for them, unless the query names
                them or asks for copies; filters alone find all that passes.
        """
        best = self._best(asked, chosen, _Place(limit, offset, order), group, hidden=True)
        counts = self._facets.count(best.plan, best.keep, chosen, facets, best.total)
        return Page(
            total=best.total,
            hits=best.hits,
            facets=counts.counts,
            estimated=counts.estimated,
            suggestion=best.understood.better or None,
            notes=tuple(best.notes),
            hidden=best.hidden,
        )

    def best(
        self,
        asked: Query,
        limit: int,
        chosen: Chosen = MappingProxyType({}),
        group: bool = False,
    ) -> list[str]:
        """The ids of the first hits that `search` lists, where nothing needs to be counted.

        Args:
            asked: what to find, as kg.search.query.parse reads it.
            limit: most hits.
            chosen: values of facets to narrow to.
            group: as of `search`.
        """
        best = self._best(asked, chosen, _Place(limit), group, hidden=False)
        return [hit.id for hit in best.hits]

    def _best(self, asked: Query, chosen: Chosen, at: _Place, group: bool, hidden: bool) -> _Best:
        """What a query finds; how many copies are left out is counted where that is wanted, or decides."""
        if not asked.settled:
            asked = self.settle(asked)
        notes: list[Message] = [*asked.notes]
        found = self.understanding.understand(asked, notes)
        apart = (
            group
            and bool(asked.text or asked.phrases or asked.meant)
            and not self._asks_copies(asked, chosen)
        )
        keep = (grouped(found.copies),) if apart else ()
        narrowed = any(chosen.values())
        for plan, most in found.plans:  # the first that finds enough, else the last
            page = self._find(keeping(plan, keep), chosen, at)
            total = page.total
            if total and (
                total >= most or ((keep or narrowed) and self.engine.count(plan) >= most)
            ):
                break
        left_out = 0
        if keep and (hidden or not total):
            left_out = self.engine.count(narrowed_to(plan, chosen)) - total
        if left_out and not total:  # copies alone have what is asked for
            page, left_out, keep = self._find(plan, chosen, at), 0, ()
            total = page.total
        return _Best(
            hits=page.hits,
            total=total,
            plan=plan,
            keep=keep,
            hidden=left_out,
            understood=found,
            notes=notes,
        )

    def _find(self, plan: SearchPlan, chosen: Chosen, at: _Place) -> Hits:
        return self.engine.find(narrowed_to(plan, chosen), *at)

    def _asks_copies(self, asked: Query, chosen: Chosen) -> bool:
        """Whether a filter asks for copies."""
        typed = [
            filter
            for filter in (
                *asked.filters,
                *(f for m in asked.meant if m.applied for f in m.filters),
            )
            if isinstance(filter, Is) and not filter.negated
        ]
        terms = {filter_term(filter.field, filter.value) for filter in typed}
        terms |= {filter_term("relation", value) for value in chosen.get("relation", ())}
        return any(filter.field == COPY_OF for filter in typed) or not terms.isdisjoint(
            self._copies
        )

    def copies(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """How many copies some originals have, by the relation that makes them."""
        of = Some(tuple(TermClause(FILTER, filter_term(COPY_OF, id)) for id in ids))
        most = len(ids) * max(1, len(self._copies))
        counted = self.engine.counts(SearchPlan(None, (of,)), [COPIES], most)[COPIES] if ids else {}
        found: dict[str, dict[str, int]] = {}
        for value, number in counted.items():
            relation, _, original = value.partition(" ")
            found.setdefault(original, {})[relation] = number
        return found

    def complete(self, start: str, limit: int = 10) -> list[str]:
        """Ids of what has a name that begins so; ㅇㅍㅋ begins 알파카.

        What is called exactly so comes first, then the maker's own, the most popular first, copies last.
        """
        begins = typed(start)
        if not begins:
            return []
        called = keeping(
            SearchPlan(Some(named(exact_keys(start)))),
            [TermClause(FILTER, filter_term(OWN, "yes"))],
        )
        whole = [hit.id for hit in self.engine.find(called, limit).hits]
        return list(dict.fromkeys((*whole, *self.engine.complete(begins, limit))))[:limit]

    def named(self, name: str, own: bool = False) -> list[str]:
        """Ids of what goes by a name in letters alone, the most popular first; 큐원3 8B is Qwen3-8B.

        Args:
            name: in Korean or English.
            own: leave out models that are neither described by people nor their maker's own.
        """
        spellings = (name, dotted(name), self.standard(name))
        keys = sorted(set().union(*map(exact_keys, spellings)))
        bears = Some(tuple(TermClause(KEYS, key) for key in keys))
        keep = (TermClause(FILTER, filter_term(OWN, "yes")),) if own else ()
        plan = SearchPlan(Flat(bears, 1.0), keep)
        return [hit.id for hit in self.engine.find(plan, NAMESAKES).hits]

    def standard(self, name: str) -> str:
        """A name with its Korean words as curated names and the glossary call them in English."""
        return standard(name, self._glossary)

    def close(self) -> None:
        """Let go of the files."""
        self.engine.close()
