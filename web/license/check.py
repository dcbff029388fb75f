"""`/check`: paste anything, and see a verdict for each thing it names, for several uses and countries side by side.

By POST nothing stands in an address or a log, and nothing is kept; by GET the answer can be passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kg.answers.contract import to_json
from kg.errors import InputError
from kg.language.forms import readable
from kg.licenses.rules import USES
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.pasted.check import (
    MOST_TEXT,
    CheckAnswer,
    CheckRequest,
    check_paste,
)
from kg.snapshot.snapshot import Snapshot
from web.app.caching import untagged
from web.app.context import lang, snapshot
from web.app.fields import look_at
from web.app.i18n import LANGS, Refusal, mark, render_message
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, pairs, utf8
from web.license._checked import check_page, markdown_table
from web.license._values import ValueItem, territory
from web.license.question import (
    QUESTION,
    LicenseQuestion,
    form_words,
    named_places,
    read_question,
    required,
)
from web.ui.features import Feature, site_page
from web.ui.highlights import families
from web.ui.operations import LANGUAGE, Parameter, one_of, operation

bp = Blueprint("checking", __name__)
FEATURE = Feature(blueprint=bp)

_FORM = "application/x-www-form-urlencoded"
_MOST_BODY = 2_000_000  # bytes: each of a text may be written as three
_LINK = 2_000  # characters of an answer's address, beyond which it is not offered
_WHAT = {"type": "string", "maxLength": MOST_TEXT}
_PARAMETERS = (
    Parameter(
        "what",
        mark(
            "names, addresses, a model card, a bill of materials (CycloneDX, SPDX), requirements, settings or code"
        ),
        _WHAT,
        True,
    ),
    Parameter(
        "file", mark("name of the file that it is from, which decides how it is read, as app.py")
    ),
    Parameter(
        "use",
        mark("what one wants to do, several side by side"),
        {"type": "array", "items": one_of(Use, USES[0]), "maxItems": len(USES)},
    ),
    Parameter(
        "country",
        mark(
            "countries by their names in English or Korean, or as ISO 3166-1 alpha-2; EU is one; several side by side"
        ),
        {"type": "array", "items": {"type": "string"}},
    ),
    *(one for one in QUESTION if one.name not in ("use", "country")),
    LANGUAGE,
)


@bp.route("/check", methods=["GET", "POST"])
@site_page(
    in_sitemap=True,
    check="/check",
    check_asked="/check?what=alpaca-7b,meta-llama/Llama-2-7b-hf,nobody/nothing&country=KR,EU&name=MyBot",
)
def page() -> ResponseReturnValue:
    """The form, and below it what was pasted, judged."""
    given = _given()
    if negotiate(PAGE_OR_JSON) != "html":
        return check_json()
    held, text = snapshot(), given.get("what", "")
    asked, uses, errors = _question(held, given)
    answer, error = None, ""
    if text.strip() and not errors:
        try:
            answer = check_paste(held, _request(given, asked, uses, lang()))
        except InputError as wrong:
            error = render_message(wrong.message)
    response = make_response(
        form_page(
            held,
            given,
            asked,
            uses=uses,
            error=error,
            found=check_page(held, answer, asked, text) if answer else None,
            link=_link(given) if answer else "",
            table=markdown_table(answer) if answer else "",
        ),
        400 if error or errors else 200,
    )
    return _unkept(response)


@bp.route("/check.json", methods=["GET", "POST"])
@operation(
    "check",
    "/check.json",
    mark(
        "What may be done with each thing that a text names, for several uses and countries. By POST nothing of it is kept."
    ),
    CheckAnswer,
    example="/check.json?what=alpaca-7b%0Anobody/nothing&use=commercial&country=KR&country=EU",
    parameters=_PARAMETERS,
    bodies={"text/plain": "what"},
)
def check_json() -> ResponseReturnValue:
    """The same as data."""
    given, held = _given(), snapshot()
    asked, uses, _ = _question(held, given)
    named = given.get("lang", "")
    code = named if named in LANGS else data_lang()
    answer = check_paste(held, _request(given, required(asked), uses, code))
    return _unkept(Response(to_json(answer), content_type=JSON))


def form_page(
    held: Snapshot,
    given: MultiDict[str, str],
    asked: LicenseQuestion,
    *,
    uses: Sequence[Use] = (),
    error: str = "",
    near: Sequence[ValueItem] = (),
    **answer: object,
) -> str:
    """The page with the form; what was pasted stands in it again.

    Args:
        held: an open snapshot.
        given: the fields as they were sent.
        asked: the question.
        uses: that were asked about.
        error: what is wrong with what was pasted.
        near: what may have been meant.
        answer: what the template shows of the answer.
    """
    return render_template(
        "license/check.html",
        asked=asked,
        chosen=list(uses) or [asked.use],
        others=[territory(code) for code in asked.countries if code not in named_places(held)],
        text=given.get("what", "").replace("\0", ""),
        file=given.get("file", ""),
        error=error,
        near=near,
        most=MOST_TEXT,
        examples=families(held, lang())[:5],
        **answer,
        **form_words(held),
    )


def _given() -> MultiDict[str, str]:
    """The fields of a request: of its address, and of a form or a text that is its body.

    Raises:
        HTTPException: the body is too long, or of a kind that holds no text.
        InputError: it is no UTF-8.
    """
    if request.method != "POST":
        return request.args
    request.max_content_length = _MOST_BODY
    if request.mimetype == _FORM:
        sent = pairs(request.get_data())
        look_at(sent)
        return MultiDict([*request.args.items(multi=True), *sent.items(multi=True)])
    if request.mimetype.startswith("multipart/"):
        raise Refusal(415, Message("send a form (%(form)s) or the text itself", form=_FORM))
    text = utf8(request.get_data())
    return MultiDict([*request.args.items(multi=True), ("what", text)])


def _question(
    held: Snapshot, given: MultiDict[str, str]
) -> tuple[LicenseQuestion, list[Use], dict[str, str]]:
    """The question, its uses, and what is wrong with it by field."""
    asked = read_question(held, given, several=True)
    uses = [use for use in USES if use in given.getlist("use")]
    errors = dict(asked.errors)
    wrong = [use for use in given.getlist("use") if use and use not in USES]
    if wrong and "use" not in errors:
        one = read_question(held, MultiDict([("use", wrong[0])]))
        errors["use"] = one.errors["use"]
    asked = asked._replace(errors=errors)
    return asked, uses or [USES[0]], errors


def _request(
    given: MultiDict[str, str], asked: LicenseQuestion, uses: Sequence[Use], code: str
) -> CheckRequest:
    return CheckRequest(
        text=given.get("what", "").replace("\r\n", "\n"),
        file=" ".join(readable(given.get("file", "")).split())[:200],
        uses=uses,
        who=asked.who(code),
        lang=code,
    )


def _link(given: MultiDict[str, str]) -> str:
    """The address of an answer, where it is short enough to be passed on."""
    fields = [(name, value) for name, value in given.items(multi=True) if value]
    query = urlencode(fields)
    return f"{url_for('checking.page')}?{query}" if len(query) <= _LINK else ""


def _unkept(response: Response) -> Response:
    """What was posted is in no cache either."""
    if request.method == "POST":
        untagged()
        response.headers["Cache-Control"] = "no-store"
    return response
