"""`/what-if`: a model that does not exist yet, and what is otherwise when one thing of it is changed.

The form sends along what was asked before as `was`, so that the answer begins with the difference.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.advice.difference import AnswerDifference
from kg.answers.advice.proposal import Proposal
from kg.answers.advice.what_if import describe_model, what_if
from kg.answers.contract import LicenseAnswer, to_json
from kg.errors import InputError
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, render_message
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang
from web.license._planned import (
    FIELD_WORDS,
    MOST_WAS,
    PROPOSAL,
    WAS,
    box_of_planned,
    fields_of,
    known_relations,
    planned_query,
    read_before,
    read_planned,
)
from web.license.question import (
    FIELDS,
    QUESTION,
    LicenseQuestion,
    form_words,
    read_question,
    required,
)
from web.ui.features import Feature, site_page
from web.ui.operations import LANGUAGE, operation
from web.ui.verdicts import LOOKS

bp = Blueprint("what_if", __name__)
FEATURE = Feature(blueprint=bp)


@bp.get("/what-if")
@site_page(
    further=("of", "was"),
    in_sitemap=True,
    what_if="/what-if",
    what_if_changed="/what-if?base=bert-base&license=mit&was=base%3Dllama-2-7b%26license%3Dmit",
)
def page() -> ResponseReturnValue:
    """Ask about a planned model: a form, what is otherwise than in the question before, and the answer."""
    if negotiate(PAGE_OR_JSON) != "html":
        return page_json()
    held, asked = snapshot(), read_question(snapshot(), request.args)
    box, before, error, given = None, None, "", dict(request.args)
    try:
        if of := request.args.get("of", "").strip():
            return redirect(_started(held, of, asked))
        if planned := read_planned(request.args):
            box, given = box_of_planned(held, planned, asked, lang()), dict(planned.given)
            before = read_before(held, planned, asked, request.args.get("was", ""), lang())
    except InputError as wrong:
        box, error = None, render_message(wrong.message)
    text = render_template(
        "license/what_if.html",
        asked=asked,
        box=box,
        before=before,
        given=given,
        was=planned_query(request.args) if box else request.args.get("was", "")[:MOST_WAS],
        error=error,
        looks=LOOKS,
        labels={name: gettext(word) for name, word in {**FIELD_WORDS, **FIELDS}.items()},
        relations={word: gettext(text) for word, text in known_relations(held).items()},
        **form_words(held),
    )
    return text, 400 if error or asked.errors else 200


def _started(held: Snapshot, of: str, asked: LicenseQuestion) -> str:
    """The address on which what a model was made from stands ready to be changed."""
    fields = fields_of(describe_model(held, of[:400]))
    query = "&".join(filter(None, [urlencode(fields), asked.query()]))
    return f"{url_for('what_if.page')}?{query}"


@bp.get("/what-if.json")
@operation(
    "whatIf",
    "/what-if.json",
    mark("What one might do with a model that does not exist yet, by the same rules."),
    LicenseAnswer,
    example="/what-if.json?base=llama-2-7b&license=apache-2.0",
    parameters=(*PROPOSAL, *QUESTION, LANGUAGE),
)
def page_json() -> ResponseReturnValue:
    """The same as data, exactly as `gyebo license --base … --json` prints it."""
    held = snapshot()
    planned, asked = read_planned(request.args), required(read_question(held, request.args))
    proposal = planned.proposal if planned else Proposal()
    answer = what_if(held, proposal, asked.use, asked.profile, data_lang())
    return Response(to_json(answer), content_type=JSON)


@bp.get("/what-if/difference.json")
@operation(
    "whatIfDifference",
    "/what-if/difference.json",
    mark("What changes from one planned model to another, and nothing of what is the same."),
    AnswerDifference,
    example="/what-if/difference.json?base=bert-base&license=mit&was=base%3Dllama-2-7b%26license%3Dmit",
    parameters=(*PROPOSAL, *QUESTION, WAS, LANGUAGE),
)
def difference_json() -> Response:
    """The difference as data.

    Raises:
        InputError: one of the two is not described, or cannot be understood.
    """
    held = snapshot()
    planned, asked = read_planned(request.args), required(read_question(held, request.args))
    was = request.args.get("was", "")
    found = planned and read_before(held, planned, asked, was, data_lang())
    if not found:
        raise InputError(
            Message("describe a planned model, and in `was` the one that it is compared with")
        )
    return Response(to_json(found.difference), content_type=JSON)
