"""Parts of a license answer: values of clauses, citations, the order of findings, what would change them."""

from __future__ import annotations

from collections.abc import Iterable

from kg.answers.contract import Citation, FindingAnswer, Shown
from kg.answers.show import Labels
from kg.licenses.consistency import Comparison
from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Cite, Clause, ClauseKind, License, Verdict
from kg.licenses.wording import left_out, part_words
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
