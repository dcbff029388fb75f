"""The home page, what this is, and what machines ask of every site."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, url_for

from web.context import lang, snapshot
from web.front import disputes, families
from web.headers import untagged
from web.i18n import gettext, mark
from web.trees import href, section

bp = Blueprint("pages", __name__)

FIGURES: Mapping[str, str] = {
    "model": mark("Models"),
    "family": mark("Families"),
    "dataset": mark("Datasets"),
    "org": mark("Organizations"),
    "license": mark("Licenses"),
    "source": mark("Sources"),
}

_ROBOTS = """User-agent: *
Disallow: /search?
Disallow: /search.json?
Disallow: /sparql?
"""


@bp.get("/")
def home() -> str:
    """Search, figures, families."""
    held = snapshot()
    cards = families(held, lang())
    return render_template(
        "home.html",
        counts=held.manifest.counts,
        figures=[(kind, gettext(word), held.manifest.counts.get(kind, 0))
                 for kind, word in FIGURES.items()],
        families=cards,
        total=held.manifest.counts.get("family", 0),
        tree=section(cards[0].id, 30, bar=False) if cards else None,
        tree_href=href,
        tree_title=cards[0].label if cards else "",
        disputes=disputes(held, lang()),
    )  # fmt: skip


@bp.get("/about")
def about() -> str:
    """What this is and how facts are ranked."""
    return render_template("about.html", version=snapshot().manifest.version)


@bp.get("/-/health")
def health() -> dict[str, object]:
    """Whether a snapshot is served, and which."""
    untagged()
    manifest = snapshot().manifest
    return {
        "status": "ok",
        "version": manifest.version,
        "snapshot": snapshot().folder.name,
        "gyebo": manifest.gyebo,
        "counts": manifest.counts,
    }


@bp.get("/robots.txt")
def robots() -> Response:
    """Robots need not search or query: every page can be reached by links."""
    text = f"{_ROBOTS}Sitemap: {snapshot().manifest.base}sitemap.xml\n"
    return Response(text, content_type="text/plain; charset=utf-8")


@bp.get("/favicon.ico")
def favicon() -> Response:
    """For programs that look for the icon where it used to be."""
    return Response(status=308, headers={"Location": url_for("static", filename="favicon.svg")})
