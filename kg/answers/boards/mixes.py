"""What may be done with the models of each year, and what is known of the data that they learned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from kg.answers.boards.releases import find_originals
from kg.answers.license_mix import Period, list_periods
from kg.columns.judging import judge_models
from kg.columns.table import Mask, read_table
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

DataKind = Literal["outputs", "named", "none"]
DATA_KINDS: tuple[DataKind, ...] = get_args(DataKind)


class DataPeriod(NamedTuple):
    """The models of a year by what is known of their data."""

    year: int
    counts: Mapping[DataKind, int]

    @property
    def total(self) -> int:
        """All its models."""
        return sum(self.counts.values())


@memo(most=1)
def find_whole_mix(snapshot: Snapshot) -> list[Period]:
    """The verdicts on commercial use of all models that are no copies, by the year of their release.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    table = read_table(snapshot)
    kept = find_originals(snapshot) & (table.released > 0)
    return list_periods(table.earliest()[kept], judge_models(snapshot, "commercial")[kept])


@memo(most=1)
def find_data_mix(snapshot: Snapshot) -> list[DataPeriod]:
    """What is known of the data of all models that are no copies, by the year of their release.

    `outputs`: a source says that it learned from text of another model, from a set of such texts or by
    distillation; `named`: some data is named, and none of it is known to be such; `none`: no source names any. What a
    model has from the weights it was made from counts there.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    table = read_table(snapshot)
    kept = find_originals(snapshot) & (table.released > 0)
    outputs, named = _learned(snapshot)
    years = table.released[kept] // 10_000
    kinds = np.where(outputs, 0, np.where(named, 1, 2))[kept]
    if not len(years):
        return []
    return [
        DataPeriod(year, _counts(kinds[years == year]))
        for year in range(int(years.min()), int(years.max()) + 1)
    ]


def _counts(kinds: NDArray[np.integer]) -> dict[DataKind, int]:
    counted = np.bincount(kinds, minlength=len(DATA_KINDS)).tolist()
    return dict(zip(DATA_KINDS, counted, strict=True))


def _learned(snapshot: Snapshot) -> tuple[Mask, Mask]:
    """The models that learned from outputs of models, and those of which some data is named."""
    table, lineage = read_table(snapshot), snapshot.lineage
    children, parents, codes = lineage.arrays()
    data = lineage.codes(snapshot.vocabulary.edges("data"))[codes]
    taught = lineage.codes(snapshot.vocabulary.edges("distillation"))[codes]
    written = _written_by_models(snapshot, children[data], parents[data])
    models = (children >= table.first) & (children < table.first + len(table))
    outputs, named = np.zeros(len(table), bool), np.zeros(len(table), bool)
    named[children[data & models] - table.first] = True
    outputs[children[taught & models] - table.first] = True
    outputs[children[data & models & written[parents]] - table.first] = True
    return outputs, named


def _written_by_models(
    snapshot: Snapshot, children: NDArray[np.integer], parents: NDArray[np.integer]
) -> Mask:
    """Models, the services that run them, and the sets of data that come from either, at any depth."""
    lineage = snapshot.lineage
    nodes = np.arange(lineage.size)
    written: Mask = lineage.kinds(nodes, {"model", "family", "product"})
    passing = lineage.kinds(children, {"dataset"})
    children, parents = children[passing], parents[passing]
    while True:
        reached = children[written[parents]]
        if written[reached].all():
            return written
        written[reached] = True
