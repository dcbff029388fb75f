"""A query put to a snapshot: its full-text blocks are looked up, the rest runs in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial

import msgspec

from kg.config import Config
from kg.errors import QueryError
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from kg.sparql.fulltext import expand
from kg.sparql.pasted import plain_query
from kg.sparql.pool import Pool, Result
from kg.sparql.request import Ledger, Limits, Options


def limits_of(config: Config) -> Limits:
    """The limits a configuration sets."""
    return Limits(
        seconds=config.sparql_timeout,
        memory_mb=config.sparql_memory_mb,
        bytes=config.sparql_max_bytes,
        rows=config.sparql_max_rows,
        queue=config.sparql_queue,
        share=config.sparql_client_seconds,
    )


def open_pool(config: Config, limits: Limits, ledger: Ledger | None = None) -> Pool:
    """The pool that answers queries of the public: of processes here, or of a SPARQL server elsewhere.

    Args:
        config: how many processes, and the address of the server, if there is one.
        limits: what a query may take.
        ledger: accounts of clients that other processes charge as well.
    """
    if not config.sparql_url:
        return Pool(config.sparql_workers, limits, ledger=ledger)
    # Loads clients of HTTP, which no other command needs.
    from kg.sparql.elsewhere.endpoint import read_endpoint
    from kg.sparql.elsewhere.pool import ElsewherePool

    server = read_endpoint(config.sparql_url)
    return ElsewherePool(server, config.sparql_workers, limits, ledger=ledger)


def query(
    snapshot: Snapshot,
    text: str,
    results: str | None = "json",
    graph: str | None = "turtle",
    limits: Limits = Limits(),  # noqa: B008
) -> Result:
    """Run a SPARQL query in a process of its own, which ends with it; one of a single subject in this one.

    Args:
        snapshot: an open snapshot.
        text: SPARQL, which may hold SERVICE kg:search (kg/sparql/fulltext.py).
        results: format of SELECT and ASK answers: json, xml, csv or tsv.
        graph: format of CONSTRUCT and DESCRIBE answers: turtle, ntriples, jsonld …
        limits: what it may take.

    Raises:
        QueryError: it cannot be run; with line and column.
        QueryFailed: it did not finish: its deadline, its memory, the size of its result.
        UnknownFormat, Unacceptable: no such format, or none that suits the kind of answer.
    """
    with closing(Pool(1, msgspec.structs.replace(limits, share=0), spare=False)) as pool:
        return ask(pool, snapshot, text, results, graph)


def find_hits(snapshot: Snapshot, text: str, limit: int) -> Sequence[tuple[str, float]]:
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
    edited = expand(plain_query(text), partial(find_hits, snapshot), snapshot.manifest.base)
    try:
        return pool.query(snapshot.dataset, edited.text, results, graph, options)
    except QueryError as error:
        raise error.moved(*edited.written(error.line, error.column)) from error
