"""The orders that the hits of a search can be put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from kg.search.clauses import SORTED_BY, Order, SearchPlan, Within
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import snapshot
from web.app.i18n import gettext, mark
from web.search._request import SearchRequest, address

ORDERS: Mapping[Order, str] = {
    "relevance": mark("Relevance"),
    "date": mark("Newest"),
    "downloads": mark("Most downloads"),
    "descendants": mark("Most descendants"),
    "size": mark("Largest"),
}
PROMINENCE = mark("Prominence")  # the first order where there are no words to be relevant to


class Sort(NamedTuple):
    """An order of the hits."""

    label: str
    url: str
    current: bool


def sorts(asked: SearchRequest) -> list[Sort]:
    """The orders by which something can be sorted, with their addresses."""
    labels = ORDERS if asked.text else {**ORDERS, "relevance": PROMINENCE}
    return [
        Sort(
            gettext(labels[order]),
            address(msgspec.structs.replace(asked.first(), order=order)),
            order == asked.order,
        )
        for order in _orders(snapshot())
    ]


@memo()
def _orders(held: Snapshot) -> list[Order]:
    """The orders by a number that something has."""
    least = {
        order: SearchPlan(None, (Within(field, 1, 1e15),)) for order, field in SORTED_BY.items()
    }
    return ["relevance", *(o for o, plan in least.items() if held.index.engine.count(plan))]
