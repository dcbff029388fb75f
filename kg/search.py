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
import itertools
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

from kg.text import CONCEPT, Token, tokens

# Weights, tuned on the open queries of tests/search/judged.yaml (make eval-search).
WEIGHTS = {"name": 2.0, "alias": 2.5, "family": 1.5, "org": 3.0, "about": 1.0}
EXACT = 50.0  # points of a name that is the whole query
PIECES = 0.2  # weight of a word found only by its pieces
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
CORRECTED = 30  # letters; the time to find near words grows fast with the length
LIMIT_MB = 256  # large enough never to spill at 100,000 documents; spilling halves the speed
MOST_WORDS = 32

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


class Found(NamedTuple):
    """One hit of the engine."""

    id: str
    score: float


class Page(NamedTuple):
    """Hits of one query."""

    total: int
    hits: Sequence[Found]
    kinds: Mapping[str, int]  # facet: hits by kind, before the kind filter
    suggestion: str | None


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


class Columns(msgspec.Struct, frozen=True):
    """What is known of each document besides its words, by document number."""

    ids: list[str]
    kinds: list[str]
    priors: list[float]


def _schema(glossary: Mapping[str, str]) -> fields.Schema:
    text = {name: fields.TEXT(analyzer=_Chain(glossary)) for name in WEIGHTS}
    return fields.Schema(exact=fields.KEYWORD(commas=True), **text)


def exact_keys(name: str) -> set[str]:
    """A name as people type it, with and without particles: no case, spaces or hyphens.

    >>> exact_keys("LLaMA-2 7B") & exact_keys("llama2 7b"), exact_keys("비쿠나를") & exact_keys("비쿠나")
    ({'llama27b'}, {'비쿠나'})
    """
    words = [[*group] for _, group in itertools.groupby(tokens(name), key=lambda t: t.start)]
    stems = "".join(word[0].term for word in words)
    whole = "".join(name[word[0].start : word[0].end].lower() for word in words)
    return {stems, whole} - {""}


def build_index(docs: Iterable[SearchDoc], folder: Path, glossary: Mapping[str, str]) -> int:
    """Write an index and return how many documents it holds.

    Args:
        docs: what is searched.
        folder: where the index is made.
        glossary: words that mean the same; the index keeps them for its queries.
    """
    folder.mkdir(parents=True)
    writer = index.create_in(str(folder), _schema(glossary)).writer(limitmb=LIMIT_MB)
    columns = Columns([], [], [])
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
        columns.ids.append(doc.id)
        columns.kinds.append(doc.kind)
        columns.priors.append(KINDS.get(doc.kind, 1) * (1 + 0.1 * log10(1 + doc.descendants)))
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
        self._kind_names = sorted(set(columns.kinds))
        codes = {name: code for code, name in enumerate(self._kind_names)}
        self._kinds = np.array([codes[kind] for kind in columns.kinds], dtype=np.int64)

    def search(self, text: str, limit: int = 20, offset: int = 0,
               kinds: Sequence[str] = ()) -> Page:  # fmt: skip
        """Find entities.

        Args:
            text: words in Korean or English; any text is accepted.
            limit: most hits to return.
            offset: hits to skip.
            kinds: only entities of these kinds; empty = all.
        """
        with self._index.searcher() as searcher:
            words, better = self._understood(searcher, text[:500])
            scores = self._scores(searcher, words, better)
        found = np.flatnonzero(scores)
        counts = np.bincount(self._kinds[found], minlength=len(self._kind_names))
        facets = {name: int(n) for name, n in zip(self._kind_names, counts, strict=True) if n}
        if kinds:
            wanted = [code for code, name in enumerate(self._kind_names) if name in kinds]
            found = found[np.isin(self._kinds[found], wanted)]
        best = found[np.argsort(-scores[found], kind="stable")][offset : offset + limit]
        hits = [Found(self._ids[doc], round(float(scores[doc]), 4)) for doc in best]
        return Page(len(found), hits, facets, better if better != text[:500] else None)

    def _understood(self, searcher: Any, text: str) -> tuple[list[_Postings], str]:
        """The postings of each word that is known, or that one mistake away is, and that text."""
        found: list[_Postings] = []
        better = text
        for word in _words(text, self._glossary):
            postings = _postings(searcher, word.clause)
            near = "" if word.known(searcher) else self._nearest(searcher, word.text)
            if near:
                better = better.replace(word.text, near)
            if postings.docs:
                found.append(postings)
            elif near:
                found += [_postings(searcher, w.clause) for w in _words(near, self._glossary)]
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

    def _scores(self, searcher: Any, words: Sequence[_Postings], text: str) -> Floats:
        """What each document is worth; 0 is no hit.

        A document counts by the share of the query it matches, a rare word for more than a common.
        """
        total, share = np.zeros(len(self._ids)), np.zeros(len(self._ids))
        rarity = [np.log(1 + len(self._ids) / len(w.docs)) for w in words if w.docs]
        for word, rare in zip((w for w in words if w.docs), rarity, strict=True):
            total[word.docs] += word.points
            share[word.docs] += rare / sum(rarity)
        exact = _postings(searcher, _exact(text))
        total[exact.docs] += exact.points
        share[exact.docs] = 1.0
        whole = share > 0.999
        least = min(LEAST, NEAR_BEST * float(share.max(initial=0.0)))
        enough = whole if whole.sum() >= ENOUGH else (share > 0) & (share >= least)
        scores: Floats = np.where(enough, total * share**SHARE * self._priors, 0.0)
        return np.where(whole, scores * ALL, scores)


class _Postings(NamedTuple):
    """The documents of a word and their points."""

    docs: list[int]
    points: list[float]


class _Word(NamedTuple):
    """A word of a query, or an entry of the glossary."""

    text: str
    terms: list[str]
    clause: query.Query

    def known(self, searcher: Any) -> bool:
        """Whether some text holds the word as a whole, or the glossary has it."""
        reader = searcher.reader()
        return any(t.startswith(CONCEPT) for t in self.terms) or any(
            (field, term) in reader
            for field in WEIGHTS
            for term in (self.terms[0], self.text.lower())
        )


def _postings(searcher: Any, clause: query.Query) -> _Postings:
    found = _Postings([], [])
    context = searcher.context(needs_current=False, weighting=searcher.weighting)
    matcher = clause.matcher(searcher, context)
    while matcher.is_active():
        found.docs.append(matcher.id())
        found.points.append(matcher.score())
        matcher.next()
    return found


def _words(text: str, glossary: Mapping[str, str]) -> list[_Word]:
    """One clause a word: the best of its terms over all fields.

    What an entry of several words means stands for each of them, so that both what is called so and
    what has some of the words is found.
    """
    groups = [[*g] for _, g in itertools.groupby(tokens(text, glossary), key=lambda t: t.start)]
    words: list[_Word] = []
    concepts: list[Token] = []
    for group in groups[:MOST_WORDS]:
        concepts += [t for t in group if t.term.startswith(CONCEPT)]
        concepts = [t for t in concepts if t.end > group[0].start]
        own = [t for t in group if not t.term.startswith(CONCEPT)]
        terms = [t.term for t in (*own, *concepts)]
        words.append(_Word(text[own[0].start : own[0].end], terms, _word(own, concepts)))
    return words


def _word(group: Sequence[Token], concepts: Sequence[Token]) -> query.Query:
    terms = [token.term for token in group]
    whole, pieces = terms[0], terms[1:]
    clauses = [query.Term(f, whole, boost=w) for f, w in WEIGHTS.items()]
    if pieces:  # a word unknown as a whole may still be found by its pieces
        clauses += [
            query.And([query.Term(f, p) for p in pieces], boost=PIECES * w)
            for f, w in WEIGHTS.items()
        ]
    clauses += [query.Term(f, c.term, boost=w) for c in concepts for f, w in WEIGHTS.items()]
    return query.DisjunctionMax(clauses, tiebreak=0.1)


def _exact(text: str) -> query.Query:
    return query.Or([query.Term("exact", key, boost=EXACT) for key in sorted(exact_keys(text))])
