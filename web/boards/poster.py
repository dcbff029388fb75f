"""`/board/<country>`: the models that the makers of one country made, as a page and as a poster to print."""

from __future__ import annotations

from collections.abc import Callable

from babel.languages import get_official_languages
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kg.answers.boards.releases import (
    LaunchesAnswer,
    ReleasesRequest,
    answer_releases,
    find_releases,
)
from kg.answers.contract import to_json
from kg.errors import InputError
from kg.language.numbers import number
from kg.licenses.wording import territory
from kg.messages.message import Message
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.app.i18n import LANGS, Refusal, mark, translator
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, unknown_choice
from web.boards import _drawing as drawing
from web.boards._asked import read_country
from web.boards._drawing import LANES, LaneFile
from web.boards._poster import ROWS, SIZES, PosterWords, draw_poster
from web.boards.timeline import COLUMNS, country_choices, release_rows
from web.charts import lanes
from web.charts.plot import Canvas
from web.ui.features import Feature, site_page
from web.ui.figure import BROAD, FORMATS, Figure, chart_answer, on_page
from web.ui.links import href
from web.ui.operations import LANGUAGE, TEXT, Parameter, operation

bp = Blueprint("boards", __name__)
FEATURE = Feature(blueprint=bp)

_EVERY = 450  # models of a country, up to which each is named; of more, some of each maker
_SOME = 6
_SCREEN = "screen"  # as wide as one asks for, and as tall as it gets
_LISTED = 300  # models in the list of the page
_MAKERS = 60  # with a lane of their own
_TITLE = mark("Language models made in %(country)s, %(first)s–%(last)s")
_ABOUT = mark("%(models)s models of %(makers)s makers")
_LEGEND = mark(
    "A line leads from a model to what was made from its weights; ← names a base from elsewhere."
)


@bp.get("/board")
@site_page(in_sitemap=True, boards="/board")
def index() -> str:
    """The countries that have a board."""
    choices = country_choices(snapshot(), lang())
    return render_template("boards/index.html", countries=choices)


@bp.get("/board/<country>")
@site_page(in_sitemap=False, board="/board/kr", board_small="/board/fr")
def page(country: str) -> ResponseReturnValue:
    """The board of a country."""
    code = _country(country)
    if country != code.lower():
        return redirect(url_for("boards.page", country=code.lower(), lang=_asked_lang()), 308)
    if negotiate(PAGE_OR_JSON) == "json":
        return _json(code)
    held, asked = snapshot(), _request(code)
    found = answer_releases(held, asked, _LISTED, lang=lang())
    shown = _lanes(held, code, lang())
    return render_template(
        "boards/poster.html",
        country=code,
        title=_words(held, code, lang()).title if shown else territory(code, lang()),
        found=found,
        shown=shown,
        drawn=_figure(held, code) if shown else None,
        undated=[row for row in found.rows if not row.date],
        sizes=[
            (size.upper(), url_for("boards.file", country=country, format="svg", size=size))
            for size in SIZES
        ],
    )


@bp.get("/board/<country>.<any(svg, csv, json):format>")
@operation(
    "board",
    "/board/{country}.json",
    mark("The models that the makers of a country made, by date, the newest first."),
    LaunchesAnswer,
    example="/board/kr.json",
    parameters=(
        Parameter("country", mark("code of a country in ISO 3166-1"), TEXT, True, "path"),
        LANGUAGE,
    ),
)
def file(country: str, format: str) -> Response:
    """The board as a file; the poster is in a language of the country unless the address names one."""
    code, held = _country(country), snapshot()
    if format == "json":
        return _json(code)
    size = request.args.get("size", _SCREEN).lower()
    if size not in (_SCREEN, *SIZES):
        raise unknown_choice("size", size, (_SCREEN, *SIZES))
    base = held.manifest.base
    draw = (
        _board(held, code, lambda id: base + id) if size == _SCREEN else _poster(held, code, size)
    )
    rows = release_rows(answer_releases(held, _request(code), lang=data_lang()))
    name, spoken = f"board-{code.lower()}", _spoken(code)
    return chart_answer(format, name, draw, COLUMNS, rows, spoken)


def _country(typed: str) -> str:
    """The code of a country by the last part of an address.

    Raises:
        Refusal: no maker of a model is known to be there.
    """
    try:
        return read_country(snapshot(), typed)
    except InputError as error:
        raise Refusal(404, error.message) from error


def _asked_lang() -> str | None:
    return request.args.get("lang")


def _request(code: str) -> ReleasesRequest:
    return ReleasesRequest(countries=(code,))


def _json(code: str) -> Response:
    found = answer_releases(snapshot(), _request(code), lang=data_lang())
    return Response(to_json(found), content_type=JSON)


def _spoken(code: str) -> str:
    """A language of a country that is spoken here, else English."""
    return next((one for one in get_official_languages(code) if one in LANGS), "en")


@memo(most=8)
def _lanes(held: Snapshot, code: str, spoken: str) -> LaneFile | None:
    every = len(find_releases(held, _request(code))) <= _EVERY
    return drawing.make_lanes(
        held,
        _request(code),
        spoken,
        _EVERY if every else _SOME,
        _MAKERS if every else LANES,
        whole=every,
    )


@memo(most=8)
def _words(held: Snapshot, code: str, spoken: str) -> PosterWords:
    """What stands on the poster of a country whose models have dates."""
    found, say = _lanes(held, code, spoken), translator(spoken)
    assert found
    last = (found.span[1] - 1) // 12
    told = {"country": territory(code, spoken) or code, "first": found.since, "last": last}
    models = sum(len(lane.items) + sum(lane.crowd.values()) for lane in found.lanes)
    counts = {"models": number(models, spoken), "makers": number(len(found.lanes), spoken)}
    return PosterWords(say(_TITLE) % told, say(_ABOUT) % counts, say(_LEGEND))


def _poster(held: Snapshot, code: str, size: str) -> Callable[[Canvas], Markup]:
    """What draws the poster.

    Raises:
        Refusal: no model of the country has a date.
    """

    def draw(canvas: Canvas) -> Markup:
        found = _lanes(held, code, canvas.lang)
        if found is None:
            raise Refusal(404, Message("no release that is asked for has a date"))
        told, lines = drawing.with_bases(held, found.lanes, canvas.lang)
        own = drawing.linked(told, lambda id: held.manifest.base + id)
        words = _words(held, code, canvas.lang)
        return draw_poster(own, found.span, lines, words, size, canvas)

    return draw


def _board(
    held: Snapshot, code: str, address_of: Callable[[str], str]
) -> Callable[[Canvas], Markup]:
    """What draws the board for a screen.

    Raises:
        Refusal: no model of the country has a date.
    """

    def draw(canvas: Canvas) -> Markup:
        found = _lanes(held, code, canvas.lang)
        if found is None:
            raise Refusal(404, Message("no release that is asked for has a date"))
        told, lines = drawing.with_bases(held, found.lanes, canvas.lang)
        title = _words(held, code, canvas.lang).title
        return lanes.draw(drawing.linked(told, address_of), found.span, title, canvas, ROWS, lines)

    return draw


def _figure(held: Snapshot, code: str) -> Figure:
    """The board on its page, in the widths it needs."""
    files = [
        (f, url_for("boards.file", country=code.lower(), format=f, lang=lang())) for f in FORMATS
    ]
    return on_page(_board(held, code, href), lang(), files, BROAD["w-x"], BROAD)
