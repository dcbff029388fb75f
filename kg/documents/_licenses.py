"""What the licenses of a model and of all it comes from ask for, as the license answer has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kg.answers.contract import DutyAnswer, FindingAnswer, LicenseAnswer
from kg.answers.license import license_answer
from kg.documents._facts import ModelFacts
from kg.documents.contract import CitedPlace, DraftStatement
from kg.documents.form import Filling
from kg.licenses.terms import NO_WEIGHTS, Use
from kg.licenses.wording import words_in
from kg.messages.message import Message
from kg.model.vocabulary import ACCESS, LICENSE

_UNSURE = Message(
    "it may not bind: the law or the way it came is not settled, or a claim is in doubt"
)


class LicenseLines:
    """Asks what may be done with a model, and what has to be done.

    Args:
        facts: of the model.
    """

    def __init__(self, facts: ModelFacts) -> None:
        self._facts = facts
        self._answers: dict[Use, LicenseAnswer] = {}

    def duties(self, fill: Filling) -> Iterator[DraftStatement]:
        """What must be done by whoever passes the model on, and what is not known about that.

        Args:
            fill: says which kinds of duties; all by default.
        """
        answer = self._answer("redistribute")
        asked = [one for one in answer.checklist if not fill.duties or one.duty in fill.duties]
        yield from (self._duty(answer, one) for one in asked)
        if not asked and not fill.duties and answer.verdict == "allowed" and not answer.gaps:
            yield self._verdict("redistribute")
        yield from self._gaps(answer)

    def verdicts(self, fill: Filling) -> Iterator[DraftStatement]:
        """Whether some uses are allowed, each with the clause that decides.

        Args:
            fill: says which uses.
        """
        for use in fill.uses:
            yield self._verdict(use)
        gaps = [gap for use in fill.uses for gap in self._gaps(self._answer(use))]
        yield from {gap.text: gap for gap in gaps}.values()

    def _answer(self, use: Use) -> LicenseAnswer:
        if use not in self._answers:
            facts = self._facts
            self._answers[use] = license_answer(
                facts.snapshot, facts.entity.id, use, lang=facts.lang
            )
        return self._answers[use]

    def _duty(self, answer: LicenseAnswer, duty: DutyAnswer) -> DraftStatement:
        ids = {ref.id for ref in duty.licenses}
        found = [f for f in answer.findings if f.clause == duty.duty and f.license in ids]
        text = duty.text
        if origins := [self._facts.labels.name(f.path[-1]) for f in found if len(f.path) > 1]:
            text = Message(
                "%(duty)s (from %(origins)s)", duty=text, origins=list(dict.fromkeys(origins))
            ).text(self._facts.lang)
        if duty.lines:
            text = f"{text}: {' / '.join(duty.lines)}"
        return self._statement(text, found, unsure=not duty.sure)

    def _verdict(self, use: Use) -> DraftStatement:
        answer, facts = self._answer(use), self._facts
        made = answer.decisive
        found = [
            f
            for f in answer.findings
            if made and (f.clause, f.path, f.citation) == (made.clause, made.path, made.citation)
        ]
        told = self._statement(answer.sentence, found, unsure=answer.verdict == "contested")
        if answer.verdict == "unknown":
            return msgspec.structs.replace(told, doubts=[], missing=True)
        if not told.cited:
            told = msgspec.structs.replace(told, cited=facts.held_claims(facts.entity.id, LICENSE))
        return told if told.cited else msgspec.structs.replace(told, missing=True)

    def _statement(
        self, text: str, found: Sequence[FindingAnswer], *, unsure: bool
    ) -> DraftStatement:
        facts, words = self._facts, words_in(self._facts.lang)
        places: list[CitedPlace] = []
        doubts = [_UNSURE.text(facts.lang)] if unsure else []
        for one in found:
            if one.license:
                places += facts.cited.cite_texts([one.citation], one.license)
            elif one.clause == NO_WEIGHTS:
                places += facts.held_claims(one.path[-1], ACCESS)
            if one.read and one.read != "full":
                doubts.append(words[f"read-{one.read}"])
            doubts += [words["disputed"]] if one.disputed else []
            doubts += [words["guessed"]] if one.doubtful else []
        return DraftStatement(
            text=text,
            way="license",
            about=facts.labels.ref(facts.entity.id),
            cited=list(dict.fromkeys(places)),
            doubts=list(dict.fromkeys(doubts)),
        )

    def _gaps(self, answer: LicenseAnswer) -> Iterator[DraftStatement]:
        for gap in answer.gaps:
            yield DraftStatement(
                text=gap.text,
                way="license",
                about=self._facts.labels.ref(self._facts.entity.id),
                cited=[],
                missing=True,
            )
