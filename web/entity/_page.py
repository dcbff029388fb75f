"""The page of an entity: its frame and facts, and around them the sections that features offer.

Sections of the same place stand in the order of ORDER; one that is not named there stands after
those that are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args

from flask import render_template, request

from kg.answers.show import tell_lookalikes
from kg.model.claim import Entity, label_lang, main_label
from web.app.i18n import mark
from web.app.representations import SUFFIXES, media_type
from web.entity._strip import find_hub, strip_of
from web.ui.features import registry
from web.ui.schemaorg import thing
from web.ui.sections import Context, Draft, Place, Section, Subject

ORDER = (
    *("kin", "box", "clauses", "plots", "ranking"),
    *("under", "tree", "mix", "scores", "said", "unscored", "unrelated", "related"),
)


class ShownSection(NamedTuple):
    """A section with what its template shows."""

    section: Section
    context: Context


def entity_page(subject: Subject) -> tuple[str, int]:
    """The page of an entity and its status; with `part=` one section alone, where it may be."""
    draft = Draft(subject, [s for s in _ordered() if s.suits(subject)])
    for section in draft.sections:
        if section.alone and request.args.get("part") == section.name:
            context = section.build(draft)
            if context is not None:
                return render_template(section.template, **context), 200
    parts = [ShownSection(s, c) for s in draft.sections if (c := s.build(draft)) is not None]
    # What templates name alike is the same thing: sections of one subject share it.
    contexts = {name: shown for part in parts for name, shown in part.context.items()}
    places = _places(subject, parts)
    text = render_template(
        "entity/entity.html",
        **_names(subject),
        **_forms(subject, parts),
        **contexts,
        table=draft.table,
        strip=strip_of(subject, draft.table.rows),
        hub=find_hub(draft.table.rows),
        lookalike=tell_lookalikes(subject.entity, subject.lang),
        parts=places,
        contents=_contents(places, bool(draft.table.rows)),
    )
    return text, draft.status


def _ordered() -> Sequence[Section]:
    places = {name: place for place, name in enumerate(ORDER)}
    return sorted(registry().sections, key=lambda s: places.get(s.name, len(ORDER)))


def _places(subject: Subject, parts: Sequence[ShownSection]) -> Mapping[str, list[Section]]:
    """The sections by where they stand; what would stand under the facts gives way to long ones."""
    long = any(part.section.long for part in parts)
    found: dict[str, list[Section]] = {place: [] for place in get_args(Place)}
    for part in parts:
        place = part.section.place_on(subject)
        moved = "below" if place == "column" and long else place
        found[moved].append(part.section)
    return found


def _contents(places: Mapping[str, list[Section]], has_facts: bool) -> list[tuple[str, str]]:
    """The list of contents: anchor and heading of each section that has one, and of the facts."""
    above, below = (
        [(s.anchor, s.heading) for place in among for s in places[place] if s.heading]
        for among in (("lead", "first", "above"), ("below",))
    )
    return [*above, *([("facts", mark("Facts"))] if has_facts else []), *below]


def _names(subject: Subject) -> dict[str, Any]:
    """What a page calls its entity."""
    known, lang = subject.entity, subject.lang
    return {
        "id": subject.id,
        "kind": subject.kind,
        "title": main_label(known, lang),
        "title_lang": label_lang(known, lang),
        "other": _other_label(known, lang),
        "aliases": [(name, code) for code, names in known.labels.items() for name in names[1:]],
    }


def _other_label(known: Entity, lang: str) -> tuple[str, str] | None:
    """The main label of the other language, with that language, if it is another name."""
    mine = known.labels.get(lang, ("",))[0]
    return next(
        (
            (names[0], code)
            for code, names in known.labels.items()
            if code != lang and names and mine and names[0] != mine
        ),
        None,
    )


def _forms(subject: Subject, parts: Sequence[ShownSection]) -> dict[str, Any]:
    """The same as data, and the files of the sections that are shown."""
    return {
        "twins": [(s, subject.address(f".{s}"), media_type(f)) for s, f in SUFFIXES.items()],
        "schema": thing(subject.snapshot, subject.entity),
        "files": [
            (file.ending[1:], subject.address(file.ending))
            for part in parts
            for file in part.section.files
            if file.listed and file.is_of(subject)
        ],
    }
