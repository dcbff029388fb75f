"""What the home page shows of the data; found out once for each snapshot and language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kg.answers.boards.today import rank_families
from kg.answers.disputes.listing import DisputeRow, list_disputes
from kg.answers.show import describe, show
from kg.errors import SnapshotError
from kg.model.claim import label_lang, main_label
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.ui.facts import FactRow, FactTable

FAMILIES = 12  # cards on the page
DISPUTES = 6
_ASKED = 120


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
    """The families with most models, those first of which something can be told."""
    cards = [
        _card(snapshot, family.number, family.models, lang)
        for family in rank_families(snapshot)[: 2 * FAMILIES]
    ]
    return sorted(cards, key=lambda card: not card.about)[:FAMILIES]


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


@memo()
def disputes(snapshot: Snapshot, lang: str) -> list[Dispute]:
    """Some facts on which sources disagree, of those that matter most; none of a release that does not list them."""
    try:
        rows = list_disputes(snapshot, most=_ASKED, lang=lang).disputes
    except SnapshotError:
        return []
    chosen = [*_varied(rows)][:DISPUTES]
    return [_dispute(snapshot, row.id, row.property, lang) for row in chosen]


def _varied(disputes: list[DisputeRow]) -> Iterator[DisputeRow]:
    """At most two of one property, and one of an entity; each with two values at least."""
    names: list[str] = []
    ids: set[str] = set()
    for dispute in disputes:
        values = len(dispute.holds) + len(dispute.against)
        if values > 1 and dispute.id not in ids and names.count(dispute.property) < 2:
            ids.add(dispute.id)
            names.append(dispute.property)
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
