"""The first pass over some subjects: their sorted claims become entities, with what the whole graph needs of each.

A task works on a range of subjects of the sorted claims. Ranges are cut before ids whose checksum says so, so that one
subject more moves no other range.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kg.build.passes._pieces import Pieces, key_of
from kg.build.passes._sorting import SortedClaims
from kg.claims.claim_files import decode_lines
from kg.claims.resolve import Memberships, Standings, resolve
from kg.licenses.naming.settled_names import NameSettler
from kg.licenses.states import LicenseClaims, read_license_claims
from kg.model.claim import Entity
from kg.model.dating import known_date
from kg.model.vocabulary import Vocabulary

# What a claim may name: a lookup by anything else finds nothing, for no id holds what JSON escapes.
_IDS = re.compile(rb'"(?:subject|value|source)":"([^"\\]+)"')

_encoder = msgspec.json.Encoder()


class ResolvedEntity(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the whole graph needs of an entity."""

    id: str
    date: str  # of its release, "" if unknown
    edges: list[tuple[str, str]]  # parent and relation
    license: LicenseClaims
    length: int  # of its line


class Resolved(msgspec.Struct, frozen=True):
    """Some entities, resolved."""

    lines: bytes  # one entity a line
    entities: list[ResolvedEntity]


class Resolving(msgspec.Struct, frozen=True, kw_only=True):
    """What the first pass needs beside the claims."""

    program: str  # checksum of the program, its ontology and the names that licenses share
    vocabulary: Vocabulary
    standings: Standings
    memberships: Memberships
    settler: NameSettler
    relations: frozenset[str]  # the edges of the graph


@contextmanager
def open_resolving(claims: Path, pieces: Path, known: Resolving) -> Iterator[Callable[[int], str]]:
    """Open sorted claims, and give what makes entities of the range of a number and names the result.

    Args:
        claims: their folder.
        pieces: where results are kept.
        known: what is needed beside.
    """
    kept = Pieces(pieces)
    with SortedClaims(claims) as ranges:

        def work(number: int) -> str:
            lines = ranges.read(number)
            key = key_of("resolved", known.program, _looked_up(lines, known), lines)
            return kept.keep(key, Resolved, lambda: resolve_lines(lines, known))

        yield work


def _looked_up(lines: bytes, known: Resolving) -> bytes:
    """All that resolving some claims may look up, as bytes."""
    ids = [id.decode() for id in sorted(set(_IDS.findall(lines)))]
    standings = [(id, known.standings[id]) for id in ids if id in known.standings]
    memberships = [(id, sorted(known.memberships[id])) for id in ids if id in known.memberships]
    settler = known.settler
    hub_ids = [(id, settler.hub_ids(id)) for id in ids] if settler.may_settle(lines) else None
    return _encoder.encode([standings, memberships, hub_ids])


def resolve_lines(lines: bytes, known: Resolving) -> Resolved:
    """Resolve all claims on some subjects.

    Args:
        lines: the claims, sorted.
        known: what is needed beside.
    """
    settled = known.settler.settle(decode_lines(lines))
    found, out = [], bytearray()
    for entity in resolve(settled, known.vocabulary, known.standings, known.memberships):
        line = _encoder.encode(entity) + b"\n"
        out += line
        found.append(_summed_up(entity, known.relations, len(line)))
    return Resolved(bytes(out), found)


def _summed_up(entity: Entity, relations: frozenset[str], length: int) -> ResolvedEntity:
    edges = [
        (str(value), fact.property)
        for fact in entity.facts
        if fact.property in relations
        for value in fact.values
    ]
    date = known_date(entity)
    return ResolvedEntity(entity.id, date, edges, read_license_claims(entity), length)


class Offsets:
    """Where each line of a file begins, as lines are added."""

    def __init__(self) -> None:
        self._offsets = array("Q", [0])

    def add(self, length: int) -> None:
        """Add a line."""
        self._offsets.append(self._offsets[-1] + length)

    def save(self, path: Path) -> None:
        """Write them as `Lines` reads them."""
        import numpy as np

        np.save(path, np.frombuffer(self._offsets, np.uint64))
