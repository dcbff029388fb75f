"""The site: pages, their twins for programs, and the SPARQL endpoint. It reads, and never writes.

`web` imports `kg`, never the other way. README.md beside this file says what each module does.
"""

from __future__ import annotations

from flask import Flask

from kg.config import Config, load_config
from web.app import caching as headers
from web.app import context, errors, i18n, log, proxy, styles
from web.data import downloads, ontology, wellknown
from web.data import protocol as sparql
from web.entity import card as cards
from web.entity import routes as entities
from web.license import pages as license_pages
from web.search import page as search
from web.search import suggest
from web.site import changes, compare, docs, sitemap, trends
from web.site import home as pages
from web.ui import corrections as mending
from web.ui import format as words
from web.ui import layout, links


def create_app(config: Config | None = None) -> Flask:
    """Make the application; gunicorn runs the string `web:create_app()`.

    Args:
        config: what to serve and how; read from the environment by default.
    """
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # an id may hold what looks like an address
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    context.attach(app, config or load_config())
    for part in (i18n, headers, errors, words, layout, links, mending):
        part.register(app)
    for page in (
        pages,
        styles,
        cards,
        changes,
        sitemap,
        compare,
        search,
        suggest,
        sparql,
        downloads,
        wellknown,
        ontology,
        license_pages,
        trends,
        docs,
        entities,
    ):
        app.register_blueprint(page.bp)
    log.register(app)
    proxy.register(app, app.extensions["gyebo"].config)
    return app
