"""Which format an answer takes: by the Accept header, with its weights.

Of formats with the same weight the one wins that is named more exactly; then one that is not plain
JSON, which clients name beside formats of RDF as something they could parse in need; then the one that
the client names first; then ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from flask import request
from werkzeug.http import parse_list_header, parse_options_header

from kg.messages.message import Message
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from web.app.i18n import Refusal

HTML = "text/html"
JSON = "application/json"
PROBLEM = "application/problem+json"
_LONGEST = 8_000  # characters of a header that are read

# Media ranges in lower case and without parameters, each with its weight, in the client's order.
Accepted: TypeAlias = Sequence[tuple[str, float]]


class Offer(NamedTuple):
    """A format, and the media types it goes by: first the one that is sent."""

    name: str
    types: tuple[str, ...]
    general: bool = False  # of equals, another wins


class _Fit(NamedTuple):
    """How a format suits; the greater the better."""

    weight: float = 0.0
    exactness: int = -1
    special: bool = False
    place: int = 0  # the later in the header, the less


PAGE = Offer("html", (HTML, "application/xhtml+xml"))
AS_JSON = Offer("json", (JSON,), general=True)
PAGE_OR_JSON = (PAGE, AS_JSON)
_EXACTLY = 3
# Names of many formats: who writes one of them means another format as likely.
_OF_MANY = {JSON, "application/xml", "text/xml", "text/plain"}
_FOR_PROGRAMS = (
    AS_JSON,
    *(Offer(f.name, (f.media_type,)) for f in (*RESULT_FORMATS.values(), *RDF_FORMATS.values())),
)


@lru_cache(512)
def parse_accept(header: str) -> Accepted:
    """An Accept header; what cannot be read of it is left out.

    Java writes a weight as .2 and anything as *; both are taken.

    >>> parse_accept("TEXT/Turtle;charset=utf-8;q=.5, */*;q=x, *; Q=0.2")
    (('text/turtle', 0.5), ('*/*', 0.2))
    """
    found = []
    for item in parse_list_header(header[:_LONGEST]):
        name, options = parse_options_header(item)
        weight = _weight(options.get("q", "1"))
        if name and weight is not None:
            found.append(("*/*" if name == "*" else name.strip().lower(), weight))
    return tuple(found)


def _weight(text: str) -> float | None:
    if not text.replace(".", "", 1).isdecimal():
        return None
    weight = float(text)
    return weight if weight <= 1 else None


def accepted() -> Accepted:
    """What this request accepts."""
    return parse_accept(request.headers.get("Accept", ""))


def choose(offers: Sequence[Offer], accept: Accepted) -> str | None:
    """The offer that suits best, by its name.

    >>> offers = [PAGE, Offer("turtle", ("text/turtle", "text/n3")), AS_JSON]
    >>> choose(offers, [("text/turtle", 1.0), ("*/*", 1.0)]), choose(offers, [])
    ('turtle', 'html')
    >>> choose(offers, [("application/json", 1.0), ("text/n3", 1.0)])
    'turtle'
    >>> choose(offers, [("image/png", 1.0)]) is None
    True
    """
    ranges = list(accept) or [("*/*", 1.0)]
    fit, place = max((_fit(offer, ranges), -i) for i, offer in enumerate(offers))
    return offers[-place].name if fit.weight > 0 else None


def _fit(offer: Offer, ranges: Accepted) -> _Fit:
    """How an offer suits: by the range that names it most exactly.

    A range with a star means what is sent; by its other names a format goes only where they are written out.
    """
    sent, *others = offer.types
    main = f"{sent.partition('/')[0]}/*"
    exactness = {name: _EXACTLY - (name in _OF_MANY) for name in others}
    exactness |= {main: 1, "*/*": 0, sent: _EXACTLY}
    fits = [  # what is said of the type that is sent counts before what is said of another name
        (exactness[name], name == sent, weight, -place)
        for place, (name, weight) in enumerate(ranges)
        if name in exactness
    ]
    if not fits:
        return _Fit()
    exact, _, weight, place = max(fits)
    by_name = exact > 1
    return _Fit(weight, exact, by_name and not offer.general, place if by_name else 0)


def negotiate(offers: Sequence[Offer]) -> str:
    """The offer this request wants.

    Raises:
        NotAcceptable: it accepts none of them.
    """
    chosen = choose(offers, accepted())
    if chosen is None:
        known = ", ".join(offer.types[0] for offer in offers)
        raise Refusal(
            406,
            Message(
                "none of the accepted formats is offered here; offered are: %(known)s",
                known=known,
            ),
        )
    return chosen


def names_page() -> bool:
    """Whether the other side takes pages, and says so by name."""
    return _names_page(accepted())


def _names_page(accept: Accepted) -> bool:
    fit = _fit(PAGE, accept)
    return fit.exactness == _EXACTLY and fit.weight > 0


def is_browser() -> bool:
    """Whether the other side asks for pages by name, as browsers do, and for nothing of ours rather."""
    return wants_page(request.headers.get("Accept", ""))


@lru_cache(512)
def wants_page(header: str) -> bool:
    """The same by an Accept header.

    >>> wants_page("text/html,*/*;q=0.8"), wants_page("application/json"), wants_page("")
    (True, False, False)
    """
    accept = parse_accept(header)
    return _names_page(accept) and choose((PAGE, *_FOR_PROGRAMS), accept) == PAGE.name


def names_rdf() -> bool:
    """Whether the other side names a format of RDF, and so is going to parse what it gets."""
    known = {name for f in RDF_FORMATS.values() for name in (f.media_type, *f.other_types)}
    return any(weight > 0 and name in known - _OF_MANY for name, weight in accepted())
