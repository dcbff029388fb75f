"""`/models`: all models as a table to choose from, and the same rows as JSON, CSV and Markdown."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kg.answers.choosing.answer import answer_models, choose, find_near, find_notes
from kg.answers.choosing.request import COLUMNS, ORDERS
from kg.answers.choosing.rows import ModelsAnswer, RowMaker
from kg.answers.compare import MOST as MOST_COMPARED
from kg.answers.contract import to_json
from kg.errors import InputError
from kg.licenses.rules import SEVERITY
from kg.model.media import CSV
from kg.model.vocabulary import ACCESS
from web.app.caching import untagged
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, render_message
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, whole_number
from web.app.representations import link_next
from web.license.question import FIELDS, QUESTION, competitors, read_question
from web.site import _models_cells as cells
from web.site import _models_view as view
from web.site._models_files import rows_as_csv, rows_as_markdown
from web.site._models_request import (
    ENDS,
    LAST_PAGE,
    MOST_ROWS,
    MOST_VALUES,
    PAGE_SIZE,
    PAGED,
    ModelsPage,
    address,
    is_untidy,
    read_asked,
    read_page,
    read_state,
    rows_asked,
)
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.operations import LANGUAGE, TEXT, Parameter, among, many, operation, whole
from web.ui.paging import pages
from web.ui.verdicts import LOOKS, USE_WORDS

bp = Blueprint("models", __name__)
FEATURE = Feature(blueprint=bp)

_MARKDOWN = "text/markdown; charset=utf-8"
_VERDICTS = {**among(SEVERITY)}
_PARAMETERS = (
    Parameter("q", mark("words in Korean or English; those that mean a filter are one")),
    Parameter(
        "word",
        mark("words to search as words, though they may mean a filter"),
        many(most=MOST_VALUES),
    ),
    Parameter("org", mark("organization, by id or name"), many(most=MOST_VALUES)),
    Parameter("license", mark("license, by id or name"), many(most=MOST_VALUES)),
    Parameter("language", mark("language it is for"), many(most=MOST_VALUES)),
    Parameter("access", mark("how it can be had, as open-weights"), many(most=MOST_VALUES)),
    Parameter(
        "verdict",
        mark("verdict on the use, for who asks"),
        {"type": "array", "items": _VERDICTS, "maxItems": MOST_VALUES},
    ),
    *(
        Parameter(end, mark("an end of a range: 7b, 8k, 2024-03 or a number"), TEXT)
        for ends in ENDS.values()
        for end in ends
    ),
    Parameter(
        "benchmark", mark("benchmark whose scores are told; without one the best on any in Korean")
    ),
    Parameter("sort", mark("column that the rows are in the order of"), among(ORDERS)),
    Parameter("order", mark("asc or desc; each column has its own"), among(("asc", "desc"))),
    Parameter("all", mark("1: copies of models are rows as well"), among(("1",))),
    *QUESTION,
)


@bp.get("/models")
@site_page(
    parameters=PAGED,
    menu=(MenuEntry(mark("Models"), 5),),
    in_sitemap=True,
    models="/models",
    models_asked="/models?q=한국어 상업용 7B 이하&context-from=2k&country=KR&sort=params",
    models_nothing="/models?params-from=900t&language=korean",
)
def page() -> ResponseReturnValue:
    """The table, page by page; the address is the whole state."""
    if negotiate(PAGE_OR_JSON) == "json":
        return models_json()
    held, state = snapshot(), read_state(request.args)
    if is_untidy(request.args):  # as a form sends it
        return redirect(address(state))
    question = read_question(held, request.args)
    try:
        asked = read_page(held, state, question)
        number = whole_number("page", 1, 1, LAST_PAGE) or 1
    except InputError as error:
        bare = read_page(held, {}, question._replace(errors={}))
        untagged()
        return _page(bare._replace(state=state), 0, render_message(error.message)), 400
    return _page(asked, number)


@bp.get("/models.json")
@operation(
    "models",
    "/models.json",
    mark("Models as rows, each with the verdict for who asks: all that fit, in order."),
    ModelsAnswer,
    example="/models.json?q=한국어&params-to=7b&limit=3",
    parameters=(
        *_PARAMETERS,
        Parameter("limit", mark("most rows in one answer; all without it"), whole(1, MOST_ROWS)),
        Parameter("page", mark("page of the rows"), whole(1, LAST_PAGE, 1)),
        LANGUAGE,
    ),
)
def models_json() -> Response:
    """The rows as data; a Link header leads to those that follow."""
    limit, offset = rows_asked()
    found = answer_models(snapshot(), read_asked().asked, limit, offset, data_lang())
    response = Response(to_json(found), content_type=JSON)
    if limit and offset + limit < found.total:
        link_next(response, offset // limit + 2)
    return response


@bp.get("/models.csv")
def models_csv() -> Response:
    """The rows as CSV, with all columns."""
    asked = read_asked()
    limit, offset = rows_asked()
    found = answer_models(snapshot(), asked.asked, limit, offset, data_lang())
    return Response(rows_as_csv(asked, found.rows), content_type=f"{CSV.media_type}; charset=utf-8")


@bp.get("/models.md")
def models_markdown() -> Response:
    """The rows as a table in Markdown, with the columns that are shown."""
    asked, held = read_asked(), snapshot()
    limit, offset = rows_asked()
    found = answer_models(held, asked.asked, limit, offset, lang())
    text = rows_as_markdown(asked, found.rows, held.manifest.base)
    return Response(text, content_type=_MARKDOWN)


def _page(page: ModelsPage, number: int, error: str = "") -> str:
    """The page of a state; where it could not be understood, the form with what was typed."""
    held = snapshot()
    choice = None if error else choose(held, page.asked, lang())
    total = len(choice.rows) if choice else 0
    last = max(1, -(-total // PAGE_SIZE))
    number = min(number, last)
    start = (number - 1) * PAGE_SIZE
    maker = RowMaker(held, choice.columns, lang()) if choice else None
    rows = maker.rows(choice.rows[start : start + PAGE_SIZE].tolist()) if choice and maker else []
    near = find_near(held, page.asked, choice, lang()) if choice else []
    return render_template(
        "site/models.html",
        error=error,
        page=page,
        state=page.state,
        asked=page.question,
        total=total,
        every=held.manifest.counts.get("model", 0),
        as_of=held.manifest.as_of,
        rows=rows,
        heads=view.heads(page),
        order=view.order_word(page),
        chips=view.chips(page, choice),
        found=choice.found if choice else None,
        notes=find_notes(choice) if choice else [],
        missed=view.missed(page, choice, near) if choice else [],
        cells=cells,
        looks=LOOKS,
        columns=[(name, view.column_word(name, page), name in page.columns) for name in COLUMNS],
        ranges=view.range_fields(page),
        accesses=held.vocabulary.properties[ACCESS].codes,
        benchmarks=view.benchmarks(page),
        offered={name: view.offered(held, name, lang()) for name in ("org", "license", "lang")},
        uses={use: gettext(word) for use, word in USE_WORDS.items()},
        fields={field: gettext(word) for field, word in FIELDS.items()},
        orgs=[view.Competitor(org, held.label(org, lang())) for org in competitors(held)],
        most=MOST_COMPARED,
        paging=pages(number, last, lambda n: address(page.state, page=(str(n),) if n > 1 else ())),
        clear=address({}),
        files={
            name: address(page.state, f"models.models_{end}")
            for name, end in (("CSV", "csv"), ("JSON", "json"), ("Markdown", "markdown"))
        },
        everything=address(page.state, all=() if page.asked.copies else ("1",), page=()),
    )
