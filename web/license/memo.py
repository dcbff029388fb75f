"""`/…/memo`: one or two printed pages on a use of a thing, for up to four countries side by side; the same as JSON.

The address with the release in it, `/release/<version>/…/memo`, gives the same memo as long as that release is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.advice.decisive import cite_place
from kg.answers.advice.memo import MemoAnswer, MemoClause, memo_answer
from kg.answers.contract import to_json
from kg.snapshot.snapshot import Snapshot
from web.app.caching import untagged
from web.app.context import lang
from web.app.i18n import gettext, mark, ngettext
from web.app.negotiate import HTML, JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang
from web.app.representations import link_twins
from web.license._values import territory
from web.license.question import (
    BOXED,
    QUESTION,
    LicenseQuestion,
    form_words,
    named_places,
    read_question,
    required,
    spoken,
    use_word,
)
from web.ui.operations import LANGUAGE, Operation, id_parts
from web.ui.sections import EntityFile, Subject
from web.ui.verdicts import LOOKS, VerdictLook

ENDING = "/memo"
_LONGEST = 300  # characters of a quoted sentence; more is behind its address


class MemoLine(NamedTuple):
    """A clause in the table of a memo."""

    where: str
    url: str
    quote: str
    why: str
    effects: Sequence[VerdictLook]


def memo_response(held: Snapshot, id: str, ending: str, version: str = "") -> Response:
    """The memo on an entity, as a page or as JSON.

    Args:
        held: the snapshot that is asked.
        id: of the entity.
        ending: of the address, which says `.json` where no page is meant.
        version: of the release, where the address names it.

    Raises:
        InputError: of JSON, the question cannot be understood.
    """
    asked = read_question(held, request.args, several=True)
    if ending.endswith(".json") or negotiate(PAGE_OR_JSON) == "json":
        found = memo_answer(held, id, required(asked).use, asked.who(data_lang()), data_lang())
        return Response(to_json(found), content_type=JSON)
    untagged()  # it bears the day on which it was written
    found = memo_answer(held, id, asked.use, asked.who(lang()), lang())
    response = Response(_page(held, found, asked), content_type="text/html; charset=utf-8")
    if not version:
        link_twins(response, url_for("entities.entity", name=id + ENDING), ["json"])
    response.status_code = 400 if asked.errors else 200
    return response


def _page(held: Snapshot, found: MemoAnswer, asked: LicenseQuestion) -> str:
    query = asked.query()
    kept = url_for("releases.thing", version=found.release, name=found.id + ENDING)
    return render_template(
        "license/memo.html",
        memo=found,
        asked=asked,
        use=use_word(asked.use),
        who=spoken(held, asked.profile),
        lands=[territory(code) for code in asked.countries],
        columns=[LOOKS[one.verdict] for one in found.verdicts],
        lines=[_line(one) for one in found.clauses],
        more={name: _more(name, number) for name, number in found.left_out.items()},
        today=dt.date.today().isoformat(),
        kept=f"{kept}?{query}" if query else kept,
        page=url_for("entities.entity", name=found.id),
        action=url_for("entities.entity", name=found.id + ENDING),
        others=[territory(code) for code in asked.countries if code not in named_places(held)],
        **form_words(held),
    )


def _line(one: MemoClause) -> MemoLine:
    license = one.license.label if one.license else ""
    place = cite_place(one.citation, lang())
    quote = " ".join((one.citation.quote or "").split()).strip('"“”')
    return MemoLine(
        where=" ".join(filter(None, [license or one.label, *place])),
        url=one.citation.url or "",
        quote=_shortened(quote),
        why=one.why,
        effects=[LOOKS[verdict] for verdict in one.effects],
    )


def _shortened(text: str) -> str:
    """A sentence as far as a memo has room for it, cut between words."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0] + " …"


def _more(name: str, number: int) -> str:
    """How much of a list is left out."""
    match name:
        case "clauses":
            told = ngettext(
                "%(num)s more clause is on the page.",
                "%(num)s more clauses are on the page.",
                number,
            )
        case "duties":
            told = ngettext(
                "%(num)s more thing to do is on the page.",
                "%(num)s more things to do are on the page.",
                number,
            )
        case _:
            told = gettext("%(num)s more on the page.")
    return told % {"num": number}


def _answer(subject: Subject, ending: str) -> ResponseReturnValue:
    return memo_response(subject.snapshot, subject.id, ending)


_MEMO_JSON = EntityFile(
    ending=f"{ENDING}.json",
    media_type=JSON,
    answer=_answer,
    kinds=BOXED,
    listed=True,
    operation=Operation(
        name="memo",
        path="/{kind}/{slug}/memo.json",
        about=mark(
            "A memo on one use for several countries: verdicts, the clauses they rest on, what to do, what is not known."
        ),
        answer=MemoAnswer,
        example="/model/alpaca-7b/memo.json?country=KR,EU",
        parameters=(*id_parts(*BOXED), *QUESTION, LANGUAGE),
    ),
)

MEMO_FILES = (_MEMO_JSON, EntityFile(ending=ENDING, media_type=HTML, answer=_answer, kinds=BOXED))
