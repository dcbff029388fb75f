"""What is not known, grouped: "no license is stated for 17 datasets" instead of 17 findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from kg.answers.contract import FindingAnswer, GapAnswer
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import ClauseKind
from kg.licenses.wording import gap
from kg.messages.message import Message, counted
from kg.model.claim import kind_of

_NAMED = 2  # as many are named, more are counted


def list_gaps(
    findings: Iterable[FindingAnswer],
    kind: Callable[[str], ClauseKind],
    name: Callable[[str], str],
    lang: str,
) -> list[GapAnswer]:
    """What is not known, by what is missing and of what.

    Args:
        findings: of one answer.
        kind: gives the kind of a clause by its name.
        name: gives the name of an entity by its id.
        lang: language of the sentences.
    """
    groups: dict[tuple[bool, str, bool], dict[str, None]] = {}
    for finding in findings:
        if finding.group == "unknown":
            origin = finding.path[-1]
            key = finding.weighs, finding.clause, kind_of(origin) == "dataset"
            groups.setdefault(key, {})[origin] = None
    return [
        GapAnswer(
            clause=clause,
            text=gap(kind(clause), _things([*ids], data, name, lang), lang),
            ids=[*ids],
            weighs=weighs,
        )
        for (weighs, clause, data), ids in groups.items()
    ]


def _things(ids: Sequence[str], data: bool, name: Callable[[str], str], lang: str) -> str:
    if len(ids) <= _NAMED:
        return ", ".join(map(name, ids))
    if data:
        return counted("%(num)s dataset", "%(num)s datasets", len(ids)).text(lang)
    return counted("%(num)s model", "%(num)s models", len(ids)).text(lang)


def list_unknowns(engine: LicenseRules, terms: Collection[LicenseTerm]) -> Iterator[Message]:
    """What the terms of an entity leave open besides `list_gaps`, and no verdict counts."""
    policies = {str(engine.clause(t).value) for t in terms if t.kind == "aup"}
    for url in sorted(policies):
        yield Message(
            "An acceptable-use policy stands at an address and may change: %(address)s",
            address=url,
        )
