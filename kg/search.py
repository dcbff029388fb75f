"""Full-text search with Whoosh: our own terms in, ids and exact counts out.

Whoosh finds and weighs the postings of each word (BM25F); what a hit is worth is reckoned here, in
arrays by document number: the sum over the words, the share of the words that match, a name that is
the whole query, the prior. So counts are exact, ties fall by id, and no hit is pruned. (With a limit
Whoosh drops terms and scores the rest wrongly, and its final-score hook loses the best hits.)

Whoosh's index blocks are pickles: an index is only opened from a snapshot this program built.
Only API that Whoosh 2.7.4 shares with whoosh-reloaded is used.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import log10
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh import analysis, fields, index, query

from kg.clauses import MOST_WORDS, WEIGHTS, exact, exact_keys
from kg.clauses import words as words_of
from kg.columns import Columns, Filters, Mask
from kg.query import Is, Query
from kg.text import tokens

# Tuned, with the weights of kg/clauses.py, on the open queries of tests/search/judged.yaml.
ALL = 1.5  # factor of what matches every word
ENOUGH = 8  # hits that match every word, below which hits that match some are added
NEAR_BEST = 0.6  # or this part of what the best hit matches, if none matches so much
SHARE = 1.0  # power of the share in a hit's worth
LEAST = 0.3  # share of the query, by rarity of its words, that such a hit must match
# What most people look for comes first among equals: factors, 1 for other kinds.
KINDS = {
    "family": 1.3,
    "model": 1.15,
    "source": 0.4,
    "publication": 0.6,
    "technique": 1.2,
    "benchmark": 1.1,
}
FACETS = ("kind", "org", "license", "lang", "relation")  # fields whose values are counted
CORRECTED = 30  # letters; the time to find near words grows fast with the length
LIMIT_MB = 256  # large enough never to spill at 100,000 documents; spilling halves the speed

Floats = NDArray[np.float64]


class SearchDoc(NamedTuple):
    """What is searched of one entity."""

    id: str
    kind: str
    names: Sequence[str]  # main labels
    aliases: Sequence[str]
    families: Sequence[str]  # every name of the families it stands in
    orgs: Sequence[str]  # every name of its makers
    about: Sequence[str]  # descriptions
    descendants: int = 0
    exact: Mapping[str, Mapping[str, Iterable[str]]] = {}  # filter field -> values and their names
    numbers: Mapping[str, float] = {}  # filter field -> number


class Found(NamedTuple):
    """One hit of the engine."""

    id: str
    score: float


class Page(NamedTuple):
    """Hits of one query."""

    total: int
    hits: Sequence[Found]
    facets: dict[str, dict[str, int]]  # hits by value, before the choice of kinds
    suggestion: str | None
    notes: Sequence[str] = ()  # what of the query was not understood


class _Chain(analysis.Analyzer):  # type: ignore[misc]
    """Hands the terms of kg.text to Whoosh; kept in the index with the glossary it was built with."""

    def __init__(self, glossary: Mapping[str, str]) -> None:
        self.glossary = dict(glossary)

    def __call__(self, value: str, positions: bool = False, chars: bool = False,
                 start_pos: int = 0, **_: Any) -> Iterator[Any]:  # fmt: skip
        token = analysis.Token(positions, chars)
        place, before = start_pos - 1, -1
        for term in tokens(value, self.glossary):
            place += term.start != before
            before = term.start
            token.text, token.boost, token.stopped = term.term, 1.0, False
            token.pos, token.startchar, token.endchar = place, term.start, term.end
            yield token


def _schema(glossary: Mapping[str, str]) -> fields.Schema:
    text = {name: fields.TEXT(analyzer=_Chain(glossary)) for name in WEIGHTS}
    return fields.Schema(exact=fields.KEYWORD(commas=True), **text)


def build_index(docs: Iterable[SearchDoc], folder: Path, glossary: Mapping[str, str]) -> int:
    """Write an index and return how many documents it holds.

    Args:
        docs: what is searched.
        folder: where the index is made.
        glossary: words that mean the same; the index keeps them for its queries.
    """
    folder.mkdir(parents=True)
    writer = index.create_in(str(folder), _schema(glossary)).writer(limitmb=LIMIT_MB)
    columns = Columns()
    for doc in docs:
        names = (*doc.names, *doc.aliases)
        writer.add_document(
            name=" \n ".join(doc.names),
            alias=" \n ".join(doc.aliases),
            family=" \n ".join(doc.families),
            org=" \n ".join(doc.orgs),
            about=" \n ".join(doc.about),
            exact=",".join(sorted(set().union(*map(exact_keys, names)))),
        )
        prior = KINDS.get(doc.kind, 1) * (1 + 0.1 * log10(1 + doc.descendants))
        columns.add(doc.id, prior, doc.exact, doc.numbers)
    writer.commit(optimize=True)  # one segment, so that document numbers are those of the columns
    (folder / "columns.json").write_bytes(msgspec.json.encode(columns))
    return len(columns.ids)


class SearchIndex:
    """A read-only index."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder), readonly=True)
        self._glossary: Mapping[str, str] = self._index.schema["name"].analyzer.glossary
        columns = msgspec.json.decode((folder / "columns.json").read_bytes(), type=Columns)
        self._ids, self._priors = columns.ids, np.array(columns.priors)
        self._filters = Filters(columns)

    def search(self, asked: Query, limit: int = 20, offset: int = 0,
               kinds: Sequence[str] = ()) -> Page:  # fmt: skip
        """Find entities.

        Args:
            asked: what to find, as kg.query.parse reads it.
            limit: most hits to return.
            offset: hits to skip.
            kinds: only entities of these kinds; empty = all.
        """
        passed, notes = self._filters.mask(asked)
        with self._index.searcher() as searcher:
            scores, better = self._found(searcher, asked, passed)
        found = np.flatnonzero(scores)
        facets = self._filters.facets(found, FACETS)
        if kinds:
            chosen = [self._filters.mask(Query(filters=(Is("kind", k),)))[0] for k in kinds]
            found = found[np.any(chosen, axis=0)[found]]
        best = found[np.argsort(-scores[found], kind="stable")][offset : offset + limit]
        hits = [Found(self._ids[doc], round(float(scores[doc]), 4)) for doc in best]
        return Page(len(found), hits, facets, better or None, (*asked.notes, *notes))

    def _found(self, searcher: Any, asked: Query, passed: Mask) -> tuple[Floats, str]:
        """What each document is worth by the words of a query, and the words if better spelled."""
        if not asked.words:  # everything that passes the filters
            every = self._priors * (passed if asked.filters else 0)
            return self._without(searcher, asked, every), ""
        words: list[_Postings] = []
        text = asked.text[:500]
        better = text
        for place in asked.words[:MOST_WORDS]:
            if len(place) > 1 or place[0].startswith('"'):
                words.append(_postings(searcher, self._any(place)))
                continue
            found, spelled = self._understood(searcher, place[0][:500])
            words += found
            better = better.replace(place[0], spelled)
        scores = self._scores(searcher, words, better, passed)
        return self._without(searcher, asked, scores), better if better != text else ""

    def _without(self, searcher: Any, asked: Query, scores: Floats) -> Floats:
        for word in asked.without:
            scores[_postings(searcher, self._any((word,))).docs] = 0.0
        return scores

    def _any(self, alternatives: Sequence[str]) -> query.Query:
        """Any of several words or "phrases"."""
        return query.Or([
            query.Or([query.Phrase(field, [g.terms[0] for g in words]) for field in WEIGHTS])
            if text.startswith('"') and len(words) > 1
            else query.And([word.clause for word in words])
            for text in alternatives if (words := words_of(text[:500], self._glossary))
        ])  # fmt: skip

    def _understood(self, searcher: Any, text: str) -> tuple[list[_Postings], str]:
        """The postings of each word that is known, or that one mistake away is, and that text."""
        found: list[_Postings] = []
        better = text
        for word in words_of(text, self._glossary):
            postings = _postings(searcher, word.clause)
            near = "" if word.known(searcher) else self._nearest(searcher, word.text)
            if near:
                better = better.replace(word.text, near)
            if postings.docs:
                found.append(postings)
            elif near:
                found += [_postings(searcher, w.clause) for w in words_of(near, self._glossary)]
        return found, better

    def _nearest(self, searcher: Any, word: str) -> str:
        """The known word that a mistyped one most looks like, "" if none does."""
        if not 3 <= len(word) <= CORRECTED:
            return ""
        spread = unicodedata.normalize("NFD", word.lower())  # a Hangul syllable as its letters
        close = difflib.get_close_matches(spread, self._spread, 1, 0.8)
        if close:
            return self._spread[close[0]]
        near = searcher.corrector("name").suggest(word.lower(), 1, 1 if len(word) < 5 else 2)
        return str(near[0]) if near else ""

    @cached_property
    def _spread(self) -> dict[str, str]:
        return {unicodedata.normalize("NFD", word): word for word in self._glossary}

    def _scores(self, searcher: Any, words: Sequence[_Postings], text: str, passed: Mask) -> Floats:
        """What each document is worth; 0 is no hit.

        A document counts by the share of the query it matches, a rare word for more than a common.
        """
        total, share = np.zeros(len(self._ids)), np.zeros(len(self._ids))
        rarity = [np.log(1 + len(self._ids) / len(w.docs)) for w in words if w.docs]
        for word, rare in zip((w for w in words if w.docs), rarity, strict=True):
            total[word.docs] += word.points
            share[word.docs] += rare / sum(rarity)
        named = _postings(searcher, exact(text))
        total[named.docs] += named.points
        share[named.docs] = 1.0
        share *= passed  # what a filter keeps out sets no measure for the rest
        whole = share > 0.999
        least = min(LEAST, NEAR_BEST * float(share.max(initial=0.0)))
        enough = whole if whole.sum() >= ENOUGH else (share > 0) & (share >= least)
        scores: Floats = np.where(enough, total * share**SHARE * self._priors, 0.0)
        return np.where(whole, scores * ALL, scores)


class _Postings(NamedTuple):
    """The documents of a word and their points."""

    docs: list[int]
    points: list[float]


def _postings(searcher: Any, clause: query.Query) -> _Postings:
    found = _Postings([], [])
    context = searcher.context(needs_current=False, weighting=searcher.weighting)
    matcher = clause.matcher(searcher, context)
    while matcher.is_active():
        found.docs.append(matcher.id())
        found.points.append(matcher.score())
        matcher.next()
    return found
