"""Words of a query as Whoosh clauses: pure functions, and the weights they use."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from whoosh import query

from kg.text import CONCEPT, Token, tokens

# Weights, tuned on the open queries of tests/search/judged.yaml (make eval-search).
WEIGHTS = {"name": 2.0, "alias": 2.5, "family": 1.5, "org": 3.0, "about": 1.0}
EXACT = 50.0  # points of a name that is the whole query
PIECES = 0.2  # weight of a word found only by its pieces
MOST_WORDS = 32


def exact_keys(name: str) -> set[str]:
    """A name as people type it, with and without particles: no case, spaces or hyphens.

    >>> exact_keys("LLaMA-2 7B") & exact_keys("llama2 7b"), exact_keys("비쿠나를") & exact_keys("비쿠나")
    ({'llama27b'}, {'비쿠나'})
    """
    words = [[*group] for _, group in itertools.groupby(tokens(name), key=lambda t: t.start)]
    stems = "".join(word[0].term for word in words)
    whole = "".join(name[word[0].start : word[0].end].lower() for word in words)
    return {stems, whole} - {""}


class Word(NamedTuple):
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


def words(text: str, glossary: Mapping[str, str]) -> list[Word]:
    """One clause a word: the best of its terms over all fields.

    What an entry of several words means stands for each of them, so that both what is called so and
    what has some of the words is found.
    """
    groups = [[*g] for _, g in itertools.groupby(tokens(text, glossary), key=lambda t: t.start)]
    found: list[Word] = []
    concepts: list[Token] = []
    for group in groups[:MOST_WORDS]:
        concepts += [t for t in group if t.term.startswith(CONCEPT)]
        concepts = [t for t in concepts if t.end > group[0].start]
        own = [t for t in group if not t.term.startswith(CONCEPT)]
        terms = [t.term for t in (*own, *concepts)]
        found.append(Word(text[own[0].start : own[0].end], terms, _word(own, concepts)))
    return found


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


def exact(text: str) -> query.Query:
    """What bears the text as its name."""
    return query.Or([query.Term("exact", key, boost=EXACT) for key in sorted(exact_keys(text))])
