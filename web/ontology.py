"""The vocabulary: the page that the terms' IRIs lead to, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from kg.paths import ONTOLOGY
from kg.vocab import KG, Kind, Vocabulary
from web.context import lang, snapshot
from web.i18n import mark
from web.negotiate import PAGE, Offer, negotiate

bp = Blueprint("ontology", __name__)

# Names of the value types, where a property does not point at an entity.
TYPES = {
    "entity": mark("entity"),
    "integer": mark("whole number"),
    "decimal": mark("number"),
    "boolean": mark("yes or no"),
    "date": mark("date"),
    "url": mark("web address"),
    "string": mark("text"),
    "text": mark("text in a language"),
}
EDGES = {
    "weights": mark("passes on weights"),
    "distillation": mark("passes on outputs of a teacher"),
    "data": mark("passes on data"),
}


@bp.get("/ontology")
def page() -> ResponseReturnValue:
    """The vocabulary as a page, or as Turtle where that is asked for."""
    if negotiate((PAGE, Offer("turtle", ("text/turtle",)))) == "turtle":
        return turtle()
    known: Vocabulary = snapshot().vocabulary
    return render_template("ontology.html", kinds_full=known.kinds, properties=known.properties,
                           order=sorted(("en", "ko"), key=lambda code: code != lang()),
                           types=TYPES, edges=EDGES, local=local, ns=KG)  # fmt: skip


def local(kind: Kind) -> str:
    """The local name of a kind's class, which is its anchor."""
    return kind.term.iri.removeprefix(KG)


@bp.get("/ontology.ttl")
def turtle() -> Response:
    """The vocabulary as it stands in ontology/kg.ttl."""
    body = (ONTOLOGY / "kg.ttl").read_bytes()
    return Response(body, content_type="text/turtle; charset=utf-8")
