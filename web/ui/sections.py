"""What a page of an entity is put together from: its subject, and the sections and files of features.

A feature states its sections and files beside the code that makes them (web/ui/features.py collects
them), and the page of an entity knows none by name. A new section is a record, a function and a
template; a new file is a record and a function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias, TypeVar, cast

import msgspec
from flask import url_for
from flask.typing import ResponseReturnValue

from kg.answers.show import show
from kg.model.claim import Entity, is_id, kind_of
from kg.model.iri import iri
from kg.model.vocabulary import EntityKind
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.ui.facts import FactTable
from web.ui.links import href
from web.ui.operations import Operation

_T = TypeVar("_T")

# Where a section stands: directly under the strip, as wide as the page; under the strip beside the others
# of that place; before the facts; under them, or after all where another section is long; after the facts;
# among the files at the end of the page; there with a heading of its own; as a fold of that end; in the head,
# without a template.
Place: TypeAlias = Literal[
    "lead", "first", "above", "column", "below", "forms", "card", "ends", "head"
]
Context: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The entity a request is about, looked up once."""

    id: str
    number: int
    kind: EntityKind
    snapshot: Snapshot
    lang: str

    @cached_property
    def entity(self) -> Entity:
        """All that is known of it; read when it is first asked for, as many files need only its id."""
        return self.snapshot.entity_at(self.number)

    @property
    def iri(self) -> str:
        """Its address for ever, at the base the data was built for."""
        return iri(self.snapshot.manifest.base, self.id)

    @property
    def label(self) -> str:
        """What it is called in the language of the request."""
        return self.snapshot.label(self.id, self.lang)

    def address(self, rest: str = "", **parameters: Any) -> str:
        """The address of its page, or of what stands under it.

        Args:
            rest: what follows the id, as "/license.json" or ".ttl".
            parameters: as of url_for.
        """
        if parameters:
            return url_for("entities.entity", name=self.id + rest, **parameters)
        return href(self.id) + rest


def find_subject(id: str) -> Subject | None:
    """The subject with exactly this id; None if there is none."""
    held = snapshot()
    number = held.lines.find(id) if is_id(id) else None
    if number is None:
        return None
    kind = held.vocabulary.kinds[kind_of(id)]
    return Subject(id=id, number=number, kind=kind, snapshot=held, lang=lang())


@dataclass(frozen=True, kw_only=True)
class EntityFile:
    """What answers under the address of an entity, beside its page: data, a picture, a page of its own."""

    ending: str  # of the address, after the id: "/license.json"
    media_type: str
    answer: Callable[[Subject, str], ResponseReturnValue]  # given the ending
    kinds: Sequence[str] = ()  # others have none; () = all, or `answer` says why not
    listed: bool = False  # among the forms on the page
    relation: str = ""  # of the Link header that leads to it
    operation: Operation | None = None  # of the API

    def is_of(self, subject: Subject) -> bool:
        """Whether an entity of this kind has it."""
        return not self.kinds or subject.kind.name in self.kinds


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page of an entity."""

    name: str
    place: Place
    build: Callable[[Draft], Context | None]  # what its template needs; None = no such section here
    template: str = ""
    kinds: Sequence[str] = ()  # whose pages may have it; () = all
    leads: Sequence[str] = ()  # on whose pages it stands directly under the strip instead
    needs: Callable[[Subject], object] | None = None  # true where it makes sense
    anchor: str = ""  # with the heading: its line in the list of contents
    heading: str = ""
    tells: Sequence[str] = ()  # properties that it tells better than the table of facts
    long: bool = False  # lists of what points here stand after it
    alone: bool = False  # `part=` and its name gives it without the page around it
    files: Sequence[EntityFile] = ()
    parameters: Sequence[str] = ()  # of an address, that it and its files read

    @property
    def fields(self) -> Sequence[str]:
        """All parameters that it and its files read, with those that the operations of its files state."""
        stated = [one for file in self.files if file.operation for one in file.operation.fields]
        return [*self.parameters, *stated]

    def place_on(self, subject: Subject) -> Place:
        """Where it stands on the page of a subject."""
        return "lead" if subject.kind.name in self.leads else self.place

    def suits(self, subject: Subject) -> bool:
        """Whether the page of a subject may have this section."""
        fits = not self.kinds or subject.kind.name in self.kinds
        return fits and (self.needs is None or bool(self.needs(subject)))


class Draft:
    """A page of an entity while its sections are built.

    Args:
        subject: what the page is about.
        sections: those that suit it.
    """

    def __init__(self, subject: Subject, sections: Sequence[Section]) -> None:
        self.subject = subject
        self.sections = sections
        self.status = 200  # 400 where a section cannot understand what the address asks
        self._found: dict[Callable[[Draft], Any], Any] = {}

    @cached_property
    def table(self) -> FactTable:
        """The facts that no section tells better; sections cite their sources in it, too."""
        subject, told = self.subject, {name for s in self.sections for name in s.tells}
        shown = show(subject.snapshot, subject.id, subject.lang)
        rest = [fact for fact in shown.facts if fact.property not in told]
        reached = [found for found in shown.from_family if found.property not in told]
        kept = msgspec.structs.replace(shown, facts=rest, from_family=reached)
        return FactTable(subject.snapshot, kept)

    def share(self, find: Callable[[Draft], _T]) -> _T:
        """What several sections show parts of, found once."""
        if find not in self._found:
            self._found[find] = find(self)
        return cast(_T, self._found[find])
