"""What is suggested while a name is being typed, and how browsers learn of the search."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request, url_for

from kg.answers.contract import SuggestAnswer, Suggested, to_json
from kg.answers.search import suggest as suggested
from kg.errors import UnknownFormat
from web.app.context import lang, snapshot
from web.app.i18n import mark
from web.app.negotiate import JSON, Offer, negotiate
from web.app.params import whole_number
from web.search._facets import label
from web.search._request import one_line
from web.ui.features import Feature
from web.ui.operations import LANGUAGE, Parameter, among, operation, whole

bp = Blueprint("suggest", __name__)
FEATURE = Feature(blueprint=bp)

SUGGESTIONS = "application/x-suggestions+json"
DESCRIPTION = "application/opensearchdescription+xml"
MOST = 8
_LIMIT = 20  # that may be asked for
_CACHE = "public, max-age=300"  # seconds; a build is seldom and a name seldom new
_OFFERS = (Offer("json", (JSON,)), Offer("opensearch", (SUGGESTIONS,)))


@bp.get("/suggest")
@operation(
    "suggest",
    "/suggest",
    mark("What has a name that begins as typed; half-typed syllables count."),
    SuggestAnswer,
    example="/suggest?q=코알&format=json",
    parameters=(
        Parameter("q", mark("what was typed")),
        Parameter("limit", mark("most suggestions"), whole(1, _LIMIT, MOST)),
        Parameter(
            "format",
            mark("our answer, or the array of OpenSearch"),
            among(offer.name for offer in _OFFERS),
        ),
        LANGUAGE,
    ),
    media=(JSON, SUGGESTIONS),
    takes_more=True,
)
def suggest() -> Response:
    """What has a name that begins as typed: our own answer, or the array of OpenSearch.

    Raises:
        UnknownFormat: the parameter `format` is neither json nor opensearch.
    """
    formats = [offer.name for offer in _OFFERS]
    format = request.args.get("format") or negotiate(_OFFERS)
    if format not in formats:
        raise UnknownFormat(format[:40], formats)
    typed = one_line(request.args.get("q", ""))
    most = whole_number("limit", MOST, 1, _LIMIT) or MOST
    found = suggested(snapshot(), typed, most, lang())
    if format == "json":
        response = Response(to_json(SuggestAnswer(found)), content_type=JSON)
    else:
        response = Response(_array(typed, found), content_type=SUGGESTIONS)
    response.headers["Cache-Control"] = _CACHE
    return response


def _array(typed: str, found: list[Suggested]) -> str:
    """The answer of the OpenSearch suggestions extension: typed, names, descriptions, addresses."""
    urls = [url_for("entities.entity", name=s.id, _external=True) for s in found]
    return json.dumps(
        [typed, [s.name for s in found], [_described(s) for s in found], urls], ensure_ascii=False
    )


def _described(found: Suggested) -> str:
    """The kind, and the label where another name begins so."""
    kind = label("kind", found.kind)
    return kind if found.name == found.label else f"{kind} · {found.label}"


@bp.get("/opensearch.xml")
def opensearch() -> Response:
    """The description with which a browser adds this search."""
    snapshot()  # its version is part of the ETag
    response = Response(render_template("search/opensearch.xml"), content_type=DESCRIPTION)
    response.headers["Cache-Control"] = _CACHE
    return response
