"""What is the same whatever the snapshot: the one stylesheet, put together from the sheets in static/, and static files.

The sheets stay apart in the source because each belongs to the templates of one part, and because
lineage.css and charts.css are also written into drawings that stand alone. They are sent as one:
measured with tests/weigh.py, all of them are 12 kB compressed and site.css alone is 6, while a model
page needed four requests that each held back the first paint. One file is fetched once and then serves every page.

Files have tags that follow from their bytes, and no date: when a file was written differs from node to node, and a
reader is sent to any of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from flask import Blueprint, Flask, Response, request, send_from_directory

from web.paths import STATIC

bp = Blueprint("styles", __name__)

# Sheets of many pages
_FIRST = (
    "app/site.css",
    "tree/lineage.css",
    "tree/tree.css",
    "charts/charts.css",
    "charts/figures.css",
)
_LAST = "app/print.css"


def _find_sheets() -> tuple[str, ...]:
    """All sheets in static/: what many pages share, those of single features, then paper."""
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.css")}
    return (*_FIRST, *sorted(found - {*_FIRST, _LAST}), _LAST)


SHEETS = _find_sheets()
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


@cache
def _sums() -> Mapping[str, str]:
    """A checksum of each static file, by its address."""
    files = (path for path in STATIC.rglob("*") if path.is_file())
    return {
        p.relative_to(STATIC).as_posix(): sha256(p.read_bytes()).hexdigest()[:20] for p in files
    }


def static_file(filename: str) -> Response:
    """A file of static/."""
    response = send_from_directory(STATIC, filename, etag=_sums().get(filename, False))
    del response.headers["Last-Modified"]
    return response


def register(app: Flask) -> None:
    """Let an application serve them."""
    app.register_blueprint(bp)
    app.view_functions["static"] = static_file
