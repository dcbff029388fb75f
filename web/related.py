"""Lists of what points at an entity, such as the models of an organization: one fixed query."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import current_app

from kg.errors import QueryFailed
from kg.model import kind_of
from kg.rdf import id_of, iri
from kg.vocab import KG
from web.context import lang, site, snapshot
from web.headers import untagged
from web.i18n import gettext, mark

MOST = 200  # entries of one list

# Kind of the page -> property of those that point at it -> heading.
LISTS: Mapping[str, Mapping[str, str]] = {
    "family": {
        "inFamily": mark("Members"),
        "evaluatedModel": mark("Benchmark scores"),
        "generatedWith": mark("Datasets made with it"),
    },
    "model": {
        "evaluatedModel": mark("Benchmark scores"),
        "generatedWith": mark("Datasets made with it"),
        "poweredBy": mark("Products on it"),
    },
    "org": {
        "developer": mark("Developed here"),
        "publisher": mark("Published here"),
        "author": mark("Written here"),
        "affiliation": mark("People"),
        "partOf": mark("Parts of it"),
    },
    "person": {"developer": mark("Developed"), "author": mark("Written")},
    "dataset": {
        "trainedOn": mark("Trained on it"),
        "dataDerivedFrom": mark("Datasets derived from it"),
        "createdDataset": mark("Created by"),
    },
    "license": {"license": mark("Under this license"), "access": mark("Offered this way")},
    "product": {
        "generatedWith": mark("Datasets made with this product"),
        "seededBy": mark("Seeded by it"),
    },
    "technique": {"usesTechnique": mark("Use it"), "category": mark("Belong here")},
    "toolkit": {"trainedWith": mark("Trained with it"), "usesTechnique": mark("Use it")},
    "benchmark": {
        "evaluatedWith": mark("Evaluated with it"),
        "onBenchmark": mark("Benchmark scores"),
    },
    "architecture": {"usesArchitectureOf": mark("Use it"), "category": mark("Belong here")},
    "hardware": {"trainingHardware": mark("Trained on this hardware"), "runsOn": mark("Run on it")},
    "publication": {"paper": mark("Described in it")},
    "language": {"language": mark("In this language")},
}


class Item(NamedTuple):
    """An entry of a list."""

    id: str
    label: str


class Related(NamedTuple):
    """One list; `more` is a query for all of it, if it was cut."""

    heading: str
    items: Sequence[Item]
    more: str


def related(id: str) -> list[Related] | None:
    """What points at an entity, by heading; None if that cannot be found out now."""
    lists = LISTS.get(kind_of(id), {})
    if not lists:
        return []
    node = iri(snapshot().manifest.base, id)
    query = " UNION ".join(
        f"{{ SELECT (<{KG}{name}> AS ?p) ?s {{ ?s <{KG}{name}> <{node}> }} LIMIT {MOST + 1} }}"
        for name in lists
    )
    try:
        found = site().pool.query(snapshot().dataset, f"SELECT ?p ?s {{ {query} }}")
    except QueryFailed as error:
        current_app.logger.warning("no lists for %s: %s", id, error)
        untagged()
        return None
    return _lists(lists, node, json.loads(found.body)["results"]["bindings"])


def _lists(lists: Mapping[str, str], node: str, rows: Sequence[Mapping[str, Mapping[str, str]]]
           ) -> list[Related]:  # fmt: skip
    base = snapshot().manifest.base
    groups: dict[str, list[Item]] = {name: [] for name in lists}
    for row in rows:
        if id := id_of(base, row["s"]["value"]):
            name = row["p"]["value"].removeprefix(KG)
            groups[name].append(Item(id, snapshot().label(id, lang())))
    return [_list(name, lists[name], items, node) for name, items in groups.items() if items]


def _list(name: str, heading: str, items: list[Item], node: str) -> Related:
    more = f"SELECT ?s WHERE {{\n  ?s kg:{name} <{node}> .\n}}" if len(items) > MOST else ""
    ordered = sorted(items[:MOST], key=lambda item: (kind_of(item.id), item.label.casefold()))
    return Related(gettext(heading), ordered, more)
