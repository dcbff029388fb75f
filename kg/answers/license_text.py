"""What a license says, clause by clause, for its page."""

from __future__ import annotations

import msgspec

from kg.answers.contract import Citation, Shown
from kg.answers.license_items import cite_clause, list_items
from kg.answers.show import Labels
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import USES, Facts, LicenseRules
from kg.licenses.terms import Group, License, Verdict
from kg.licenses.wording import value_text, why
from kg.snapshot.snapshot import Snapshot


class ClauseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One clause of a license, for its page."""

    clause: str
    group: Group
    label: str
    why: str
    value: str | None
    tier: int
    citation: Citation
    reach: list[str]
    effects: dict[str, Verdict]  # on each use, for who holds the original
    note: str | None
    items: list[Shown] = []  # of the value, where `why` does not hold it


class TermsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a license says."""

    id: str
    key: str  # SPDX id, else LicenseRef-scancode-…
    family: str
    version: str | None
    date: str | None
    url: str | None
    read: dict[str, str]
    unknown: str | None  # why the terms cannot be known
    clauses: list[ClauseAnswer]


def terms_answer(snapshot: Snapshot, id: str, lang: str = "en") -> TermsAnswer:
    """The clauses of a license.

    Args:
        snapshot: an open snapshot.
        id: id of a license.
        lang: language of the sentences.
    """
    engine = snapshot.states.engine
    license = engine.license(id)
    unknown = license.unknown.get(lang, license.unknown["en"]) if license.unknown else None
    own = sorted(engine.own([id], "held"), key=lambda term: term.place)
    labels = Labels(snapshot, lang)
    clauses = [_clause(engine, term, license, lang, labels) for term in own if term.place >= 0]
    return TermsAnswer(
        id=id,
        key=license.key,
        family=license.family,
        version=license.version,
        date=license.date,
        url=license.url,
        read=dict(license.read),
        unknown=unknown,
        clauses=clauses,
    )


def _clause(
    engine: LicenseRules, term: LicenseTerm, license: License, lang: str, labels: Labels
) -> ClauseAnswer:
    kind, clause = engine.kind(term), engine.clause(term)
    effects = {use: engine.effect(term, use, Facts()) for use in USES}
    return ClauseAnswer(
        clause=term.kind,
        group=kind.group,
        label=kind.label.get(lang, term.kind),
        why=why(kind, clause, lang, labels.name),
        value=value_text(kind, clause.value, lang),
        tier=term.tier,
        citation=cite_clause(clause.cite, license),
        reach=list(engine.reach(term)),
        effects={str(k): v for k, v in effects.items()},
        note=clause.note.get(lang, clause.note.get("en")),
        items=list_items(kind, clause, lang, labels),
    )
