"""The release as tables: nodes, edges, models, claims, gaps of licenses; written as CSV or Parquet while they stream by.

Parquet is written in row groups of a fixed length, so that memory stays flat; a column has one type.
Dates stay texts (2023, 2023-03 or 2023-03-13), because they are as exact as their source.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import IO, Any, NamedTuple, TypeAlias

from kg.errors import InputError, NotInstalled, UnknownFormat
from kg.licenses.verdicts import GAPS
from kg.messages.message import Message, mark
from kg.model.claim import Entity, Value, kind_of, main_label, slug_of
from kg.model.media import CSV, MediaFormat, WrittenFormat, by_name
from kg.model.vocabulary import (
    ACCESS,
    COMMERCIAL_VERDICT,
    DEVELOPER,
    HUB_ID,
    IN_FAMILY,
    LICENSE,
    LICENSE_CONSISTENCY,
    MISSING_TERM,
    PARAMETER_COUNT,
    RELEASE_DATE,
    Vocabulary,
)
from kg.snapshot.inheritance import Inheritance

# table -> what its file in a release holds
TABLES: Mapping[str, str] = {
    "edges": mark("Derivations and memberships as a Parquet table"),
    "models": mark("Models with their resolved values as a Parquet table"),
    "claims": mark("Everything that sources say, claim by claim, as a Parquet table"),
    "nodes": mark(
        "Models and families as a Parquet table, with names, developers, licenses, sizes and dates"
    ),
    "gaps": mark("Clauses that stated licenses lack of what was inherited, as a Parquet table"),
}
HAS_PARQUET = find_spec("pyarrow") is not None
_GROUP = 20_000  # rows
_NODES = ("model", "family")
_SHOWN = (  # of a node, beside its names
    *(RELEASE_DATE, DEVELOPER, LICENSE, COMMERCIAL_VERDICT, ACCESS),
    *(PARAMETER_COUNT, HUB_ID),
)

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
    """

    def __init__(
        self,
        entities: Callable[[], Iterable[Entity]],
        vocabulary: Vocabulary,
        inheritance: Inheritance | None = None,
    ) -> None:
        self._entities, self._vocabulary = entities, vocabulary
        self._inheritance = inheritance
        self._relations = {*vocabulary.edges("weights", "distillation"), IN_FAMILY}

    def table(self, name: str) -> StreamedTable:
        """A table by its name.

        Raises:
            UnknownFormat: it is not one of TABLES; carries those.
        """
        if name not in TABLES:
            raise UnknownFormat(name, [*TABLES])
        made: StreamedTable = getattr(self, name)()
        return made

    def edges(self) -> StreamedTable:
        """Who derives from whom and belongs to which family, a row for each relation and pair."""
        return StreamedTable(_texts("child", "parent", "relation", "source"), self._edges())

    def _edges(self) -> Iterator[Row]:
        for entity in self._entities():
            for fact in entity.facts:
                if fact.property in self._relations:
                    for value in fact.values:
                        sources = {s.source: 0 for s in fact.claims if s.value == value}
                        yield entity.id, str(value), fact.property, " ".join(sources)

    def nodes(self) -> StreamedTable:
        """Everything an edge can name: models and families, and parents that nobody describes.

        They carry what one colors, sizes and sorts by; what a family passes on to its members is theirs too.
        """
        shown = tuple((name, self._vocabulary.properties[name].type) for name in _SHOWN)
        return StreamedTable((*_texts("id", "label", "label_ko", "kind"), *shown), self._nodes())

    def _nodes(self) -> Iterator[Row]:
        unknown = {row[1] for row in self._edges()}
        for entity in self._entities():
            if kind_of(entity.id) in _NODES:
                unknown.discard(entity.id)
                far = self._reached(entity)
                far |= {fact.property: fact.values for fact in entity.inferred}
                values = (_joined(far.get(name) or entity.values(name)) for name in _SHOWN)
                yield entity.id, main_label(entity), _korean(entity), kind_of(entity.id), *values
        for id in sorted(unknown):
            yield id, slug_of(id), "", kind_of(id), *("" for _ in _SHOWN)

    def _reached(self, entity: Entity) -> dict[str, Sequence[Value]]:
        """What reaches an entity from its families, by property."""
        found = self._inheritance.of(entity) if self._inheritance else ()
        return {held.fact.property: held.fact.values for held in found}

    def models(self) -> StreamedTable:
        """Models with the resolved values of the properties that have one.

        Where a value is that of the model's family, the last column names the property.
        """
        shown = [
            p
            for p in self._vocabulary.properties.values()
            if p.single and p.type != "text" and (not p.domain or "model" in p.domain)
        ]
        values = tuple((p.name, p.type) for p in shown)
        columns = (*_texts("id", "label", "label_ko"), *values, *_texts("from_family"))
        return StreamedTable(columns, self._models([p.name for p in shown]))

    def _models(self, shown: list[str]) -> Iterator[Row]:
        for entity in self._entities():
            if kind_of(entity.id) == "model":
                far = self._reached(entity)
                values = (next(iter(far.get(name) or entity.values(name)), "") for name in shown)
                names = " ".join(name for name in shown if name in far)
                yield entity.id, main_label(entity), _korean(entity), *values, names

    def gaps(self) -> StreamedTable:
        """Clauses that models inherit and that the licenses they state do not carry, a row for each."""
        names = ("id", "label", "label_ko", "stated", "gap", "clause", "through")
        return StreamedTable(_texts(*names), self._gaps())

    def _gaps(self) -> Iterator[Row]:
        for entity in self._entities():
            inferred = {fact.property: fact for fact in entity.inferred}
            gap = (
                next(iter(inferred[LICENSE_CONSISTENCY].values), "")
                if LICENSE_CONSISTENCY in inferred
                else ""
            )
            if gap in GAPS:
                stated = " ".join(str(value) for value in entity.values(LICENSE))
                row = entity.id, main_label(entity), _korean(entity), stated, gap
                missing = inferred.get(MISSING_TERM)
                # A merge that no license satisfies may lack nothing else.
                for value, note in (
                    [(s.value, s.note) for s in missing.claims] if missing else [("", "")]
                ):
                    yield *row, value, note

    def claims(self) -> StreamedTable:
        """Everything that is said, a row for each claim."""
        columns = [(name, "boolean" if name == "inferred" else "string") for name in _CLAIM]
        return StreamedTable(tuple(columns), self._claims())

    def _claims(self) -> Iterator[Row]:
        for entity in self._entities():
            for fact in entity.facts:
                for s in fact.claims:
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
                    )


_CLAIM = (
    "subject",
    "property",
    "value",
    "rank",
    "reason",
    "source",
    "locator",
    "lang",
    "inferred",
    "note",
    "origin",
)


def _joined(values: Sequence[Value]) -> Value:
    """The value of a property, with spaces between those of one that has several."""
    return values[0] if len(values) == 1 else " ".join(map(str, values))


def _texts(*names: str) -> Columns:
    return tuple((name, "string") for name in names)


def _korean(entity: Entity) -> str:
    return entity.labels.get("ko", ("",))[0]


def write_csv(table: StreamedTable, out: IO[bytes]) -> None:
    """Write a table as CSV in UTF-8, with its header."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _ in table.columns])
    writer.writerows(table.rows)
    text.detach()


def write_parquet(table: StreamedTable, out: IO[bytes]) -> None:
    """Write a table as Parquet; what is missing is null.

    pyarrow is loaded only here: it takes long, and starts a thread.

    Raises:
        NotInstalled: pyarrow is missing.
        InputError: a number is too large for its column.
    """
    if not HAS_PARQUET:
        raise NotInstalled(Message("tables as Parquet"), "parquet")
    import pyarrow as pa
    from pyarrow import parquet as pq

    kinds = {"integer": pa.int64(), "decimal": pa.float64(), "boolean": pa.bool_()}
    schema = pa.schema([(name, kinds.get(type, pa.string())) for name, type in table.columns])
    converts = [_CONVERT.get(type, str) for _, type in table.columns]
    rows = iter(table.rows)
    with pq.ParquetWriter(pa.PythonFile(out, "w"), schema, compression="zstd") as writer:
        while group := list(itertools.islice(rows, _GROUP)):
            columns = [
                [None if value is None or value == "" else convert(value) for value in column]
                for convert, column in zip(converts, zip(*group, strict=True), strict=True)
            ]
            try:
                writer.write_table(pa.table(columns, schema=schema))
            except (OverflowError, pa.ArrowInvalid) as error:
                raise InputError(
                    Message("a value does not fit Parquet: %(error)s; take csv", error=error)
                ) from error


_CONVERT: dict[str, Callable[[Any], Any]] = {"integer": int, "decimal": float, "boolean": bool}
WriteTable: TypeAlias = Callable[[StreamedTable, IO[bytes]], None]
TABLE_FORMATS: Mapping[str, WrittenFormat[WriteTable]] = by_name(
    CSV.written_by(write_csv),
    MediaFormat(
        name="parquet",
        suffix="parquet",
        media_type="application/vnd.apache.parquet",
        label="Parquet",
    ).written_by(write_parquet),
)
