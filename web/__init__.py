"""The site: pages, their twins for programs, and the SPARQL endpoint. It reads, and never writes.

`web` imports `kg`, never the other way. README.md beside this file says what each room does.
"""

from __future__ import annotations

from flask import Flask

from kg.config import Config, load_config
from web.app import caching as headers
from web.app import (
    context,
    cors,
    errors,
    fields,
    guard,
    i18n,
    kept,
    log,
    metrics,
    proxy,
    styles,
    templates,
)
from web.tree import shapes
from web.ui import corrections as mending
from web.ui import factrows, layout, links, spacing
from web.ui import format as words
from web.ui.features import register_features


def create_app(config: Config | None = None) -> Flask:
    """Make the application; gunicorn runs the string `web:create_app()`.

    Args:
        config: what to serve and how; read from the environment by default.
    """
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # an id may hold what looks like an address
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    context.attach(app, config or load_config())
    for part in (
        templates,
        kept,
        metrics,
        cors,
        i18n,
        headers,
        errors,
        words,
        layout,
        links,
        factrows,
        mending,
        shapes,
        styles,
        spacing,
        fields,
    ):
        part.register(app)
    register_features(app)
    kept.stand_before(app)
    guard.register(app)
    log.register(app)
    proxy.register(app, app.extensions["gyebo"].config)
    return app
