"""What a request of the SPARQL protocol asks: read from its address, body and headers, refused where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from kg.config import Config
from kg.errors import InputError, UnknownFormat, UpdateRefused
from kg.messages.message import Message
from kg.model.media import RDF_FORMATS, RESULT_FORMATS, EngineFormat
from kg.sparql.request import Options, client_of
from kg.sparql.screen import MAX_QUERY
from web.app.cors import MAX_ADDRESS
from web.app.i18n import Refusal
from web.app.negotiate import Offer, choose, parse_accept

LEAST_SECONDS = 0.1  # that a query may be given; one that asks for less gets this


class SparqlRequest(NamedTuple):
    """A request of the protocol."""

    text: str | None  # the query; None if none was sent
    format: str  # as named by `format`; "" to follow Accept
    options: Options


class Asker(NamedTuple):
    """Who asks."""

    address: str
    gone: Callable[[], bool] | None  # whether it has left


def _offers(formats: Mapping[str, EngineFormat]) -> tuple[Offer, ...]:
    return tuple(Offer(f.name, (f.media_type, *f.other_types)) for f in formats.values())


_RESULTS, _GRAPHS = _offers(RESULT_FORMATS), _offers(RDF_FORMATS)
# What else clients call a format of graphs; `json` and `xml` are one word for either kind of answer.
_OTHER_NAMES = {other: f.name for f in RDF_FORMATS.values() for other in f.other_names}


def refuse_long(address: str | bytes) -> None:
    """Refuse a query string that is too long.

    Raises:
        Refusal: it is.
    """
    if len(address) > MAX_ADDRESS:
        raise Refusal(
            414,
            Message("the address is longer than %(most)s bytes; use POST", most=MAX_ADDRESS),
        )


def read_request(
    given: MultiDict[str, str], direct: list[str], config: Config, asker: Asker
) -> SparqlRequest:
    """What is asked.

    Args:
        given: the parameters.
        direct: the query, if it is the body itself.
        config: the limits.
        asker: who asks.

    Raises:
        HTTPException, UpdateRefused, InputError: it is too long, an update, or cannot be used.
    """
    if "update" in given:
        raise UpdateRefused
    queries = [*given.getlist("query"), *direct]
    if len(queries) > 1:
        raise InputError(Message("send one query only"))
    text = queries[0] if queries else None
    if text and len(text) > MAX_QUERY:
        raise Refusal(413, Message("the query is longer than %(most)s characters", most=MAX_QUERY))
    options = Options(
        default_graphs=tuple(given.getlist("default-graph-uri")),
        named_graphs=tuple(given.getlist("named-graph-uri")),
        seconds=_seconds(_first(given, "timeout"), config),
        client=client_of(asker.address),
        gone=asker.gone,
    )
    return SparqlRequest(text, _word(_first(given, "format")), options)


def _first(given: MultiDict[str, str], name: str) -> str:
    """A parameter, "" if it is missing; to `get` one that is missing makes an error, which takes longer than all the rest."""
    return next(iter(given.getlist(name)), "")


@lru_cache(256)
def _word(format: str) -> str:
    """A format by its name among ours: clients also send its media type or another short word."""
    named = format.partition(";")[0].strip().lower()
    for offer in (*_RESULTS, *_GRAPHS):
        if named in offer.types:
            return offer.name
    return named if named in RESULT_FORMATS else _OTHER_NAMES.get(named, named)


def _seconds(text: str, config: Config) -> float:
    """The deadline that is asked for; who asks for none gets a short one."""
    try:
        seconds = float(text) if text else config.sparql_default_timeout
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise InputError(Message("timeout is a number of seconds, not %(text)r", text=text[:40]))
    return max(seconds, LEAST_SECONDS)


def formats_for(wanted: str, accept: str) -> tuple[str | None, str | None]:
    """The format for tables and the one for graphs; None where none will do.

    Args:
        wanted: a format by its name; "" to follow the header.
        accept: the header Accept.

    Raises:
        UnknownFormat: there is no such format.
        Refusal: none that is accepted is offered.
    """
    if not wanted:
        return _accepted(accept)
    if wanted not in RESULT_FORMATS and wanted not in RDF_FORMATS:
        raise UnknownFormat(wanted, ["html", *RESULT_FORMATS, *RDF_FORMATS])
    table = wanted if wanted in RESULT_FORMATS else None
    return table, _OTHER_NAMES.get(wanted, wanted if wanted in RDF_FORMATS else None)


@lru_cache(256)
def _accepted(header: str) -> tuple[str | None, str | None]:
    """The same by an Accept header; clients send few different ones."""
    accept = parse_accept(header)
    chosen = choose(_RESULTS, accept), choose(_GRAPHS, accept)
    if chosen == (None, None):
        known = (*RESULT_FORMATS.values(), *RDF_FORMATS.values())
        raise Refusal(406, Message("offered are: %(known)s", known=[f.content_type for f in known]))
    return chosen
