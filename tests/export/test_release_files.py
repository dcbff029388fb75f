"""The files beside a release and the tables of a dump: from shared passes, the same as each format alone."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kg.errors import InputError
from kg.export.columns import TABLES
from kg.export.export import export_part
from kg.export.formats import FORMATS, Exporter
from kg.export.mappings import MAPPED
from kg.export.release_files import file_in, file_of, file_of_table, write_exports, write_tables
from kg.export.table_files import write_parquet
from kg.export.tables import StreamedTable
from kg.messages.message import Message
from kg.model.claim import Entity
from kg.model.media import MediaFormat
from kg.snapshot.snapshot import Snapshot

WHOLE = [format for format in FORMATS.values() if format.file_title]


def alone(exporter: Exporter, format: str, table: str = "edges") -> bytes:
    out = io.BytesIO()
    exporter.write(format, out, table)
    return out.getvalue()


@pytest.mark.parametrize("format", WHOLE, ids=lambda format: str(format.name))
def test_a_format_beside_a_release_is_that_format_written_alone(
    snapshot: Snapshot, format: MediaFormat
) -> None:
    path = snapshot.folder / "release" / file_of(format)
    assert gzip.decompress(path.read_bytes()) == alone(export_part(snapshot), format.name)


@pytest.mark.parametrize("vocabulary", MAPPED)
def test_a_vocabulary_beside_a_release_is_that_vocabulary_written_alone(
    snapshot: Snapshot, vocabulary: str
) -> None:
    def known(id: str) -> bool:
        return snapshot.lines.find(id) is not None

    words = export_part(snapshot).translated(vocabulary, snapshot.manifest.base, known)
    path = snapshot.folder / "release" / file_in(vocabulary)
    assert gzip.decompress(path.read_bytes()) == alone(words, "turtle")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_beside_a_release_and_in_a_dump_is_that_table_written_alone(
    snapshot: Snapshot, tmp_path: Path, table: str
) -> None:
    exporter = export_part(snapshot)
    wanted = alone(exporter, "parquet", table)
    assert (snapshot.folder / "release" / file_of_table(table)).read_bytes() == wanted
    write_tables(exporter, lambda name: tmp_path / name)
    assert (tmp_path / table).read_bytes() == wanted


def counted(snapshot: Snapshot, passes: list[int], fails_at: int = -1) -> Exporter:
    """An exporter that notes each pass over the entities, and may fail in one."""

    def entities() -> Iterator[Entity]:
        passes.append(1)
        for number, entity in enumerate(snapshot.entities()):
            if number == fails_at:
                raise InputError(Message("damaged"))
            yield entity

    whole = export_part(snapshot)
    return Exporter(entities, whole.lines, snapshot.vocabulary, inheritance=snapshot.inheritance)


def test_all_tables_take_two_passes_and_all_files_too(snapshot: Snapshot, tmp_path: Path) -> None:
    passes: list[int] = []
    write_tables(counted(snapshot, passes), lambda name: tmp_path / name)
    assert len(passes) == 2, "the edges tell the nodes"
    passes.clear()
    base = snapshot.manifest.base
    write_exports(tmp_path, counted(snapshot, passes), base, bool)
    assert len(passes) == 2


def test_what_cannot_be_read_ends_all_tables(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged"):
        write_tables(counted(snapshot, [], 700), lambda name: tmp_path / name)


def test_a_column_keeps_what_is_false_and_leaves_out_what_is_missing() -> None:
    columns = (("text", "string"), ("flag", "boolean"), ("size", "integer"), ("score", "decimal"))
    rows = [(0, False, 0, 0), (False, "", "", None), ("", None, 2.0, "1.5"), (None, 1, None, 0.0)]
    out = io.BytesIO()
    write_parquet(StreamedTable(columns, rows), out)
    found = pq.read_table(io.BytesIO(out.getvalue())).to_pydict()
    assert found == {
        "text": ["0", "False", None, None],
        "flag": [False, None, None, True],
        "size": [0, None, 2, None],
        "score": [0.0, None, 1.5, 0.0],
    }
    out = io.BytesIO()
    write_parquet(StreamedTable(columns[:2], [("", False), ("a", None)]), out)
    found = pq.read_table(io.BytesIO(out.getvalue())).to_pydict()
    assert found == {"text": [None, "a"], "flag": [False, None]}
