"""Three questions that the home page answers from the data, so that a newcomer sees what is answered here.

Which models they are about is asked of the data itself, once for each snapshot and language; a question to which
the data has no answer is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kg.answers.choosing.answer import answer_models
from kg.answers.choosing.request import Between, Filter, ModelsRequest, Ranged, read_range
from kg.answers.contract import Ref
from kg.answers.gaps.answer import AuditRequest, LicenseGapAnswer
from kg.answers.gaps.audit import audit
from kg.answers.tree.neighbors import Graph
from kg.columns.table import ModelTable, read_table
from kg.errors import SnapshotError
from kg.licenses.verdicts import consistency_code
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

# Which models may be sold, in Korean, of a size that one machine runs: as the address of the table asks it.
CHOICE: Mapping[str, Sequence[str]] = {
    "language": ("korean",),
    "params-from": ("7b",),
    "params-to": ("13b",),
    "context-from": ("8k",),
    "verdict": ("allowed", "conditional"),
    "sort": ("downloads",),
}
_NAMED = 3  # models that an answer names
_GENERATIONS = 4  # of a path that is shown


class ChoiceAnswer(NamedTuple):
    """How many models keep the conditions of CHOICE, and the first of them."""

    total: int
    first: Sequence[Ref]


class OriginAnswer(NamedTuple):
    """A model that only its maker's API gives, made from the open weights of another maker."""

    here: Ref
    parent: Ref
    maker: str  # of the parent
    path: Sequence[Ref]  # from its first known ancestor, the model last
    sources: int  # that say what it was made from


@memo(most=2)
def ask_choice(snapshot: Snapshot, lang: str) -> ChoiceAnswer | None:
    """The models that keep CHOICE; None if there is none."""
    ranges: dict[Ranged, Between] = {
        "params": read_range("params", CHOICE["params-from"][0], CHOICE["params-to"][0]),
        "context": read_range("context", CHOICE["context-from"][0], ""),
    }
    chosen: dict[Filter, tuple[str, ...]] = {
        "lang": tuple(CHOICE["language"]),
        "verdict": tuple(CHOICE["verdict"]),
    }
    asked = ModelsRequest(chosen=chosen, ranges=ranges, order="downloads")
    try:
        found = answer_models(snapshot, asked, limit=_NAMED, lang=lang)
    except SnapshotError:  # built before columns were kept
        return None
    first = [Ref(row.id, row.label) for row in found.rows]
    return ChoiceAnswer(found.total, first) if first else None


@memo(most=2)
def ask_gap(snapshot: Snapshot, lang: str) -> LicenseGapAnswer | None:
    """The model with most descendants, of those the most downloaded, whose tag says less than what it comes from."""
    table = _table(snapshot)
    if table is None:
        return None
    column = snapshot.consistencies[table.first : table.first + len(table), 0]
    rows = np.flatnonzero(column == consistency_code("drops-substance"))
    if not len(rows):
        return None
    below, loaded = (np.nan_to_num(table.numbers(n)[rows]) for n in ("descendants", "downloads"))
    row = int(rows[np.lexsort((rows, -loaded, -below))[0]])
    wanted = AuditRequest(ids=(snapshot.id_at(table.first + row),))
    return next(iter(audit(snapshot, wanted, lang=lang).rows), None)


@memo(most=2)
def ask_origin(snapshot: Snapshot, lang: str) -> OriginAnswer | None:
    """The newest closed model that is stated to come from open weights of another maker."""
    table = _table(snapshot)
    if table is None:
        return None
    graph = Graph(snapshot)
    dated = ((int(table.released[row]), row) for row in _closed(table))
    for _, row in sorted(dated, reverse=True):
        if found := next(_open_parents(table, graph, row), None):
            return _origin(snapshot, graph, table.first + row, *found, lang)
    return None


def _table(snapshot: Snapshot) -> ModelTable | None:
    try:
        return read_table(snapshot)
    except SnapshotError:
        return None


def _closed(table: ModelTable) -> list[int]:
    return np.flatnonzero(table.having("access", lambda codes: codes == ("api-only",))).tolist()


def _open_parents(table: ModelTable, graph: Graph, row: int) -> Iterator[tuple[int, str]]:
    """The parents of a model that are open and of another maker, each with the relation."""
    makers = table.values("org", row)
    for edge in graph.derivations(table.first + row):
        above = edge.parent - table.first
        if not 0 <= above < len(table) or not makers:
            continue
        others = table.values("org", above)
        is_open = table.values("access", above) == ("open-weights",)
        if is_open and others and not set(makers) & set(others):
            yield edge.parent, edge.relation


def _origin(
    snapshot: Snapshot, graph: Graph, number: int, parent: int, relation: str, lang: str
) -> OriginAnswer:
    entity = snapshot.entity_at(number)
    fact = entity.fact(relation)
    id = snapshot.id_at(parent)
    sources = {said.source for said in fact.claims if said.value == id} if fact else set()
    maker = next((str(v) for v in snapshot.entity_at(parent).values(DEVELOPER) if v), "")
    path = [number, parent]
    while len(path) < _GENERATIONS:
        above = [e for e in graph.parents(path[-1]) if e.relation != IN_FAMILY]
        if not above or above[0].parent in path:
            break
        path.append(above[0].parent)
    refs = [_ref(snapshot, one, lang) for one in path]
    return OriginAnswer(
        here=refs[0],
        parent=refs[1],
        maker=snapshot.label(maker, lang) if maker else "",
        path=refs[::-1],
        sources=len(sources),
    )


def _ref(snapshot: Snapshot, number: int, lang: str) -> Ref:
    id = snapshot.id_at(number)
    return Ref(id, snapshot.label(id, lang))
