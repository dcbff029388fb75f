"""Parts of a license answer: values of clauses, citations, the order of findings, what would change them."""

from __future__ import annotations

from collections.abc import Iterable

from kg.answers.contract import Citation, ConflictAnswer, FindingAnswer, Shown
from kg.answers.show import Labels
from kg.licenses.consistency import Comparison
from kg.licenses.propagation import State
from kg.licenses.rules import SEVERITY, LicenseRules
from kg.licenses.terms import (
    READINGS,
    Cite,
    Clause,
    ClauseKind,
    License,
    Reading,
    TextRead,
    Use,
    Verdict,
)
from kg.licenses.wording import left_out, part_words, words_in
from kg.model.claim import is_id

_GROUPS = ("substance", "outputs", "unknown", "paperwork")


def list_items(kind: ClauseKind, clause: Clause, lang: str, labels: Labels) -> list[Shown]:
    """The parts of a clause's value that its sentence does not hold, as people say them."""
    return [
        labels.ref(one) if is_id(one) else part_words(one, lang)
        for one in left_out(kind, clause.value)
    ]


def cite_clause(cite: Cite, license: License | None) -> Citation:
    """Where a sentence stands; address and date default to the license's."""
    url = cite.url or (license.url if license else None)
    return Citation(cite.section, url, cite.date or (license.date if license else None), cite.quote)


def weigh_finding(finding: FindingAnswer) -> tuple[int, bool, int, int, int, str, list[str]]:
    """The place of a finding among others: what weighs most stands first."""
    return (
        -SEVERITY.index(finding.effect),
        not finding.weighs,
        _GROUPS.index(finding.group),
        len(finding.path),
        finding.tier,
        finding.clause,
        finding.path,
    )


def list_changes(findings: Iterable[FindingAnswer], verdict: Verdict) -> list[str]:
    """What would change the findings that make the verdict."""
    made = [f for f in findings if f.effect == verdict and f.weighs and verdict != "allowed"]
    return list(dict.fromkeys(f.change for f in made if f.change))


def list_dropped(said: Comparison) -> list[str]:
    """The clauses that a declared license does not carry, as license#kind."""
    return list(dict.fromkeys(f"{term.license}#{term.kind}" for term in said.dropped))


def list_texts(
    engine: LicenseRules, declared: Iterable[str], findings: Iterable[FindingAnswer], labels: Labels
) -> list[TextRead]:
    """How the text of each license was read on which an answer rests, the least read first.

    Args:
        engine: the rules.
        declared: the licenses that are declared, with or without clauses.
        findings: what the answer found.
        labels: names of entities.
    """
    ids = dict.fromkeys([*declared, *(f.license for f in findings if f.license)])
    read = [
        TextRead(
            license=id,
            label=labels.name(id),
            read=license.reading,
            date=license.read.get("date"),
            url=license.url,
        )
        for id, license in ((id, engine.license(id)) for id in ids)
    ]
    return sorted(read, key=lambda one: -READINGS.index(one.read))


def tell_texts(texts: Iterable[TextRead], lang: str) -> str:
    """How the texts were read, in one line: read only in part: …; read in full: …"""
    words = words_in(lang)
    groups: dict[Reading, list[str]] = {}
    for one in texts:
        groups.setdefault(one.read, []).append(one.label)
    return "; ".join(f"{words[f'read-{read}']}: {', '.join(all)}" for read, all in groups.items())


def list_conflicts(engine: LicenseRules, terms: State, use: Use, lang: str) -> list[ConflictAnswer]:
    """The terms that cannot all be kept."""
    return [
        ConflictAnswer(
            conflict=name,
            label=engine.terms.conflicts[name].label.get(lang, name),
            licenses=list(dict.fromkeys(term.license for term in clash)),
            effect=effect,
            why=engine.terms.conflicts[name].why[lang],
        )
        for name, clash, effect in engine.conflicts(terms, use)
    ]
