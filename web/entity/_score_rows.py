"""The cells of a score in a table: functions and not macros, for a page holds forty rows of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from web.app.i18n import gettext
from web.charts.svg import Pattern, joined
from web.ui.factrows import icon, rejected_mark, told
from web.ui.format import foreign, locator
from web.ui.links import href, marks, value

if TYPE_CHECKING:  # whose page shows them
    from web.entity.scores import BenchmarkScore, Mark, Other

_SCORE = Pattern('<td class="num"><a href="{}"{}{}>{}</a></td>')
_ORIGIN = Pattern('<td class="about">{}</td>\n<td class="places">{}</td>')
_NOTE = Pattern('<span class="remark"{}>{}</span>')
_OTHER = Pattern('<span class="remark">{} {}{}{}</span>')
_STRUCK = Pattern("<s>{}</s>")
_MARK = Pattern(' <a class="badge b-mixed" href="{}">{}{}</a>')
_BADGE = Pattern('<span class="badge b-mixed">{}{}</span>')
_PLACE = Pattern("<span>{}{}</span>")
_NAMED = Pattern('<th scope="row">{}</th>')
_CELL = Pattern("<td>{}</td>")
_UNSTATED = Pattern('<span class="muted">{}</span>')


def score_row(row: BenchmarkScore, of_several: bool) -> Markup:
    """A row of the table of a model or family.

    Args:
        row: the score.
        of_several: whether the table is of several models, so that each row names its own.
    """
    named = ("evaluatedModel", "onBenchmark") if of_several else ("onBenchmark",)
    first, *rest = (value(row.fields[name]) for name in named)
    cells = [_NAMED.format(first), *map(_CELL.format, rest)]
    for name in ("metric", "setting"):
        known = row.fields.get(name)
        cells.append(
            _CELL.format(value(known) if known else _UNSTATED.format(gettext("not stated")))
        )
    return joined([Markup("<tr>"), *cells, score_cells(row), Markup("</tr>")])


def score_cells(row: BenchmarkScore) -> Markup:
    """The score, what is said of it, and where that stands."""
    score = _SCORE.format(
        href(row.id),
        foreign(row.text.text, row.text.lang),
        Markup(' class="muted"') if row.value is None else "",
        row.text.text,
    )
    return score + _ORIGIN.format(joined(_about(row)), joined(_places(row)))


def _about(row: BenchmarkScore) -> Iterator[Markup]:
    if table := row.fields.get("publishedTable"):
        yield value(table)
    for note in row.notes:
        yield _NOTE.format(foreign(note), note)
    yield from map(_other, row.others)
    for mark in row.marks:
        yield _disputed(row.id, mark)


def _other(one: Other) -> Markup:
    """A score that is claimed and does not hold."""
    text = one.text.text
    return _OTHER.format(
        _STRUCK.format(text) if one.rejected else text,
        marks([one.source]),
        rejected_mark() if one.rejected else "",
        told(one.reason) if one.reason else "",
    )


def _disputed(id: str, mark: Mark) -> Markup:
    return _MARK.format(f"{href(id)}#{mark.property}", icon("unequal"), _words(mark))


def _words(mark: Mark) -> str:
    words = (
        gettext("corrected: %(property)s")
        if mark.corrected
        else gettext("Sources disagree: %(property)s")
    )
    return words % {"property": mark.label}


def badge(mark: Mark) -> Markup:
    """What holds of every row of a ranking; each row leads to its own."""
    return _BADGE.format(icon("unequal"), _words(mark))


def _places(row: BenchmarkScore) -> Iterator[Markup]:
    for number, place in row.places:
        at = locator(place) if place else ""
        yield _PLACE.format(marks([number]), told(at) if at else "")
