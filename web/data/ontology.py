"""The vocabulary: the page that the terms' IRIs lead to, the file in every form, and its terms as JSON.

The page is made from ontology/kg.ttl and from what a build counted; nothing of it is written by hand.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import msgspec
import pyoxigraph as ox
from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kg.answers.contract import to_json
from kg.errors import SnapshotError
from kg.export.formats import write_rdf
from kg.export.jsonld import CONTEXT, Context, kg_context
from kg.messages.message import Message
from kg.model.vocabulary import KG, PREFIXES, Property, Vocabulary, VocabularyTerm
from kg.paths import ONTOLOGY
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.statistics import Count
from kg.sparql.examples import Example, examples
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, mark
from web.app.negotiate import JSON, PAGE, negotiate
from web.app.representations import (
    RDF_OR_JSON,
    RDF_SUFFIXES,
    link,
    link_twins,
    media_type,
    rdf_response,
)
from web.ui.features import Feature, site_page
from web.ui.operations import operation

bp = Blueprint("ontology", __name__)
FEATURE = Feature(blueprint=bp)

# Names of the value types, where a property does not point at an entity.
TYPES = {
    "entity": mark("entity"),
    "integer": mark("whole number"),
    "decimal": mark("number"),
    "double": mark("number"),
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


class Used(NamedTuple):
    """How a term is used in the data and in saved queries."""

    counted: Count | None
    queries: list[Example]


class Completion(msgspec.Struct, frozen=True, omit_defaults=True, rename={"is_class": "class"}):
    """A term as the query page completes it."""

    term: str
    labels: list[str]
    is_class: bool = False


class Completions(msgspec.Struct, frozen=True):
    """The terms that queries may hold, and their prefixes."""

    prefixes: Mapping[str, str]
    terms: list[Completion]


class Mapped(NamedTuple):
    """A term of another vocabulary."""

    iri: str
    short: str


@bp.get("/ontology")
@bp.get("/ontology.<suffix>")
@site_page(in_sitemap=True, ontology="/ontology")
def page(suffix: str = "") -> ResponseReturnValue:
    """The vocabulary as a page, or in the form of RDF that is asked for."""
    if suffix and suffix not in RDF_SUFFIXES:
        raise Refusal(
            404,
            Message(
                "the ontology has no form %(suffix)r; there are %(known)s",
                suffix=suffix[:20],
                known=RDF_SUFFIXES,
            ),
        )
    format = RDF_SUFFIXES[suffix] if suffix else negotiate((PAGE, *RDF_OR_JSON))
    response = make_response(_page()) if format == "html" else rdf_response(_file(format), format)
    link(response, "canonical", KG.removesuffix("#"))
    link_twins(response, url_for("ontology.page"), RDF_SUFFIXES)
    return response


@bp.get(f"/{CONTEXT}")
def context() -> Response:
    """The JSON-LD context: a key for each property, by its name."""
    made = {"@context": kg_context(snapshot().vocabulary).json()}
    body = msgspec.json.format(msgspec.json.encode(made), indent=2)
    return Response(body, content_type=media_type("jsonld"))


@bp.get("/ontology/terms.json")
@operation(
    "terms",
    "/ontology/terms.json",
    mark("Prefixes, classes and properties with their labels."),
    Completions,
    example="/ontology/terms.json",
)
def terms() -> Response:
    """Prefixes, classes and properties with their labels, for completion in the query page."""
    known = snapshot().vocabulary
    ours = [_entry(k.term, True) for k in known.kinds.values()]
    ours += [_entry(p.term) for p in known.properties.values()]
    others = [
        Completion(_short(known, iri), [""])
        for iri in snapshot().statistics.properties
        if not iri.startswith(KG)
    ]
    return Response(to_json(Completions(PREFIXES, [*ours, *others])), content_type=JSON)


def _entry(term: VocabularyTerm, is_class: bool = False) -> Completion:
    labels = [term.labels[lang()], *(text for code, text in term.labels.items() if code != lang())]
    return Completion(f"kg:{local(term)}", labels, is_class)


def _page() -> str:
    held = snapshot()
    return render_template(
        "data/ontology.html",
        terms=_terms(held, lang(), request.root_path),
        forms=RDF_SUFFIXES,
        ns=KG,
        ontology_version=held.vocabulary.version,
        media_type=media_type,
    )


@memo(most=8)  # long pages; the prefix is what a proxy says
def _terms(held: Snapshot, code: str, prefix: str) -> Markup:
    """All terms in the language, and with the addresses, of this request: the most of a long page."""
    known = held.vocabulary
    return Markup(
        render_template(
            "ui/_terms.html",
            kinds_full=known.kinds,
            properties=known.properties,
            others=known.others,
            having=_having(known),
            order=sorted(("en", "ko"), key=lambda other: other != code),
            types=TYPES,
            edges=EDGES,
            local=local,
            mapped=lambda iris: [Mapped(iri, _short(known, iri)) for iri in iris],
            used=lambda term: _used(held, term),
            label=lambda id: held.label(id, code),
        )
    )


def local(term: VocabularyTerm) -> str:
    """The local name of a term, which is its anchor."""
    return term.iri.removeprefix(KG)


def _short(known: Vocabulary, iri: str) -> str:
    for prefix, start in [*PREFIXES.items(), *known.prefixes.items()]:
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


def _having(known: Vocabulary) -> Mapping[str, list[Property]]:
    """The properties that are said of one kind and few others, by kind."""
    return {
        kind: [p for p in known.properties.values() if kind in p.domain] for kind in known.kinds
    }


def _used(held: Snapshot, term: VocabularyTerm) -> Used:
    try:
        counted = held.statistics
    except SnapshotError:  # built before releases were counted: the page does without
        return Used(None, _queries(term))
    return Used(counted.classes.get(term.iri) or counted.properties.get(term.iri), _queries(term))


def _queries(term: VocabularyTerm) -> list[Example]:
    return [e for e in examples() if local(term) in _terms_in(e.query)][:3]


@cache
def _terms_in(query: str) -> frozenset[str]:
    return frozenset(re.findall(r"\bkg:(\w+)", query))


@cache
def _file(format: str) -> bytes:
    """ontology/kg.ttl in another form; as it stands in Turtle."""
    path = ONTOLOGY / "kg.ttl"
    if format == "turtle":
        return path.read_bytes()
    parser, out = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE), io.BytesIO()
    quads = list(parser)  # only then are all prefixes known
    write_rdf(quads, format, out, Context([], parser.prefixes))
    return out.getvalue()
