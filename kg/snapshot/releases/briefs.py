"""Of each entity that a license question can be about, what whoever chose it relies on, in a few words.

    briefs.jsonl.zst      a Brief a line, sorted by id, in one zstd frame with a checksum

It is made from the release when the snapshot is built, and it is what stays of a release when its snapshot is deleted
(kg/snapshot/releases/past.py): some 20 bytes a model. A field that a reader does not know is passed over, so that what an
older or a newer version of the program kept can be read for as long as it is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec
import zstandard

from kg.errors import DataError, SnapshotDamaged, SnapshotError
from kg.licenses.rules import USES
from kg.licenses.states import LICENSED
from kg.licenses.terms import License, Use, Verdict, clause_id
from kg.licenses.verdicts import verdict_of
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of
from kg.model.vocabulary import ACCESS, EFFECTIVE_TERM, LICENSE, Vocabulary
from kg.snapshot.layout import BRIEFS
from kg.snapshot.seal import CHANGED
from kg.snapshot.snapshot import Snapshot

RETIRED, SUCCESSOR = "retirementDate", "successorOf"
_DIGITS = 12  # of the checksum of what a license says
_LEVEL = 9
_ROWS = 1024  # of verdicts that are remembered; most entities have one of a few


class Brief(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What held of one entity in one release."""

    id: str
    label: str = ""
    license: tuple[str, ...] = ()  # ids; empty = none is known
    # License in force, its own or inherited -> date and checksum of what it says
    terms: dict[str, str] = {}
    verdicts: tuple[Verdict, ...] = ()  # on each use of USES, with nothing known of who asks
    base: tuple[str, ...] = ()  # "relation parent"
    access: str = ""
    retired: str = ""  # day from which its maker serves it no longer
    superseded: tuple[str, ...] = ()  # ids of what says that it follows it

    def verdict(self, use: Use) -> Verdict:
        """What may be done with it by who says nothing of themselves; unknown where nothing was kept."""
        return self.verdicts[USES.index(use)] if len(self.verdicts) == len(USES) else "unknown"


_encoder = msgspec.json.Encoder()
_brief = msgspec.json.Decoder(Brief)


class _Read:
    """What briefs are made with: the vocabulary, the license texts, and who follows whom."""

    def __init__(self, snapshot: Snapshot) -> None:
        vocabulary = snapshot.vocabulary
        self.edges = _edges(vocabulary)
        self.terms = snapshot.states.engine.terms
        self.license_of = {
            clause_id(one, place): one.id
            for one in self.terms.licenses.values()
            for place in range(len(one.clauses))
        }
        self.successors = _successors(snapshot)
        self._stamps: dict[str, str] = {}

    def stamp(self, license: str) -> str:
        """Date and checksum of what a license says; "" where its text is not described here."""
        if license not in self._stamps:
            try:
                self._stamps[license] = stamp_of(self.terms.license(license))
            except DataError:
                self._stamps[license] = ""
        return self._stamps[license]


def _edges(vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.edges("weights", "distillation")


def stamp_of(license: License) -> str:
    """Date and checksum of what a license says: the same as long as nothing that it binds to changes.

    When its text was read, and by which names it goes, are no part of it.
    """
    said = (
        *(license.version, license.date, license.unknown),
        *(license.relicense, license.derivative, license.clauses),
    )
    digest = sha256(_encoder.encode(said)).hexdigest()[:_DIGITS]
    return f"{license.date}+{digest}" if license.date else digest


def _successors(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """What follows each entity that something follows."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    told = f'"{SUCCESSOR}"'.encode()
    for kind in LICENSED:
        for number in range(*snapshot.kind_range(kind)):
            if told in snapshot.lines[number]:
                entity = snapshot.read_entity(number)
                for earlier in entity.values(SUCCESSOR):
                    found[str(earlier)].append(entity.id)
    return {id: tuple(later) for id, later in found.items()}


def _made(entity: Entity, verdicts: tuple[Verdict, ...], read: _Read) -> Brief:
    fact = entity.fact(LICENSE)
    licenses = tuple(map(str, fact.values)) if fact else ()
    clauses = next((f.values for f in entity.inferred if f.property == EFFECTIVE_TERM), ())
    reached = dict.fromkeys(
        [*licenses, *filter(None, (read.license_of.get(str(id)) for id in clauses))]
    )
    edges = (f for f in entity.facts if f.property in read.edges)
    access, retired = (next(iter(entity.values(name)), None) for name in (ACCESS, RETIRED))
    return Brief(
        id=entity.id,
        label=next((names[0] for names in entity.labels.values() if names), ""),
        license=licenses,
        terms={id: read.stamp(id) for id in sorted(reached)},
        verdicts=verdicts,
        base=tuple(sorted(f"{f.property} {value}" for f in edges for value in f.values)),
        access=str(access or ""),
        retired=str(retired or ""),
        superseded=read.successors.get(entity.id, ()),
    )


@lru_cache(_ROWS)
def _verdicts(row: bytes) -> tuple[Verdict, ...]:
    """The verdicts that a row of codes stands for."""
    return tuple(verdict for verdict in map(verdict_of, row) if verdict)


@contextmanager
def brief_writer(snapshot: Snapshot) -> Iterator[Callable[[Entity], None]]:
    """Give what writes the brief of an entity into the folder of a snapshot that is being built.

    It is called with every entity of the snapshot, in order.
    """
    read, rows = _Read(snapshot), iter(snapshot.verdicts)
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    with (snapshot.folder / BRIEFS).open("wb") as file, compressor.stream_writer(file) as out:

        def write(entity: Entity) -> None:
            verdicts = next(rows).tobytes()
            if kind_of(entity.id) in LICENSED:
                out.write(_encoder.encode(_made(entity, _verdicts(verdicts), read)) + b"\n")

        yield write


class Briefs:
    """The briefs of a release, unpacked in memory; one is decoded when it is asked for.

    Args:
        folder: of a snapshot, or of what was kept of one.

    Raises:
        SnapshotError: there are none, as the snapshot was built before they were made.
        SnapshotDamaged: they are not as they were written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            packed = (folder / BRIEFS).read_bytes()
        except FileNotFoundError as error:
            raise SnapshotError(
                Message(
                    "the release in %(folder)s was built before the terms of a day were kept; run `gyebo build`",
                    folder=folder,
                )
            ) from error
        try:
            frame = zstandard.ZstdDecompressor().decompressobj()
            lines = frame.decompress(packed).split(b"\n")
            if not frame.eof or frame.unused_data or lines.pop() != b"":  # cut short, or longer
                raise self._damaged()
            self._lines = {line[7 : line.index(b'"', 7)].decode(): line for line in lines}
        except (zstandard.ZstdError, ValueError) as error:
            raise self._damaged() from error

    def __iter__(self) -> Iterator[Brief]:
        return map(self._decoded, self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)

    def get(self, id: str) -> Brief | None:
        """What held of an id; None if the release had no such model, family, data set or product."""
        line = self._lines.get(id)
        return None if line is None else self._decoded(line)

    def _decoded(self, line: bytes) -> Brief:
        try:
            return _brief.decode(line)
        except msgspec.MsgspecError as error:
            raise self._damaged() from error

    def _damaged(self) -> SnapshotDamaged:
        return SnapshotDamaged(self._folder.name, BRIEFS, CHANGED)
