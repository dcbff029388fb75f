"""Descriptions for programs: the data set, the SPARQL endpoint, the saved queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyoxigraph as ox
from flask import Blueprint, Response, url_for

from kg.export.describing.dataset import CC0, DatasetFacts, dataset
from kg.export.describing.service import prefixes, saved, service
from kg.messages.message import Message
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from kg.sparql.examples import examples
from web.app.context import snapshot
from web.app.i18n import Refusal
from web.app.negotiate import negotiate
from web.app.representations import (
    RDF_OR_JSON,
    RDF_SUFFIXES,
    link,
    link_twins,
    rdf_response,
    serialize,
)
from web.data.downloads import titles
from web.ui.features import Feature

bp = Blueprint("wellknown", __name__)
FEATURE = Feature(blueprint=bp)


@bp.get("/.well-known/void")
@bp.get("/.well-known/void.<suffix>")
@bp.get("/data.<suffix>")
def void(suffix: str = "") -> Response:
    """The data set in VoID and DCAT, with the endpoint and the prefixes."""
    response = described(_format(suffix))
    link_twins(response, url_for("wellknown.void"), RDF_SUFFIXES)
    return response


@bp.get("/.well-known/sparql-examples")
@bp.get("/.well-known/sparql-examples.<suffix>")
def sparql_examples(suffix: str = "") -> Response:
    """The saved queries as SHACL executables."""
    base, format = snapshot().manifest.base, _format(suffix)
    response = rdf_response(serialize((*prefixes(base), *saved(base, examples())), format), format)
    link_twins(response, url_for("wellknown.sparql_examples"), RDF_SUFFIXES)
    return response


def described(format: str) -> Response:
    """The description of the data set, in a format of RDF."""
    response = rdf_response(_dataset(snapshot(), format), format)
    link(response, "license", CC0)
    return response


def service_description(format: str) -> Response:
    """The SPARQL 1.1 Service Description: what /sparql answers where no query is asked."""
    response = rdf_response(_service(snapshot(), format), format)
    link(response, "describedby", url_for("wellknown.void"))
    return response


def _format(suffix: str) -> str:
    if suffix and suffix not in RDF_SUFFIXES:
        raise Refusal(
            404,
            Message(
                "no such format: %(suffix)r; there are %(known)s",
                suffix=suffix[:20],
                known=RDF_SUFFIXES,
            ),
        )
    return RDF_SUFFIXES[suffix] if suffix else negotiate(RDF_OR_JSON)


@memo()
def _dataset(snapshot: Snapshot, format: str) -> bytes:
    manifest = snapshot.manifest
    built = (snapshot.folder / "manifest.json").stat().st_mtime
    told = DatasetFacts(
        base=manifest.base,
        version=manifest.version,
        modified=dt.datetime.fromtimestamp(int(built), dt.UTC),
        statistics=snapshot.statistics,
        files=manifest.files,
        titles=titles(),
    )
    return serialize((*dataset(told, snapshot.vocabulary), *_endpoint(snapshot)), format)


@memo()
def _service(snapshot: Snapshot, format: str) -> bytes:
    return serialize(_endpoint(snapshot), format)


def _endpoint(snapshot: Snapshot) -> Iterator[ox.Triple]:
    base = snapshot.manifest.base
    yield from service(base, snapshot.statistics.graphs)
    yield from prefixes(base)
