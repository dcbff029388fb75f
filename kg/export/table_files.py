"""Tables written as CSV and Parquet while they stream by, or held as Arrow.

Parquet is written in row groups of a fixed length, so that memory stays flat; a column has one type.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from types import NoneType
from typing import IO, Any, TypeAlias

from kg.errors import InputError, NotInstalled
from kg.export.tables import StreamedTable
from kg.messages.message import Message
from kg.model.media import CSV, MediaFormat, WrittenFormat, by_name

HAS_PARQUET = find_spec("pyarrow") is not None
_GROUP = 20_000  # rows


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
    pa = _arrow()
    from pyarrow import parquet as pq

    schema = _schema(pa, table)
    with pq.ParquetWriter(pa.PythonFile(out, "w"), schema, compression="zstd") as writer:
        for part in _parts(pa, table):
            writer.write_table(part)


def arrow_table(table: StreamedTable) -> Any:
    """A table in memory, as a `pyarrow.Table`; what is missing is null.

    Raises:
        NotInstalled: pyarrow is missing.
        InputError: a number is too large for its column.
    """
    pa = _arrow()
    parts = list(_parts(pa, table))
    return pa.concat_tables(parts) if parts else _schema(pa, table).empty_table()


def _arrow() -> Any:
    if not HAS_PARQUET:
        raise NotInstalled(Message("tables as Parquet"), "parquet")
    import pyarrow

    return pyarrow


def _schema(pa: Any, table: StreamedTable) -> Any:
    kinds = {"integer": pa.int64(), "decimal": pa.float64(), "boolean": pa.bool_()}
    return pa.schema([(name, kinds.get(type, pa.string())) for name, type in table.columns])


def _parts(pa: Any, table: StreamedTable) -> Iterator[Any]:
    """A table in groups of rows."""
    schema, rows = _schema(pa, table), iter(table.rows)
    converts = [_CONVERT.get(type, str) for _, type in table.columns]
    while group := list(itertools.islice(rows, _GROUP)):
        columns = list(map(_column, converts, zip(*group, strict=True)))
        try:
            yield pa.table(columns, schema=schema)
        except (OverflowError, pa.ArrowInvalid) as error:
            raise InputError(
                Message("a value does not fit Parquet: %(error)s; take csv", error=error)
            ) from error


def _column(convert: Callable[[Any], Any], values: Sequence[Any]) -> Sequence[Any]:
    """Values of one type, which makes values of others its own; what is missing is None."""
    if {*map(type, values)} <= {convert, NoneType}:  # as in most columns
        return [value or None for value in values] if convert is str else values
    return [None if value is None or value == "" else convert(value) for value in values]


_CONVERT: Mapping[str, Callable[[Any], Any]] = {"integer": int, "decimal": float, "boolean": bool}
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
