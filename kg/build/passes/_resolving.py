"""The first pass over some subjects: their sorted claims become entities, with what the whole graph needs of each.

A task works on a range of subjects of the sorted claims. Ranges are cut before ids whose checksum says so, so that one
subject more moves no other range.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.build.passes._pieces import Pieces, key_of
from kg.build.passes._sorting import SortedClaims
from kg.claims.claim_files import decode_lines
from kg.claims.resolve import Memberships, Standing, Standings, resolve
from kg.licenses.naming.settled_names import NameSettler
from kg.licenses.states import LicenseClaims, read_license_claims
from kg.model.claim import Claim, Entity
from kg.model.dating import known_date
from kg.model.vocabulary import Vocabulary

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
    kept, look_up, ranges = Pieces(pieces), _LookUp(known), SortedClaims(claims)

    def work(number: int) -> str:
        lines = ranges.read(number)
        claims = decode_lines(lines)
        found = look_up(claims)
        key = key_of("resolved", known.program, _encoder.encode(found), lines)
        return kept.keep(key, Resolved, lambda: resolve_claims(claims, known, bool(found.hub_ids)))

    yield work


class LookedUp(NamedTuple):
    """All that resolving some claims may look up, by id."""

    standings: list[tuple[str, Standing]]
    memberships: list[tuple[str, list[str]]]
    hub_ids: list[tuple[str, tuple[str, ...]]]  # only where a name of a license may be undecided


class _LookUp:
    """Finds what resolving some claims may look up."""

    def __init__(self, known: Resolving) -> None:
        self._standings, self._settler = known.standings, known.settler
        self._memberships = {id: sorted(found) for id, found in known.memberships.items()}

    def __call__(self, claims: Sequence[Claim]) -> LookedUp:
        sources = {claim.said.source for claim in claims}
        values = {value for claim in claims if isinstance(value := claim.said.value, str)}
        ids: set[str] = set()
        if self._settler.may_settle(values):
            ids = values.union(claim.subject for claim in claims)
        return LookedUp(
            [(id, self._standings[id]) for id in sorted(sources & self._standings.keys())],
            [(id, self._memberships[id]) for id in sorted(values & self._memberships.keys())],
            [(id, self._settler.hub_ids(id)) for id in sorted(ids)],
        )


def resolve_claims(claims: Iterable[Claim], known: Resolving, settles: bool) -> Resolved:
    """Resolve all claims on some subjects.

    Args:
        claims: sorted.
        known: what is needed beside.
        settles: whether a name of a license may be undecided.
    """
    if settles:
        claims = known.settler.settle(claims)
    found, out = [], bytearray()
    for entity in resolve(claims, known.vocabulary, known.standings, known.memberships):
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
