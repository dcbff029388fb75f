"""What is otherwise in one license answer than in another, and nothing of what both say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from kg.answers.contract import LicenseAnswer
from kg.licenses.terms import Consistency, Use, Verdict


class VerdictDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A use on which the verdict, or what decides it, is another."""

    use: Use
    before: Verdict
    after: Verdict
    before_sentence: str
    after_sentence: str


class ChangedWords(msgspec.Struct, frozen=True, kw_only=True):
    """What only one of two answers says."""

    gone: list[str]
    new: list[str]

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)


class AnswerDifference(msgspec.Struct, frozen=True, kw_only=True):
    """How two license answers differ."""

    verdicts: list[VerdictDifference]  # of the uses that changed
    terms: ChangedWords  # clauses that weigh, with their licenses
    duties: ChangedWords
    unknown: ChangedWords  # what is not known
    before: Consistency  # of the license that is to be carried with what comes down
    after: Consistency

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        words = self.terms or self.duties or self.unknown
        return not (self.verdicts or words or self.before != self.after)


def find_difference(
    before: Sequence[LicenseAnswer], after: Sequence[LicenseAnswer]
) -> AnswerDifference:
    """How the answers on two models differ.

    Args:
        before: on one, an answer for each use.
        after: on the other, for the same uses in the same order.
    """
    return AnswerDifference(
        verdicts=[
            VerdictDifference(
                use=new.use,
                before=old.verdict,
                after=new.verdict,
                before_sentence=old.sentence,
                after_sentence=new.sentence,
            )
            for old, new in zip(before, after, strict=True)
            if (old.verdict, _decisive(old)) != (new.verdict, _decisive(new))
        ],
        terms=_changed(_terms, before, after),
        duties=_changed(_duties, before, after),
        unknown=_changed(_unknown, before, after),
        before=before[0].consistency,
        after=after[0].consistency,
    )


def _decisive(answer: LicenseAnswer) -> tuple[str, tuple[str, ...], str]:
    """The clause that decides, without the name of what it was asked of."""
    made = answer.decisive
    return (made.clause, tuple(ref.id for ref in made.licenses), made.why) if made else ("", (), "")


def _changed(
    told: Callable[[LicenseAnswer], Iterable[str]],
    before: Iterable[LicenseAnswer],
    after: Iterable[LicenseAnswer],
) -> ChangedWords:
    old = dict.fromkeys(text for answer in before for text in told(answer))
    new = dict.fromkeys(text for answer in after for text in told(answer))
    return ChangedWords(
        gone=[text for text in old if text not in new],
        new=[text for text in new if text not in old],
    )


def _terms(answer: LicenseAnswer) -> Iterable[str]:
    for finding in answer.findings:
        if finding.weighs and finding.effect != "allowed" and finding.license:
            yield f"{finding.why} ({finding.license_label})"


def _duties(answer: LicenseAnswer) -> Iterable[str]:
    return (duty.text for duty in answer.checklist if duty.sure)


def _unknown(answer: LicenseAnswer) -> Iterable[str]:
    yield from (gap.text for gap in answer.gaps)
    yield from answer.unknowns
