"""`/sitemap.xml`: an index of parts of at most 50,000 addresses, as sitemaps.org caps them.

A part is a run of lines of the release, read by their offsets and sent as they are read, so a part
costs the same at 1,000 entities and at millions. Pages say themselves which languages they come in.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, Response, url_for
from markupsafe import escape

from kg.messages.message import Message
from kg.model.iri import iri
from kg.snapshot.snapshot import Snapshot
from web.app.caching import fixed
from web.app.context import snapshot
from web.app.i18n import Refusal
from web.ui.features import Feature, registry

bp = Blueprint("sitemap", __name__)
FEATURE = Feature(blueprint=bp)

MOST = 50_000  # addresses in one part
_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_BATCH = 1_000  # addresses sent together
_CACHE = "public, max-age=3600"


@bp.get("/sitemap.xml")
def index() -> Response:
    """The parts: the pages that are no entity, then the entities."""
    held = snapshot()
    built = held.history.summary.built
    parts = range(-(-len(held.lines) // MOST) + 1)
    rows = [
        f"<sitemap><loc>{escape(_part_address(held, n))}</loc><lastmod>{built}</lastmod>"
        "</sitemap>\n"
        for n in parts
    ]
    fixed(_CACHE)
    body = f"{_HEAD}<sitemapindex {_SPACE}>\n{''.join(rows)}</sitemapindex>\n"
    return Response(body, content_type=_XML)


def _part_address(held: Snapshot, number: int) -> str:
    return f"{held.manifest.base}sitemap-{number}.xml"


@bp.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """One part; 0 holds the pages that are no entity."""
    held = snapshot()
    last = -(-len(held.lines) // MOST)
    if number > last:
        raise Refusal(
            404,
            Message(
                "there is no part %(number)s; the last is %(last)s, and /sitemap.xml lists them",
                number=number,
                last=last,
            ),
        )
    fixed(_CACHE)
    addresses = _entities(held, number) if number else [_row(a) for a in _pages(held)]
    body = chain([f"{_HEAD}<urlset {_SPACE}>\n"], addresses, ["</urlset>\n"])
    return Response(body, content_type=_XML)


def _entities(held: Snapshot, number: int) -> Iterator[str]:
    """The addresses of a part. It may be sent after the request has given its snapshot back: the lines are mapped."""
    end = min(number * MOST, len(held.lines))
    for start in range((number - 1) * MOST, end, _BATCH):
        lines = range(start, min(start + _BATCH, end))
        yield "".join(_row(iri(held.manifest.base, held.lines.id(n))) for n in lines)


def _pages(held: Snapshot) -> Iterator[str]:
    root = len(url_for("pages.home"))  # what the site stands under is part of the base
    listed = sorted(url_for(name) for name, page in registry().pages.items() if page.in_sitemap)
    return (held.manifest.base + address[root:] for address in listed)


def _row(address: str) -> str:
    return f"<url><loc>{escape(address)}</loc></url>\n"
