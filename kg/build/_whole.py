"""What is made of every entity of a release and is no search document: each is decoded once for all of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from kg.claims.accounts import Accounts
from kg.columns.writing import ColumnWriter
from kg.export.release_files import write_edges
from kg.model.claim import Entity, kind_of
from kg.snapshot.releases.briefs import brief_writer
from kg.snapshot.snapshot import Snapshot


def write_from_all(snapshot: Snapshot, accounts: Accounts, edges: bool) -> None:
    """Write the briefs and the columns of a snapshot that is being built, and the edges as CSV.

    Args:
        snapshot: where they are written.
        accounts: on the Hub, as columns take them.
        edges: whether the edges are written, as where no other format is.
    """
    columns = ColumnWriter(snapshot, accounts)
    with brief_writer(snapshot) as write_brief:

        def passing() -> Iterator[Entity]:
            for entity in snapshot.entities():
                write_brief(entity)
                if kind_of(entity.id) == "model":
                    columns.add(entity)
                yield entity

        if edges:
            write_edges(snapshot, passing())
        else:
            deque(passing(), maxlen=0)
    columns.save()
