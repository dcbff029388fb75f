"""Questions of compliance people (questions.yaml) put to the program: the share answered right, and what was not.

    python -m tests.licenses.questions        print the share by half, and each failure with its reason

A question is about an entity of the data, or about a model card as the Hub has it, which is read by the
source `hub` and answered beside the snapshot. It is right if the verdict is, and if the clause that decides is among
the findings or conflicts with that effect.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from kg.answers.contract import LicenseAnswer
from kg.answers.license import license_answer
from kg.answers.local import local_answers
from kg.claims.claim_files import encode
from kg.files.yaml import read_yaml
from kg.ingest.kit.kit import Place, Record
from kg.ingest.sources import hub
from kg.licenses.profile import Profile
from kg.model.claim import Claim
from kg.snapshot.snapshot import Snapshot
from tests.licenses.evaluate import evaluation_snapshot
from tests.reading import kit_of

QUESTIONS: Mapping[str, list[dict[str, Any]]] = read_yaml(
    Path(__file__).with_name("questions.yaml")
).data


class Outcome(NamedTuple):
    """What the program answered to one question."""

    half: str
    question: dict[str, Any]
    verdict: str
    decided: bool  # by the clause that was expected

    @property
    def right(self) -> bool:
        """Whether verdict and clause are as expected."""
        return self.verdict == self.question["verdict"] and self.decided


def ask_all(snapshot: Snapshot) -> list[Outcome]:
    """Put every question."""
    cards = _card_answers(snapshot)
    return [
        _outcome(half, question, _answer(snapshot, question, cards))
        for half, questions in QUESTIONS.items()
        for question in questions
    ]


def _answer(
    snapshot: Snapshot, question: dict[str, Any], cards: Mapping[str, list[LicenseAnswer]]
) -> LicenseAnswer:
    use = question.get("use", "commercial")
    if "card" in question:
        return next(one for one in cards[f"model/hf/{question['hub']}"] if one.use == use)
    profile = msgspec.convert(question.get("profile", {}), Profile)
    return license_answer(snapshot, question["ask"], use, profile)


def _card_answers(snapshot: Snapshot) -> dict[str, list[LicenseAnswer]]:
    """Answers on the cards, one a use, by the id of the model."""
    cards = {q["hub"]: q["card"] for half in QUESTIONS.values() for q in half if "card" in q}
    with tempfile.TemporaryDirectory(prefix="gyebo-cards-") as folder:
        records = Path(folder, "models.jsonl")
        lines = (json.dumps({"id": hub, "cardData": card}) for hub, card in cards.items())
        records.write_text("\n".join(lines) + "\n", encoding="utf-8")
        claims = Path(folder, "claims.jsonl")
        claims.write_bytes(b"".join(encode(claim) for claim in _read_cards(records)))
        return {one.id: one.licenses for one in local_answers(snapshot, claims)}


def _read_cards(records: Path) -> Iterator[Claim]:
    place = Place(records, where=str(records))
    found = [one for one in hub.fetch(place) if isinstance(one, Record)]
    yield from (one for one in hub.claims(found, kit_of("hub")) if isinstance(one, Claim))


def _outcome(half: str, question: dict[str, Any], answer: LicenseAnswer) -> Outcome:
    wanted = question.get("clause")
    effects = {(f.clause, f.effect) for f in answer.findings if f.weighs}
    conflicts = {(kind, c.effect) for c in answer.conflicts for kind in _kinds_of(c.conflict)}
    decided = wanted is None or (wanted, answer.verdict) in effects | conflicts
    return Outcome(half, question, answer.verdict, decided)


def _kinds_of(conflict: str) -> Iterator[str]:
    """The kinds of clauses that a conflict is about."""
    if "share-alike" in conflict:
        yield "share-alike"
    if conflict == "name-prefixes":
        yield "name-prefix"


def report(outcomes: list[Outcome]) -> str:
    """The shares and the failures, as text."""
    lines = []
    for half in (*QUESTIONS, ""):
        part = [one for one in outcomes if half in ("", one.half)]
        right = sum(one.right for one in part)
        lines.append(f"{half or 'all':8}{right:4} of {len(part)} right ({right / len(part):.1%})")
    for one in outcomes:
        if not one.right:
            q = one.question
            about = q.get("ask") or q["hub"]
            expected = " by ".join(filter(None, (q["verdict"], q.get("clause"))))
            lines.append(
                f"- {one.half}/{q['id']} ({about}, {q.get('use', 'commercial')}): {expected}, "
                f"answered {one.verdict}. {q['why']} [{q['cite']}]"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    with evaluation_snapshot() as opened:
        print(report(ask_all(opened)))
