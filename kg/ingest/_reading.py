"""A source read into a claim run: record by record in this process, or piece by piece in several."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kg.claims.run_parts import PartEncoder, RunPart
from kg.claims.run_writing import RunContent, RunWriter
from kg.errors import DataError
from kg.ingest.kit.kit import Kit, Place, Record
from kg.ingest.kit.pieces import DividedModule, SourcePiece
from kg.ingest.registry import SourceModule, is_divided, load_source
from kg.messages.message import Message
from kg.model.issues import Issue
from kg.model.vocabulary import load_vocabulary
from kg.work.garbage import few_collections
from kg.work.workers import Workers

MANY = 20_000  # records, below which starting processes costs more than they save
_MOST = 64 << 20  # bytes of pieces that are held while records are counted


def read_source(
    module: SourceModule, place: Place, kit: Kit, writer: RunWriter, workers: Workers
) -> None:
    """Read all that there is into a run.

    Args:
        module: of the source.
        place: where to read.
        kit: how the source speaks.
        writer: of the run.
        workers: who takes pieces apart, of a source that is read in pieces.

    Raises:
        DataError: nothing could be read.
    """
    with few_collections():
        if is_divided(module):
            _read_pieces(module, place, kit, writer, workers)
        else:
            for found in module.claims(_records(module, place, writer), kit):
                writer.add(found)
    content = writer.content()
    if not content.counts["claims"]:
        raise _nothing_read(kit, place, content)


def _records(module: SourceModule, place: Place, writer: RunWriter) -> Iterator[Record]:
    for found in module.fetch(place):
        if isinstance(found, Issue):
            writer.add(found)
        else:
            writer.count_record()
            yield found


# ---- in pieces


class _PieceResult(NamedTuple):
    """What came of a piece."""

    part: RunPart
    records: int
    notes: object
    size: int


def _read_pieces(
    module: DividedModule, place: Place, kit: Kit, writer: RunWriter, workers: Workers
) -> None:
    prepare = partial(_prepare, module.SOURCE.id, kit)
    with closing(module.open_memory(kit)) as memory:
        pieces, records = _counted(module.cut(place), MANY)
        for made in workers.map(prepare, pieces, records):
            writer.add_part(made.part, made.records)
            memory.take(made.notes)
            place.progress(made.size)
        for found in memory.conclude():
            writer.add(found)


def _counted(pieces: Iterable[SourcePiece], many: int) -> tuple[Iterable[SourcePiece], int | None]:
    """Pieces, and about how many records they have; None if those are many."""
    held: deque[SourcePiece] = deque()
    records = size = 0
    rest = iter(pieces)
    for piece in rest:
        held.append(piece)
        records, size = records + piece.records, size + len(piece.data)
        if records >= many or size >= _MOST:
            return chain(_let_go(held), rest), None
    return held, records


def _let_go(held: deque[SourcePiece]) -> Iterator[SourcePiece]:
    while held:
        yield held.popleft()


@contextmanager
def _prepare(source: str, kit: Kit) -> Iterator[Callable[[SourcePiece], _PieceResult]]:
    """What takes a piece apart, in whichever process."""
    module, encoder = load_source(source), PartEncoder(load_vocabulary())
    assert is_divided(module)

    def read(piece: SourcePiece) -> _PieceResult:
        said = module.read_piece(piece, kit)
        return _PieceResult(encoder.encode(said.found), said.records, said.notes, piece.size)

    yield read


# ---- nothing could be read


def _nothing_read(kit: Kit, place: Place, content: RunContent) -> DataError:
    """What to say where no record gave a claim: a new format of the source, or another source's files."""
    counts, first = content.counts, content.first
    records, issues = counts["records"], counts["issues"]
    kind = kit.source.split("/")[1]
    message = Message("nothing that source %(kind)s reads was found", kind=kind)
    if records:
        message = Message(
            "none of the %(num)s records says anything that source %(kind)s reads; the run before it stays",
            num=records,
            kind=kind,
        )
    if not first:
        return DataError(message, str(place.path))
    line, told = _told_once(first, place.path)
    message = Message("%(what)s: %(first)s", what=message, first=told)
    if issues > 1:
        message = Message("%(told)s; and %(num)s more", told=message, num=issues - 1)
    return DataError(message, str(place.path), line)


def _told_once(issue: Issue, path: Path) -> tuple[int, Message]:
    """The line and the words of an issue, without the file where that is what was named."""
    name = path.name if path.is_file() else ""
    if name and issue.origin == name and not issue.message.startswith(name):
        return 0, Message(issue.message)
    found = re.fullmatch(rf"{re.escape(name)}(?::(\d+))?: (.*)", str(issue), re.DOTALL)
    if name and found:
        return int(found[1] or 0), Message(found[2])
    return 0, Message(str(issue))
