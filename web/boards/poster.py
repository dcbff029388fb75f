"""`/board/<country>`: the models that the makers of one country made, as a page and as a poster to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

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
from kg.answers.choosing.request import Between, read_range
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
from web.ui.figure import BROAD, FORMATS, Figure, chart_answer, embed_address, on_page
from web.ui.links import href
from web.ui.operations import LANGUAGE, TEXT, Parameter, operation

bp = Blueprint("boards", __name__)
FEATURE = Feature(blueprint=bp)

_EVERY = 450  # models of a country, up to which each is named; of more, some of each maker
_SOME = 6
_SCREEN = "screen"  # as wide as one asks for, and as tall as it gets
_LISTED = 300  # models in the list of the page
_MAKERS = 60  # with a lane of their own
_TITLE = mark("Models made in %(country)s, %(first)s–%(last)s")
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
@site_page(parameters=("from", "to"), board="/board/kr", board_since="/board/kr?from=2023")
def page(country: str) -> ResponseReturnValue:
    """The board of a country."""
    code = _country(country)
    if country != code.lower():
        return redirect(url_for("boards.page", country=code.lower(), lang=_asked_lang()), 308)
    if negotiate(PAGE_OR_JSON) == "json":
        return _json(code)
    held, asked = snapshot(), _request(code)
    found = answer_releases(held, asked, _LISTED, lang=lang())
    shown = _lanes(held, asked, lang())
    return render_template(
        "boards/poster.html",
        country=code,
        title=_words(held, asked, lang()).title if shown else territory(code, lang()),
        found=found,
        shown=shown,
        drawn=_figure(held, code) if shown else None,
        undated=[row for row in found.rows if not row.date],
        sizes=[
            (
                size.upper(),
                url_for("boards.file", country=country, format="svg", size=size, **_time()),
            )
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
        Parameter("from", mark("first day, month or year of release")),
        Parameter("to", mark("last day, month or year of release")),
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
    base, asked = held.manifest.base, _request(code)
    draw = (
        _board(held, asked, lambda id: base + id) if size == _SCREEN else _poster(held, asked, size)
    )
    rows = release_rows(answer_releases(held, asked, lang=data_lang()))
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


def _time() -> dict[str, Any]:
    """The part of the time that is asked for, for addresses of the same."""
    return {name: request.args[name][:24] for name in ("from", "to") if request.args.get(name)}


def _asked_lang() -> str | None:
    return request.args.get("lang")


def _request(code: str) -> ReleasesRequest:
    """What the address asks for: the models of a country, or of a part of the time.

    Raises:
        InputError: an end of the time is no date.
    """
    start, end = (request.args.get(name, "")[:24] for name in ("from", "to"))
    between = read_range("released", start, end) if start or end else Between(0, float("inf"))
    return ReleasesRequest(countries=(code,), start=between.low, end=between.high)


def _json(code: str) -> Response:
    found = answer_releases(snapshot(), _request(code), lang=data_lang())
    return Response(to_json(found), content_type=JSON)


def _spoken(code: str) -> str:
    """A language of a country that is spoken here, else English."""
    return next((one for one in get_official_languages(code) if one in LANGS), "en")


@memo(most=8)
def _lanes(held: Snapshot, asked: ReleasesRequest, spoken: str) -> LaneFile | None:
    every = len(find_releases(held, asked)) <= _EVERY
    return drawing.make_lanes(
        held,
        asked,
        spoken,
        _EVERY if every else _SOME,
        _MAKERS if every else LANES,
        whole=every,
    )


@memo(most=8)
def _words(held: Snapshot, asked: ReleasesRequest, spoken: str) -> PosterWords:
    """What stands on the poster of a country whose models have dates."""
    found, say = _lanes(held, asked, spoken), translator(spoken)
    assert found
    (code,) = asked.countries
    last = (found.span[1] - 1) // 12
    told = {"country": territory(code, spoken) or code, "first": found.since, "last": last}
    models = sum(len(lane.items) + sum(lane.crowd.values()) for lane in found.lanes)
    counts = {"models": number(models, spoken), "makers": number(len(found.lanes), spoken)}
    return PosterWords(say(_TITLE) % told, say(_ABOUT) % counts, say(_LEGEND))


def _poster(held: Snapshot, asked: ReleasesRequest, size: str) -> Callable[[Canvas], Markup]:
    """What draws the poster.

    Raises:
        Refusal: no model of the country has a date.
    """

    def draw(canvas: Canvas) -> Markup:
        found = _lanes(held, asked, canvas.lang)
        if found is None:
            raise Refusal(404, Message("no release that is asked for has a date"))
        told, lines = drawing.with_bases(held, found.lanes, canvas.lang)
        own = drawing.linked(told, lambda id: held.manifest.base + id)
        words = _words(held, asked, canvas.lang)
        return draw_poster(own, found.span, lines, words, size, canvas)

    return draw


def _board(
    held: Snapshot, asked: ReleasesRequest, address_of: Callable[[str], str]
) -> Callable[[Canvas], Markup]:
    """What draws the board for a screen.

    Raises:
        Refusal: no model of the country has a date.
    """

    @cache
    def prepared(code: str) -> tuple[LaneFile, Sequence[tuple[int, int]]]:
        found = _lanes(held, asked, code)
        if found is None:
            raise Refusal(404, Message("no release that is asked for has a date"))
        told, lines = drawing.with_bases(held, found.lanes, code)
        return found._replace(lanes=drawing.linked(told, address_of)), lines

    def draw(canvas: Canvas) -> Markup:
        found, lines = prepared(canvas.lang)
        title = _words(held, asked, canvas.lang).title
        return lanes.draw(found.lanes, found.span, title, canvas, ROWS, lines)

    return draw


@memo(most=8)
def _drawings(held: Snapshot, asked: ReleasesRequest, code: str, root: str) -> Figure:
    """The board in the widths that a page needs; what leads to pages begins with `root`."""
    return on_page(_board(held, asked, href), code, (), BROAD["w-x"], BROAD)


def _figure(held: Snapshot, code: str) -> Figure:
    """The board on its page, with its files."""
    files = [
        (f, url_for("boards.file", country=code.lower(), format=f, lang=lang(), **_time()))
        for f in FORMATS
    ]
    drawn = _drawings(held, _request(code), lang(), request.root_path)
    return drawn._replace(files=files, embedded=embed_address(dict(files)["svg"]))
