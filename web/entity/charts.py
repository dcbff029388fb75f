"""The charts on the pages of entities, and their files: `…/license-mix.svg`, `…/scores.svg?ranking=1`."""

from __future__ import annotations

from typing import NamedTuple

from flask import Response, url_for
from markupsafe import Markup

from kg.answers import show as answers
from kg.licenses.terms import Verdict
from kg.messages.message import Message
from kg.model.claim import kind_of
from web.app.context import lang, snapshot, speak
from web.app.i18n import Refusal, gettext
from web.app.params import whole_number
from web.charts import dots
from web.charts.plot import Canvas
from web.entity import license_mix as mix
from web.entity.license_mix import Period
from web.entity.scores import Ranking, Scores, scores
from web.ui import figure as chart_files
from web.ui.facts import FactTable
from web.ui.figure import FORMATS, Figure
from web.ui.verdicts import LOOKS

MIX, SCORES = "/license-mix", "/scores"
ENDINGS = tuple(f"{name}.{format}" for name in (MIX, SCORES) for format in FORMATS)
_PLOTS = 8  # dot plots on one page
_HALF = 510.0  # width of a dot plot, two beside each other


class Mix(NamedTuple):
    """The license mix of a family, for its page."""

    figure: Figure
    title: str
    periods: list[Period]
    verdicts: list[Verdict]
    words: dict[Verdict, str]


class Plot(NamedTuple):
    """A ranking drawn."""

    figure: Figure
    title: str
    ranking: int  # its number on the page, from 1


def answer(id: str, ending: str) -> Response:
    """A file of a chart.

    Args:
        id: a canonical id.
        ending: one of ENDINGS.
    """
    chart, _, format = ending.rpartition(".")
    speak(chart_files.language())
    return _mix_file(id, format) if chart == MIX else _scores_file(id, format)


def _files(id: str, chart: str, ranking: int | None = None) -> list[tuple[str, str]]:
    code = lang() if lang() != "en" else None
    return [
        (f, url_for("entities.entity", name=f"{id}{chart}.{f}", lang=code, ranking=ranking))
        for f in FORMATS
    ]


# ---- license mix ----


def license_mix(id: str) -> Mix | None:
    """The license mix of a family; None for other kinds, and where too little is known."""
    periods = _mix_of(id)
    if not periods:
        return None
    title = _mix_title(id)
    drawn = chart_files.on_page(
        lambda canvas: mix.draw(periods, title, canvas), lang(), _files(id, MIX)
    )
    verdicts = mix.present(periods)
    return Mix(drawn, title, periods, verdicts, {v: gettext(LOOKS[v].word) for v in verdicts})


def _mix_of(id: str) -> list[Period]:
    return mix.mix(snapshot(), snapshot().number(id)) if kind_of(id) == "family" else []


def _mix_title(id: str) -> str:
    words = gettext("Commercial use of the models of %(name)s by release date")
    return words % {"name": snapshot().label(id, lang())}


def _mix_file(id: str, format: str) -> Response:
    periods, title = _mix_of(id), _mix_title(id)
    if not periods:
        raise Refusal(
            404,
            Message(
                "too few models of %(id)s have a release date for a chart of their licenses",
                id=id,
            ),
        )
    verdicts = mix.present(periods)
    rows = [(p.name("en", "unknown"), *(p.counts[v] for v in verdicts)) for p in periods]
    return chart_files.answer(
        format,
        f"{id.replace('/', '-')}-licenses",
        lambda canvas: mix.draw(periods, title, canvas),
        ("period", *verdicts),
        rows,
    )


# ---- dot plots ----


def plots(id: str, held: Scores | None) -> list[Plot]:
    """The rankings of a benchmark as dot plots, the first few."""
    rankings = held.rankings if held else []
    return [
        _plot(id, i, ranking)
        for i, ranking in enumerate(rankings[:_PLOTS], 1)
        if len(_rows(ranking)) >= dots.LEAST
    ]


def _plot(id: str, place: int, ranking: Ranking) -> Plot:
    rows, title = _rows(ranking), _scores_title(id, ranking)

    def draw(canvas: Canvas) -> Markup:
        return dots.draw(rows, title, canvas)

    files = _files(id, SCORES, ranking=place)
    return Plot(chart_files.on_page(draw, lang(), files, _HALF), title, place)


def _rows(ranking: Ranking) -> list[dots.Row]:
    return [
        dots.Row(rank, row.fields["evaluatedModel"].text, row.value, row.text.text)
        for rank, row in ranking.rows
        if row.value is not None
    ]


def _scores_title(id: str, ranking: Ranking) -> str:
    words = {
        "benchmark": snapshot().label(id, lang()),
        "setting": ", ".join(part.text for part in ranking.caption),
    }
    return gettext("Scores on %(benchmark)s: %(setting)s") % words


def _scores_file(id: str, format: str) -> Response:
    table = FactTable(snapshot(), answers.show(snapshot(), id, lang()))
    held = scores(id, table) if kind_of(id) == "benchmark" else None
    rankings = held.rankings if held else []
    place = whole_number("ranking", 1, 1, 10_000) or 1
    if place > len(rankings) or len(_rows(rankings[place - 1])) < dots.LEAST:
        raise Refusal(
            404,
            Message("%(id)s has no ranking %(place)s of two scores or more", id=id, place=place),
        )
    ranking = rankings[place - 1]
    rows, title = _rows(ranking), _scores_title(id, ranking)
    cells = [
        (
            rank,
            row.plain["evaluatedModel"],
            row.fields["evaluatedModel"].text,
            row.value,
            row.plain.get("scoreUnit", ""),
        )
        for rank, row in ranking.rows
        if row.value is not None
    ]
    return chart_files.answer(
        format,
        f"{id.replace('/', '-')}-{place}",
        lambda c: dots.draw(rows, title, c),
        ("rank", "id", "model", "score", "unit"),
        cells,
    )
