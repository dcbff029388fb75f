"""Search: what a person typed, understood, put to an engine, and what came of it.

A query must match every word; where that finds little, most of it is enough, and a word that nothing
holds is replaced by what was meant (kg/search/_spelling.py). Either engine answers the same (kg/engines/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from kg.language.folding import dotted
from kg.language.tokens import standard
from kg.messages.message import Message
from kg.search._ranking import LEAST, Word, enough, every, exact_keys, phrase
from kg.search._ranking import weigh_words as words_of
from kg.search._spelling import Counted, Spelling
from kg.search.analyzer import Analyzer, SearchDoc, filter_term, typed
from kg.search.clauses import (
    FACETS,
    FILTER,
    KEYS,
    Clause,
    Counts,
    Every,
    Flat,
    Found,
    Indexed,
    Order,
    SearchEngine,
    SearchPlan,
    Some,
    TermClause,
    Within,
)
from kg.search.query import Is, Query, Range

ENOUGH = 8  # hits that match every word, below which hits that match some are added
MANY = 100_000  # documents above which tantivy is used; kg/README.md has the figures
MOST_VALUES = 50  # of a facet
LONGEST = 500  # characters of words that are read
NAMESAKES = 100  # things of one name
Chosen = Mapping[str, Sequence[str]]  # facet -> values, of which a hit has one


class Page(NamedTuple):
    """Hits of one query."""

    total: int
    hits: Sequence[Found]
    facets: Counts  # of each facet, whatever is chosen of it
    suggestion: str | None
    notes: Sequence[Message] = ()  # what of the query was not understood


class _Try(NamedTuple):
    """A plan, and how many hits are enough not to try the next."""

    plan: SearchPlan
    most: int = 0


class _About(msgspec.Struct):
    """What an index says of itself."""

    engine: str
    glossary: dict[str, str]
    filters: set[str]  # that have a meaning, whether any document passes them or not


_Write = Callable[[Iterable[Indexed], Path], int]
_Open = Callable[[Path], SearchEngine]


def _load_engine(name: str) -> tuple[_Write, _Open]:
    """What writes and what opens the indexes of an engine; the other engine is not loaded."""
    if name == "tantivy":
        from kg.search.engines import _tantivy as tantivy

        return tantivy.write, tantivy.TantivyEngine
    from kg.search.engines import _whoosh as whoosh

    return whoosh.write, whoosh.WhooshEngine


def build_index(
    docs: Iterable[SearchDoc],
    folder: Path,
    glossary: Mapping[str, str],
    engine: str,
    filters: Iterable[str] = (),
) -> int:
    """Write an index and return how many documents it holds.

    Args:
        docs: what is searched.
        folder: where the index is made.
        glossary: words that mean the same; the index keeps them for its queries.
        engine: whoosh or tantivy.
        filters: those that mean something even where no document passes.
    """
    folder.mkdir(parents=True)
    counted = Counted()
    analyze = Analyzer(glossary, counted)
    write, _ = _load_engine(engine)
    count = write(map(analyze, docs), folder)
    counted.write(folder / "words.json")
    (folder / "about.json").write_bytes(
        # a set's order differs by process
        msgspec.json.encode(_About(engine, dict(glossary), set(filters)), order="deterministic")
    )
    return count


def engine_for(documents: int) -> str:
    """The engine that suits a number of documents."""
    return "tantivy" if documents > MANY else "whoosh"


class SearchIndex:
    """A read-only index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        about = msgspec.json.decode((folder / "about.json").read_bytes(), type=_About)
        self._glossary, self._known_filters = about.glossary, about.filters
        self.engine: SearchEngine = _load_engine(about.engine)[1](folder)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._folder / "words.json", self._glossary)

    def search(
        self,
        asked: Query,
        limit: int = 20,
        offset: int = 0,
        chosen: Chosen = MappingProxyType({}),
        order: Order = "relevance",
        facets: Sequence[str] = FACETS,
    ) -> Page:
        """Find entities.

        Args:
            asked: what to find, as kg.search.query.parse reads it.
            limit: most hits to return.
            offset: hits to skip.
            chosen: values of facets to narrow to.
            order: relevance, or by a number, the greatest first.
            facets: what to count.
        """
        notes: list[Message] = []
        plans, better = self._understood(asked, notes)
        for plan, most in plans:  # the first that finds enough, else the last
            page = self.engine.find(_narrow(plan, chosen), limit, offset, order)
            total = self.engine.find(plan, 1).total if any(chosen.values()) else page.total
            if total >= most:
                break
        counts = self._counts(plan, chosen, facets)
        return Page(page.total, page.hits, counts, better or None, (*asked.notes, *notes))

    def complete(self, start: str, limit: int = 10) -> list[str]:
        """Ids of what has a name that begins so, the most popular first; ㅇㅍㅋ begins 알파카."""
        begins = typed(start)
        return self.engine.complete(begins, limit) if begins else []

    def named(self, name: str) -> list[str]:
        """Ids of what goes by a name in letters alone, the most popular first; 큐원3 8B is Qwen3-8B."""
        spellings = (name, dotted(name), self.standard(name))
        keys = sorted(set().union(*map(exact_keys, spellings)))
        bears = Some(tuple(TermClause(KEYS, key) for key in keys))
        return [hit.id for hit in self.engine.find(SearchPlan(Flat(bears, 1.0)), NAMESAKES).hits]

    def standard(self, name: str) -> str:
        """A name with its Korean words as curated names and the glossary call them in English."""
        return standard(name, self._glossary)

    def close(self) -> None:
        """Let go of the files."""
        self.engine.close()

    def _counts(self, plan: SearchPlan, chosen: Chosen, facets: Sequence[str]) -> Counts:
        """Of each facet what could be chosen: whatever is chosen of itself does not count."""
        free = [facet for facet in facets if not chosen.get(facet)]
        counts = self.engine.counts(_narrow(plan, chosen), free, MOST_VALUES)
        for facet in set(facets) - set(free):
            others = {name: values for name, values in chosen.items() if name != facet}
            counts |= self.engine.counts(_narrow(plan, others), [facet], MOST_VALUES)
        return {facet: counts[facet] for facet in facets}

    def _understood(self, asked: Query, notes: list[Message]) -> tuple[Iterator[_Try], str]:
        """A query as plans, the strictest first, and the query better spelled."""
        keep, drop = self._filters(asked, notes)
        drop += [self._alternative(text) for text in asked.without]
        phrases = [Some(tuple(map(self._alternative, place))) for place in asked.phrases]
        keep += phrases
        read = self._read(asked.text)
        mended = self._mended(read)
        text = _replaced(asked.text, mended)
        words = [word for word in (self._read(text) if mended else read) if word.held]
        plans: Iterable[_Try]
        if words:
            plans = self._tries(words, text)
        elif asked.text:  # nothing holds any of it
            plans = [_Try(SearchPlan(Some(())))]
        else:
            plans = [_Try(SearchPlan(Every(tuple(phrases)) if phrases else None))]
        better = _replaced(asked.typed, mended) if words and mended else ""
        return (_Try(_with(plan, keep, drop), most) for plan, most in plans), better

    def _tries(self, words: Sequence[Word], text: str) -> Iterator[_Try]:
        """Each is made only if the one before finds too little."""
        yield _Try(every(words, text), ENOUGH)
        for least, most in ((LEAST, 1), (0.0, 0)) if len(words) > 1 else ():
            yield _Try(enough(words, text, self.engine.size, least), most)

    def _mended(self, words: Iterable[Word]) -> dict[str, str]:
        """Words that nothing holds, and what was meant by each."""
        unknown = [word for word in words if not (word.known or word.filler)]
        near = {word.text: self._spelling.nearest(word.text, word.stem) for word in unknown}
        return {word: meant for word, meant in near.items() if meant}

    def _read(self, text: str) -> list[Word]:
        return words_of(text[:LONGEST], self._glossary, self.engine.frequency)

    def _alternative(self, text: str) -> Clause:
        """A word or "phrase"."""
        if text.startswith('"'):
            return phrase(text[:LONGEST], self._glossary, self.engine.frequency)
        return Every(tuple(word.clause for word in self._read(text)))

    def _filters(self, asked: Query, notes: list[Message]) -> tuple[list[Clause], list[Clause]]:
        """What to keep and what to drop; a filter that names nothing is left out, with a note."""
        keep: list[Clause] = []
        drop: list[Clause] = []
        for filter in asked.filters:
            clause = _filter(filter)
            if isinstance(clause, TermClause) and not self._means(clause):
                value = getattr(filter, "value", "")
                notes.append(
                    Message("nothing has the %(field)s %(value)r", field=filter.field, value=value)
                )
            else:
                (drop if filter.negated else keep).append(clause)
        return keep, drop

    def _means(self, filter: TermClause) -> bool:
        return filter.text in self._known_filters or bool(
            self.engine.frequency(FILTER, filter.text)
        )


def _filter(filter: Is | Range) -> Clause:
    if isinstance(filter, Range):
        return Within(filter.field, filter.low, filter.high)
    return TermClause(FILTER, filter_term(filter.field, filter.value))


def _with(plan: SearchPlan, keep: Sequence[Clause], drop: Sequence[Clause]) -> SearchPlan:
    return SearchPlan(plan.match, (*plan.keep, *keep), (*plan.drop, *drop))


def _narrow(plan: SearchPlan, chosen: Chosen) -> SearchPlan:
    one_of = [
        Some(tuple(TermClause(FILTER, filter_term(facet, v)) for v in values))
        for facet, values in chosen.items()
        if values
    ]
    return _with(plan, one_of, ())


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text
