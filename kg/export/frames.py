"""The graph for a program: tables as Arrow, which pandas and polars take, facts as an rdflib graph, ids to look up.

kg/export/columns.py says what each column means.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.answers.advice.verdicts import list_verdicts
from kg.export.export import export_part
from kg.export.table_files import arrow_table
from kg.export.tables import Tables, verdict_table
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import USES
from kg.licenses.terms import Use
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.current import current_snapshot
from kg.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib


def models(snapshot: Snapshot) -> pa.Table:
    """Every model with its resolved values, a row each.

    Args:
        snapshot: an open snapshot.

    Raises:
        NotInstalled: pyarrow is missing.
    """
    return _table(snapshot, "models")


def edges(snapshot: Snapshot) -> pa.Table:
    """Who derives from whom and belongs to which family, a row for each relation and pair.

    Args:
        snapshot: an open snapshot.

    Raises:
        NotInstalled: pyarrow is missing.
    """
    return _table(snapshot, "edges")


def claims(snapshot: Snapshot) -> pa.Table:
    """Everything that sources say, a row for each claim, and whether it holds.

    Args:
        snapshot: an open snapshot.

    Raises:
        NotInstalled: pyarrow is missing.
    """
    return _table(snapshot, "claims")


def scores(snapshot: Snapshot) -> pa.Table:
    """Scores on benchmarks, as published, a row each.

    Args:
        snapshot: an open snapshot.

    Raises:
        NotInstalled: pyarrow is missing.
    """
    return _table(snapshot, "scores")


def identities(snapshot: Snapshot) -> pa.Table:
    """What hubs, APIs and package URLs call each entity, a row for each name and place.

    Args:
        snapshot: an open snapshot.

    Raises:
        NotInstalled: pyarrow is missing.
    """
    return _table(snapshot, "identities")


def verdicts(
    snapshot: Snapshot,
    ids: Sequence[str] | None = None,
    uses: Sequence[Use] = USES,
    profile: Profile = NOBODY,
) -> pa.Table:
    """The verdict on each use of each entity, with what is not sure about it, a row each.

    Without a profile they are those that the build found; for a profile each ancestry is judged anew.

    Args:
        snapshot: an open snapshot.
        ids: as a user names them; None = all models, families, data sets and products.
        uses: what they are to be used for.
        profile: what is known of who asks.

    Raises:
        NotInstalled: pyarrow is missing.
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    rows = list_verdicts(snapshot, uses, profile, ids)
    return arrow_table(verdict_table(rows, snapshot.entity, snapshot.vocabulary))


def _table(snapshot: Snapshot, name: str) -> pa.Table:
    made = Tables(snapshot.entities, snapshot.vocabulary, snapshot.inheritance)
    return arrow_table(made.table(name))


def rdf_graph(snapshot: Snapshot, root: str = "") -> rdflib.Graph:
    """The resolved facts as an rdflib graph: of everything, or of a model or family with its relatives.

    Args:
        snapshot: an open snapshot.
        root: as a user names it; "" = everything, which rdflib takes a minute for.

    Raises:
        UnknownId: nothing goes by the name of the root.
        InputError: the root is neither a model nor a family.
    """
    from rdflib import Graph  # takes longer to load than most answers take

    out = io.BytesIO()
    export_part(snapshot, root).rdf("ntriples", out, "")
    return Graph().parse(data=out.getvalue(), format="nt")


class Ids:
    """Ids to look up and to complete: `kg.ids["Qwen/Qwen3-8B"]`, `kg.ids.model["alpaca-7b"]`.

    In a notebook a tab behind `kg.ids.` completes kinds, and one behind `kg.ids["` or `kg.ids.model["` ids.

    Args:
        kind: only ids of this kind; "" = all.
    """

    def __init__(self, kind: str = "") -> None:
        self._kind = kind
        # Attributes and no __getattr__: what completes names runs no code to find them
        if not kind:
            vars(self).update((name, Ids(name)) for name in load_vocabulary().kinds)

    if TYPE_CHECKING:

        def __getattr__(self, kind: str) -> Ids: ...

    def __getitem__(self, text: str) -> str:
        """The id that a text names, as on the command line.

        Raises:
            UnknownId: nothing goes by that name; carries the nearest ids.
            InputError: it names several things.
        """
        snapshot = current_snapshot()
        slug = f"{self._kind}/{text}"
        return snapshot.find(slug if self._kind and snapshot.identify(slug) else text)

    def __dir__(self) -> list[str]:
        return [name for name in vars(self) if not name.startswith("_")]

    def __iter__(self) -> Iterator[str]:
        snapshot = current_snapshot()
        first, end = snapshot.kind_range(self._kind) if self._kind else (0, len(snapshot.lines))
        return map(snapshot.id_at, range(first, end))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, text: str) -> bool:
        return current_snapshot().lines.find(text) is not None

    def _ipython_key_completions_(self) -> list[str]:
        start = f"{self._kind}/" if self._kind else ""
        return [id.removeprefix(start) for id in self]


ids = Ids()
