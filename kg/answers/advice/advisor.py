"""What follows from the findings of an answer: the sentence, the checklist, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.answers.advice.checklist import ChecklistWriter, Found
from kg.answers.advice.decisive import find_decisive, verdict_sentence
from kg.answers.advice.gaps import list_gaps
from kg.answers.contract import DecisiveAnswer, DutyAnswer, GapAnswer
from kg.licenses.conflicts import ConflictAnswer
from kg.licenses.terms import Use, Verdict


class Advice(NamedTuple):
    """What people need of an answer first."""

    sentence: str
    decisive: DecisiveAnswer | None
    checklist: list[DutyAnswer]
    gaps: list[GapAnswer]


def advise(
    writer: ChecklistWriter,
    use: Use,
    verdict: Verdict,
    found: Sequence[Found],
    conflicts: Iterable[ConflictAnswer],
    agreeing: int = 0,
) -> Advice:
    """What follows from the findings of one answer.

    Args:
        writer: of its checklist; knows the thing and the language.
        use: the use asked about.
        verdict: on it.
        found: findings, those that weigh most first.
        conflicts: terms that cannot all be kept.
        agreeing: as in `verdict_sentence`.
    """
    findings = [finding for _, finding in found]
    decisive = find_decisive(verdict, findings, conflicts, writer.labels)
    kinds, lang = writer.engine.terms.kinds, writer.lang

    def name(id: str) -> str:
        """What an entity is called; one that only its id on the Hub names goes by that."""
        return writer.labels.name(id).removeprefix("hf/")

    return Advice(
        verdict_sentence(writer.label, use, verdict, decisive, lang, name, agreeing),
        decisive,
        writer.duties(found),
        list_gaps(findings, kinds.__getitem__, name, lang),
    )
