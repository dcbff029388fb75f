"""The home page, what this is, and what machines ask of every site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from flask import Blueprint, Response, render_template, request, url_for

from kg.answers.boards.today import families_today, newest_release
from kg.answers.contract import to_json
from kg.messages.message import Message
from web.app.caching import untagged
from web.app.context import lang, site, snapshot
from web.app.i18n import Refusal, gettext, mark
from web.app.metrics import metrics_answer
from web.app.negotiate import JSON
from web.tree.today import today_svg
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.highlights import disputes, families
from web.ui.operations import operation
from web.ui.questions import CHOICE, ask_choice, ask_gap, ask_origin

bp = Blueprint("pages", __name__)
FEATURE = Feature(blueprint=bp)

FIGURES: Mapping[str, str] = {
    "model": mark("Models"),
    "family": mark("Families"),
    "dataset": mark("Datasets"),
    "license": mark("Licenses"),
}
_TODAY_HELP = "today-help"
_TRIED = 3  # families that a search is offered for

_ROBOTS = """User-agent: *
Disallow: {0}/search?
Disallow: {0}/search.json?
Disallow: {0}/sparql?
"""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What is served."""

    status: str
    version: str  # of the data
    snapshot: str
    gyebo: str  # version of the program that built it
    counts: dict[str, int]
    as_of: str  # the last day on which a source of the data was read, ISO; "" if none says so


class QueriesNow(msgspec.Struct, frozen=True, kw_only=True):
    """What the query processes of the public do in this process."""

    running: int
    waiting: int
    most: int  # how many may run at once


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """That this process answers."""

    status: str
    version: str  # of the data
    checked: float  # how many seconds ago search and a query were tried
    queries: QueriesNow
    # It goes by itself, shares with other nodes, or cannot reach them
    shared: Literal["off", "on", "away"]


@bp.get("/")
@site_page(in_sitemap=True, home="/")
def home() -> str:
    """What this is in one look: a search, the families of today, three questions with their answers, size and date."""
    held = snapshot()
    today = families_today(held, lang())
    return render_template(
        "site/home.html",
        counts=held.manifest.counts,
        figures=[
            (kind, gettext(word), held.manifest.counts.get(kind, 0))
            for kind, word in FIGURES.items()
        ],
        as_of=held.manifest.as_of,
        newest=newest_release(held),
        today=today,
        today_svg=today_svg(today, lang(), _TODAY_HELP),
        today_help=_TODAY_HELP,
        tried=[one.label for one in sorted(today, key=lambda one: -one.models)[:_TRIED]],
        choice=ask_choice(held, lang()),
        choice_query=CHOICE,
        gap=ask_gap(held, lang()),
        origin=ask_origin(held, lang()),
        families=families(held, lang()),
        total=held.manifest.counts.get("family", 0),
        disputes=disputes(held, lang()),
    )


@bp.get("/about")
@site_page(menu=(MenuEntry(mark("About"), 60),), in_sitemap=True, about="/about")
def about() -> str:
    """What this is and how facts are ranked."""
    return render_template("site/about.html", version=snapshot().manifest.version)


@bp.get("/-/health")
@operation(
    "health",
    "/-/health",
    mark("Whether a snapshot is served, and which."),
    Health,
    example="/-/health",
    takes_more=True,
)
def health() -> Response:
    """Whether a snapshot is served, and which."""
    untagged()
    manifest = snapshot().manifest
    known = Health(
        status="ok",
        version=manifest.version,
        snapshot=snapshot().folder.name,
        gyebo=manifest.gyebo,
        counts=manifest.counts,
        as_of=manifest.as_of,
    )
    return Response(to_json(known), content_type=JSON)


@bp.get("/-/ready")
@operation(
    "ready",
    "/-/ready",
    mark("Whether this process can answer: what it found when it last tried search and a query."),
    Ready,
    example="/-/ready",
    takes_more=True,
)
def ready() -> Response:
    """Whether this process answers, as far as it knows; nobody is waited for."""
    untagged()
    known = site().readiness.known()
    if known is None:
        raise Refusal(503, Message("search and queries are being tried; ask again"))
    if known.failure:
        raise known.failure
    public = site().pool.load
    told = Ready(
        status="ready",
        version=snapshot().manifest.version,
        checked=round(site().readiness.age(known), 1),
        queries=QueriesNow(running=public.running, waiting=public.waiting, most=public.size),
        shared=site().sharing.state,
    )
    return Response(to_json(told), content_type=JSON)


@bp.get("/-/metrics")
def metrics() -> Response:
    """Numbers for who runs the service, in OpenMetrics."""
    return metrics_answer(snapshot().manifest)


@bp.get("/robots.txt")
def robots() -> Response:
    """Robots need not search or query: every page can be reached by links."""
    held = _ROBOTS.format(request.root_path)
    text = f"{held}Sitemap: {snapshot().manifest.base}sitemap.xml\n"
    return Response(text, content_type="text/plain; charset=utf-8")


@bp.get("/favicon.ico")
def favicon() -> Response:
    """For programs that look for the icon where it used to be."""
    return Response(status=308, headers={"Location": url_for("static", filename="app/favicon.svg")})
