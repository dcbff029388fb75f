"""Which entities each source speaks of, and in how many claims: a cache made from the release.

    citations/sources.npy .txt   ids of the sources
    citations/starts.npy         where the entities of each source begin
    citations/nodes.npy          lines of entities.jsonl, ascending within a source
    citations/counts.npy         beside each: its claims, those rejected, those on disputed facts

A page of a source that speaks of 100,000 entities so reads only the entities it shows.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kg.lineage.adjacency import Ints, map_array
from kg.lineage.texts import Texts
from kg.model.claim import Entity

FOLDER = "citations"
CLAIMS, REJECTED, DISPUTED = range(3)  # columns of the counts


class SourceCitations(NamedTuple):
    """What a source speaks of."""

    nodes: Ints  # shape (n,)
    counts: Ints  # shape (n, 3)

    def total(self, column: int) -> int:
        """All claims of a column."""
        return int(self.counts[:, column].sum())

    def in_order(self, runs: Iterable[tuple[int, int]]) -> SourceCitations:
        """The same, run of nodes by run.

        >>> cited = SourceCitations(np.array([4, 9]), np.array([[3, 0, 0], [2, 0, 0]]))
        >>> cited.in_order([(8, 10), (0, 8)]).nodes.tolist()
        [9, 4]
        """
        rows = [slice(*np.searchsorted(self.nodes, run).tolist()) for run in runs]
        return SourceCitations(
            np.concatenate([self.nodes[part] for part in rows]),
            np.concatenate([self.counts[part] for part in rows]),
        )

    def place(self, claim: int, column: int) -> tuple[int, int]:
        """The row in which the claim with a number stands, and the claims of that row before it.

        >>> cited = SourceCitations(np.array([4, 9]), np.array([[3, 0, 0], [2, 0, 0]]))
        >>> cited.place(2, CLAIMS), cited.place(4, CLAIMS), cited.place(5, CLAIMS)
        ((0, 2), (1, 1), (2, 0))
        """
        ends = np.cumsum(self.counts[:, column])
        row = int(np.searchsorted(ends, claim, "right"))
        return row, claim - int(ends[row - 1] if row else 0)


class CitedPart(NamedTuple):
    """What a source speaks of in a part of a release; of each entity three counts."""

    nodes: list[int]
    counts: list[int]


class Counting:
    """Counts the claims of each source while a release is written."""

    def __init__(self) -> None:
        self._nodes: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._counts: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, node: int, entity: Entity) -> None:
        """Count the claims on an entity; call it in the order of the lines."""
        found: dict[str, list[int]] = {}
        for fact in (*entity.facts, *entity.inferred):
            for said in fact.claims:
                counts = found.setdefault(said.source, [0, 0, 0])
                counts[CLAIMS] += 1
                counts[REJECTED] += said.rank == "rejected"
                counts[DISPUTED] += fact.disputed
        for source, counts in found.items():
            self._nodes[source].append(node)
            self._counts[source].extend(counts)

    def parts(self) -> dict[str, CitedPart]:
        """What was counted, to be added to what was counted before."""
        return {
            source: CitedPart(self._nodes[source].tolist(), self._counts[source].tolist())
            for source in sorted(self._nodes)
        }

    def merge(self, first: int, parts: Mapping[str, CitedPart]) -> None:
        """Add what was counted of the entities that come next.

        Args:
            first: the line of the first of them, which was counted as line 0.
            parts: what was counted.
        """
        for source, part in parts.items():
            self._nodes[source].extend(first + node for node in part.nodes)
            self._counts[source].extend(part.counts)

    def save(self, folder: Path) -> None:
        """Write what was counted below the folder of a snapshot."""
        target = folder / FOLDER
        target.mkdir()
        sources = sorted(self._nodes)
        Texts.save(target, "sources", sources)
        np.save(target / "starts.npy", np.cumsum([0, *(len(self._nodes[s]) for s in sources)]))
        nodes, counts = array("I"), array("I")
        for source in sources:
            nodes += self._nodes[source]
            counts += self._counts[source]
        np.save(target / "nodes.npy", np.array(nodes, np.uint32))
        np.save(target / "counts.npy", np.array(counts, np.uint32).reshape(-1, 3))


class Citations:
    """What each source speaks of.

    Args:
        folder: of a snapshot.
    """

    def __init__(self, folder: Path) -> None:
        target = folder / FOLDER
        self._numbers = {id: n for n, id in enumerate(Texts(target, "sources"))}
        self._starts, self._nodes, self._counts = (
            map_array(target / f"{name}.npy") for name in ("starts", "nodes", "counts")
        )

    def of(self, source: str) -> SourceCitations:
        """What a source speaks of; nothing, of an unknown one."""
        number = self._numbers.get(source)
        rows = slice(0, 0) if number is None else slice(*self._starts[number : number + 2].tolist())
        return SourceCitations(self._nodes[rows], self._counts[rows])
