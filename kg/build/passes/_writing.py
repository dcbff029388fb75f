"""The second pass over some entities: what follows for each, and each as a record and as N-Quads, checked and counted.

What follows depends on the whole graph and is worked out each time. All else depends on an entity and what follows for
it alone, so it is kept by that (kg/build/passes/_pieces.py): where an edge has changed, those below it are written anew whose
facts have changed, and no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.build._check import EntityCheck
from kg.build._infer import LicenseFacts, infer
from kg.build.passes._codes import InferredCodes
from kg.build.passes._pieces import Pieces, key_of
from kg.export.quads import Writer
from kg.licenses.states import OwnKey, States
from kg.lineage.adjacency import map_array
from kg.lineage.families import Families
from kg.lineage.graph import Lineage
from kg.model.claim import Entity, kind_of
from kg.model.issues import Issue
from kg.model.vocabulary import RETRIEVED, Vocabulary
from kg.snapshot.citations import CitedPart, Counting
from kg.snapshot.disputes import DisputeCount, DisputedPart
from kg.snapshot.inheritance import Inheritance
from kg.snapshot.records import Lines, RecordPacker, read_dictionary
from kg.snapshot.statistics import GraphCount, GraphTallies
from kg.snapshot.trends import TrendPart, Trends

ENTITIES, OFFSETS = "entities.jsonl", "offsets.npy"  # of the first pass
# Of each node: its license terms, what it states of its license
STATE, OWN = "state.npy", "own.npy"

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entity)


class Inferred(msgspec.Struct, frozen=True):
    """Some entities with what follows for them."""

    lines: bytes  # one entity a line
    codes: InferredCodes
    trends: dict[str, TrendPart]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What some entities say, in N-Quads and counted."""

    quads: bytes
    counts: dict[str, int]
    as_of: str  # the last day on which one of them was read, if it is a source
    statistics: GraphTallies
    citations: dict[str, CitedPart]  # lines are numbered from 0
    disputes: DisputedPart  # likewise
    issues: list[Issue]
    curated: list[int]  # of which a source speaks that is not bulk; likewise


class Packed(msgspec.Struct, frozen=True):
    """Some entities as records."""

    records: bytes
    lengths: list[int]


class WrittenPart(NamedTuple):
    """The keys of what came of a range of entities."""

    inferred: str
    told: str
    packed: str


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What the second pass needs beside the entities of the first."""

    folder: Path  # of the snapshot
    scratch: Path
    pieces: Path
    program: str  # checksum of the program and its ontology
    base: str
    vocabulary: Vocabulary
    bulk: frozenset[str]
    guesses: frozenset[str]
    families: tuple[int, int]  # the nodes that are families
    states: States
    kinds: Sequence[OwnKey]


@contextmanager
def open_writing(known: Writing) -> Iterator[Callable[[range], WrittenPart]]:
    """Open what the first pass made, and give what writes a range of its entities and names the results."""
    lineage = Lineage(known.folder / "lineage")
    lines = Lines(known.scratch / ENTITIES, known.scratch / OFFSETS)
    state, own = (map_array(known.scratch / name) for name in (STATE, OWN))
    licenses = LicenseFacts(known.states, state, lineage, lines, known.kinds, own)
    families, inheritance = Families(lineage, *known.families), Inheritance(lines, known.vocabulary)
    infers = _Inferring(lines, lineage, families, licenses, inheritance)
    trained = read_dictionary(known.folder)
    packer, dictionary = RecordPacker(trained), sha256(trained).digest()
    kept = Pieces(known.pieces)

    def write(nodes: range) -> WrittenPart:
        found, entities = infers(nodes)
        looked_up, content = _looked_up(entities, known), sha256(found.lines).digest()
        told = key_of("told", known.program, known.base, looked_up, content)
        packed = key_of("packed", known.program, dictionary, content)
        rest = msgspec.msgpack.encode((found.codes, found.trends))
        inferred = key_of("inferred", content, rest)
        return WrittenPart(
            kept.keep(inferred, Inferred, lambda: found),
            kept.keep(told, Told, lambda: tell(entities, known)),
            kept.keep(packed, Packed, lambda: _pack(found.lines, packer)),
        )

    yield write


def _looked_up(entities: Iterable[Entity], known: Writing) -> bytes:
    """All that writing some entities looks up, as bytes."""
    sources = {said.source for e in entities for fact in e.facts for said in fact.claims}
    return _encoder.encode([(id, id in known.bulk, id in known.guesses) for id in sorted(sources)])


class _Inferring(NamedTuple):
    """Finds what follows for entities from the whole graph."""

    lines: Lines
    lineage: Lineage
    families: Families
    licenses: LicenseFacts
    inheritance: Inheritance

    def __call__(self, nodes: range) -> tuple[Inferred, list[Entity]]:
        trends = Trends()
        entities = [self._inferred(node, _decoder.decode(self.lines[node])) for node in nodes]
        for entity in entities:
            trends.add(self.inheritance.widened(entity))
        lines = _encoder.encode_lines(entities)
        return Inferred(lines, self.licenses.take_codes(), trends.parts()), entities

    def _inferred(self, node: int, entity: Entity) -> Entity:
        found = infer(entity, node, self.lineage, self.families)
        found += self.licenses.infer(entity, node)
        return msgspec.structs.replace(entity, inferred=found) if found else entity


def tell(entities: Iterable[Entity], known: Writing) -> Told:
    """Some entities in N-Quads, checked and counted.

    Args:
        entities: each with what follows for it.
        known: what is needed beside.
    """
    writer = Writer(known.base, known.vocabulary, known.bulk, known.guesses)
    statistics, citations, disputes = GraphCount(), Counting(), DisputeCount()
    counts: Counter[str] = Counter()
    quads: list[str] = []
    issues: list[Issue] = []
    curated: list[int] = []
    days = [""]
    check = EntityCheck(known.vocabulary)
    for number, entity in enumerate(entities):
        said = writer.quads(entity)
        quads += said.lines
        statistics.add(entity.id, said.kinds)
        citations.add(number, entity)
        disputes.add(number, entity)
        _count(counts, entity, len(said.lines))
        days += _days_read(entity)
        issues += check.issues(entity)
        if _is_curated(entity, known.bulk):
            curated.append(number)
    return Told(
        quads="".join(quads).encode(),
        counts=counts,
        as_of=max(days),
        statistics=statistics.tallies(),
        citations=citations.parts(),
        disputes=disputes.part(),
        issues=issues,
        curated=curated,
    )


def _count(counts: Counter[str], entity: Entity, quads: int) -> None:
    counts[kind_of(entity.id)] += 1
    counts["entities"] += 1
    counts["quads"] += quads
    counts["facts"] += len(entity.facts) + len(entity.inferred)
    counts["claims"] += sum(len(fact.claims) for fact in entity.facts)
    counts["disputed"] += sum(fact.disputed for fact in entity.facts)


def _days_read(entity: Entity) -> Iterable[str]:
    """The days on which a source was read."""
    is_source = kind_of(entity.id) == "source"
    return [str(day) for day in entity.values(RETRIEVED) if day] if is_source else ()


def _is_curated(entity: Entity, bulk: Collection[str]) -> bool:
    return any(said.source not in bulk for fact in entity.facts for said in fact.claims)


def _pack(lines: bytes, packer: RecordPacker) -> Packed:
    records = [packer.pack(line) for line in lines.splitlines(keepends=True)]
    return Packed(b"".join(records), list(map(len, records)))
