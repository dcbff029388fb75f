"""Forms of documents that a law or a guide asks for: data/documents, one file a form, read strictly.

A form says what is asked, line by line and in our own words, with the point of the law that asks it, and which
property or answer of the graph fills the line. A line that nothing of the graph can fill names none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from kg.errors import DataError, InputError
from kg.files.yaml import read_yaml
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA

FOLDER = DATA / "documents"
LineAnswer = Literal["bases", "ancestors", "data", "generators", "duties", "verdicts"]


class LocalText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text of a form in both languages."""

    en: str
    ko: str

    def in_language(self, lang: str) -> str:
        """The text in a language."""
        return self.ko if lang == "ko" else self.en


class Filling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the graph fills a line: one property, or one answer."""

    property: str = ""
    # Of a property: whether that of the nearest base model is taken, where nothing closer is known
    bases: bool = False
    answer: LineAnswer | None = None
    # Of data and generators: whether those of the model, or of what it comes from
    of: Literal["own", "bases"] = "own"
    has: list[str] = []  # of data: properties of which a data set has one
    lacks: list[str] = []  # of data: properties of which it has none
    details: list[str] = []  # of data: properties of each data set that are told
    duties: list[str] = []  # kinds of duties; all by default
    uses: list[Use] = []  # that verdicts are on


class FormLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is asked."""

    point: str  # of the law or guide
    asked: LocalText
    fill: list[Filling] = []
    hint: LocalText | None = None  # what whoever completes the line has to see to


class FormSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines under one heading."""

    title: LocalText
    lines: list[FormLine]


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The law or guide that a form follows."""

    name: LocalText
    place: LocalText  # articles
    url: str  # the official address
    date: str  # of the text that was followed
    read: LocalText  # how its text was read for this form


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document with its lines in order."""

    title: LocalText
    basis: Basis
    who: LocalText  # who has to complete it, and for what
    sections: list[FormSection]

    @property
    def lines(self) -> int:
        """How many things are asked."""
        return sum(len(section.lines) for section in self.sections)


def read_form(path: Path) -> Form:
    """Read a form.

    Args:
        path: its file.

    Raises:
        DataError: it is no form, names a property that the ontology does not have, or fills a line with
            both a property and an answer, or neither.
    """
    name = f"{FOLDER.name}/{path.name}"
    try:
        form = msgspec.convert(read_yaml(path, name).data, Form)
    except msgspec.ValidationError as error:
        raise DataError(Message("%(error)s", error=error), name) from error
    known = load_vocabulary().properties
    for line in (line for section in form.sections for line in section.lines):
        for fill in line.fill:
            if bool(fill.property) == bool(fill.answer):
                raise DataError(
                    Message("line %(point)s: fill with a property or an answer", point=line.point),
                    name,
                )
            named = [*filter(None, [fill.property]), *fill.has, *fill.lacks, *fill.details]
            if wrong := [one for one in named if one not in known]:
                raise DataError(
                    Message("the ontology has no property %(names)s", names=wrong), name
                )
    return form


@cache
def forms() -> Mapping[str, Form]:
    """All forms by name, in their order."""
    return {path.stem: read_form(path) for path in sorted(FOLDER.glob("*.yaml"))}


def find_form(name: str) -> Form:
    """A form by its name.

    Raises:
        InputError: there is none of this name; says which there are.
    """
    known = forms()
    if name not in known:
        raise InputError(
            Message("unknown form %(name)r; known are: %(known)s", name=name, known=[*known])
        )
    return known[name]
