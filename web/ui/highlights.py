"""What the home page shows of the data; found out once for each snapshot and language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kg.answers.show import describe, show
from kg.errors import QueryFailed
from kg.model.claim import label_lang, main_label
from kg.model.iri import id_of
from kg.model.vocabulary import DISPUTED, KG
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import site
from web.ui.facts import FactRow, FactTable

FAMILIES = 12  # cards on the page
_RANKED = 1000  # families that are ranked at all
DISPUTES = 6
_ASKED = 60

_QUERY = f"SELECT ?s ?p {{ ?s <{KG}{DISPUTED}> ?p }} LIMIT {_ASKED}"


class FamilyCard(msgspec.Struct, frozen=True, kw_only=True):
    """A family."""

    id: str
    label: str
    lang: str
    other: str  # its name in the other language
    about: str
    models: int  # in it and derived from it


class Dispute(NamedTuple):
    """A property on which sources disagree."""

    id: str
    label: str
    name: str
    property: str
    said: list[tuple[str, list[str]]]  # value and who says it


@memo()
def families(snapshot: Snapshot, lang: str) -> list[FamilyCard]:
    """The families with most models."""
    first, end = snapshot.kind_range("family")
    known = snapshot.families
    sized = [
        (len({*known.members(n), *known.descendants(n).models}), n)
        for n in range(first, min(end, first + _RANKED))
    ]
    ranked = sorted(sized, key=lambda item: (-item[0], item[1]))[:FAMILIES]
    return [_card(snapshot, number, models, lang) for models, number in ranked]


def _card(snapshot: Snapshot, number: int, models: int, lang: str) -> FamilyCard:
    family = snapshot.entity_at(number)
    label = main_label(family, lang)
    others = [names[0] for code, names in family.labels.items() if code != lang and names]
    other = next((name for name in others if name != label), "")
    return FamilyCard(
        id=family.id,
        label=label,
        lang=label_lang(family, lang),
        other=other,
        about=describe(family, lang),
        models=models,
    )


def disputes(snapshot: Snapshot, lang: str) -> list[Dispute]:
    """Some facts on which sources disagree, those with most opinions first; none if that fails."""
    try:
        return _find_disputes(snapshot, lang)
    except QueryFailed:
        return []


@memo()
def _find_disputes(snapshot: Snapshot, lang: str) -> list[Dispute]:
    found = site().own_pool.query(snapshot.dataset, _QUERY)
    rows = json.loads(found.body)["results"]["bindings"]
    all = [
        _dispute(snapshot, id, row["p"]["value"].removeprefix(KG), lang)
        for row in rows
        if (id := id_of(snapshot.manifest.base, row["s"]["value"]))
    ]
    ranked = sorted(all, key=lambda d: (-len(d.said), d.id, d.name))
    return list(_varied(ranked))[:DISPUTES]


def _varied(disputes: list[Dispute]) -> Iterator[Dispute]:
    """At most two of one property, and one of an entity."""
    names: list[str] = []
    ids: set[str] = set()
    for dispute in disputes:
        if dispute.id not in ids and names.count(dispute.name) < 2:
            ids.add(dispute.id)
            names.append(dispute.name)
            yield dispute


def _dispute(snapshot: Snapshot, id: str, name: str, lang: str) -> Dispute:
    table = FactTable(snapshot, show(snapshot, id, lang))
    titles = {source.number: source.title for source in table.sources}
    row = next(row for row in table.rows if row.name == name)
    return Dispute(id, snapshot.label(id, lang), name, row.label, _said(row, titles))


def _said(row: FactRow, titles: dict[int, str]) -> list[tuple[str, list[str]]]:
    said: dict[str, dict[str, None]] = {}
    for claim in row.claims:
        said.setdefault(claim.shape.text, {})[titles[claim.source]] = None
    return [(text, list(sources)) for text, sources in said.items()]
