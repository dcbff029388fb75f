"""What a release holds, counted in one pass over its N-Quads: the figures of its VoID description.

The lines of an entity stand together (kg/build/_release.py), so subjects are counted without a set of them,
and memory stays flat however large the graph is. A line names its kinds in its IRIs, so how kinds
are joined is counted on the way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from kg.model.iri import id_of
from kg.model.vocabulary import RDF, XSD

_TYPE = f"<{RDF}type>"


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


def _split_object(rest: str) -> tuple[str, str]:
    """Object and graph (or "") of what follows the property in a line as kg/export/quads.py writes it.

    >>> _split_object('"say <b>"'), _split_object('"1 <2"^^<t> <g>')
    (('"say <b>"', ''), ('"1 <2"^^<t>', '<g>'))
    """
    if " " in rest:
        value, _, last = rest.rpartition(" ")
        if last[0] == "<" and '"' not in last:
            return value, last
    return rest, ""


class GraphTallies(msgspec.Struct, frozen=True):
    """What was counted in a part of a release, by the terms that its lines hold."""

    graphs: dict[str, Count]
    classes: dict[str, Count]
    properties: dict[str, Count]
    uses: list[tuple[str, str, str, int]]


class GraphCount:
    """Counts a release while its N-Quads go by.

    Args:
        base: start of every entity IRI.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._type_of = _Types(base)
        self._graphs: dict[str, _Tally] = defaultdict(_Tally)
        self._properties: dict[str, _Tally] = defaultdict(_Tally)
        self._classes: dict[str, _Tally] = defaultdict(_Tally)
        self._uses: Counter[tuple[str, str, str]] = Counter()

    def add(self, lines: Sequence[str]) -> None:
        """Count the lines of an entity, each of which comes once."""
        type_of = self._type_of
        subject = lines[0].partition(" ")[0]
        start, kind = len(subject) + 1, type_of(subject)
        graphs: dict[str, int] = {}
        said: list[tuple[str, str, str]] = []
        for line in lines:
            property, _, rest = line[start:-3].partition(" ")
            object, graph = _split_object(rest)
            graphs[graph] = graphs.get(graph, 0) + 1
            if not graph:
                said.append((kind, property, type_of(object)))
                if property == _TYPE:
                    self._classes[object].add(subject, 1)
        self._uses.update(said)
        for graph, triples in graphs.items():
            self._graphs[graph].add(subject, triples)
        for property, triples in Counter(property for _, property, _ in said).items():
            self._properties[property].add(subject, triples)

    def tallies(self) -> GraphTallies:
        """What was counted, to be added to another count."""
        graphs, classes, properties = (
            {term: tally.count() for term, tally in tallies.items()}
            for tallies in (self._graphs, self._classes, self._properties)
        )
        uses = [(*use, count) for use, count in sorted(self._uses.items())]
        return GraphTallies(graphs, classes, properties, uses)

    def merge(self, part: GraphTallies) -> None:
        """Add what was counted in the lines that come next, which are those of other entities."""
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
        graphs, base = self._graphs, self._base
        named = {id_of(base, name[1:-1]) or "": t for name, t in graphs.items() if name}
        return Statistics(
            _plain(graphs[""]),
            {id: _plain(tally) for id, tally in sorted(named.items())},
            _counts(self._classes, base),
            _counts(self._properties, base),
            [Use(k, p[1:-1], v, n) for (k, p, v), n in sorted(self._uses.items())],
        )


class _Tally:
    """Counts triples and their subjects."""

    __slots__ = ("first", "subjects", "triples")

    def __init__(self) -> None:
        self.triples = self.subjects = 0
        self.first = ""

    def add(self, subject: str, triples: int) -> None:
        """Count the triples of another subject."""
        self.triples += triples
        self.subjects += 1
        self.first = self.first or subject

    def merge(self, count: Count) -> None:
        self.triples += count.triples
        self.subjects += count.subjects
        self.first = self.first or count.first

    def count(self) -> Count:
        return Count(self.triples, self.subjects, self.first)


class _Types:
    """The kind of an entity, or the datatype of a literal."""

    def __init__(self, base: str) -> None:
        self._start = f"<{base}"

    def __call__(self, term: str) -> str:
        if term[0] == "<":
            known = term.startswith(self._start)
            return term[len(self._start) :].partition("/")[0] if known else ""
        if term[-1] == ">":
            return term[term.rindex("<") + 1 : -1]
        return XSD + "string" if term[-1] == '"' else RDF + "langString"


def _plain(tally: _Tally) -> Count:
    return Count(tally.triples, tally.subjects)


def _counts(tallies: Mapping[str, _Tally], base: str) -> dict[str, Count]:
    return {
        iri[1:-1]: Count(t.triples, t.subjects, id_of(base, t.first[1:-1]) or "")
        for iri, t in sorted(tallies.items())
    }
