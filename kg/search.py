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

from kg.text import Token, tokens

# Field weights: the start values of the search issue; tuned there on judged queries.
WEIGHTS = {"name": 4.0, "alias": 3.0, "family": 2.5, "org": 2.0, "about": 1.0}
KIND_PRIOR = {"family": 1.4, "model": 1.3}  # what most people look for; other kinds 1
EXACT = 20.0  # a name that is the whole query comes first
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
    """Hands the terms of kg.text to Whoosh."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False,
                 start_pos: int = 0, **_: Any) -> Iterator[Any]:  # fmt: skip
        token = analysis.Token(positions, chars)
        place, before = start_pos - 1, -1
        for term in tokens(value):
            place += term.start != before
            before = term.start
            token.text, token.boost, token.stopped = term.term, 1.0, False
            token.pos, token.startchar, token.endchar = place, term.start, term.end
            yield token


def _schema() -> fields.Schema:
    text = {name: fields.TEXT(analyzer=_Chain()) for name in WEIGHTS}
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        kind=fields.ID(stored=True, sortable=True),
        exact=fields.KEYWORD(commas=True),
        **text,
    )


def exact_key(name: str) -> str:
    """A name as people type it: no case, spaces or hyphens.

    >>> exact_key("LLaMA-2 7B") == exact_key("llama2 7b")
    True
    """
    return "".join(c for c in name.lower() if c.isalnum() or c == ".")


def build_index(docs: Iterable[SearchDoc], folder: Path) -> int:
    """Write an index and return how many documents it holds."""
    folder.mkdir(parents=True)
    writer = index.create_in(str(folder), _schema()).writer(limitmb=LIMIT_MB)
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
            exact=",".join(sorted({exact_key(n) for n in names} - {""})),
            _boost=KIND_PRIOR.get(doc.kind, 1) * (1 + 0.15 * log10(1 + doc.descendants)),
        )
        count += 1
    writer.commit()
    return count


class SearchIndex:
    """A read-only index."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder), readonly=True)

    def search(self, text: str, limit: int = 20, offset: int = 0,
               kinds: Sequence[str] = ()) -> Page:  # fmt: skip
        """Find entities.

        Args:
            text: words in Korean or English; any text is accepted.
            limit: most hits to return.
            offset: hits to skip.
            kinds: only entities of these kinds; empty = all.
        """
        words = _words(text[:500])
        if not words:
            return Page(0, (), {}, None)
        with self._index.searcher() as searcher:
            for parsed in (query.And(words), query.Or(words)):
                whole = query.AndMaybe(parsed, _exact(text))
                results = searcher.search(whole, limit=limit + offset, filter=_kinds(kinds))
                if len(results):
                    break
            if not len(results):
                return Page(0, (), {}, _suggest(searcher, text))
            counted = searcher.search(parsed, limit=None, groupedby="kind", scored=False)
            hits = [Found(hit["id"], round(hit.score, 4)) for hit in results[offset:]]
            facets = {k: len(ids) for k, ids in sorted(counted.groups("kind").items())}
            return Page(len(results), hits, facets, None)


def _kinds(kinds: Sequence[str]) -> query.Query | None:
    return query.Or([query.Term("kind", kind) for kind in kinds]) if kinds else None


def _words(text: str) -> list[query.Query]:
    """One clause a word: the best of its terms over all fields."""
    groups = itertools.groupby(tokens(text), key=lambda t: t.start)
    return [_word([*group]) for _, group in groups][:32]


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
    return query.Term("exact", exact_key(text), boost=EXACT)


def _suggest(searcher: Any, text: str) -> str | None:
    """The query with unknown words replaced by the nearest known ones."""
    corrector = searcher.corrector("name")
    better = text
    for word in {t.start: t for t in reversed(tokens(text))}.values():
        near = corrector.suggest(word.term, limit=1, maxdist=1 if len(word.term) < 5 else 2)
        if near:
            better = better.replace(text[word.start : word.end], near[0])
    return better if better != text else None
