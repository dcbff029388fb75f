"""The release as tables, made while they stream by: models, edges, claims, verdicts and what kg/export/columns.py lists more.

Dates stay texts (2023, 2023-03 or 2023-03-13), because they are as exact as their source.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from kg.errors import UnknownFormat
from kg.export.columns import SHOWN, TABLES, columns_of, model_properties
from kg.licenses.verdicts import GAPS
from kg.model.claim import Entity, Fact, Value, kind_of, main_label, slug_of
from kg.model.identifiers import hub_path
from kg.model.purl import write_purl
from kg.model.vocabulary import (
    API_NAME,
    HUB_ID,
    IN_FAMILY,
    LICENSE,
    LICENSE_CONSISTENCY,
    MISSING_TERM,
    MODELSCOPE_ID,
    Vocabulary,
)
from kg.snapshot.inheritance import Inheritance
from kg.snapshot.judged import JudgedEntities, VerdictRow

_NODES = ("model", "family")
_SCORES = ("evaluatedModel", "onBenchmark", "metric", "setting", "score", "scoreUnit")
_TABLE = "publishedTable"
_SCHEMES = {HUB_ID: "huggingface", MODELSCOPE_ID: "modelscope", API_NAME: "api"}
_HUBS = {"hf": "huggingface", "ms": "modelscope"}  # how the slugs of ids begin
_OLLAMA = "ollama/"  # how API names begin that are those of its library

Row = tuple[Any, ...]
Columns = tuple[tuple[str, str], ...]  # name and type: string, integer, decimal or boolean


class StreamedTable(NamedTuple):
    """Rows as they stream by, under columns of one type each."""

    columns: Columns
    rows: Iterable[Row]


class Tables:
    """Makes tables of entities.

    Args:
        entities: gives the entities, in order, each time it is called.
        vocabulary: kinds and properties.
        inheritance: what reaches the members of families; None = nothing.
        judged: the verdicts on entities; None = there are none.
    """

    def __init__(
        self,
        entities: Callable[[], Iterable[Entity]],
        vocabulary: Vocabulary,
        inheritance: Inheritance | None = None,
        judged: JudgedEntities | None = None,
    ) -> None:
        self._entities, self._vocabulary = entities, vocabulary
        self._inheritance, self._judged = inheritance, judged
        # Ids that edges lead to, known when all edges were read
        self._parents: set[str] | None = None
        self._relations = {*vocabulary.edges("weights", "distillation"), IN_FAMILY}

    def table(self, name: str, entities: Iterable[Entity] | None = None) -> StreamedTable:
        """A table by its name.

        Args:
            name: one of TABLES.
            entities: all of them, where one pass serves several tables; None = a pass of its own. Nodes are told by the
                edges, so they take a pass more where those were not read to their end before.

        Raises:
            UnknownFormat: it is not one of TABLES; carries those.
        """
        if name not in TABLES:
            raise UnknownFormat(name, [*TABLES])
        rows: Iterator[Row] = getattr(self, f"_{name}")(
            self._entities() if entities is None else entities
        )
        return table_of(name, self._vocabulary, rows)

    def nodes(self) -> StreamedTable:
        """Everything an edge can name: models and families, and parents that nobody describes.

        They carry what one colors, sizes and sorts by; what a family passes on to its members is theirs too.
        """
        return self.table("nodes")

    def edges(self) -> StreamedTable:
        """Who derives from whom and belongs to which family, a row for each relation and pair."""
        return self.table("edges")

    def _edges(self, entities: Iterable[Entity]) -> Iterator[Row]:
        parents: set[str] = set()
        kinds = {name: p.edge for name, p in self._vocabulary.properties.items()}
        for entity in entities:
            for fact in entity.facts:
                if fact.property in self._relations:
                    for value in fact.values:
                        sources = {s.source: 0 for s in fact.claims if s.value == value}
                        kind = kinds[fact.property] or "family"
                        told = kind, fact.disputed, fact.doubtful
                        parents.add(str(value))
                        yield entity.id, str(value), fact.property, " ".join(sources), *told
        self._parents = parents

    def _nodes(self, entities: Iterable[Entity]) -> Iterator[Row]:
        if self._parents is None:  # nobody has read the edges
            deque(self._edges(self._entities()), maxlen=0)
        unknown = set(self._parents or ())
        for entity in entities:
            if kind_of(entity.id) in _NODES:
                unknown.discard(entity.id)
                own = _values_of(entity.facts)
                far = self._reached(entity) | _values_of(entity.inferred)
                values = (_joined(far.get(name) or own.get(name, ())) for name in SHOWN)
                yield entity.id, main_label(entity), _korean(entity), kind_of(entity.id), *values
        for id in sorted(unknown):
            yield id, slug_of(id), "", kind_of(id), *("" for _ in SHOWN)

    def _reached(self, entity: Entity) -> dict[str, Sequence[Value]]:
        """What reaches an entity from its families, by property."""
        found = self._inheritance.of(entity) if self._inheritance else ()
        return {held.fact.property: held.fact.values for held in found}

    def _models(self, entities: Iterable[Entity]) -> Iterator[Row]:
        """Models with the resolved values of the properties that have one; a family's values are named last."""
        shown = [known.name for known in model_properties(self._vocabulary)]
        for entity in entities:
            if kind_of(entity.id) == "model":
                own, far = _values_of(entity.facts), self._reached(entity)
                found = [far.get(name) or own.get(name) for name in shown]
                values = (some[0] if some else "" for some in found)
                names = " ".join(name for name in shown if name in far)
                yield entity.id, main_label(entity), _korean(entity), *values, names

    def _gaps(self, entities: Iterable[Entity]) -> Iterator[Row]:
        """Clauses that models inherit and that the licenses they state do not carry, a row for each."""
        for entity in entities:
            inferred = {fact.property: fact for fact in entity.inferred}
            gap = (
                next(iter(inferred[LICENSE_CONSISTENCY].values), "")
                if LICENSE_CONSISTENCY in inferred
                else ""
            )
            if gap in GAPS:
                row = entity.id, main_label(entity), _korean(entity), _stated(entity), gap
                missing = inferred.get(MISSING_TERM)
                # A merge that no license satisfies may lack nothing else.
                for value, note in (
                    [(s.value, s.note) for s in missing.claims] if missing else [("", "")]
                ):
                    yield *row, value, note

    def _claims(self, entities: Iterable[Entity]) -> Iterator[Row]:
        """Everything that is said, a row for each claim."""
        for entity in entities:
            for fact in entity.facts:
                for s in fact.claims:
                    holds = s.value in fact.values and s.rank != "rejected"
                    yield (
                        entity.id,
                        fact.property,
                        s.value,
                        s.rank,
                        s.reason,
                        s.source,
                        s.locator,
                        s.lang,
                        s.inferred,
                        s.note,
                        s.origin,
                        holds,
                        fact.disputed,
                        fact.doubtful,
                    )

    def _verdicts(self, entities: Iterable[Entity]) -> Iterator[Row]:
        """The verdicts that the build found."""
        for entity in entities if self._judged else ():
            assert self._judged is not None
            if rows := [*self._judged.of(entity.id)]:
                yield from _verdict_rows(entity, rows)

    def _scores(self, entities: Iterable[Entity]) -> Iterator[Row]:
        """Scores as published, a row for each value of an evaluation."""
        for entity in entities:
            if kind_of(entity.id) == "evaluation":
                *about, _, unit = (_joined(entity.values(name)) for name in _SCORES)
                table, fact = _joined(entity.values(_TABLE)), entity.fact("score")
                for value in (fact.values if fact else ()) or (None,):
                    said = {s.source: 0 for s in fact.claims if s.value == value} if fact else {}
                    disputed = bool(fact and fact.disputed)
                    yield entity.id, *about, value, unit, table, " ".join(said), disputed

    def _identities(self, entities: Iterable[Entity]) -> Iterator[Row]:
        """What an entity is called elsewhere, a row for each name and place."""
        for entity in entities:
            found: dict[tuple[str, str], dict[str, int]] = {}
            if path := hub_path(entity.id):
                found[_HUBS[slug_of(entity.id).partition("/")[0]], path] = {}
            for fact in entity.facts:
                for said in fact.claims if fact.property in _SCHEMES else ():
                    if said.value in fact.values and said.rank != "rejected":
                        name = _named(fact.property, str(said.value))
                        found.setdefault(name, {})[said.source] = 0
            if kind_of(entity.id) == "model":  # data sets of the Hub have no package URL
                paths = [item for item in found.items() if item[0][0] == "huggingface"]
                found |= {("purl", write_purl(path)): sources for (_, path), sources in paths}
            for (scheme, called), sources in found.items():
                yield entity.id, kind_of(entity.id), scheme, called, " ".join(sources)


def table_of(name: str, vocabulary: Vocabulary, rows: Iterable[Row]) -> StreamedTable:
    """Rows under the columns of a table.

    Args:
        name: one of TABLES.
        vocabulary: kinds and properties.
        rows: with a value for each column.
    """
    columns = columns_of(name, vocabulary)
    return StreamedTable(tuple((column.name, column.type) for column in columns), rows)


def verdict_table(
    rows: Iterable[VerdictRow], entity: Callable[[str], Entity], vocabulary: Vocabulary
) -> StreamedTable:
    """Verdicts as a table, with names and stated licenses.

    Args:
        rows: the verdicts.
        entity: finds an entity by its id.
        vocabulary: kinds and properties.
    """
    together = itertools.groupby(rows, attrgetter("id"))
    found = (row for id, some in together for row in _verdict_rows(entity(id), some))
    return table_of("verdicts", vocabulary, found)


def _named(property: str, name: str) -> tuple[str, str]:
    """The scheme and the name of an identifier.

    >>> _named("apiName", "ollama/llama3"), _named("hubId", "o/m")
    (('ollama', 'llama3'), ('huggingface', 'o/m'))
    """
    if property == API_NAME and name.startswith(_OLLAMA):
        return "ollama", name.removeprefix(_OLLAMA)
    return _SCHEMES[property], name


def _verdict_rows(entity: Entity, rows: Iterable[VerdictRow]) -> Iterator[Row]:
    """Verdicts on one entity."""
    about, stated = (entity.id, main_label(entity), kind_of(entity.id)), _stated(entity)
    for row in rows:
        yield *about, row.use, row.verdict, " ".join(row.doubts), stated


def _values_of(facts: Iterable[Fact]) -> dict[str, Sequence[Value]]:
    return {fact.property: fact.values for fact in facts}


def _stated(entity: Entity) -> str:
    return " ".join(str(value) for value in entity.values(LICENSE))


def _joined(values: Sequence[Value]) -> Value:
    """The value of a property, with spaces between those of one that has several."""
    return values[0] if len(values) == 1 else " ".join(map(str, values))


def _korean(entity: Entity) -> str:
    return entity.labels.get("ko", ("",))[0]
