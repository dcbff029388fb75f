"""`/embed/…`: every chart of the site alone, for other sites to show in a frame; and oEmbed, which tells them how.

The address of a chart is that of its picture without `.svg`, under /embed: /embed/trends/parameters, /embed/timeline?country=KR,
/embed/family/llama/lineage. The page holds the picture as its file has it, with links and what is told when
something is pointed at, and a line that says whose data it is. Only these pages may stand in a frame of
another site (`frame-ancestors *`). oEmbed: https://oembed.com, version 1.0, in JSON alone.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kg.licenses.wording import territory
from kg.messages.message import Message
from kg.model import media
from web.app.caching import fixed
from web.app.context import snapshot, speak
from web.app.i18n import LANGS, Refusal, mark, translator
from web.app.params import whole_number
from web.ui.addresses import absolute
from web.ui.features import Feature, site_page
from web.ui.figure import credit, embed_address, language
from web.ui.operations import Parameter, operation, whole

bp = Blueprint("embeds", __name__)
FEATURE = Feature(blueprint=bp)

WIDE, TALL = 800, 520  # pixels of a frame, unless the other side has less room
_CACHE = "public, max-age=3600, stale-while-revalidate=86400"
_POLICY = (
    "default-src 'none'; style-src 'self' {style}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
_STYLE = re.compile(r"style-src ([^;]+)")
_LABEL = re.compile(r'<svg[^>]* aria-label="([^"]*)"|<title[^>]*>([^<]*)<')
_NOT_CHARTS = ("static", "styles.style", "embeds.page")
# The chart that stands for a page: of pages that hold several, the first.
_OF_PAGES = {"/trends": "/trends/parameters"}
_TITLES = {
    "timeline": mark("Timeline of releases"),
    "trends/parameters": mark("Parameter counts over time"),
    "trends/context": mark("Context lengths over time"),
    "trends/licenses": mark("Licenses over time"),
    "trends/data": mark("Data over time"),
}
_OF_KINDS = {
    "model": "/lineage",
    "family": "/lineage",
    "org": "/lineage",
    "dataset": "/lineage",
    "benchmark": "/scores",
}


@bp.get("/embed/<path:chart>")
@site_page(
    embed="/embed/trends/parameters",
    embed_timeline="/embed/timeline?country=KR",
    embed_tree="/embed/family/llama/lineage",
)
def page(chart: str) -> ResponseReturnValue:
    """A chart alone, with the line that says whose data it is."""
    code = language()
    picture = picture_of(f"/{chart}.svg")
    if picture.location:  # another name of it
        return redirect(embed_address(picture.location), picture.status_code)
    speak(code)
    fixed(_CACHE)
    drawing = picture.get_data(as_text=True)
    title = _LABEL.search(drawing)
    response = Response(
        render_template(
            "boards/embed.html",
            drawing=drawing,
            title=Markup(title[1] or title[2]) if title else "",
            credit=credit(code),
            origin=absolute(origin_of(f"/{chart}")),
        )
    )
    style = _STYLE.search(picture.headers.get("Content-Security-Policy", ""))
    policy = _POLICY.format(style=style[1] if style else "")
    response.headers["Content-Security-Policy"] = policy
    return response


def picture_of(path: str) -> Response:
    """The picture under a path of this site, asked with the parameters of this request.

    Args:
        path: without the prefix of the site.

    Raises:
        Refusal: no chart stands there.
    """
    endpoint, arguments = _route(path)
    if not endpoint or endpoint in _NOT_CHARTS:
        raise _no_chart(path.removesuffix(".svg"))
    view = current_app.ensure_sync(current_app.view_functions[endpoint])
    answer = current_app.make_response(view(**arguments))
    if answer.location and urlsplit(answer.location).path.endswith(".svg"):
        return answer
    if answer.status_code != 200 or answer.mimetype != media.SVG.media_type:
        raise _no_chart(path.removesuffix(".svg"))
    return answer


def _route(path: str) -> tuple[str, dict[str, Any]]:
    """The endpoint of a path and what it is called with; "" where there is none."""
    adapter = current_app.create_url_adapter(request)
    assert adapter
    try:
        endpoint, arguments = adapter.match(path, "GET")
    except (HTTPException, RequestRedirect):
        return "", {}
    return endpoint, dict(arguments)


def _no_chart(path: str) -> Refusal:
    return Refusal(404, Message("no chart stands at %(path)r", path=path[:200]))


def origin_of(chart: str) -> str:
    """The page that a chart is from, as far as its path tells."""
    parts = chart.strip("/").split("/")
    if parts[0] in ("trends", "timeline"):
        path = f"/{parts[0]}"
    elif parts[0] == "board":
        path = chart
    else:
        path = "/" + "/".join(parts[:-1])
    return request.root_path + path


def chart_of(path: str) -> str:
    """The chart that stands for a page of this site, as a path under /embed; "" where none does.

    Args:
        path: of a page, of a picture, or of a chart under /embed.
    """
    bare = path.removesuffix(".svg").rstrip("/")
    if bare.startswith("/embed/"):
        return bare.removeprefix("/embed")
    if path.endswith(".svg") or bare == "/timeline" or bare.startswith("/board/"):
        return bare
    if bare in _OF_PAGES:
        return _OF_PAGES[bare]
    kind = bare.strip("/").partition("/")[0]
    if kind in _OF_KINDS and bare.count("/") > 1:
        tail = _OF_KINDS[kind]
        return bare if bare.endswith(tail) else bare + tail
    return ""


@bp.get("/oembed")
@operation(
    "oembed",
    "/oembed",
    mark("How a page of this site with a chart is shown on another site, as oEmbed has it."),
    {
        "type": "object",
        "required": ["version", "type", "html", "width", "height"],
        "properties": {
            "version": {"type": "string", "enum": ["1.0"]},
            "type": {"type": "string", "enum": ["rich"]},
            "title": {"type": "string"},
            "provider_name": {"type": "string"},
            "provider_url": {"type": "string"},
            "html": {"type": "string"},
            "width": {"type": "integer"},
            "height": {"type": "integer"},
            "cache_age": {"type": "integer"},
        },
    },
    example="/oembed?url=/trends",
    parameters=(
        Parameter("url", mark("address of a page or chart of this site"), required=True),
        Parameter("maxwidth", mark("most pixels across"), whole(1, 4000)),
        Parameter("maxheight", mark("most pixels down"), whole(1, 4000)),
        Parameter("format", mark("json; another is not offered")),
    ),
    takes_more=True,
)
def oembed() -> Response:
    """The frame to show for an address of this site."""
    if request.args.get("format", "json") != "json":
        raise Refusal(501, Message("oEmbed is offered as JSON alone"))
    asked = request.args.get("url", "").strip()
    width = min(WIDE, whole_number("maxwidth", WIDE, 1, 4000) or WIDE)
    height = min(TALL, whole_number("maxheight", TALL, 1, 4000) or TALL)
    path, query = _own_path(asked)
    chart = chart_of(path)
    endpoint, _ = _route(f"{chart}.svg") if chart else ("", {})
    if not endpoint or endpoint in _NOT_CHARTS:
        raise _no_chart(asked)
    fixed(_CACHE)
    address = absolute(f"{request.root_path}/embed{chart}") + (f"?{query}" if query else "")
    title = f"Gyebo (계보): {_title(chart, query)}"
    frame = render_template(
        "boards/frame.html", address=address, width=width, height=height, title=title
    )
    return jsonify(
        version="1.0",
        type="rich",
        title=title,
        provider_name="Gyebo (계보)",
        provider_url=absolute(url_for("pages.home")),
        html=frame.strip(),
        width=width,
        height=height,
        cache_age=3600,
    )


def _title(chart: str, query: str) -> str:
    """What a chart is called, in the language that its address names.

    Raises:
        UnknownId: the entity that it would be of does not exist.
    """
    spoken = parse_qs(query).get("lang", ["en"])[-1]
    code = spoken if spoken in LANGS else "en"
    name = chart.strip("/")
    kind, _, rest = name.partition("/")
    if kind in _OF_KINDS:
        return snapshot().label(snapshot().find(f"{kind}/{rest.rpartition('/')[0]}"), code)
    if kind == "board":
        return f"{translator(code)('Boards by country')}: {territory(rest.upper(), code) or rest}"
    return translator(code)(_TITLES[name]) if name in _TITLES else name


def _own_path(asked: str) -> tuple[str, str]:
    """The path and the query of an address of this site, without the prefix that it stands under.

    Raises:
        Refusal: it is of another site.
    """
    try:
        parts = urlsplit(asked)
    except ValueError:
        raise _no_chart(asked) from None
    own = {urlsplit(snapshot().manifest.base).netloc, request.host, ""}
    if parts.netloc not in own or parts.scheme not in ("http", "https", ""):
        raise Refusal(404, Message("%(url)r is no address of this site", url=asked[:200]))
    base = urlsplit(snapshot().manifest.base).path.rstrip("/")
    root = request.root_path or base
    path = parts.path
    if root and (path == root or path.startswith(f"{root}/")):
        path = path.removeprefix(root)
    return path or "/", parts.query
