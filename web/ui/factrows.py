"""The facts of a page and their sources as HTML: what is written most often of all that pages hold.

They are functions and not macros, like the links in them (web/ui/links.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask, current_app, url_for
from markupsafe import Markup

from kg.language.dates import date
from web.app.context import lang
from web.app.i18n import gettext, ngettext
from web.charts.svg import Pattern
from web.ui.corrections import correction_link
from web.ui.facts import ClaimRow, FactRow, SourceItem
from web.ui.format import foreign, locator, locators
from web.ui.links import href, marks, term_href, value

_WIDE = 6  # values from which on a fact is as wide as the page
_PLACES = 24  # of a source that are told

_ROW = Pattern(
    '<div class="fact{wide}" id="{name}"><dt><a href="{term}" title="{help}">{label}</a></dt>\n<dd>'
    "{values}{tags}</dd>{said}</div>"
)
_SAID = Pattern(
    '\n<dd class="say"><details class="dots{mixed}"><summary>{summary}</summary>\n<div class="card">'
    '<p class="seen">{many}{seen}</p>\n{claims}\n'
    '<p class="seen">{why}<a href="#correct">{report}</a></p></div></details></dd>'
)
_TAG = Pattern(' <span class="tag">{}</span>')
_FAMILY = Pattern('<a class="tag" href="{}#{}"{}>{}</a>')
_ITEM = Pattern("<li>{} {}</li>")
_VALUE = Pattern("<span{}>{}</span> {}")
_PLAIN = Markup(' class="value"')
_TOLD = Pattern(" <span{}>{}</span>")
_RANK = Pattern(' <span class="rank{}">{}{}</span>')
_WHY = Pattern('<a href="{}">{}</a> ')
_SOURCE = Pattern('\n<li id="s{}">{}{}</li>')
_KNOWN, _UNKNOWN = Pattern('<a href="{}"{}>{}</a>'), Pattern("<span{}>{}</span>")
_WHERE = Pattern('<span class="where">{}</span>')
_THERE = Pattern('<a class="where" href="{0}" rel="nofollow noopener">{0}</a>')


def row_of(row: FactRow, id: str) -> Markup:
    """One fact; who says what of it stands in a small menu, and of a dispute in a fold.

    Args:
        row: the fact.
        id: of the entity.
    """
    return _ROW.format(
        wide=" wide" if len(row.values) > _WIDE else "",
        name=row.name,
        term=term_href(row.name),
        help=row.help,
        label=row.label,
        values=_values(row),
        tags=_tags(row),
        said=_said(row, id) if row.claims else "",
    )


def _values(row: FactRow) -> Markup:
    if len(row.values) > 1 and not row.disputed:
        items = [_ITEM.format(value(v.shape), marks(v.sources)) for v in row.values]
        return Markup(f'<ul class="values">{"".join(items)}</ul>')
    return Markup("").join(
        _VALUE.format(
            "" if v.shape.lang or v.shape.url else _PLAIN, value(v.shape), marks(v.sources)
        )
        for v in row.values
    )


def _tags(row: FactRow) -> Markup:
    tags = _TAG.format(gettext("derived by Gyebo")) if row.derived else Markup()
    if row.family:
        tags += " " + from_family(row)
    return tags + _TAG.format(gettext("inferred by a rule")) if row.rule else tags


def from_family(row: FactRow) -> Markup:
    """That a value is said of the family of the entity, not of itself."""
    if row.family is None:
        return Markup()
    name = row.family.label
    words = gettext("from the family %(name)s") % {"name": name}
    return _FAMILY.format(
        href(row.family.id), row.name, foreign(name) if lang() == "en" else "", words
    )


def _said(row: FactRow, id: str) -> Markup:
    """Who says what of a fact."""
    if row.disputed:
        words = gettext("Sources disagree")
        summary = Pattern('{}{}<span class="vh">: {}</span>').format(
            icon("unequal"), words, row.label
        )
        place = url_for("disagreements.fact", name=f"{id}/{row.name}")
        why = _WHY.format(place, gettext("Which value holds, and why"))
    else:
        words = gettext("Who says so: %(property)s") % {"property": row.label}
        summary = Pattern('<span aria-hidden="true">⋯</span><span class="vh">{}</span>').format(
            words
        )
        why = Markup()
    many = ngettext("%(num)s claim", "%(num)s claims", len(row.claims)) % {"num": len(row.claims)}
    last = date(row.seen, lang()) if row.seen else ""
    return _SAID.format(
        mixed=" mixed" if row.disputed else "",
        summary=summary,
        many=many,
        seen=", " + gettext("last seen %(date)s") % {"date": last} if last else "",
        claims=_claims(row, row.disputed or len(row.values) > 1),
        why=why,
        report=gettext("Report a mistake"),
    )


def _claims(row: FactRow, with_values: bool) -> Markup:
    """What each source says; rejected values are struck and said to be."""
    parts = ['<ul class="claims">']
    for claim in row.claims:
        parts += ["\n<li>", *_claim(claim, row, with_values), "\n</li>"]
    return Markup("".join([*parts, "\n</ul>"]))


def _claim(one: ClaimRow, row: FactRow, with_values: bool) -> Iterable[str]:
    claim, rejected = one.claim, one.claim.rank == "rejected"
    if rejected:
        yield f"<s>{value(one.shape)}</s>"
    elif with_values:
        yield f"<b>{value(one.shape)}</b>"
    yield "\n"
    yield marks([one.source])
    if claim.locator:
        yield told(locator(claim.locator))
    if rejected:
        yield rejected_mark()
    elif claim.rank == "preferred":
        yield _RANK.format(" yes", icon("tick"), gettext("preferred"))
    if claim.inferred and not row.derived and not row.rule:
        yield _RANK.format("", "", gettext("inferred from the source"))
    if claim.reason:
        yield told(claim.reason)
    if claim.note:
        yield told(claim.note)
    yield "\n "
    yield correction_link(claim)


def rejected_mark() -> Markup:
    """That a claim is rejected."""
    return _RANK.format(" no", icon("cross"), gettext("rejected"))


def told(text: str) -> Markup:
    """What a source adds in words."""
    return _TOLD.format(foreign(text), text)


@lru_cache(8)
def icon(name: str) -> Markup:
    """A small drawing, as the templates have it.

    Args:
        name: of a macro in templates/app/_icons.html.
    """
    icons = current_app.jinja_env.get_template("app/_icons.html").module
    drawn: Markup = getattr(icons, name)()
    return drawn


def sources(list: Iterable[SourceItem]) -> Markup:
    """The sources that the marks name."""
    return Markup('<ol class="sources">{}\n</ol>'.format("".join(map(_source, list))))


def _source(one: SourceItem) -> Markup:
    title = foreign(one.title), one.title
    named = _KNOWN.format(href(one.id), *title) if one.has_page else _UNKNOWN.format(*title)
    places = [_UNKNOWN.format(foreign(at), at) for at in locators(one.locators[:_PLACES])]
    where = Markup(", ").join(places)
    if len(one.locators) > _PLACES:
        where += " …"
    more = _WHERE.format(where) if places else Markup()
    if one.url:
        more += _THERE.format(one.url)
    if one.retrieved:
        read = gettext("retrieved %(date)s") % {"date": date(one.retrieved, lang())}
        more += _WHERE.format(read)
    return _SOURCE.format(one.number, named, more)


def register(app: Flask) -> None:
    """Give them to the templates of an application."""
    app.jinja_env.globals.update(
        fact_row=row_of, fact_from_family=from_family, fact_sources=sources
    )
