"""Links to entities and terms, and values as links: what a page holds hundreds of.

They are functions and not macros, and an address is put together once: that is most of the time of
a long page.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from web.app.i18n import gettext
from web.charts.svg import Pattern
from web.data.table import Cell
from web.ui.facts import Shape
from web.ui.format import foreign

_ENTITY = Pattern('<a href="{}">{}</a>')
_ELSEWHERE = Pattern('<a href="{}" rel="nofollow noopener">{}</a>')
_ENTITY_CELL = Pattern('<a href="{}" title="{}"{}>{}</a>')
_IN_LANGUAGE = Pattern("<span{}>{}</span> <sup>{}</sup>")
_TEXT = Pattern("<span{}>{}</span>")
_MARK = Pattern('<a class="src" href="#s{0}" aria-label="{1}">{0}</a>')


def href(id: str) -> str:
    """The address of an entity."""
    return _entity(request.root_path, id)


def term_href(name: str) -> str:
    """The address of a term of the ontology, by its local name."""
    return f"{_ontology(request.root_path)}#{name}"


@lru_cache(8192)
def _entity(prefix: str, id: str) -> str:
    """The address of an entity under a prefix, which the request has too."""
    return url_for("entities.entity", name=id)


@lru_cache(8)
def _ontology(prefix: str) -> str:
    return url_for("ontology.page")


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


def cell(shown: Cell) -> Markup:
    """A term in the answer of a query."""
    if shown.id:
        return _ENTITY_CELL.format(href(shown.id), shown.id, foreign(shown.text), shown.text)
    if shown.term:
        return _ENTITY.format(term_href(shown.term), shown.text)
    if shown.url:
        return _ELSEWHERE.format(shown.url, shown.text)
    if shown.lang:
        return _IN_LANGUAGE.format(foreign(shown.text, shown.lang), shown.text, shown.lang)
    if (language := foreign(shown.text)) and " " in shown.text:
        return _TEXT.format(language, shown.text)
    return escape(shown.text)


def marks(numbers: Iterable[int]) -> Markup:
    """The numbers of sources, each a link to the list of them."""
    word = gettext("source %(number)s")
    return Markup("").join(_MARK.format(n, word % {"number": n}) for n in numbers)


def register(app: Flask) -> None:
    """Give them to the templates of an application."""
    app.jinja_env.globals.update(href=href, term_href=term_href, value=value, marks=marks)
    app.jinja_env.filters["cell"] = cell
