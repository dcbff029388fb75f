"""The strip under the title: what a model or family is at a glance.

It shows no fact that the table of facts does not show with its sources, but for what the members of a family have in
common, which is said to be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import msgspec

from kg.answers.contract import Shown
from kg.answers.tree.from_base import facts_of_base
from kg.answers.tree.members import member_spans
from kg.answers.tree.neighbors import Graph
from kg.language.numbers import both_ways, brief, number
from kg.lineage.unresolved import unresolved_parents
from kg.model.dating import DATED_BY
from kg.model.vocabulary import (
    ACCESS,
    CONTEXT_LENGTH,
    DESCENDANT_COUNT,
    DEVELOPER,
    HUB_ID,
    LANGUAGE,
    LICENSE,
    MODELSCOPE_ID,
    PARAMETER_COUNT,
    RELEASE_DATE,
    Property,
)
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.ui.facts import FactRow, Shape, shape
from web.ui.sections import Subject

KINDS = ("model", "family")
BASE = "base"  # name of the item that no property names
_MOST = 3  # values of one fact
# Property -> its word in the strip, in order.
_WORDS = {
    DEVELOPER: mark("Maker"),
    RELEASE_DATE: mark("Released"),
    PARAMETER_COUNT: mark("Size"),
    CONTEXT_LENGTH: mark("Context"),
    LANGUAGE: mark("Languages"),
    ACCESS: mark("Access"),
    DESCENDANT_COUNT: mark("Descendants"),
    LICENSE: mark("License"),
    BASE: mark("Base"),
}
_HUBS = {HUB_ID: "Hugging Face", MODELSCOPE_ID: "ModelScope"}
# Properties of which it is said where they are unknown
_ALWAYS = frozenset({DEVELOPER, RELEASE_DATE, PARAMETER_COUNT, LICENSE})


class StripItem(msgspec.Struct, frozen=True, kw_only=True):
    """A fact at a glance."""

    name: str  # of the property
    word: str
    values: tuple[Shape, ...]
    more: int = 0  # values that are not shown
    disputed: bool = False
    origin: str = ""  # whose fact it is, where nothing is said of the thing itself
    from_id: str = ""  # id of that


def strip_of(subject: Subject, rows: Sequence[FactRow]) -> list[StripItem]:
    """The strip of a model or family; of others there is none.

    Args:
        subject: what the page is about.
        rows: of its table of facts.
    """
    if subject.kind.name not in KINDS:
        return []
    by_name = {row.name: row for row in rows}
    find = _of_members if subject.kind.name == "family" else _of_base
    return [*_items(subject, by_name, find(subject, by_name))]


def find_hub(rows: Sequence[FactRow]) -> Shape | None:
    """Where the thing itself is: on the Hugging Face Hub, else on ModelScope; None if it is on neither.

    Args:
        rows: of its table of facts.
    """
    found = {row.name: value.shape.url for row in rows for value in row.values[:1]}
    for name, word in _HUBS.items():
        if url := found.get(name):
            return Shape(word, url=url)
    return None


def _items(
    subject: Subject, rows: dict[str, FactRow], others: dict[str, StripItem]
) -> Iterator[StripItem]:
    for name, marked in _WORDS.items():
        word = gettext(marked)
        if name == BASE:
            yield from _base(subject, word)
        elif name == DESCENDANT_COUNT and subject.kind.name != "family":
            continue  # the small tree shows them
        elif row := rows.get(name):
            yield _item(row, word)
        elif name == RELEASE_DATE and (dated := next((n for n in DATED_BY if n in rows), "")):
            yield msgspec.structs.replace(_item(rows[dated], word), origin=rows[dated].label)
        elif name in others:
            yield others[name]
        elif name in _ALWAYS:
            yield StripItem(name=name, word=word, values=(Shape(gettext("not known")),))


def _item(row: FactRow, word: str) -> StripItem:
    shapes = tuple(_brief(value.shape, row.name) for value in row.values)
    return StripItem(
        name=row.name,
        word=word,
        values=shapes[:_MOST],
        more=max(0, len(shapes) - _MOST),
        disputed=row.disputed,
        origin=gettext("from the family") if row.family else "",
        from_id=row.family.id if row.family else "",
    )


def _brief(known: Shape, name: str) -> Shape:
    """A value as short as it can be read; the table has it in full. Koreans write 128억 and search 12.8B."""
    if name not in (PARAMETER_COUNT, CONTEXT_LENGTH) or known.amount is None:
        return known
    amount = int(known.amount)
    if name == CONTEXT_LENGTH:
        return known._replace(text=number(amount, lang()))
    return known._replace(text=both_ways(amount, brief(amount, lang()), lang()))


def _base(subject: Subject, word: str) -> Iterator[StripItem]:
    """What it derives from; that it derives from something nobody can find; nothing of what derives from nothing."""
    snapshot = subject.snapshot
    graph = Graph(snapshot)
    edges = graph.parents(subject.number)
    ids = [snapshot.id_at(edge.parent) for edge in edges if edge.relation in graph.derives]
    found = [Shape(snapshot.label(id, subject.lang), id=id) for id in ids]
    if not found and any(unresolved_parents(subject.entity)):
        found = [Shape(gettext("named, but cannot be found"))]
    if not found:
        found = [Shape(gettext("none is named"))]
    more = max(0, len(found) - _MOST)
    yield StripItem(name=BASE, word=word, values=tuple(found[:_MOST]), more=more)


def _of_base(subject: Subject, rows: dict[str, FactRow]) -> dict[str, StripItem]:
    """What is said of its base, where nothing is said of a model."""
    wanted = {PARAMETER_COUNT, CONTEXT_LENGTH, LANGUAGE} - rows.keys()
    found = {}
    for name, (fact, base) in facts_of_base(subject.snapshot, subject.number, wanted).items():
        known = subject.snapshot.vocabulary.properties[name]
        shapes = [_brief(_shape(subject, value, known), name) for value in fact.values]
        found[name] = StripItem(
            name=name,
            word=gettext(_WORDS[name]),
            values=tuple(shapes[:_MOST]),
            more=max(0, len(shapes) - _MOST),
            origin=gettext("from the base"),
            from_id=base,
        )
    return found


def _shape(subject: Subject, value: object, known: Property) -> Shape:
    if known.type == "entity":
        return Shape(subject.snapshot.label(str(value), subject.lang), id=str(value))
    return shape(cast(Shown, value), known)


def _of_members(subject: Subject, rows: dict[str, FactRow]) -> dict[str, StripItem]:
    """What the members of a family say of themselves where the family says nothing: from the least to the most."""
    found = {}
    for name, (least, most) in member_spans(subject.snapshot, subject.number).items():
        if name not in rows:
            known = subject.snapshot.vocabulary.properties[name]
            ends = dict.fromkeys(_brief(shape(end, known), name).text for end in (least, most))
            text = " – ".join(ends)
            found[name] = StripItem(
                name=name,
                word=gettext(_WORDS[name]),
                values=(Shape(text),),
                origin=gettext("of its members"),
            )
    return found
