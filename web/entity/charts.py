"""The charts on the pages of entities, and their files: `…/license-mix.svg`, `…/scores.svg?ranking=1`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from flask import Response, url_for
from markupsafe import Markup

from kg.answers.license_mix import Period, find_license_mix, list_verdicts
from kg.language.numbers import number
from kg.licenses.terms import Verdict
from kg.messages.message import Message
from web.app.context import lang, speak
from web.app.i18n import Refusal, gettext, mark
from web.app.params import whole_number
from web.charts import dots, stacks
from web.charts.plot import Canvas
from web.entity.scores import Ranking, scores_of
from web.ui.features import Feature
from web.ui.figure import CHART_PARAMETERS, FORMATS, Figure, chart_answer, language, on_page
from web.ui.mix import FEW, verdict_columns, verdict_parts
from web.ui.sections import Context, Draft, EntityFile, Section, Subject
from web.ui.verdicts import LOOKS

MIX, SCORES = "/license-mix", "/scores"
_PLOTS = 8  # dot plots on one page
_HALF = 510.0  # width of a dot plot, two beside each other


class Mix(NamedTuple):
    """The license mix of a family, for its page."""

    figure: Figure | None  # None: few enough for a sentence
    title: str
    periods: list[Period]
    verdicts: list[Verdict]
    words: dict[Verdict, str]

    @property
    def sentence(self) -> str:
        """What a chart of a few models would say."""
        counts = {v: sum(p.counts[v] for p in self.periods) for v in self.verdicts}
        return ", ".join(f"{self.words[v]} {number(counts[v], lang())}" for v in self.verdicts)


class Plot(NamedTuple):
    """A ranking drawn."""

    figure: Figure
    title: str
    ranking: int  # its number on the page, from 1


def _answer(subject: Subject, ending: str) -> Response:
    """A file of a chart, in the language that its address names."""
    chart, _, format = ending.rpartition(".")
    speak(language())
    spoken = replace(subject, lang=lang())
    return _mix_file(spoken, format) if chart == MIX else _scores_file(spoken, format)


def _chart_files(chart: str) -> tuple[EntityFile, ...]:
    return tuple(
        EntityFile(ending=f"{chart}.{format}", media_type=media_type, answer=_answer)
        for format, media_type in FORMATS.items()
    )


def _files(id: str, chart: str, ranking: int | None = None) -> list[tuple[str, str]]:
    code = lang() if lang() != "en" else None
    return [
        (f, url_for("entities.entity", name=f"{id}{chart}.{f}", lang=code, ranking=ranking))
        for f in FORMATS
    ]


# ---- license mix ----


def license_mix(subject: Subject) -> Mix | None:
    """The license mix of a family; None where too little is known."""
    periods = _mix_of(subject)
    if not periods:
        return None
    title = _mix_title(subject)
    few = sum(p.total for p in periods) < FEW
    drawn = None if few else on_page(_mix_drawing(periods, title), lang(), _files(subject.id, MIX))
    verdicts = list_verdicts(periods)
    return Mix(drawn, title, periods, verdicts, {v: gettext(LOOKS[v].word) for v in verdicts})


def _mix_drawing(periods: Sequence[Period], title: str) -> Callable[[Canvas], Markup]:
    def draw(canvas: Canvas) -> Markup:
        columns = verdict_columns(periods, canvas.lang, canvas.gettext("date unknown"))
        return stacks.draw(columns, verdict_parts(periods, canvas.gettext), title, canvas)

    return draw


def _mix_of(subject: Subject) -> list[Period]:
    family = subject.kind.name == "family"
    return find_license_mix(subject.snapshot, subject.number) if family else []


def _mix_title(subject: Subject) -> str:
    words = gettext("Commercial use of the models of %(name)s by release date")
    return words % {"name": subject.label}


def _mix_file(subject: Subject, format: str) -> Response:
    periods, title = _mix_of(subject), _mix_title(subject)
    if not periods:
        raise Refusal(
            404,
            Message(
                "too few models of %(id)s have a release date for a chart of their licenses",
                id=subject.id,
            ),
        )
    verdicts = list_verdicts(periods)
    rows = [(p.name("en", "unknown"), *(p.counts[v] for v in verdicts)) for p in periods]
    return chart_answer(
        format,
        f"{subject.id.replace('/', '-')}-licenses",
        _mix_drawing(periods, title),
        ("period", *verdicts),
        rows,
    )


# ---- dot plots ----


def plots(subject: Subject, rankings: Sequence[Ranking]) -> list[Plot]:
    """The rankings of a benchmark as dot plots, the first few."""
    return [
        _plot(subject, i, ranking)
        for i, ranking in enumerate(rankings[:_PLOTS], 1)
        if len(_rows(ranking)) >= dots.LEAST
    ]


def _plot(subject: Subject, place: int, ranking: Ranking) -> Plot:
    rows, title = _rows(ranking), _scores_title(subject, ranking)

    def draw(canvas: Canvas) -> Markup:
        return dots.draw(rows, title, canvas)

    files = _files(subject.id, SCORES, ranking=place)
    return Plot(on_page(draw, lang(), files, _HALF), title, place)


def _rows(ranking: Ranking) -> list[dots.ScoreRow]:
    return [
        dots.ScoreRow(rank, row.fields["evaluatedModel"].text, row.value, row.text.text)
        for rank, row in ranking.rows
        if row.value is not None
    ]


def _scores_title(subject: Subject, ranking: Ranking) -> str:
    words = {
        "benchmark": subject.label,
        "setting": ", ".join(part.text for part in ranking.caption),
    }
    return gettext("Scores on %(benchmark)s: %(setting)s") % words


def _scores_file(subject: Subject, format: str) -> Response:
    benchmark = subject.kind.name == "benchmark"
    rankings = scores_of(Draft(subject, ())).rankings if benchmark else []
    place = whole_number("ranking", 1, 1, 10_000) or 1
    if place > len(rankings) or len(_rows(rankings[place - 1])) < dots.LEAST:
        raise Refusal(
            404,
            Message(
                "%(id)s has no ranking %(place)s of two scores or more", id=subject.id, place=place
            ),
        )
    ranking = rankings[place - 1]
    rows, title = _rows(ranking), _scores_title(subject, ranking)
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
    return chart_answer(
        format,
        f"{subject.id.replace('/', '-')}-{place}",
        lambda c: dots.draw(rows, title, c),
        ("rank", "id", "model", "score", "unit"),
        cells,
    )


# ---- sections of the pages of entities ----


def _build_mix(draft: Draft) -> Context | None:
    found = license_mix(draft.subject)
    return {"mix": found} if found else None


def _build_plots(draft: Draft) -> Context | None:
    found = plots(draft.subject, draft.share(scores_of).rankings)
    return {"plots": found} if found else None


FEATURE = Feature(
    sections=(
        Section(
            name="plots",
            place="above",
            template="entity/_dots.html",
            kinds=("benchmark",),
            build=_build_plots,
            anchor="plots",
            heading=mark("Scores drawn"),
            files=_chart_files(SCORES),
            parameters=(*CHART_PARAMETERS, "ranking"),
        ),
        Section(
            name="mix",
            place="below",
            template="entity/_mix.html",
            kinds=("family",),
            build=_build_mix,
            anchor="license-mix",
            heading=mark("Licenses over time"),
            files=_chart_files(MIX),
            parameters=CHART_PARAMETERS,
        ),
    ),
)
