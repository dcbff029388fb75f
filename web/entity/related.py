"""Lists of what points at an entity, such as the models of an organization: one fixed query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.language.dates import date
from kg.language.writing import natural
from kg.model.claim import kind_of, main_label
from kg.model.dating import known_date
from kg.model.iri import id_of
from kg.model.vocabulary import IN_FAMILY, KG
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.app.graph import Rows, rows
from web.app.i18n import gettext, mark
from web.charts.svg import Pattern, joined
from web.ui.features import Feature
from web.ui.format import foreign
from web.ui.links import href
from web.ui.sections import Context, Draft, Section, Subject

MOST = 200  # entries of one list
_ROW = Pattern('\n<li><a href="{}"{}>{}</a> <span>{}</span></li>')

# Kind of the page -> property of those that point at it -> heading.
LISTS: Mapping[str, Mapping[str, str]] = {
    "family": {
        "inFamily": mark("Members"),
        "generatedWith": mark("Datasets made with it"),
    },
    "model": {
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
    "product": {
        "generatedWith": mark("Datasets made with this product"),
        "seededBy": mark("Seeded by it"),
    },
    "technique": {"usesTechnique": mark("Use it"), "category": mark("Belong here")},
    "toolkit": {"trainedWith": mark("Trained with it"), "usesTechnique": mark("Use it")},
    "benchmark": {"evaluatedWith": mark("Evaluated with it")},
    "architecture": {"usesArchitectureOf": mark("Use it"), "category": mark("Belong here")},
    "hardware": {"trainingHardware": mark("Trained on this hardware"), "runsOn": mark("Run on it")},
    "publication": {"paper": mark("Described in it")},
    "language": {"language": mark("In this language")},
}


BY_DATE = frozenset({"developer", "publisher", "author", "trainedOn"})  # of what is dated


class RelatedItem(NamedTuple):
    """An entry of a list."""

    id: str
    label: str
    date: str = ""  # of its release, ISO; in lists that are ordered by it
    family: str = ""  # label of the family it stands in


class Related(NamedTuple):
    """One list; `more` is a query for all of it, if it was cut."""

    heading: str
    items: Sequence[RelatedItem]
    more: str

    @property
    def rows(self) -> Markup:
        """The entries; an organization has hundreds, so no template writes them (web/ui/links.py)."""
        words = {k: v.term.labels.get(lang(), k) for k, v in snapshot().vocabulary.kinds.items()}
        return joined(_row(item, words[kind_of(item.id)]) for item in self.items)


def _row(item: RelatedItem, kind: str) -> Markup:
    about = " · ".join(filter(None, (kind, item.family, date(item.date, lang()))))
    strange = foreign(item.label) if " " in item.label else ""
    return _ROW.format(href(item.id), strange, item.label, about)


def related(subject: Subject) -> list[Related]:
    """What points at an entity of one of the kinds in LISTS, by heading."""
    lists, node = LISTS[subject.kind.name], subject.iri
    query = " UNION ".join(
        f"{{ SELECT (<{KG}{name}> AS ?p) ?s {{ ?s <{KG}{name}> <{node}> }} LIMIT {MOST + 1} }}"
        for name in lists
    )
    return _lists(lists, node, rows(f"SELECT ?p ?s {{ {query} }}"))


def _lists(lists: Mapping[str, str], node: str, found: Rows) -> list[Related]:
    held, code = snapshot(), lang()
    base = held.manifest.base
    groups: dict[str, list[RelatedItem]] = {name: [] for name in lists}
    for row in found:
        if id := id_of(base, row["s"]["value"]):
            name = row["p"]["value"].removeprefix(KG)
            groups[name].append(_item(held, code, id, name))
    places = {kind: place for place, kind in enumerate(held.vocabulary.kinds)}
    return [
        _list(name, lists[name], items, node, places) for name, items in groups.items() if items
    ]


def _item(held: Snapshot, code: str, id: str, name: str) -> RelatedItem:
    if name not in BY_DATE:
        return RelatedItem(id, held.label(id, code))
    known = held.entity(id)
    date, family = known_date(known), str(next(iter(known.values(IN_FAMILY)), None) or "")
    return RelatedItem(
        id, main_label(known, code), date, held.label(family, code) if family else ""
    )


def _order(item: RelatedItem, places: Mapping[str, int]) -> tuple[object, ...]:
    """By kind in the order of the vocabulary; then the newest first, those without a date last."""
    newest = tuple(-int(part) for part in item.date.split("-")) if item.date else (0,)
    return places[kind_of(item.id)], newest, natural(item.label)


def _list(
    name: str, heading: str, items: list[RelatedItem], node: str, places: Mapping[str, int]
) -> Related:
    more = f"SELECT ?s WHERE {{\n  ?s kg:{name} <{node}> .\n}}" if len(items) > MOST else ""
    ordered = sorted(items[:MOST], key=lambda item: _order(item, places))
    return Related(gettext(heading), ordered, more)


def _related(draft: Draft) -> list[Related]:
    return related(draft.subject)


def _build_lists(draft: Draft) -> Context:
    return {"related": draft.share(_related)}


def _build_note(draft: Draft) -> Context:
    """Whether it is said that nothing points here; models and licenses have other lists as well."""
    nothing = not draft.share(_related) and draft.subject.kind.name not in ("model", "license")
    return {"unrelated": nothing}


FEATURE = Feature(
    sections=(
        Section(
            name="unrelated",
            place="below",
            template="entity/_unrelated.html",
            kinds=tuple(LISTS),
            build=_build_note,
        ),
        Section(
            name="related",
            place="column",
            template="entity/_related.html",
            kinds=tuple(LISTS),
            build=_build_lists,
        ),
    ),
)
