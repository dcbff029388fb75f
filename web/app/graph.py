"""Short queries of the pages themselves, answered by the query processes or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from flask import current_app, g

from kg.errors import QueryFailed
from kg.model.iri import id_of
from kg.sparql.pool import Result
from web.app.caching import untagged
from web.app.context import site, snapshot

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
    found = site().own_pool.query(snapshot().dataset, query)
    return cast(Rows, json.loads(taken(found))["results"]["bindings"])


def taken(result: Result) -> bytes:
    """The whole body of a result, in memory; a file it stood in is closed."""
    body = result.body
    if result.file:
        result.file.close()
    return body


def ids(query: str) -> list[str]:
    """The ids of the entities that a query binds to `?s`."""
    base = snapshot().manifest.base
    return [id for row in rows(query) if (id := id_of(base, row["s"]["value"]))]
