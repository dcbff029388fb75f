"""`/trends`: sizes, context lengths, licenses and data of models over time, drawn and as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kg.columns.labels import labels_of
from kg.language.numbers import brief
from kg.messages.message import Message
from kg.model.vocabulary import CONTEXT_LENGTH, PARAMETER_COUNT
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, mark, translator
from web.app.negotiate import PAGE_OR_JSON, negotiate
from web.charts import scatter
from web.charts.plot import Canvas
from web.charts.scatter import Dot, RecentPart, Series, day_of, recent_part, series
from web.site._trend_mixes import MIXES, mix_drawing, mix_rows, show_mix
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.figure import FORMATS, Figure, chart_answer, language, on_page
from web.ui.operations import operation

bp = Blueprint("trends", __name__)
FEATURE = Feature(blueprint=bp)

COLUMNS = ("id", "label", "developer", "date", "value")


class Topic(NamedTuple):
    """One chart of the page."""

    property: str
    title: str  # English, marked for translation
    about: str


TOPICS: Mapping[str, Topic] = {
    "parameters": Topic(
        PARAMETER_COUNT,
        mark("Parameter counts over time"),
        mark(
            "Models whose size and release date a source states, the date of them or their family."
        ),
    ),
    "context": Topic(
        CONTEXT_LENGTH,
        mark("Context lengths over time"),
        mark(
            "Models and families whose release date and context length a source states, of them or their family, in tokens."
        ),
    ),
}


class ShownChart(NamedTuple):
    """A chart with its table."""

    name: str
    topic: Topic
    figure: Figure | None  # None: nothing to draw
    dots: list[Dot]
    drawn: RecentPart | None


@memo()
def dots(held: Snapshot, name: str, code: str) -> list[Dot]:
    """The models of a chart by date, with their names in a language."""
    points = held.trends[TOPICS[name].property].points
    labels = labels_of(held, [held.number(p.id) for p in points], code)
    return [
        Dot(
            id=p.id,
            label=label,
            day=day,
            date=p.date,
            value=p.value,
            org=p.org,
            maker=held.label(p.org, code) if p.org else "",
            weight=p.descendants,
        )
        for p, label in zip(points, labels, strict=True)
        if (day := day_of(p.date)) is not None
    ]


@memo()
def part_drawn(held: Snapshot, name: str, code: str) -> RecentPart:
    """What of a chart is drawn, if there is anything to draw."""
    return recent_part(dots(held, name, code), held.trends[TOPICS[name].property].crowds)


@memo()
def looks(held: Snapshot, code: str) -> list[Series]:
    """The organizations with most models on all charts together."""
    return series([dot for name in TOPICS for dot in dots(held, name, code)])


def _drawing(name: str, code: str) -> Callable[[Canvas], Markup]:
    """What draws a chart."""
    held = snapshot()
    known, title = looks(held, code), translator(code)(TOPICS[name].title)

    def draw(canvas: Canvas) -> Markup:
        part = part_drawn(held, name, code)
        return scatter.draw(
            part.dots, part.crowds, known, title, lambda v: brief(round(v), code), canvas
        )

    return draw


@memo()
def show_trend(held: Snapshot, name: str, code: str) -> ShownChart:
    """A chart for the page; drawn once for each snapshot and language."""
    topic, found = TOPICS[name], dots(held, name, code)
    files = [
        (
            f,
            url_for(
                "trends.file",
                name=name,
                format=f,
                lang=code if f == "svg" and code != "en" else None,
            ),
        )
        for f in FORMATS
    ]
    drawn = on_page(_drawing(name, code), code, files) if found else None
    part = part_drawn(held, name, code) if found else None
    return ShownChart(name, topic, drawn, found, part)


@bp.get("/trends")
@site_page(menu=(MenuEntry(mark("Trends"), 30),), trends="/trends")
def page() -> ResponseReturnValue:
    """Both charts, or their data where JSON is asked for."""
    if negotiate(PAGE_OR_JSON) == "json":
        return data()
    charts = [show_trend(snapshot(), name, lang()) for name in TOPICS]
    mixed = [show_mix(snapshot(), name, lang()) for name in MIXES]
    return render_template("site/trends.html", charts=charts, mixes=mixed)


@bp.get("/trends.json")
@operation(
    "trends",
    "/trends.json",
    mark(
        "Parameter counts and context lengths of models with their dates, as the charts show them."
    ),
    {
        "type": "object",
        "required": ["rows"],
        "properties": {
            "chart": {"type": "string"},
            "rows": {"type": "array", "items": {"type": "object"}},
        },
    },
    example="/trends.json",
)
def data() -> Response:
    """What both charts show."""
    rows = [(name, *row) for name in TOPICS for row in _rows(name)]
    return chart_answer("json", "trends", _drawing("parameters", "en"), ("chart", *COLUMNS), rows)


@bp.get("/trends/<name>.<any(svg, csv, json):format>")
def file(name: str, format: str) -> Response:
    """One chart as a file."""
    if name not in (*TOPICS, *MIXES):
        raise Refusal(
            404,
            Message(
                "there is no chart %(name)r; known are: %(known)s",
                name=name,
                known=[*TOPICS, *MIXES],
            ),
        )
    if name in MIXES:
        return _mix_file(name, format)
    code = language() if format == "svg" else "en"
    if not dots(snapshot(), name, code):
        raise Refusal(
            404,
            Message("this data states no date and value of any model: there is nothing to draw"),
        )
    return chart_answer(format, f"trends-{name}", _drawing(name, code), COLUMNS, _rows(name))


def _mix_file(name: str, format: str) -> Response:
    columns, rows = mix_rows(snapshot(), name)
    if not rows:
        raise Refusal(
            404,
            Message("this data states no date and value of any model: there is nothing to draw"),
        )
    return chart_answer(format, f"trends-{name}", mix_drawing(snapshot(), name), columns, rows)


def _rows(name: str) -> list[tuple[object, ...]]:
    return [(d.id, d.label, d.org, d.date, round(d.value)) for d in dots(snapshot(), name, "en")]
