"""Short queries of the pages themselves, answered by the query processes or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from flask import current_app, g

from kg.answers.sparql import ask as put_query
from kg.errors import QueryFailed
from kg.model.iri import id_of
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Pool, Result
from kg.sparql.request import Options
from web.app._page_cache import Kept, Origin, PageCache
from web.app.caching import untagged
from web.app.context import identity_of, site, snapshot

Rows: TypeAlias = Sequence[Mapping[str, Mapping[str, str]]]


def rows(query: str) -> Rows:
    """The bindings a SELECT gives; if that cannot be found out now, none, and the page says so."""
    try:
        return ask(query)
    except QueryFailed as error:
        current_app.logger.warning("a page lacks what this finds: %s: %s", query, error)
        untagged()
        g.lacking = True
        return []


def ask(query: str) -> Rows:
    """The bindings a SELECT gives.

    Raises:
        QueryFailed: they cannot be found out now.
    """
    found = run(site().own_pool, query)
    return cast(Rows, json.loads(taken(found))["results"]["bindings"])


def run(
    pool: Pool,
    text: str,
    results: str | None = "json",
    graph: str | None = "turtle",
    options: Options = Options(),  # noqa: B008
) -> Result:
    """Run a query, or give again what an equal one gave on this release; that takes from nobody's share.

    Args:
        pool, text, results, graph, options: as of kg/answers/sparql.py:ask.

    Raises:
        KGError: as `ask`.
    """
    return run_on(snapshot(), site().results, pool, text, results, graph, options)


def run_on(
    release: Snapshot,
    results_kept: PageCache,
    pool: Pool,
    text: str,
    results: str | None,
    graph: str | None,
    options: Options,
) -> Result:
    """The same outside of a request.

    Args:
        release: what is asked.
        results_kept: the results that are kept.
        pool, text, results, graph, options: as of `run`.

    Raises:
        KGError: as `ask`.
    """
    if pool.answers_here(text):  # so it holds nothing that was pasted, and no full text
        return pool.query(release.dataset, text, results, graph, options)
    graphs = (options.default_graphs, options.named_graphs)
    asked = (release.manifest.version, results, graph, graphs, options.gzip, text)
    digest = hashlib.sha256(repr(asked).encode()).digest()
    key = (release.folder, digest)

    def origin() -> Origin:
        return Origin(identity_of(release), digest)

    if kept := results_kept.find(key, origin):
        about = dict(kept.headers)
        return Result(
            kind=about["kind"],
            format=about["format"],
            data=kept.body,
            size=len(kept.body),
            gzip=kept.zipped,
        )
    found = put_query(pool, release, text, results, graph, options)
    if not found.volatile and not found.file:
        kind_and_format = (("kind", found.kind), ("format", found.format))
        results_kept.give(key, Kept(found.data, kind_and_format, found.gzip), origin)
    return found


def taken(result: Result) -> bytes:
    """The whole body of a result, in memory; a file it stood in is closed."""
    body = result.body
    close(result)
    return body


def close(result: Result) -> None:
    """Give up the file that a result may stand in."""
    if result.file:
        result.file.close()


def ids(query: str) -> list[str]:
    """The ids of the entities that a query binds to `?s`."""
    base = snapshot().manifest.base
    return [id for row in rows(query) if (id := id_of(base, row["s"]["value"]))]
