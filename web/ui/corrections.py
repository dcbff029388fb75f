"""Where a mistake in a claim can be mended: the line of data/ it was read from, or the source it is from."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from flask import Flask
from markupsafe import Markup

from kg.answers.contract import ClaimAnswer
from kg.model.claim import INFERRED
from web.app.context import lang, site, snapshot
from web.app.i18n import gettext
from web.charts.svg import Pattern
from web.ui.facts import web_address

_LONGEST = 500  # characters that tell where
_ORIGIN = Pattern('<span class="origin">{}</span>')
_LINE = Pattern('<a href="{}"{}><code>{}</code></a>')
_LINK = Pattern('<a href="{}"{}>{}</a>')
_OUTSIDE = Markup(' rel="nofollow noopener"')


class Way(NamedTuple):
    """A way to mend a claim; of a claim that this program derived there is none of its own."""

    place: str  # file:line in data/, or the source and the place in it
    url: str  # where that stands on the web; "" if that is not known
    here: bool  # in data/, where a person wrote it down; else the source has to mend it


def line_address(template: str, origin: str) -> str:
    """The address of a line in the repository that the site is configured with, else "".

    >>> line_address("https://example.org/blob/main/{path}#L{line}", "data/curated/llama.yaml:133")
    'https://example.org/blob/main/data/curated/llama.yaml#L133'
    >>> line_address("", "data/curated/llama.yaml:133")
    ''
    """
    if not template:
        return ""
    path, _, line = origin.rpartition(":")
    return template.replace("{path}", quote(path)).replace("{line}", quote(line))


def way(claim: ClaimAnswer) -> Way | None:
    """Where a claim can be mended; None if it follows from others, which can."""
    if claim.origin:
        return Way(claim.origin, line_address(site().config.repository, claim.origin), True)
    if claim.source == INFERRED:
        return None
    place = ", ".join(filter(None, (snapshot().label(claim.source, lang()), claim.locator)))
    return Way(place[:_LONGEST], web_address(claim.url), False)


def correction_link(claim: ClaimAnswer) -> Markup:
    """Where a claim can be mended, as it stands under the claim."""
    found = way(claim)
    if found is None:
        return Markup()
    if found.here:
        place = _LINE.format(found.url or "#correct", _OUTSIDE if found.url else "", found.place)
        return _ORIGIN.format(Markup(gettext("Wrong? Edit %(place)s")) % {"place": place})
    there = _LINK.format(found.url, _OUTSIDE, found.place) if found.url else found.place
    return _ORIGIN.format(Markup(gettext("Wrong? Report it to %(place)s")) % {"place": there})


def register(app: Flask) -> None:
    """Let the templates of an application ask."""
    app.jinja_env.globals["mend"] = correction_link
    app.jinja_env.globals["mend_line"] = lambda origin: line_address(
        site().config.repository, origin
    )
