"""A query put to a snapshot: its full-text blocks are looked up, the rest runs in a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from kg.config import Config
from kg.errors import QueryError
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from kg.sparql.fulltext import expand
from kg.sparql.pool import Limits, Options, Pool, Result


def limits_of(config: Config) -> Limits:
    """The limits a configuration sets."""
    return Limits(
        config.sparql_timeout,
        config.sparql_memory_mb,
        config.sparql_max_bytes,
        config.sparql_max_rows,
        config.sparql_queue,
        config.sparql_client_seconds,
    )


@contextmanager
def lone_pool(config: Config) -> Iterator[Pool]:
    """A pool of one process, for a command: nobody shares it."""
    pool = Pool(1, limits_of(config)._replace(share=0), spare=False)
    try:
        yield pool
    finally:
        pool.close()


def find(snapshot: Snapshot, text: str, limit: int) -> Sequence[tuple[str, float]]:
    """Ids and scores of what full-text search finds, the best first."""
    return [
        (hit.id, hit.score) for hit in snapshot.index.search(parse(text), limit, facets=()).hits
    ]


def ask(
    pool: Pool,
    snapshot: Snapshot,
    text: str,
    results: str | None = "json",
    graph: str | None = "turtle",
    options: Options = Options(),  # noqa: B008
) -> Result:
    """Run a query on a snapshot.

    Args:
        pool: the processes that run it.
        snapshot: what is asked.
        text: SPARQL, which may hold SERVICE kg:search (kg/sparql/fulltext.py).
        results, graph, options: as in `Pool.query`.

    Raises:
        KGError: as `Pool.query`; places are those of the text as written.
    """
    edited = expand(text, partial(find, snapshot), snapshot.manifest.base)
    try:
        return pool.query(snapshot.dataset, edited.text, results, graph, options)
    except QueryError as error:
        raise error.moved(*edited.written(error.line, error.column)) from error
