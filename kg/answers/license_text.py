"""What a license says, clause by clause, for its page."""

from __future__ import annotations

from kg.answers.contract import ClauseAnswer, TermsAnswer
from kg.answers.license_items import cite_clause, list_items
from kg.answers.show import Labels
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import USES, Facts, LicenseRules
from kg.licenses.terms import License
from kg.licenses.wording import value_text, why
from kg.snapshot.snapshot import Snapshot


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
