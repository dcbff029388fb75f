"""What follows from the findings of an answer: the sentence, the checklist, what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kg.answers.advice.checklist import ChecklistWriter, Found
from kg.answers.advice.decisive import find_decisive, verdict_sentence
from kg.answers.advice.gaps import list_gaps
from kg.answers.contract import DecisiveAnswer, DutyAnswer, GapAnswer
from kg.answers.show import Labels
from kg.licenses.conflicts import ConflictAnswer
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import Use, Verdict


class Advice(NamedTuple):
    """What people need of an answer first."""

    sentence: str
    decisive: DecisiveAnswer | None
    checklist: list[DutyAnswer]
    gaps: list[GapAnswer]


class Advisor:
    """Advises on one thing in one language.

    Args:
        engine: the rules.
        labels: names of things in the language of the answer.
        lang: language of the sentences.
        maker: gives the id of the maker of an entity of the ancestry, "" if none is known.
        label: what the thing asked about is called.
    """

    def __init__(
        self,
        engine: LicenseRules,
        labels: Labels,
        lang: str,
        maker: Callable[[str], str],
        label: str,
    ) -> None:
        self._engine, self._labels, self._lang, self._label = engine, labels, lang, label
        self._writer = ChecklistWriter(engine, labels, lang, maker, label)

    def lines(self, term: LicenseTerm, path: Sequence[str], edges: Sequence[str]) -> list[str]:
        """The words that keep a clause; see `ChecklistWriter.lines`."""
        return self._writer.lines(term, path, edges)

    def advise(
        self,
        use: Use,
        verdict: Verdict,
        found: Sequence[Found],
        conflicts: Iterable[ConflictAnswer],
        agreeing: int = 0,
    ) -> Advice:
        """What follows from findings, those that weigh most first; `agreeing` as in `verdict_sentence`."""
        findings = [finding for _, finding in found]
        decisive = find_decisive(verdict, findings, conflicts, self._labels)
        name, lang = self._name, self._lang
        return Advice(
            verdict_sentence(self._label, use, verdict, decisive, lang, name, agreeing),
            decisive,
            self._writer.duties(found),
            list_gaps(findings, self._engine.terms.kinds.__getitem__, name, lang),
        )

    def _name(self, id: str) -> str:
        """What an entity is called; one that only its id on the Hub names goes by that."""
        return self._labels.name(id).removeprefix("hf/")
