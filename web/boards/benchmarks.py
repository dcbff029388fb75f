"""`/benchmarks`: models by benchmarks as a heat table, each score with its setting, source and date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.boards.benchmarks import (
    BenchmarksAnswer,
    BenchmarksRequest,
    HeatColumn,
    ScoreAnswer,
    answer_benchmarks,
    read_scores,
)
from kg.answers.contract import Ref, to_json
from kg.errors import InputError
from kg.language.dates import date
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.caching import untagged
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, render_message
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang
from web.ui.features import Feature, site_page
from web.ui.figure import table_answer
from web.ui.format import CODES, score
from web.ui.operations import LANGUAGE, Parameter, many, operation

bp = Blueprint("benchmarks", __name__)
FEATURE = Feature(blueprint=bp)

COLUMNS_SHOWN, COLUMNS_MOST = 16, 1000
_STEPS = 5  # of the tint, from the lowest score of a column to its best
_MOST_VALUES, _LONGEST = 20, 200
_CSV = (
    *("model", "label", "benchmark", "setting", "metric", "unit", "table"),
    *("score", "evaluation", "source", "place", "published", "retrieved"),
)
_PARAMETERS = (
    Parameter("benchmark", mark("benchmark, by id or name"), many(most=_MOST_VALUES)),
    Parameter(
        "family", mark("family whose models are shown, by id or name"), many(most=_MOST_VALUES)
    ),
    Parameter("org", mark("organization, by id or name"), many(most=_MOST_VALUES)),
    Parameter("language", mark("language that the benchmarks are in, by id or name")),
)
_STATE = ("benchmark", "family", "org", "language")


class HeatChip(NamedTuple):
    """A condition, and the page without it."""

    title: str
    label: str
    url: str


@bp.get("/benchmarks")
@site_page(
    parameters=_STATE,
    in_sitemap=True,
    benchmarks="/benchmarks",
    benchmarks_asked="/benchmarks?language=korean",
)
def page() -> ResponseReturnValue:
    """The table; the address is the whole state."""
    if negotiate(PAGE_OR_JSON) == "json":
        return benchmarks_json()
    if any(not value.strip() for name in _STATE for value in request.args.getlist(name)):
        return redirect(_address(_given()))
    held, error, status = snapshot(), "", 200
    asked = BenchmarksRequest()
    try:
        asked = _read(held)
    except InputError as wrong:
        untagged()
        error, status = render_message(wrong.message), 400
    found = answer_benchmarks(held, asked, COLUMNS_SHOWN, lang())
    text = render_template(
        "boards/benchmarks.html",
        error=error,
        found=found,
        asked=asked,
        sources=_sources(found),
        chips=_chips(held, asked),
        clear=_address([]),
        tint=_tint,
        when=when,
        score=score,
        setting=setting_words,
        offered=_offered(held, lang()),
        files={
            "CSV": _address(_given(), "benchmarks.benchmarks_csv"),
            "JSON": _address(_given(), "benchmarks.benchmarks_json"),
        },
    )
    return text, status


@bp.get("/benchmarks.json")
@operation(
    "benchmarks",
    "/benchmarks.json",
    mark("Scores of models by benchmark and setting, each with its source and date."),
    BenchmarksAnswer,
    example="/benchmarks.json?language=korean",
    parameters=(*_PARAMETERS, LANGUAGE),
)
def benchmarks_json() -> Response:
    """All scores that are asked for."""
    found = answer_benchmarks(snapshot(), _read(snapshot()), COLUMNS_MOST, data_lang())
    return Response(to_json(found), content_type=JSON)


@bp.get("/benchmarks.csv")
def benchmarks_csv() -> Response:
    """All scores that are asked for, a row each."""
    found = answer_benchmarks(snapshot(), _read(snapshot()), COLUMNS_MOST, data_lang())
    rows = [
        (
            row.model.id,
            row.model.label,
            column.benchmark.id,
            column.setting or "",
            column.metric or "",
            column.unit or "",
            column.table or "",
            one.value,
            one.id,
            one.source.id,
            one.place,
            one.published or "",
            one.retrieved or "",
        )
        for row in found.rows
        for column, scores in zip(found.columns, row.scores, strict=True)
        for one in scores
    ]
    return table_answer("benchmarks", _CSV, rows)


def _given() -> list[tuple[str, str]]:
    """The parameters of this request that say something."""
    return [
        (name, value[:_LONGEST])
        for name in _STATE
        for value in request.args.getlist(name)[:_MOST_VALUES]
        if value.strip()
    ]


def _address(given: Iterable[tuple[str, str]], endpoint: str = "benchmarks.page") -> str:
    args: dict[str, Any] = {}  # each a list of values
    for name, value in given:
        args.setdefault(name, []).append(value)
    if code := request.args.get("lang"):
        args["lang"] = [code]
    return url_for(endpoint, **args)


def _read(held: Snapshot) -> BenchmarksRequest:
    """What the address of this request asks for.

    Raises:
        InputError: a name that nothing of its kind bears.
    """
    typed: dict[str, list[str]] = {name: [] for name in _STATE}
    for name, value in _given():
        typed[name].append(value)
    languages = _named(held, "language", typed["language"][-1:])
    return BenchmarksRequest(
        benchmarks=_named(held, "benchmark", typed["benchmark"]),
        families=_named(held, "family", typed["family"]),
        orgs=_named(held, "org", typed["org"]),
        language=languages[0] if languages else "",
    )


def _named(held: Snapshot, kind: str, typed: Sequence[str]) -> tuple[str, ...]:
    """The ids of a kind by what was typed: an id, what stands after its kind, or a name."""
    return tuple(_one(held, kind, text) for text in typed)


def _one(held: Snapshot, kind: str, text: str) -> str:
    for id in (text, f"{kind}/{text}", f"{kind}/{text.casefold().replace(' ', '-')}"):
        known = held.redirects.get(id, id)
        if known.startswith(f"{kind}/") and held.lines.find(known) is not None:
            return known
    for id in held.index.named(text):
        if kind_of(id) == kind:
            return id
    word = held.vocabulary.kinds[kind].term.labels.get(lang(), kind)
    raise InputError(Message("no %(kind)s is called %(name)r", kind=word, name=text[:80]))


def _chips(held: Snapshot, asked: BenchmarksRequest) -> list[HeatChip]:
    """Every condition of a page as a chip that takes it away."""
    given = _given()
    ids = {
        "benchmark": asked.benchmarks,
        "family": asked.families,
        "org": asked.orgs,
        "language": (asked.language,) if asked.language else (),
    }
    kinds = held.vocabulary.kinds
    found = []
    for name, values in ids.items():
        typed = [value for field, value in given if field == name][-len(values) or None :]
        for id, text in zip(values, typed, strict=False):
            title = kinds[name].term.labels.get(lang(), name)
            rest = [one for one in given if one != (name, text)]
            found.append(HeatChip(title, held.label(id, lang()), _address(rest)))
    return found


@memo(most=4)
def _offered(held: Snapshot, code: str) -> list[Ref]:
    """The benchmarks with scores."""
    ids = sorted({score.benchmark for score in read_scores(held)})
    return sorted((Ref(id, held.label(id, code)) for id in ids), key=lambda r: r.label.casefold())


def _sources(found: BenchmarksAnswer) -> dict[str, tuple[int, ScoreAnswer]]:
    """The sources of the scores, numbered as they are met, each with a score of it."""
    numbered: dict[str, tuple[int, ScoreAnswer]] = {}
    for row in found.rows:
        for scores in row.scores:
            for one in scores:
                numbered.setdefault(one.source.id, (len(numbered) + 1, one))
    return numbered


def when(one: ScoreAnswer) -> str:
    """When the source of a score appeared, else when it was read, in words."""
    if one.published:
        return date(one.published, lang())
    read = date(one.retrieved, lang()) if one.retrieved else ""
    return gettext("read %(date)s") % {"date": read} if read else ""


def _tint(standing: float | None) -> str:
    """The class of a cell by how its score stands in its column."""
    if standing is None:
        return ""
    return f"h{min(_STEPS - 1, int(standing * _STEPS))}"


def setting_words(column: HeatColumn) -> list[str]:
    """The setting of a column in words, part by part; what a source does not state is said."""
    metric = column.metric or ""
    parts = (
        column.setting or gettext("setting not stated"),
        gettext(CODES[metric]) if metric in CODES else metric or gettext("metric not stated"),
        column.table or "",
    )
    return [part for part in parts if part]
