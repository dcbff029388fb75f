"""Hub ids that differ in case only: the Hub leads from each spelling to one repository, so they name one thing.

Millions of ids go by, so a first pass keeps two numbers of each, and a second one the ids that some other spells
differently.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from kg.claims.runs import IdentityLink
from kg.model.claim import Claim
from kg.model.vocabulary import HUB_ID

WHY = "the Hub's ids match whatever their case"
_HUB = "/hf/"

Claims = Callable[[], Iterable[Claim]]


def find_spellings(claims: Claims, certain: Iterable[str] = ()) -> list[IdentityLink]:
    """Each id of the Hub that another one spells better, with that one.

    Better is what data/ gives as a Hub id, then what a source describes under its own id, then what is described at
    all, then the smaller.

    Args:
        claims: gives all claims, in their own ids; it is asked twice.
        certain: ids whose spelling is that of the Hub.
    """
    several = _spelled_variously(claims())
    if not several:
        return []
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    sure = frozenset(certain)
    for id, rank in _ranked(claims()):
        if hash(id.casefold()) in several:
            rank = 3 if id in sure else rank
            held = groups[id.casefold()]
            held[id] = max(rank, held.get(id, 0))
    links = []
    for group in groups.values():
        best, *others = sorted(group, key=lambda id: (-group[id], id))
        links += [IdentityLink(id, best, WHY, outdated=True) for id in others]
    return links


def _spelled_variously(claims: Iterable[Claim]) -> frozenset[int]:
    """Numbers of ids without their case, of those that stand in several spellings."""
    numbers = array("q")
    last = ""
    for id, _ in _ranked(claims):
        if id != last:
            last = id
            numbers.append(hash(id.casefold()))
            numbers.append(hash(id))
    pairs = np.unique(np.frombuffer(numbers, dtype=np.int64).reshape(-1, 2), axis=0)
    folded, counts = np.unique(pairs[:, 0], return_counts=True)
    return frozenset(folded[counts > 1].tolist())


def _ranked(claims: Iterable[Claim]) -> Iterator[tuple[str, int]]:
    """The Hub ids of claims: 2 = named so by its own claims, 1 = described, 0 = referred to."""
    for claim in claims:
        subject, value = claim.subject, claim.said.value
        if _HUB in subject:
            named = claim.property == HUB_ID and subject.endswith(f"{_HUB}{value}")
            yield subject, 2 if named else 1
        if isinstance(value, str) and value.partition("/")[2].startswith("hf/"):
            yield value, 0
