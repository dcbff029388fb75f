"""Files of models of the Hub, read as streams and cut into pieces, and pieces taken apart into records.

A piece is some lines, rows of Parquet as Arrow's stream of one batch, or a list of JSON; so it can be taken apart without
the file, and whether that lay in an archive or was packed makes no difference.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from kg.errors import DataError, NotInstalled
from kg.files.intake import IntakeFile
from kg.files.parsing import json_document, json_text, lines
from kg.ingest.kit.kit import Place, Record, unreadable
from kg.ingest.kit.pieces import SourcePiece
from kg.ingest.sources._hub_records import FIELDS, SNAKE
from kg.messages.message import Message
from kg.model.issues import Issue

HUB = "source/hub"
_ROWS = 1_000  # records of a piece
_BYTES = 1 << 20  # of lines, after which a piece ends


def cut_files(place: Place) -> Iterator[SourcePiece]:
    """All files of a path that can hold models of the Hub, in pieces."""
    for file in place.files(count=False):
        suffix = file.name.rpartition(".")[2].casefold()
        try:
            match suffix:
                case "json":
                    yield from _documents(file)
                case "jsonl" | "ndjson":
                    yield from _lines(file)
                case "parquet":
                    yield from _rows(file)
        except DataError as error:
            yield SourcePiece(
                form="", name=file.name, problem=unreadable(str(error), file.name, HUB)
            )


def open_piece(piece: SourcePiece) -> Iterator[Record | Issue]:
    """The records of a piece, and what of it cannot be read."""
    match piece.form:
        case "list":
            for number, one in enumerate(msgspec.json.decode(piece.data), piece.first):
                yield Record(f"{piece.name}:{number}", one)
        case "one":
            yield Record(piece.name, msgspec.json.decode(piece.data))
        case "lines":
            yield from _open_lines(piece)
        case "rows":
            for number, row in enumerate(_open_rows(piece.data), piece.first):
                yield Record(f"{piece.name}:{number}", row)
    if piece.problem:
        yield piece.problem


# ---- documents


def _documents(file: IntakeFile) -> Iterator[SourcePiece]:
    models, number, size = iter(_models(json_document(file))), 1, file.size
    while held := [*islice(models, _ROWS)]:
        data = msgspec.json.encode(held)
        yield _piece("list", file, number, data, len(held), size)
        number, size = number + len(held), 0


def _piece(
    form: str, file: IntakeFile, first: int, data: bytes, records: int, size: int
) -> SourcePiece:
    return SourcePiece(
        form=form, name=file.name, first=first, data=data, records=records, size=size
    )


def _models(data: object) -> Iterable[object]:
    """The models of a document: itself, a list, or a list under `models`."""
    if isinstance(data, dict) and isinstance(data.get("models"), list):
        return list(data["models"])
    return data if isinstance(data, list) else [data]


# ---- lines


def _lines(file: IntakeFile) -> Iterator[SourcePiece]:
    """The lines of a file; what stands before a line that is too long is read all the same.

    Raises:
        DataError: a line is too long, or the file is broken.
    """
    held: list[bytes] = []
    first = size = 0

    def piece() -> SourcePiece:
        return _piece("lines", file, first, b"".join(held), len(held), size)

    try:
        for number, line in lines(file):
            if held and (len(held) >= _ROWS or size >= _BYTES):
                yield piece()
                held, size = [], 0
            first = first if held else number
            held += [b"\n"] * (number - first - len(held))  # empty lines
            held.append(line)
            size += len(line)
    except DataError:
        if held:
            yield piece()
        raise
    if held:
        yield piece()


def _open_lines(piece: SourcePiece) -> Iterator[Record | Issue]:
    for number, line in enumerate(io.BytesIO(piece.data), piece.first):
        if not line.strip():
            continue
        at = f"{piece.name}:{number}"
        try:
            for one in _models(json_text(line, piece.name, number)):
                if not (isinstance(one, dict) and one.keys() == {"next"}):  # a page's last line
                    yield Record(at, one)
        except DataError as error:
            yield unreadable(str(error), at, HUB)


# ---- rows of Parquet


def _rows(file: IntakeFile) -> Iterator[SourcePiece]:
    """The rows of a Parquet file, some at a time.

    Raises:
        NotInstalled: pyarrow is missing.
        DataError: not Parquet, or inside an archive.
    """
    try:
        arrow, parquet = map(importlib.import_module, ("pyarrow", "pyarrow.parquet"))
    except ImportError as error:
        raise NotInstalled(Message("Parquet files"), "parquet") from error
    with file.open() as stream:
        if not stream.seekable():
            raise DataError(
                Message("Parquet inside an archive cannot be read in pieces; unpack it"), file.name
            )
        number = 0
        try:
            table = parquet.ParquetFile(stream, pre_buffer=False)
            rows = table.metadata.num_rows or 1
            columns = (table.schema.column(i).path for i in range(len(table.schema)))
            known = [path for path in columns if _wanted(path)]
            for batch in table.iter_batches(batch_size=_ROWS, columns=known, use_threads=False):
                good = _count_good(arrow, batch)
                if good:
                    data = _batch_bytes(arrow, batch.slice(0, good))
                    size = file.size * (number + good) // rows - file.size * number // rows
                    yield _piece("rows", file, number + 1, data, good, size)
                number += good
                if good < len(batch):
                    number += 1
                    batch.take(arrow.array([good])).validate(full=True)  # raises what is wrong
        except (arrow.ArrowException, OSError) as error:
            first = str(error).partition("\n")[0]
            raise DataError(
                Message("not Parquet, or broken: %(first)s", first=first), file.name, number
            ) from error


def _count_good(arrow: Any, batch: Any) -> int:
    """How many rows stand before the first that holds a text which is no UTF-8, so that no piece has one."""
    try:
        batch.validate(full=True)
    except arrow.ArrowInvalid:
        for row in range(len(batch)):
            try:
                batch.take(arrow.array([row])).validate(full=True)
            except arrow.ArrowInvalid:
                return row
    return len(batch)


def _batch_bytes(arrow: Any, batch: Any) -> bytes:
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, batch.schema) as out:
        out.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _open_rows(data: bytes) -> Iterator[Any]:
    arrow = importlib.import_module("pyarrow")
    with arrow.ipc.open_stream(data) as batches:
        for batch in batches:
            yield from batch.to_pylist()


def _wanted(path: str) -> bool:
    """Whether a column is read; of gguf, which holds chat templates and local paths, two parts are."""
    field, _, rest = path.partition(".")
    known = field in FIELDS or field in SNAKE.values()
    return known and (field != "gguf" or rest in ("total", "context_length"))
