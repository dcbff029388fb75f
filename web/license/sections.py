"""What a page of an entity shows of licenses: the verdict box, the clauses, what stands under a license."""

from __future__ import annotations

from flask import Response, request

from kg.answers.contract import LicenseAnswer, to_json
from kg.answers.license import license_answer
from kg.licenses.states import LICENSED
from kg.model.vocabulary import (
    COMMERCIAL_VERDICT,
    EFFECTIVE_TERM,
    LICENSE_CONSISTENCY,
    MISSING_TERM,
)
from web.app.i18n import mark
from web.app.negotiate import JSON
from web.app.params import data_lang
from web.license._box import ANCHOR, box
from web.license._text import Sheet, sheet
from web.license.memo import MEMO_FILES
from web.license.question import BOXED, QUESTION, form_words, read_question, required
from web.ui.features import Feature
from web.ui.operations import LANGUAGE, Operation, id_parts
from web.ui.sections import Context, Draft, EntityFile, Section, Subject


def _knows_terms(subject: Subject) -> bool:
    """Whether anything is known of licenses at all."""
    return bool(subject.snapshot.states.engine.terms.kinds)


def _build_box(draft: Draft) -> Context:
    """The verdict; where part of the question is wrong, the page says so and is no good answer."""
    found = box(draft.subject.snapshot, draft.subject.id)
    if found.asked.errors:
        draft.status = 400
    return {**form_words(draft.subject.snapshot), "box": found}


def _sheet(draft: Draft) -> Sheet:
    return sheet(draft.subject.snapshot, draft.subject.id)


def _build_sheet(draft: Draft) -> Context:
    return {"sheet": draft.share(_sheet)}


def _answer_json(subject: Subject, ending: str) -> Response:
    """The answer on an entity as JSON, exactly as `gyebo license --json` prints it.

    Raises:
        InputError: the question cannot be understood, or licenses make no sense for its kind.
    """
    asked = required(read_question(subject.snapshot, request.args))
    answer = license_answer(subject.snapshot, subject.id, asked.use, asked.profile, data_lang())
    return Response(to_json(answer), content_type=JSON)


_LICENSE_JSON = EntityFile(
    ending="/license.json",
    media_type=JSON,
    answer=_answer_json,
    listed=True,
    operation=Operation(
        name="license",
        path="/{kind}/{slug}/license.json",
        about=mark(
            "What one may do with an entity, clause by clause, with paths, sentences and doubts."
        ),
        answer=LicenseAnswer,
        example="/model/alpaca-7b/license.json?use=commercial&country=KR",
        parameters=(*id_parts(*LICENSED), *QUESTION, LANGUAGE),
    ),
)

FEATURE = Feature(
    sections=(
        Section(
            name="box",
            place="first",
            template="license/_license_box.html",
            kinds=BOXED,
            needs=_knows_terms,
            build=_build_box,
            anchor=ANCHOR,
            heading=mark("May I use it?"),
            tells=(EFFECTIVE_TERM, COMMERCIAL_VERDICT, LICENSE_CONSISTENCY, MISSING_TERM),
            files=(_LICENSE_JSON, *MEMO_FILES),
        ),
        Section(
            name="clauses",
            place="above",
            template="license/_license_terms.html",
            kinds=("license",),
            needs=_knows_terms,
            build=_build_sheet,
            anchor="clauses",
            heading=mark("What it says"),
        ),
        Section(
            name="under",
            place="below",
            template="license/_license_under.html",
            kinds=("license",),
            needs=_knows_terms,
            build=_build_sheet,
            long=True,
        ),
    ),
)
