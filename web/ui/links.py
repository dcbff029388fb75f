"""Links to entities and terms, and values as links: what a page holds hundreds of.

They are functions and not macros, and an address is put together once: that is most of the time of
a long page.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask, url_for
from markupsafe import Markup, escape

from web.app.context import root
from web.app.i18n import gettext
from web.charts.svg import Pattern, joined
from web.ui.facts import Shape
from web.ui.format import foreign

_ENTITY = Pattern('<a href="{}">{}</a>')
_ELSEWHERE = Pattern('<a href="{}" rel="nofollow noopener">{}</a>')
_TEXT = Pattern("<span{}>{}</span>")
_MARK = Pattern('<a class="src" href="#s{0}" aria-label="{1}">{0}</a>')


def href(id: str) -> str:
    """The address of an entity."""
    return _entity(root(), id)


def term_href(name: str) -> str:
    """The address of a term of the ontology, by its local name."""
    return f"{fixed_address('ontology.page')}#{name}"


def fixed_address(endpoint: str, **values: str) -> str:
    """What `url_for` gives, put together once, of what all pages lead to: the files and the pages in their frame.

    Args:
        endpoint: a whole one, with its blueprint.
        values: as of `url_for`, none of which a reader chose.
    """
    return _fixed(root(), endpoint, **values)


@lru_cache(256)
def _fixed(prefix: str, endpoint: str, **values: str) -> str:
    """Such an address under a prefix, which the request has too."""
    return url_for(endpoint, **values)  # type: ignore[arg-type]


@lru_cache(8192)
def _entity(prefix: str, id: str) -> str:
    """The address of an entity under a prefix, which the request has too."""
    return url_for("entities.entity", name=id)


def value(shape: Shape) -> Markup:
    """A value: a link where it is an entity or an address, else text."""
    if shape.id:
        return _ENTITY.format(href(shape.id), shape.text)
    if shape.url:
        return _ELSEWHERE.format(shape.url, shape.text)
    return (
        _TEXT.format(foreign(shape.text, shape.lang), shape.text)
        if shape.lang
        else escape(shape.text)
    )


def marks(numbers: Iterable[int]) -> Markup:
    """The numbers of sources, each a link to the list of them."""
    word = gettext("source %(number)s")
    return joined(_MARK.format(n, word % {"number": n}) for n in numbers)


def register(app: Flask) -> None:
    """Give them to the templates of an application."""
    app.jinja_env.globals.update(
        href=href, term_href=term_href, fixed_address=fixed_address, value=value, marks=marks
    )
