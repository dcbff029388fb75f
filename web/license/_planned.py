"""A planned model in an address: `?base=A&base=B&relation=merge&data=…&outputs-of=…&license=…&card=…`.

The question around it, who asks and for which use, is that of `_question`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from kg.answers.advice.proposal import Proposal
from kg.answers.advice.what_if import relations, what_if
from kg.answers.contract import LicenseAnswer
from kg.errors import InputError
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot
from web.app.i18n import mark
from web.license._box import VerdictBox, planned_box
from web.license.question import LicenseQuestion
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
WORDS: Mapping[str, str] = {
    "finetune": mark("fine-tuned"),
    "merge": mark("merged"),
    "adapter": mark("an adapter"),
    "quantized": mark("quantized"),
    "distill": mark("distilled"),
    "continuedFrom": mark("trained further"),
    "convertedFrom": mark("converted"),
}


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

    @cache
    def answer(use: Use) -> LicenseAnswer:
        return what_if(snapshot, planned.proposal, use, asked.profile, lang)

    def verdict(use: Use) -> Verdict:
        return answer(use).verdict

    def address(part: str = "", **changed: str) -> str:
        view = "license_pages.what_if_json" if part else "license_pages.what_if_page"
        return f"{url_for(view)}?{planned.query(asked, **changed)}"

    return planned_box(snapshot, answer(asked.use), asked, address, verdict)


def known_relations(snapshot: Snapshot) -> Mapping[str, str]:
    """The relations that the form offers, in words."""
    known = relations(snapshot)
    return {word: text for word, text in WORDS.items() if word in known}
