"""An entity in one of its forms: the page, JSON, or RDF, with links to the other forms and its files."""

from __future__ import annotations

from flask import Response, make_response

from kg.answers.contract import to_json
from kg.answers.show import show
from kg.model.media import RDF_FORMATS
from web.app.negotiate import JSON
from web.app.params import data_lang
from web.app.representations import SUFFIXES, link, link_twins
from web.entity._incoming import rdf_answer
from web.entity._page import entity_page
from web.ui.addresses import canonical
from web.ui.features import registry
from web.ui.sections import Subject


def answer_entity(subject: Subject, format: str, *, negotiated: bool = False) -> Response:
    """An entity in a form.

    Args:
        subject: the entity.
        format: html, json or a format of RDF.
        negotiated: whether headers chose it, so that the answer says where that form stands alone.
    """
    if format == "html":
        response = make_response(entity_page(subject))
    elif format == "json":
        body = to_json(show(subject.snapshot, subject.id, data_lang()))
        response = Response(body, content_type=JSON)
    else:
        response = rdf_answer(subject, format)
    link(response, "canonical", canonical() if format == "html" else subject.iri)
    link_twins(response, subject.address())
    _link_files(response, subject)
    if negotiated and format != "html":
        for suffix in (s for s, f in SUFFIXES.items() if f == format):
            response.headers["Content-Location"] = subject.address(f".{suffix}")
    return response


def _link_files(response: Response, subject: Subject) -> None:
    alternates = response.mimetype != RDF_FORMATS["jsonld"].media_type  # see link_twins
    for section in registry().sections:
        for file in section.files:
            linked = file.relation and (alternates or file.relation != "alternate")
            if linked and section.suits(subject) and file.is_of(subject):
                link(response, file.relation, subject.address(file.ending), file.media_type)
