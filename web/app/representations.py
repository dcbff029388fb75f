"""RDF answers: their formats, and the headers that lead from one form of a thing to the others."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from flask import Response, request, url_for

from kg.export.describing.dataset import DESCRIBED
from kg.export.formats import write_rdf
from kg.export.jsonld import Context
from kg.model.media import RDF_FORMATS
from kg.model.vocabulary import DCT, RDFS
from kg.model.vocabulary import RDF as RDF_NS
from web.app.context import lang
from web.app.negotiate import AS_JSON, JSON, PAGE, Offer
from web.app.proxy import path_here

HTTP = "http://www.w3.org/2011/http#"

# Suffix of an address -> format.
RDF_SUFFIXES: Mapping[str, str] = {f.suffix: f.name for f in RDF_FORMATS.values() if f.beside_pages}
SUFFIXES: Mapping[str, str] = {**RDF_SUFFIXES, "json": "json"}
SAFE = "/~:@!$()*,;+="  # left as they are in the path of an address
_LAST = 99
RDF = tuple(  # of equals, the first wins; those that no page is given in beside are for who asks
    Offer(f.name, (f.media_type, *(name for name in f.other_types if name != JSON)))
    for f in sorted(RDF_FORMATS.values(), key=lambda f: f.beside_pages or _LAST)
)
# Where nothing stands as plain JSON.
RDF_OR_JSON = tuple(Offer(o.name, (*o.types, JSON)) if o.name == "jsonld" else o for o in RDF)
ALL = (PAGE, AS_JSON, *RDF)


def media_type(format: str) -> str:
    """The media type of a format."""
    return JSON if format == "json" else RDF_FORMATS[format].media_type


def serialize(triples: Iterable[ox.Triple], format: str) -> bytes:
    """Triples in a format, each once, those of a subject together."""
    ordered = sorted(dict.fromkeys(triples), key=lambda triple: str(triple.subject))
    out = io.BytesIO()
    write_rdf((ox.Quad(*triple) for triple in ordered), format, out, Context([], DESCRIBED))
    return out.getvalue()


def rdf_response(body: bytes, format: str) -> Response:
    """A serialized graph as an answer."""
    return Response(body, content_type=RDF_FORMATS[format].content_type)


def link(response: Response, relation: str, address: str, type: str = "", title: str = "") -> None:
    """Say in a Link header where another resource stands (RFC 8288)."""
    kind = f'; type="{type}"' if type else ""
    words = f"; title*=UTF-8''{quote(title)}" if title else ""
    response.headers.add("Link", f'<{address}>; rel="{relation}"{kind}{words}')


def link_next(response: Response, page: int) -> None:
    """Link the page that follows in a list, at the address of this request.

    Args:
        response: a page of the list.
        page: number of the next.
    """
    given: dict[str, Any] = {**request.args.to_dict(flat=False), "page": [str(page)]}
    link(response, "next", url_for(str(request.endpoint), **given))


def link_twins(response: Response, address: str, suffixes: Iterable[str] = SUFFIXES) -> None:
    """Link the forms of what stands at an address, other than the one that is sent.

    JSON-LD is sent without: PyLD looks at the alternates of what it loads, and breaks on several. The
    canonical address, which is linked, has them all.
    """
    if response.mimetype == RDF_FORMATS["jsonld"].media_type:
        return
    for suffix in suffixes:
        twin = f"{address}.{suffix}"
        if twin != quote(path_here(), safe=SAFE):
            link(response, "alternate", twin, media_type(SUFFIXES[suffix]))


def problem(status: int, phrase: str, detail: str, near: Iterable[str], format: str) -> Response:
    """An error for those who asked for RDF.

    Args:
        status: of HTTP, with its phrase.
        phrase: the phrase.
        detail: what is wrong.
        near: IRIs that may have been meant.
        format: the format asked for.
    """
    node = ox.BlankNode("problem")
    number = ox.Literal(status)
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (RDF_NS + "type", ox.NamedNode(HTTP + "Response")),
        (HTTP + "statusCodeValue", number),
        (HTTP + "reasonPhrase", ox.Literal(phrase, language=lang())),
        (DCT + "description", ox.Literal(detail, language=lang())),
        *((RDFS + "seeAlso", ox.NamedNode(iri)) for iri in near),
    ]
    body = serialize((ox.Triple(node, ox.NamedNode(p), o) for p, o in said), format)
    response = rdf_response(body, format)
    response.status_code = status
    return response
