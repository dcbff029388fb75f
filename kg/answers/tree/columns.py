"""What is known of many nodes at once, from the arrays of the lineage: no entity is read for it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from kg.answers.tree.forest import Forest
from kg.answers.tree.neighbors import Graph
from kg.lineage.adjacency import Ints
from kg.model.vocabulary import DEVELOPER
from kg.snapshot.snapshot import Snapshot

UNDATED = -1  # a month that is not known
NONE = -1  # no developer is known
_UNIX = 719_163  # 1970-01-01 as an ordinal


def days(snapshot: Snapshot, nodes: Ints) -> Ints:
    """The release dates of nodes as ordinals; 0 where none is known, of a month or year its first day."""
    dates = np.asarray(snapshot.lineage.dates)[nodes].astype(np.int64)
    months = (dates // 10_000 - 1970) * 12 + dates // 100 % 100 - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.where(dates > 0, first + _UNIX + dates % 100 - 1, 0)


def months(snapshot: Snapshot, nodes: Ints) -> dict[int, int]:
    """How many of some nodes came out in each month (year * 12 + month - 1); UNDATED of unknown date."""
    dates = np.asarray(snapshot.lineage.dates)[nodes].astype(np.int64)
    month = np.where(dates > 0, dates // 10_000 * 12 + dates // 100 % 100 - 1, UNDATED)
    found, counts = np.unique(month, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def unseen_models(forest: Forest, graph: Graph, shown: Collection[int]) -> Ints:
    """The models of a forest that are not among those shown."""
    nodes = forest.nodes[~forest.mask(shown)]
    return nodes[~graph.are_families(nodes)]


def verdicts(snapshot: Snapshot, nodes: Ints) -> Ints:
    """The codes of the verdicts on commercial use (kg/licenses/verdicts.py); 0 where none was reached."""
    known = snapshot.lineage.verdicts
    return np.zeros(len(nodes), np.int64) if known is None else np.asarray(known)[nodes].astype(int)


def developers(snapshot: Snapshot, nodes: Ints) -> Ints:
    """The first developer of each node, as a node; NONE where none is described."""
    up = snapshot.lineage.up
    child, place = up.gather(nodes)
    made = snapshot.lineage.codes({DEVELOPER})[up.marks[place]]
    child, makers = child[made], up.nodes[place[made]].astype(np.int64)
    found = np.full(len(nodes), NONE, np.int64)
    found[child[::-1]] = makers[::-1]
    many = np.flatnonzero(np.bincount(child, minlength=len(nodes)) > 1)
    for at in many.tolist():  # few: the arrays do not keep the order of what an entity says
        named = snapshot.entity_at(int(nodes[at])).values(DEVELOPER)
        first = snapshot.lines.find(str(named[0])) if named else None
        found[at] = found[at] if first is None else first
    return found
