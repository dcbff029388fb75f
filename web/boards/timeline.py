"""`/timeline`: which models came out when, in a lane for each maker or country; and as JSON, CSV and SVG."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kg.answers.boards.releases import (
    LaunchesAnswer,
    ReleasesRequest,
    answer_releases,
    count_countries,
)
from kg.answers.contract import to_json
from kg.errors import InputError
from kg.licenses.wording import territory
from kg.messages.message import Message
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.caching import untagged
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, gettext, mark, render_message
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, whole_number
from web.app.representations import link_next
from web.boards import _drawing as drawing
from web.boards._asked import (
    MOST_VALUES,
    PAGED,
    TimelinePage,
    address,
    chips,
    is_untidy,
    read_asked,
    read_page,
    read_state,
)
from web.boards._drawing import LaneFile
from web.charts import lanes
from web.charts.plot import Canvas
from web.ui.features import Feature, site_page
from web.ui.figure import (
    BROAD,
    FORMATS,
    Figure,
    chart_answer,
    embed_address,
    on_page,
    table_answer,
)
from web.ui.links import href
from web.ui.operations import LANGUAGE, Parameter, among, many, operation, whole
from web.ui.paging import pages

bp = Blueprint("timeline", __name__)
FEATURE = Feature(blueprint=bp)

PAGE_SIZE, MOST_ROWS, LAST_PAGE = 60, 1000, 100_000
COLUMNS = ("id", "label", "date", "makers", "countries", "access", "descendants", "lane")
_PARAMETERS = (
    Parameter("by", mark("what a lane is"), {**among(("org", "country")), "default": "org"}),
    Parameter("org", mark("organization, by id or name"), many(most=MOST_VALUES)),
    Parameter("country", mark("country of the makers, by code or name"), many(most=MOST_VALUES)),
    Parameter("open", mark("1: models alone whose weights one can have"), among(("1",))),
    Parameter("from", mark("first day, month or year of release")),
    Parameter("to", mark("last day, month or year of release")),
)


@bp.get("/timeline")
@site_page(
    parameters=PAGED,
    in_sitemap=True,
    timeline="/timeline",
    timeline_asked="/timeline?by=country&from=2023&open=1",
    timeline_nothing="/timeline?org=naver&to=1999",
)
def page() -> ResponseReturnValue:
    """The lanes with the list of what they show; the address is the whole state."""
    if negotiate(PAGE_OR_JSON) == "json":
        return timeline_json()
    held, state = snapshot(), read_state(request.args)
    if is_untidy(request.args):  # as a form sends it
        return redirect(address(state))
    try:
        asked = read_page(held, state)
        number = whole_number("page", 1, 1, LAST_PAGE) or 1
    except InputError as error:
        untagged()
        bare = TimelinePage(state, ReleasesRequest())
        return _page(bare, 1, render_message(error.message)), 400
    return _page(asked, number)


def _page(page: TimelinePage, number: int, error: str = "") -> str:
    held = snapshot()
    found = answer_releases(held, page.asked, PAGE_SIZE, (number - 1) * PAGE_SIZE, lang())
    last = max(1, -(-found.total // PAGE_SIZE))
    if number > last:
        number = last
        found = answer_releases(held, page.asked, PAGE_SIZE, (last - 1) * PAGE_SIZE, lang())
    shown = drawing.make_lanes(held, page.asked, lang())
    return render_template(
        "boards/timeline.html",
        error=error,
        state=page.state,
        asked=page.asked,
        found=found,
        shown=shown,
        figure_of=None if error or not shown else show_lanes(held, page),
        title=title_of(held, page.asked, lang(), gettext),
        chips=[] if error else chips(held, page, lang()),
        clear=address({}),
        countries=country_choices(held, lang()),
        makers=drawing.make_lanes(held, ReleasesRequest(), lang()),
        whole=address({**page.state, "from": ("1900",), "page": ()}),
        files={
            name: address(page.state, f"timeline.timeline_{name.lower()}")
            for name in ("CSV", "JSON")
        },
        paging=pages(number, last, lambda n: address(page.state, page=(str(n),) if n > 1 else ())),
        territory=lambda code: territory(code, lang()) or code,
    )


@memo(most=4)
def country_choices(held: Snapshot, code: str) -> list[tuple[str, str, int]]:
    """The countries with makers: code, name and how many models."""
    return [(c, territory(c, code) or c, number) for c, number in count_countries(held).items()]


def title_of(held: Snapshot, asked: ReleasesRequest, code: str, say: Callable[[str], str]) -> str:
    """What a timeline shows, in words."""
    names = [held.label(org, code) for org in asked.orgs]
    names += [territory(country, code) or country for country in asked.countries]
    words = say(_TITLES[asked.by])
    return f"{words}: {', '.join(names)}" if names else words


_TITLES = {
    "org": mark("Releases of models by organization"),
    "country": mark("Releases of models by country"),
}


def drawn_by(
    held: Snapshot, asked: ReleasesRequest, address_of: Callable[[str], str]
) -> Callable[[Canvas], Markup]:
    """What draws a timeline.

    Args:
        held: an open snapshot.
        asked: what it shows.
        address_of: the address of an entity.

    Raises:
        Refusal: nothing that is asked for has a date.
    """

    @cache
    def prepared(code: str) -> LaneFile:
        found = drawing.make_lanes(held, asked, code)
        if found is None:
            raise Refusal(404, Message("no release that is asked for has a date"))
        return found._replace(lanes=drawing.linked(found.lanes, address_of))

    def draw(canvas: Canvas) -> Markup:
        found, title = prepared(canvas.lang), title_of(held, asked, canvas.lang, canvas.gettext)
        return lanes.draw(found.lanes, found.span, title, canvas)

    return draw


@memo(most=24)
def _drawings(held: Snapshot, asked: ReleasesRequest, code: str, root: str) -> Figure:
    """The drawing in the widths that a page needs; what leads to pages begins with `root`."""
    return on_page(drawn_by(held, asked, href), code, (), BROAD["w-x"], BROAD)


def show_lanes(held: Snapshot, page: TimelinePage) -> Figure:
    """The drawing on the page, with its files."""
    files = [(f, address(page.state, f"timeline.timeline_{f}")) for f in FORMATS]
    drawn = _drawings(held, page.asked, lang(), request.root_path)
    return drawn._replace(files=files, embedded=embed_address(dict(files)["svg"]))


@bp.get("/timeline.json")
@operation(
    "timeline",
    "/timeline.json",
    mark("Releases of models by date, the newest first, each with its makers and their countries."),
    LaunchesAnswer,
    example="/timeline.json?country=KR&limit=3",
    parameters=(
        *_PARAMETERS,
        Parameter("limit", mark("most rows in one answer"), whole(1, MOST_ROWS, PAGE_SIZE)),
        Parameter("page", mark("page of the rows"), whole(1, LAST_PAGE, 1)),
        LANGUAGE,
    ),
)
def timeline_json() -> Response:
    """The releases as data; a Link header leads to those that follow."""
    limit = whole_number("limit", PAGE_SIZE, 1, MOST_ROWS) or PAGE_SIZE
    offset = ((whole_number("page", 1, 1, LAST_PAGE) or 1) - 1) * limit
    found = answer_releases(snapshot(), read_asked().asked, limit, offset, data_lang())
    response = Response(to_json(found), content_type=JSON)
    if offset + limit < found.total:
        link_next(response, offset // limit + 2)
    return response


@bp.get("/timeline.csv")
def timeline_csv() -> Response:
    """All releases as CSV."""
    held, asked = snapshot(), read_asked().asked
    rows = release_rows(answer_releases(held, asked, lang=data_lang()))
    return table_answer("timeline", COLUMNS, rows)


def release_rows(found: LaunchesAnswer) -> list[tuple[object, ...]]:
    """Releases as rows of a table, with the columns of COLUMNS."""
    return [
        (
            one.id,
            one.label,
            one.date or "",
            "; ".join(maker.id for maker in one.makers),
            " ".join(one.countries),
            one.access or "",
            "" if one.descendants is None else one.descendants,
            one.lane,
        )
        for one in found.rows
    ]


@bp.get("/timeline.svg")
def timeline_svg() -> Response:
    """The drawing as a file."""
    held, asked = snapshot(), read_asked().asked
    base = held.manifest.base
    return chart_answer("svg", "timeline", drawn_by(held, asked, lambda id: base + id), (), ())
