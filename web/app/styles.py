"""The one stylesheet of the site, put together from the sheets in static/.

The sheets stay apart in the source because each belongs to the templates of one part, and because
lineage.css and charts.css are also written into drawings that stand alone. They are sent as one:
measured with tests/weigh.py, all of them are 12 kB compressed and site.css alone is 6, while a model
page needed four requests that each held back the first paint. One file is fetched once and then serves every page.
"""

from __future__ import annotations

import re
from functools import cache

from flask import Blueprint, Response, request

from web.paths import STATIC

bp = Blueprint("styles", __name__)

SHEETS = (
    "app/site.css",
    "tree/lineage.css",
    "tree/tree.css",
    "charts/charts.css",
    "charts/figures.css",
    "license/license.css",
    "site/compare.css",
    "site/changes.css",
    "data/query.css",
    "app/print.css",
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


@cache
def stylesheet() -> str:
    """All sheets in their order, without comments and indents."""
    text = "".join((STATIC / name).read_text(encoding="utf-8") for name in SHEETS)
    return _SPACE.sub("\n", _COMMENT.sub("", text))


@bp.get("/style-<tag>.css")
def style(tag: str) -> Response:
    """The stylesheet; its address changes with the program, but an older one still answers."""
    response = Response(stylesheet(), content_type="text/css; charset=utf-8")
    response.add_etag()
    response.make_conditional(request)
    return response
