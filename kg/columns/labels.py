"""The labels of many things at once, without reading their entities where they are models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.columns.states_file import FOLDER
from kg.columns.table import LANGS
from kg.lineage.texts import Texts
from kg.model.claim import main_label
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot


def labels_of(snapshot: Snapshot, numbers: Sequence[int], lang: str = "en") -> list[str]:
    """The labels of some nodes of the lineage, in their order: as `main_label` says them.

    Args:
        snapshot: an open snapshot.
        numbers: of the nodes.
        lang: language of the labels.
    """
    first, end = snapshot.kind_range("model")
    column = _column(snapshot, lang) if lang in LANGS else None
    nodes = np.fromiter(numbers, np.int64, len(numbers))
    models = (nodes >= first) & (nodes < end) & (column is not None)
    kept = iter(column.those(nodes[models] - first) if column else ())
    return [
        next(kept) if is_model else main_label(snapshot.named(number), lang)
        for number, is_model in zip(numbers, models.tolist(), strict=True)
    ]


@memo(most=len(LANGS))
def _column(snapshot: Snapshot, lang: str) -> Texts:
    """The labels of all models."""
    return Texts(snapshot.folder / FOLDER, f"label-{lang}")
