"""Models side by side: `/compare?id=…&id=…` and its twin `/compare.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers import compare as comparison
from kg.answers.contract import CommonAnswer, CompareAnswer, EdgeAnswer, to_json
from kg.answers.genealogy import Where, find_genealogy, list_nearest
from kg.answers.show import show
from kg.errors import InputError, UnknownId
from kg.model.claim import kind_of, label_lang
from web.app.caching import untagged
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang
from web.site.feeds import list_address
from web.ui.facts import FactRow, FactTable
from web.ui.features import Feature, site_page
from web.ui.operations import LANGUAGE, Parameter, many, operation

bp = Blueprint("compare", __name__)
FEATURE = Feature(blueprint=bp)

_SUGGESTED = 8
_NEAR = Where(kinds=frozenset({"model"}))


class Head(NamedTuple):
    """A compared model, as its column begins."""

    id: str
    label: str
    lang: str
    kind: str
    without: str  # the address without it


class ComparedCell(NamedTuple):
    """What is known of one property of one model."""

    label: str  # of the model, for narrow screens
    row: FactRow | None


class ComparedLine(NamedTuple):
    """One property of all models."""

    name: str
    label: str
    help: str
    result: str
    cells: tuple[ComparedCell, ...]


class PathStep(NamedTuple):
    """One step of a way up."""

    relation: str
    id: str
    label: str


class Ways(NamedTuple):
    """The ways of one model up to a common ancestor."""

    id: str
    label: str
    ways: tuple[tuple[PathStep, ...], ...]  # without ways it is the ancestor itself


class Meeting(NamedTuple):
    """A common ancestor, and how each model comes from it."""

    id: str
    label: str
    kind: str
    ways: tuple[Ways, ...]


class CompareRequest(NamedTuple):
    """The models that an address names."""

    ids: list[str]  # canonical, each once
    wrong: list[tuple[str, list[str], str]]  # what cannot be compared, what it may mean, and why


@bp.get("/compare")
@site_page(
    parameters=("id",),
    further=("only",),
    compare="/compare?id=model/alpaca-7b&id=model/vicuna-7b&id=model/koalpaca-polyglot-12.8b",
)
def compare() -> ResponseReturnValue:
    """Models side by side, or the form to choose them."""
    if negotiate(PAGE_OR_JSON) == "json":
        return twin()
    texts = [text for text in request.args.getlist("id") if text.strip()]
    asked = _asked(texts)
    if not asked.wrong and asked.ids != texts:
        return redirect(_address(asked.ids), 308)
    many = len(asked.ids)
    if asked.wrong or many > comparison.MOST:
        untagged()
        return _form(asked), 400
    return _form(asked) if many < comparison.LEAST else _page(asked.ids)


@bp.get("/compare.json")
@operation(
    "compare",
    "/compare.json",
    mark("Models or families side by side, and their nearest common ancestors."),
    CompareAnswer,
    example="/compare.json?id=alpaca-7b&id=vicuna-7b",
    parameters=(
        Parameter(
            "id",
            mark("ids or names of what to compare"),
            many(comparison.LEAST, comparison.MOST),
            True,
        ),
        LANGUAGE,
    ),
)
def twin() -> Response:
    """The comparison as data."""
    ids = dict.fromkeys(snapshot().find(text) for text in request.args.getlist("id"))
    found = comparison.compare(snapshot(), [*ids], data_lang())
    return Response(to_json(found), content_type=JSON)


def _asked(texts: Sequence[str]) -> CompareRequest:
    asked = CompareRequest([], [])
    for text in texts:
        try:
            id = snapshot().find(text)
            comparison.check_kind(id)
            asked.ids.extend([id] if id not in asked.ids else [])
        except UnknownId as error:
            near = [id for id in error.near if kind_of(id) in ("model", "family")]
            asked.wrong.append((text, near, gettext("Nothing goes by this name.")))
        except InputError:
            asked.wrong.append((text, _namesakes(text), gettext("This is no model or family.")))
    return asked


def _namesakes(text: str) -> list[str]:
    """The model and the family that share a bare slug."""
    ids = (f"{kind}/{text.strip()}" for kind in ("model", "family"))
    return [id for id in ids if snapshot().lines.find(id) is not None]


def _address(ids: Sequence[str]) -> str:
    return url_for("compare.compare", id=ids, lang=request.args.get("lang"))


def _form(asked: CompareRequest) -> str:
    """The form, with what is wrong with what was asked for, and whom one model could meet."""
    heads = _heads(asked.ids)
    wrong = [
        (text, [(_address([*asked.ids, id]), _label(id)) for id in near], why)
        for text, near, why in asked.wrong
    ]
    suggested = _suggested(asked.ids[0]) if len(asked.ids) == 1 else []
    return render_template(
        "site/compare.html",
        heads=heads,
        wrong=wrong,
        most=comparison.MOST,
        answer=None,
        suggested=[(_address([*asked.ids, id]), _label(id)) for id in suggested],
    )


def _suggested(id: str) -> list[str]:
    """The members of its families, then the nearest ancestors and descendants of a model."""
    held = snapshot()
    node = held.number(id)
    known = held.families
    genealogy = find_genealogy(held, id, where=_NEAR)
    near = [n for n, _, role in list_nearest(genealogy, _SUGGESTED) if role != "root"]
    siblings = sorted(m for family in known.of(node) for m in known.members(family))
    found = dict.fromkeys([*siblings[:_SUGGESTED], *near])
    return [held.id_at(n) for n in found if n != node][:_SUGGESTED]


def _page(ids: Sequence[str]) -> str:
    answer = comparison.compare(snapshot(), ids, lang())
    lines, table = _lines(answer)
    only = request.args.get("only") == "differences"
    address = _address(ids)
    return render_template(
        "site/compare.html",
        answer=answer,
        heads=_heads(ids),
        lines=[line for line in lines if not only or line.result == "differs"],
        only=only,
        all_url=address,
        only_url=f"{address}&only=differences",
        differing=sum(line.result == "differs" for line in lines),
        sources=table.sources,
        meetings=[_meeting(common) for common in answer.common],
        further=[_meeting(common) for common in answer.common_data],
        apart=all(len(common.models) < len(ids) for common in answer.common),
        twin=url_for("compare.twin", id=ids, lang=request.args.get("lang")),
        most=comparison.MOST,
        changes_feed=list_address(ids),
        wrong=[],
        suggested=[],
    )


def _heads(ids: Sequence[str]) -> list[Head]:
    held = snapshot()
    return [
        Head(
            id,
            _label(id),
            label_lang(held.entity(id), lang()),
            kind_of(id),
            _address([other for other in ids if other != id]),
        )
        for id in ids
    ]


def _label(id: str) -> str:
    return snapshot().label(id, lang())


def _lines(answer: CompareAnswer) -> tuple[list[ComparedLine], FactTable]:
    """The rows of the table; sources are numbered across all models."""
    table: FactTable | None = None
    rows: list[dict[str, FactRow]] = []
    for model in answer.models:
        table = FactTable(snapshot(), show(snapshot(), model.id, lang()), table)
        rows.append({row.name: row for row in table.rows})
    assert table is not None
    properties = snapshot().vocabulary.properties
    lines = [
        ComparedLine(
            fact.property,
            term.labels.get(lang(), fact.property),
            term.comments.get(lang(), ""),
            fact.result,
            tuple(
                ComparedCell(model.label, known.get(fact.property))
                for model, known in zip(answer.models, rows, strict=True)
            ),
        )
        for fact in answer.facts
        if (term := properties[fact.property].term)
    ]
    return lines, table


def _meeting(common: CommonAnswer) -> Meeting:
    ways = (
        Ways(id, _label(id), tuple(tuple(map(_step, way)) for way in of))
        for id, of in zip(common.models, common.paths, strict=True)
    )
    return Meeting(common.id, common.label, common.kind, tuple(ways))


def _step(edge: EdgeAnswer) -> PathStep:
    labels = snapshot().vocabulary.properties[edge.relation].term.labels
    return PathStep(labels.get(lang(), edge.relation), edge.parent, _label(edge.parent))
