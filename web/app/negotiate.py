"""Which format an answer takes: by the Accept header, with its weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask import request

from kg.messages.message import Message
from web.app.i18n import Refusal

HTML = "text/html"
JSON = "application/json"
PROBLEM = "application/problem+json"


class Offer(NamedTuple):
    """A format, and the media types it goes by."""

    name: str
    types: tuple[str, ...]


PAGE = Offer("html", (HTML, "application/xhtml+xml"))
PAGE_OR_JSON = (PAGE, Offer("json", (JSON,)))


def choose(offers: Sequence[Offer], accept: Iterable[tuple[str, float]]) -> str | None:
    """The offer that suits best; of equals the one that is named more exactly, then the first.

    >>> offers = [PAGE, Offer("turtle", ("text/turtle",))]
    >>> choose(offers, [("text/turtle", 1.0), ("*/*", 1.0)]), choose(offers, [])
    ('turtle', 'html')
    >>> choose(offers, [("image/png", 1.0)]) is None
    True
    """
    ranges = list(accept) or [("*/*", 1.0)]
    scored = [(max(_score(t, ranges) for t in offer.types), -i) for i, offer in enumerate(offers)]
    (quality, _), place = max(scored)
    return offers[-place].name if quality > 0 else None


def _score(media_type: str, ranges: Iterable[tuple[str, float]]) -> tuple[float, int]:
    """Weight and exactness of the range that names a media type most exactly."""
    main = media_type.partition("/")[0]
    exactness = {"*/*": 1, f"{main}/*": 2, media_type: 3}
    fits = [(exactness[r], q) for text, q in ranges if (r := text.split(";")[0]) in exactness]
    exact, quality = max(fits, default=(0, 0.0))
    return quality, exact


def negotiate(offers: Sequence[Offer]) -> str:
    """The offer this request wants.

    Raises:
        NotAcceptable: it accepts none of them.
    """
    chosen = choose(offers, request.accept_mimetypes)
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


def is_browser() -> bool:
    """Whether the other side asks for pages by name, as browsers do and programs do not."""
    accept = request.accept_mimetypes
    html = max(_score(t, accept) for t in PAGE.types)
    return html[1] == 3 and html[0] >= _score(JSON, accept)[0] > -1 and html[0] > 0
