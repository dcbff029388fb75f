"""A planned model in an address: `?base=A&base=B&relation=merge&data=…&outputs-of=…&license=…&card=…`.

The question around it, who asks and for which use, is that of `_question`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from kg.answers.advice.difference import AnswerDifference, find_difference
from kg.answers.advice.proposal import Proposal
from kg.answers.advice.what_if import planned_ancestry, relations
from kg.answers.contract import LicenseAnswer
from kg.answers.license import answer_ancestry
from kg.errors import InputError
from kg.licenses.rules import USES
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot
from web.app.i18n import mark
from web.app.params import pairs
from web.license._box import VerdictBox, planned_box
from web.license.question import FIELDS, LicenseQuestion, read_question
from web.ui.operations import Parameter

MOST_CARD = 4_000  # characters: an address must hold it
_LISTS = {"base": "bases", "data": "data", "outputs-of": "outputs_of"}
_TEXTS = ("relation", "license", "card")
PROPOSAL = (  # as parameters of the API
    Parameter("base", mark("ids, names or addresses of the models it derives from, with commas")),
    Parameter(
        "relation", mark("how it derives from them: finetune, adapter, merge, quantized, distill")
    ),
    Parameter("data", mark("ids of datasets it is trained on, with commas")),
    Parameter("outputs-of", mark("ids of models that write training data for it, with commas")),
    Parameter("license", mark("the license it is to carry, as an id or as the Hub writes it")),
    Parameter(
        "card",
        mark("a model card, instead of all these"),
        {"type": "string", "maxLength": MOST_CARD},
    ),
)
FIELD_WORDS: Mapping[str, str] = {
    "base": mark("Derives from"),
    "relation": mark("How it derives"),
    "license": mark("License it is to carry"),
    "data": mark("Trained on datasets"),
    "outputs-of": mark("Trained on what these models write"),
    "card": mark("Model card"),
}
WORDS: Mapping[str, str] = {
    "finetune": mark("fine-tuned"),
    "merge": mark("merged"),
    "adapter": mark("an adapter"),
    "quantized": mark("quantized"),
    "distill": mark("distilled"),
    "continuedFrom": mark("trained further"),
    "convertedFrom": mark("converted"),
}


MOST_WAS = 3 * MOST_CARD  # characters of the question before
WAS = Parameter(
    "was",
    mark("the planned model that it is compared with: its part of an address, encoded once more"),
    {"type": "string", "maxLength": MOST_WAS},
)


class PlannedBefore(NamedTuple):
    """What is otherwise than in the question before."""

    difference: AnswerDifference
    changed: Sequence[tuple[str, str, str]]  # field, what it said, what it says
    address: str  # of the answer before


class Planned(NamedTuple):
    """A planned model as far as it could be read."""

    proposal: Proposal
    given: Mapping[str, str]  # by field, as typed

    def query(self, asked: LicenseQuestion, **changed: str) -> str:
        """The part of an address that asks this again, with some fields of the question changed."""
        return "&".join(filter(None, [urlencode(self.given), asked.query(**changed)]))


def read_planned(args: MultiDict[str, str]) -> Planned | None:
    """The planned model in the parameters of an address; None if there is none.

    Raises:
        InputError: the card is too long for an address.
    """
    given = {f: ", ".join(_parts(args.getlist(f))) for f in _LISTS}
    given |= {f: args.get(f, "").strip() for f in _TEXTS}
    given = {field: text for field, text in given.items() if text}
    if set(given) <= {"relation"}:
        return None
    if len(given.get("card", "")) > MOST_CARD:
        raise InputError(Message("a card has at most %(num)s characters", num=MOST_CARD))
    lists = {name: tuple(_parts(args.getlist(field))) for field, name in _LISTS.items()}
    return Planned(
        Proposal(
            bases=lists["bases"],
            data=lists["data"],
            outputs_of=lists["outputs_of"],
            relation=given.get("relation", ""),
            license=given.get("license", ""),
            card=given.get("card", ""),
        ),
        given,
    )


def _parts(texts: list[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def box_of_planned(
    snapshot: Snapshot, planned: Planned, asked: LicenseQuestion, lang: str
) -> VerdictBox:
    """The box of a planned model.

    Raises:
        InputError: as `what_if`.
    """

    ancestry = planned_ancestry(snapshot, planned.proposal, asked.profile.name, lang)

    @cache
    def answer(use: Use) -> LicenseAnswer:
        return answer_ancestry(snapshot, ancestry, use, asked.profile, lang)

    def verdict(use: Use) -> Verdict:
        return answer(use).verdict

    def address(part: str = "", **changed: str) -> str:
        view = "what_if.page_json" if part else "what_if.page"
        return f"{url_for(view)}?{planned.query(asked, **changed)}"

    return planned_box(snapshot, answer(asked.use), asked, address, verdict)


def planned_query(args: MultiDict[str, str]) -> str:
    """The part of an address that describes a planned model and who asks, for the next question."""
    kept = [(f, v) for f, v in args.items(multi=True) if v and f not in ("was", "of", "lang")]
    return urlencode(kept)[:MOST_WAS]


def fields_of(proposal: Proposal) -> dict[str, str]:
    """A proposal as the fields of an address."""
    given = {field: ", ".join(getattr(proposal, name)) for field, name in _LISTS.items()}
    given |= {field: getattr(proposal, field) for field in _TEXTS}
    return {field: text for field, text in given.items() if text}


def read_before(
    snapshot: Snapshot, planned: Planned, asked: LicenseQuestion, was: str, lang: str
) -> PlannedBefore | None:
    """What is otherwise than in the question before; None if there was none, or it was the same.

    Args:
        snapshot: where the parents are from.
        planned: the model as it is planned now.
        asked: the question now.
        was: the question before, as `planned_query` gives it.
        lang: language of the sentences.

    Raises:
        InputError: the question before cannot be understood.
    """
    if len(was) > MOST_WAS:
        raise InputError(Message("a card has at most %(num)s characters", num=MOST_CARD))
    args = pairs(was.encode())
    old = read_planned(args) if was else None
    if old is None:
        return None
    then = read_question(snapshot, args)
    both = ((old, then), (planned, asked))
    plans = [
        (planned_ancestry(snapshot, one.proposal, who.profile.name, lang), who) for one, who in both
    ]
    answers = [
        [answer_ancestry(snapshot, plan, use, who.profile, lang) for use in USES]
        for plan, who in plans
    ]
    fields = [{**one.given, **who.given} for one, who in both]
    return PlannedBefore(
        find_difference(*answers),
        [
            (field, fields[0].get(field, ""), fields[1].get(field, ""))
            for field in (*_LISTS, *_TEXTS, *FIELDS)
            if fields[0].get(field, "") != fields[1].get(field, "")
        ],
        f"{url_for('what_if.page')}?{planned_query(args)}",
    )


def known_relations(snapshot: Snapshot) -> Mapping[str, str]:
    """The relations that the form offers, in words."""
    known = relations(snapshot)
    return {word: text for word, text in WORDS.items() if word in known}
