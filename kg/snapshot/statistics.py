"""What a release holds, counted as its N-Quads are written: the figures of its VoID description.

The quads of an entity come together (kg/build/passes/_writing.py), so subjects are counted without a set of them,
and memory stays flat however large the graph is. Who writes a quad knows what it is, so no line is read again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from kg.model.claim import kind_of
from kg.model.vocabulary import RDF, XSD

TYPE = f"{RDF}type"
# Datatypes of literals without and with a language
STRING, WORDS = (f"{XSD}string", f"{RDF}langString")


class Count(msgspec.Struct, frozen=True):
    """Triples, and the different subjects they have."""

    triples: int
    subjects: int
    first: str = ""  # id of the first subject, as an example


class Use(msgspec.Struct, frozen=True):
    """How often one kind has a property with values of one type, in the default graph."""

    kind: str
    property: str  # IRI
    value: str  # a kind, the IRI of a datatype, or "" for IRIs that are not entities
    triples: int


class Statistics(msgspec.Struct, frozen=True):
    """The figures of a release; partitions are those of the default graph."""

    default: Count
    graphs: dict[str, Count]  # by id of the source that names the graph
    classes: dict[str, Count]  # by IRI
    properties: dict[str, Count]  # by IRI
    uses: list[Use]


class QuadKind(NamedTuple):
    """What of a quad is counted, beside its subject."""

    graph: str  # id of the source that names it; "" is the default graph, of which alone the rest is told
    property: str = ""  # IRI
    value: str = ""  # the kind of an entity or the datatype of a literal; of `TYPE` the class, "" for other IRIs


class GraphTallies(msgspec.Struct, frozen=True):
    """What was counted in a part of a release."""

    graphs: dict[str, Count]
    classes: dict[str, Count]
    properties: dict[str, Count]
    uses: list[tuple[str, str, str, int]]


class GraphCount:
    """Counts a release while its N-Quads go by.

    Of most entities the quads are of the same kinds as those of another, so they are counted together.
    """

    def __init__(self) -> None:
        self._alike: dict[tuple[str, tuple[QuadKind, ...]], list[str]] = {}
        self._graphs: dict[str, _Tally] = defaultdict(_Tally)
        self._properties: dict[str, _Tally] = defaultdict(_Tally)
        self._classes: dict[str, _Tally] = defaultdict(_Tally)
        self._uses: Counter[tuple[str, str, str]] = Counter()

    def add(self, subject: str, quads: tuple[QuadKind, ...]) -> None:
        """Count the quads of an entity, each of which comes once.

        Args:
            subject: its id.
            quads: what each of them is.
        """
        self._alike.setdefault((kind_of(subject), quads), []).append(subject)

    def _count_alike(self) -> None:
        """Count what was added."""
        for (kind, quads), subjects in self._alike.items():
            first, many = subjects[0], len(subjects)
            default = [quad for quad in quads if not quad.graph]
            for tallies, terms in (
                (self._graphs, (quad.graph for quad in quads)),
                (self._properties, (quad.property for quad in default)),
                (self._classes, (quad.value for quad in default if quad.property == TYPE)),
            ):
                for term, triples in Counter(terms).items():
                    tallies[term].merge(Count(triples * many, many, first))
            for quad in default:
                value = "" if quad.property == TYPE else quad.value
                self._uses[kind, quad.property, value] += many
        self._alike.clear()

    def tallies(self) -> GraphTallies:
        """What was counted, to be added to another count."""
        self._count_alike()
        graphs, classes, properties = (
            {term: tally.count() for term, tally in tallies.items()}
            for tallies in (self._graphs, self._classes, self._properties)
        )
        uses = [(*use, count) for use, count in sorted(self._uses.items())]
        return GraphTallies(graphs, classes, properties, uses)

    def merge(self, part: GraphTallies) -> None:
        """Add what was counted of the entities that come next."""
        for tallies, counts in (
            (self._graphs, part.graphs),
            (self._classes, part.classes),
            (self._properties, part.properties),
        ):
            for term, count in counts.items():
                tallies[term].merge(count)
        for kind, property, value, triples in part.uses:
            self._uses[kind, property, value] += triples

    def found(self) -> Statistics:
        """The figures."""
        self._count_alike()
        graphs = self._graphs
        return Statistics(
            _plain(graphs[""]),
            {id: _plain(tally) for id, tally in sorted(graphs.items()) if id},
            _counts(self._classes),
            _counts(self._properties),
            [Use(*use, count) for use, count in sorted(self._uses.items())],
        )


class _Tally:
    """Counts triples and their subjects."""

    __slots__ = ("first", "subjects", "triples")

    def __init__(self) -> None:
        self.triples = self.subjects = 0
        self.first = ""

    def merge(self, count: Count) -> None:
        """Count the triples of other subjects, which come next."""
        self.triples += count.triples
        self.subjects += count.subjects
        self.first = self.first or count.first

    def count(self) -> Count:
        return Count(self.triples, self.subjects, self.first)


def _plain(tally: _Tally) -> Count:
    return Count(tally.triples, tally.subjects)


def _counts(tallies: Mapping[str, _Tally]) -> dict[str, Count]:
    return {term: tally.count() for term, tally in sorted(tallies.items())}
