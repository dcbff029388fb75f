"""Full-text search with Whoosh: our own terms in, ids and exact counts out.

Whoosh's index blocks are pickles: an index is only opened from a snapshot this program built.
Only API that Whoosh 2.7.4 shares with whoosh-reloaded is used. The prior goes in as a document
boost, because Whoosh's final-score hook returns wrong top hits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import analysis, fields, index, query

from kg.text import CONCEPT, Token, tokens

# Field weights: the start values of the search issue; tuned there on judged queries.
WEIGHTS = {"name": 4.0, "alias": 3.0, "family": 2.5, "org": 2.0, "about": 1.0}
# What most people look for comes first among equals: points added to the score, 0 for other kinds.
KIND_POINTS = {"family": 12.0, "model": 11.0, "org": 8.0, "dataset": 8.0, "product": 7.0}
KIND_POINTS |= dict.fromkeys(("license", "benchmark", "technique", "toolkit"), 6.0)
EXACT = 20.0  # a name that is the whole query comes first
CORRECTED = 30  # letters; the time to find near words grows fast with the length
LIMIT_MB = 256  # large enough never to spill at 100,000 documents; spilling halves the speed


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


def _schema(glossary: Mapping[str, str]) -> fields.Schema:
    text = {name: fields.TEXT(analyzer=_Chain(glossary)) for name in WEIGHTS}
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        kind=fields.ID(stored=True, sortable=True),
        exact=fields.KEYWORD(commas=True),
        **text,
    )


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
    count = 0
    for doc in docs:
        names = (*doc.names, *doc.aliases)
        writer.add_document(
            id=doc.id,
            kind=doc.kind,
            name=" \n ".join(doc.names),
            alias=" \n ".join(doc.aliases),
            family=" \n ".join(doc.families),
            org=" \n ".join(doc.orgs),
            about=" \n ".join(doc.about),
            exact=",".join(sorted(set().union(*map(exact_keys, names)))),
            _boost=1 + 0.15 * log10(1 + doc.descendants),
        )
        count += 1
    writer.commit()
    return count


class SearchIndex:
    """A read-only index."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder), readonly=True)
        self._glossary: Mapping[str, str] = self._index.schema["name"].analyzer.glossary

    def search(self, text: str, limit: int = 20, offset: int = 0,
               kinds: Sequence[str] = ()) -> Page:  # fmt: skip
        """Find entities.

        Args:
            text: words in Korean or English; any text is accepted.
            limit: most hits to return.
            offset: hits to skip.
            kinds: only entities of these kinds; empty = all.
        """
        words = _words(text[:500], self._glossary)
        if not words:
            return Page(0, (), {}, None)
        with self._index.searcher() as searcher:
            for parsed in (query.And(words), query.Or(words)):
                whole = query.AndMaybe(parsed, query.Or([_exact(text), _KINDS]))
                # Without a limit: with one, Whoosh prunes terms and scores the rest wrongly.
                results = searcher.search(whole, limit=None, groupedby="kind")
                if len(results):
                    break
            else:
                return Page(0, (), {}, _suggest(searcher, text[:500]))
            facets = {kind: len(ids) for kind, ids in sorted(results.groups("kind").items())}
            if kinds:
                narrow = query.Or([query.Term("kind", kind) for kind in kinds])
                results = searcher.search(whole, limit=None, filter=narrow)
            hits = [Found(h["id"], round(h.score, 4)) for h in results[offset : offset + limit]]
            return Page(len(results), hits, facets, None)


def _words(text: str, glossary: Mapping[str, str]) -> list[query.Query]:
    """One clause a word, or an entry of the glossary: the best of its terms over all fields."""
    groups = [[*g] for _, g in itertools.groupby(tokens(text, glossary), key=lambda t: t.start)][
        :32
    ]
    clauses: list[query.Query] = []
    while groups:
        concept = next((t for t in groups[0] if t.term.startswith(CONCEPT)), None)
        end = concept.end if concept else groups[0][0].end
        count = max(1, sum(group[0].start < end for group in groups))
        span, groups = groups[:count], groups[count:]
        clause = query.And([_word([t for t in g if not t.term.startswith(CONCEPT)]) for g in span])
        if concept:
            named = [query.Term(f, concept.term, boost=w) for f, w in WEIGHTS.items()]
            clause = query.DisjunctionMax([clause, *named], tiebreak=0.1)
        clauses.append(clause)
    return clauses


def _word(group: Sequence[Token]) -> query.Query:
    terms = [token.term for token in group]
    whole, pieces = terms[0], terms[1:]
    clauses = [query.Term(f, whole, boost=w) for f, w in WEIGHTS.items()]
    if pieces:  # a word unknown as a whole may still be found by its pieces
        clauses += [
            query.And([query.Term(f, p) for p in pieces], boost=0.2 * w) for f, w in WEIGHTS.items()
        ]
    return query.DisjunctionMax(clauses, tiebreak=0.1)


def _exact(text: str) -> query.Query:
    return query.Or([query.Term("exact", key, boost=EXACT) for key in sorted(exact_keys(text))])


_KINDS = query.Or([query.ConstantScoreQuery(query.Term("kind", kind), points)
                   for kind, points in KIND_POINTS.items()])  # fmt: skip


def _suggest(searcher: Any, text: str) -> str | None:
    """The query with unknown words replaced by the nearest known ones."""
    corrector = searcher.corrector("name")
    better = text
    words = {t.start: t for t in reversed(tokens(text))}.values()
    short = [word for word in words if len(word.term) <= CORRECTED]
    for word in short[-8:]:  # the first ones: a visitor's text may be anything
        near = corrector.suggest(word.term, limit=1, maxdist=1 if len(word.term) < 5 else 2)
        if near:
            better = better.replace(text[word.start : word.end], near[0])
    return better if better != text else None
