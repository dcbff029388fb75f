"""Hub ids that differ in case only: the Hub leads from each spelling to one repository, so they name one thing.

Millions of ids are met, so two numbers of each are kept in memory, and of what is put aside on disk those are read whose
spelling differs from that of another.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec
import numpy as np

from kg.claims.runs import IdentityLink
from kg.model.claim import Claim
from kg.model.vocabulary import HUB_ID

WHY = "the Hub's ids match whatever their case"
_HUB = "/hf/"
_decoder = msgspec.json.Decoder(dict[str, int])


def spelled_ids(claims: Iterable[Claim]) -> dict[str, int]:
    """The ids of the Hub in claims, as they are spelled, and how well each tells its spelling.

    2 = named so by its own claims, 1 = described, 0 = referred to.
    """
    found: dict[str, int] = {}
    last, of_hub = "", False
    for claim in claims:
        subject, value = claim.subject, claim.said.value
        if subject != last:  # claims on one subject mostly stand together
            last, of_hub = subject, _HUB in subject
            if of_hub and not found.get(subject):
                found[subject] = 1
        if isinstance(value, str):
            if of_hub and claim.property == HUB_ID and subject.endswith(f"{_HUB}{value}"):
                found[subject] = 2
            if _is_of_hub(value):
                found.setdefault(value, 0)
    return found


class Spellings:
    """The ids of the Hub that all sources speak of; first `add` them, then ask for the `links`, and `close` it."""

    def __init__(self) -> None:
        self._numbers = array("q")  # of each id without its case, and as it is
        self._ids = tempfile.TemporaryFile()  # noqa: SIM115  # `close` does

    def add(self, spelled: Mapping[str, int]) -> None:
        """Note ids, as `spelled_ids` finds them."""
        for id in spelled:
            self._numbers.append(hash(id.casefold()))
            self._numbers.append(hash(id))
        self._ids.write(msgspec.json.encode(spelled) + b"\n")

    def links(self, certain: Iterable[str] = ()) -> list[IdentityLink]:
        """Each id of the Hub that another one spells better, with that one.

        Better is what data/ gives as a Hub id, then what a source describes under its own id, then what is described at
        all, then the smaller.

        Args:
            certain: ids whose spelling is that of the Hub.
        """
        groups: dict[str, dict[str, int]] = defaultdict(dict)
        sure = frozenset(certain)
        for id, rank in self._ranked(self._spelled_variously()):
            rank = 3 if id in sure else rank
            held = groups[id.casefold()]
            held[id] = max(rank, held.get(id, 0))
        links = []
        for group in groups.values():
            best, *others = sorted(group, key=lambda id: (-group[id], id))
            links += [IdentityLink(id, best, WHY, outdated=True) for id in others]
        return links

    def _ranked(self, several: Collection[int]) -> Iterator[tuple[str, int]]:
        """The noted ids of some numbers."""
        self._ids.seek(0)
        for line in self._ids if several else ():
            for id, rank in _decoder.decode(line).items():
                if hash(id.casefold()) in several:
                    yield id, rank

    def close(self) -> None:
        """Forget all ids."""
        self._ids.close()

    def _spelled_variously(self) -> frozenset[int]:
        """Numbers of ids without their case, of those that stand in several spellings."""
        folded, exact = np.frombuffer(self._numbers, dtype=np.int64).reshape(-1, 2).T
        order = np.lexsort((exact, folded))
        folded, exact = folded[order], exact[order]
        differs = (folded[1:] == folded[:-1]) & (exact[1:] != exact[:-1])
        return frozenset(folded[1:][differs].tolist())


def _is_of_hub(value: str) -> bool:
    """Whether what follows the first slash is a path on the Hub."""
    return _HUB in value and value.startswith(_HUB, value.index("/"))
