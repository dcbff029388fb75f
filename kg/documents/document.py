"""A document that a law or a guide asks for, drafted from the graph: each line with what it rests on, or as not known.

A line is filled only where nothing that is told of it is disputed, guessed, or known to be incomplete. What is
said of the family of a model or of a model that it comes from is counted apart, for it is not the model's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from kg.answers.show import Labels, tell_lookalikes
from kg.documents._data import DataFacts
from kg.documents._facts import ModelFacts
from kg.documents._licenses import LicenseLines
from kg.documents._sources import Bibliography
from kg.documents.contract import (
    DocumentAnswer,
    DraftBasis,
    DraftLine,
    DraftSection,
    DraftStatement,
    FormAnswer,
    LineState,
)
from kg.documents.form import Basis, Filling, FormLine, find_form, forms
from kg.errors import InputError
from kg.licenses.wording import words_in
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.snapshot.snapshot import Snapshot
from kg.version import __version__


def draft_document(snapshot: Snapshot, form: str, id: str, lang: str = "en") -> DocumentAnswer:
    """Draft a document about a model.

    Args:
        snapshot: an open snapshot.
        form: the name of a form, as `list_forms` has it.
        id: the model, as a user names it.
        lang: en or ko.

    Raises:
        InputError: there is no such form, or what is named is not a model.
        UnknownId: there is no such entity.
    """
    known = find_form(form)
    id = snapshot.find(id)
    if kind_of(id) != "model":
        raise InputError(Message("%(id)s is not a model, and this document is of one model", id=id))
    draft = _Draft(snapshot, id, lang)
    sections = [
        DraftSection(section.title.in_language(lang), [draft.line(line) for line in section.lines])
        for section in known.sections
    ]
    states = Counter(line.state for section in sections for line in section.lines)
    return DocumentAnswer(
        form=form,
        title=known.title.in_language(lang),
        model=draft.labels.ref(id),
        lookalike=tell_lookalikes(draft.facts.entity, lang),
        basis=_basis(known.basis, lang),
        who=known.who.in_language(lang),
        release=snapshot.manifest.version,
        as_of=snapshot.manifest.as_of,
        gyebo=__version__,
        total=known.lines,
        filled=states["filled"],
        inherited=states["inherited"],
        doubtful=states["doubtful"],
        unknown=states["unknown"],
        sections=sections,
        sources=draft.cited.sources,
        advice=words_in(lang)["advice"],
    )


def list_forms(lang: str = "en") -> list[FormAnswer]:
    """The forms that there are, by name."""
    return [
        FormAnswer(
            form=name,
            title=form.title.in_language(lang),
            basis=_basis(form.basis, lang),
            lines=form.lines,
        )
        for name, form in forms().items()
    ]


def _basis(basis: Basis, lang: str) -> DraftBasis:
    return DraftBasis(
        name=basis.name.in_language(lang),
        place=basis.place.in_language(lang),
        url=basis.url,
        date=basis.date,
        read=basis.read.in_language(lang),
    )


class _Draft:
    """Fills the lines of a form with what is known of one model."""

    def __init__(self, snapshot: Snapshot, id: str, lang: str) -> None:
        self.labels = Labels(snapshot, lang)
        self.cited = Bibliography(self.labels, snapshot.manifest.base, lang)
        self.facts = ModelFacts(snapshot, snapshot.entity(id), self.labels, self.cited, lang)
        self._data = DataFacts(self.facts)
        self._licenses = LicenseLines(self.facts)
        self._lang = lang

    def line(self, line: FormLine) -> DraftLine:
        """One line, filled as far as it can be."""
        found = [one for fill in line.fill for one in self._statements(fill)]
        statements = list({msgspec.json.encode(one): one for one in found}.values())
        return DraftLine(
            point=line.point,
            asked=line.asked.in_language(self._lang),
            state=state_of(statements),
            statements=statements,
            hint=line.hint.in_language(self._lang) if line.hint else "",
        )

    def _statements(self, fill: Filling) -> Iterator[DraftStatement]:
        match fill.answer:
            case None:
                return self.facts.said_of(fill.property, bases=fill.bases)
            case "bases" | "ancestors":
                return self.facts.parents(whole=fill.answer == "ancestors")
            case "data":
                return self._data.datasets(fill)
            case "generators":
                return self._data.generators(fill)
            case "duties":
                return self._licenses.duties(fill)
            case "verdicts":
                return self._licenses.verdicts(fill)


def state_of(statements: Sequence[DraftStatement]) -> LineState:
    """How far a line is filled, by what is told of it."""
    told = [one for one in statements if not one.missing and not one.against]
    if not told:
        return "unknown"
    doubted = any(one.doubts or any(part.doubts for part in one.details) for one in told)
    if doubted or len(told) < len(statements):
        return "doubtful"
    if all(one.way in ("family", "base") for one in told):
        return "inherited"
    return "filled"
