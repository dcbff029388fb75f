"""What an engine is asked: a tree of clauses, and the documents that it may find.

The tree is ours, so that every engine answers the same question. Each clause says which documents
match and, by BM25, how well; kg/search/_ranking.py makes the tree from what a person typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol
from zlib import crc32

import msgspec

TIE = 0.1  # of `Best`: what the lesser parts add to the best one
K1, B = 1.2, 0.75  # of BM25; tantivy's are fixed, so ours are the same

FILTER = "filter"  # the field whose terms are `name=value`
COPY_OF = "copy-of"  # the filter by the original of a copy
IS_COPY = "copy"  # the filter that says whether a document is one, yes or no
OWN = "own"  # the filter that keeps what is its maker's own and no copy
SIZED = "sized"  # the filter that says whether a size stands in a name, yes or no
APART = "apart"  # the filter by what tells a copy, or an upload by somebody else, from the original
SAMPLED = "sampled"  # the filter by parts of all documents, of which facets are estimated
PARTS: tuple[int, ...] = tuple(1 << power for power in range(1, 11))  # one document in so many
KEYS = "exact"  # the field whose terms are whole names
COMPLETE = "complete"  # the field whose terms are completed
PLAIN = ("family", "org", "kin", "kind")  # text without positions, so without phrases
TEXT = ("name", "alias", *PLAIN, "about")
FACETS = ("kind", "org", "license", "access", "verdict", "relation", "lang", "size", "year")
COPIES = "copies"  # counted beside the facets: of which original, by which relation
COUNTED = (*FACETS, COPIES)
NUMBERS = ("released", "downloads", "descendants", "params")
BETWEEN = "\n\n"  # two texts of a field: a place where no term stands
Order = Literal["relevance", "date", "downloads", "descendants", "size"]
SORTED_BY: dict[Order, str] = {
    "date": "released",
    "downloads": "downloads",
    "descendants": "descendants",
    "size": "params",
}


def sample_terms(id: str) -> list[str]:
    """The filters by the parts of all documents that one belongs to.

    >>> sample_terms("model/a"), sample_terms("model/alpaca-7b")
    ([], ['sampled=2'])
    """
    number = crc32(id.encode())
    return [sample_term(part) for part in PARTS if not number % part]


def sample_term(part: int) -> str:
    """The filter by one of the parts of all documents."""
    return f"{SAMPLED}={part}"


def copies_value(relation: str, original: str) -> str:
    """How a copy is counted."""
    return f"{relation} {original}"


class TermClause(NamedTuple):
    """A term in a field, worth its BM25 times the weight."""

    field: str
    text: str
    weight: float = 1.0


class Phrase(NamedTuple):
    """Terms in a row in a field with positions."""

    field: str
    terms: tuple[str, ...]
    weight: float = 1.0


class Every(NamedTuple):
    """All parts; worth their sum times the weight."""

    parts: tuple[Clause, ...]
    weight: float = 1.0


class Some(NamedTuple):
    """At least one part; worth the sum of those that match."""

    parts: tuple[Clause, ...]


class Best(NamedTuple):
    """At least one part; worth the best, and a little of the others."""

    parts: tuple[Clause, ...]


class Flat(NamedTuple):
    """What the part matches, worth so many points."""

    part: Clause
    points: float


class Within(NamedTuple):
    """A number between two others, both included; worth nothing."""

    field: str
    low: float
    high: float


Clause = TermClause | Phrase | Every | Some | Best | Flat | Within


class Extra(NamedTuple):
    """Points for what matches one clause and has more besides."""

    more: tuple[Clause, ...]
    points: float


def with_extras(clause: Some) -> tuple[Clause, Sequence[Extra]] | None:
    """A clause as its first part and points that only what matches this part may get; None if it is no such clause.

    What is so asked for once need not be looked for again with each of the others.

    >>> llama, gguf = TermClause("name", "llama"), TermClause("filter", "apart=gguf")
    >>> with_extras(Some((llama, Flat(Every((llama, gguf)), 9.0))))[1] == [Extra((gguf,), 9.0)]
    True
    """
    first, *others = clause.parts or (None,)
    extras = [
        Extra(part.part.parts[1:], part.points)
        for part in others
        if isinstance(part, Flat)
        and isinstance(part.part, Every)
        and part.part.parts[:1] == (first,)
    ]
    if first is None or not extras or len(extras) < len(others):
        return None
    return first, extras


class SearchPlan(NamedTuple):
    """Documents that match and pass: `match` gives points, times each document's prior."""

    match: Clause | None  # None: every document
    keep: tuple[Clause, ...] = ()
    drop: tuple[Clause, ...] = ()


class Indexed(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A document in terms, none of which holds white space.

    Terms stand in strings and not in lists, because documents of a build go from one process to another.
    """

    id: str
    # Field of TEXT -> texts as kg.language.terms writes them, `BETWEEN` two of them
    text: Mapping[str, str]
    exact: str  # whole names, with spaces between
    complete: str  # what is typed to get here, likewise
    filters: str  # name=value, likewise
    facets: Mapping[str, str]  # values with line breaks between
    numbers: Mapping[str, float]
    prior: float  # factor of its points
    standing: float  # the place among what begins alike, the greatest first

    def values(self, facet: str) -> list[str]:
        """What it is counted by."""
        held = self.facets.get(facet)
        return held.split("\n") if held else []


def placed_terms(texts: str) -> list[tuple[str, int]]:
    r"""Terms with their positions; texts stand apart, so that no phrase reaches over two.

    >>> placed_terms("llama llama2\n2\n\n라마")
    [('llama', 0), ('llama2', 0), ('2', 1), ('라마', 3)]
    """
    places = enumerate(texts.split("\n"))
    return [(term, place) for place, at in places if at for term in at.split(" ")]


class Found(NamedTuple):
    """One hit."""

    id: str
    score: float


class Hits(NamedTuple):
    """How many documents match, and some of them in order."""

    total: int
    hits: Sequence[Found]


Counts = dict[str, dict[str, int]]  # facet -> value -> documents


class SearchEngine(Protocol):
    """A read-only index."""

    size: int

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        """The best documents, or the first in another order; those without its number last."""

    def count(self, plan: SearchPlan) -> int:
        """How many documents match."""

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        """How many of the matching documents have each value of some facets, most first."""

    def frequency(self, field: str, term: str) -> int:
        """How many documents have a term."""

    def complete(self, start: str, limit: int) -> list[str]:
        """Ids of what begins so, by standing."""

    def close(self) -> None:
        """Let go of the files."""
