"""Hub ids that differ in case only: the Hub leads from each spelling to one repository, so they name one thing.

Millions of ids go by, so a first pass keeps two numbers of each, and a second one the ids that some other spells
differently.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from kg.claims.runs import IdentityLink
from kg.model.claim import Claim
from kg.model.vocabulary import HUB_ID

WHY = "the Hub's ids match whatever their case"
_HUB = "/hf/"


class Spellings:
    """The ids of the Hub in claims, as they are spelled; first `watch` all claims, then ask for the `links`."""

    def __init__(self) -> None:
        self._numbers = array("q")  # of each id without its case, and as it is

    def watch(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """Pass claims on, and note the ids in them."""
        numbers, last, former = self._numbers, "", ""
        for claim in claims:
            subject, value = claim.subject, claim.said.value
            if subject != last:  # claims on one subject mostly stand together
                last = subject
                if _HUB in subject:
                    numbers.append(hash(subject.casefold()))
                    numbers.append(hash(subject))
            if isinstance(value, str) and value != former and _is_of_hub(value):
                former = value
                numbers.append(hash(value.casefold()))
                numbers.append(hash(value))
            yield claim

    def links(self, claims: Iterable[Claim], certain: Iterable[str] = ()) -> list[IdentityLink]:
        """Each id of the Hub that another one spells better, with that one.

        Better is what data/ gives as a Hub id, then what a source describes under its own id, then what is described at
        all, then the smaller.

        Args:
            claims: those that were watched, once more; they are read only where an id is spelled variously.
            certain: ids whose spelling is that of the Hub.
        """
        several = self._spelled_variously()
        if not several:
            return []
        groups: dict[str, dict[str, int]] = defaultdict(dict)
        sure = frozenset(certain)
        for id, rank in _ranked(claims, several):
            rank = 3 if id in sure else rank
            held = groups[id.casefold()]
            held[id] = max(rank, held.get(id, 0))
        links = []
        for group in groups.values():
            best, *others = sorted(group, key=lambda id: (-group[id], id))
            links += [IdentityLink(id, best, WHY, outdated=True) for id in others]
        return links

    def _spelled_variously(self) -> frozenset[int]:
        """Numbers of ids without their case, of those that stand in several spellings."""
        pairs = np.unique(np.frombuffer(self._numbers, dtype=np.int64).reshape(-1, 2), axis=0)
        folded, counts = np.unique(pairs[:, 0], return_counts=True)
        return frozenset(folded[counts > 1].tolist())


def _ranked(claims: Iterable[Claim], several: Collection[int]) -> Iterator[tuple[str, int]]:
    """The ids of some numbers in claims: 2 = named so by its own claims, 1 = described, 0 = referred to."""
    last, is_several = "", False
    for claim in claims:
        subject, value = claim.subject, claim.said.value
        if subject != last:
            last = subject
            is_several = _HUB in subject and hash(subject.casefold()) in several
        if is_several:
            named = claim.property == HUB_ID and subject.endswith(f"{_HUB}{value}")
            yield subject, 2 if named else 1
        if isinstance(value, str) and _is_of_hub(value) and hash(value.casefold()) in several:
            yield value, 0


def _is_of_hub(value: str) -> bool:
    """Whether what follows the first slash is a path on the Hub."""
    return _HUB in value and value.startswith(_HUB, value.index("/"))
