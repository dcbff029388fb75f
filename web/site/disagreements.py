"""`/disagreements`: the facts on which sources disagree, and a page for each: who says what, which value holds and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.contract import to_json
from kg.answers.disputes.answer import DisputeAnswer, SideAnswer, find_dispute, tell_reach
from kg.answers.disputes.listing import (
    WEIGHTS,
    DisputeRow,
    DisputesAnswer,
    DisputesRequest,
    list_disputes,
)
from kg.answers.disputes.reasons import WHY_WORDS
from kg.errors import InputError
from kg.model.media import CSV
from kg.model.vocabulary import Property, load_vocabulary
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, gettext, mark
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, whole_number
from web.app.representations import link_next, link_twins
from web.site._dispute_tables import table_of_rows, table_of_voices
from web.ui.facts import Shape, shape
from web.ui.features import Feature, site_page
from web.ui.format import CODES
from web.ui.operations import LANGUAGE, Parameter, among, id_parts, operation, whole
from web.ui.paging import Pages, pages
from web.ui.verdicts import LOOKS

bp = Blueprint("disagreements", __name__)
FEATURE = Feature(blueprint=bp)

PAGE_SIZE = 50  # rows of one page
MOST = 1_000  # in one answer for programs
_LAST = 10**6
_PARAMETERS = ("property", "kind", "weight")


class DisputeFilter(NamedTuple):
    """A choice of the list."""

    label: str
    total: int | None
    url: str
    chosen: bool


class DisputeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row, ready to print."""

    row: DisputeRow
    address: str
    holds: Sequence[Shape]
    against: Sequence[Shape]
    why: str
    weight: str
    reach: str


class ShownSide(NamedTuple):
    """A value, ready to print."""

    side: SideAnswer
    shape: Shape


@bp.get("/disagreements")
@site_page(parameters=(*_PARAMETERS, "page"), in_sitemap=True, disagreements="/disagreements")
def page() -> ResponseReturnValue:
    """The list, page by page; JSON where that is asked for."""
    if negotiate(PAGE_OR_JSON) == "json":
        return disagreements_json()
    asked, held = _asked(), snapshot()
    total = list_disputes(held, asked, most=0).total
    last = max(1, -(-total // PAGE_SIZE))
    number = whole_number("page", 1, 1, last) or 1
    found = list_disputes(held, asked, first=(number - 1) * PAGE_SIZE, most=PAGE_SIZE, lang=lang())
    paging: Pages = pages(number, last, lambda n: _url(asked, page=n))
    text = render_template(
        "site/disagreements.html",
        found=found,
        asked=asked,
        lines=[_line(row) for row in found.disputes],
        weights=_choices(asked, "weight", {n: gettext(w) for n, w in WEIGHTS.items()}, found),
        properties=_choices(asked, "property", _property_labels(), found),
        kinds_there=_choices(asked, "kind", _kind_labels(), found),
        paging=paging,
        twin=_url(asked, "disagreements.disagreements_json"),
        table=_url(asked, "disagreements.disagreements_csv"),
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    link_twins(response, url_for("disagreements.page"), ["json"])
    return response


def _asked() -> DisputesRequest:
    return DisputesRequest(*(request.args.get(name, "").strip()[:100] for name in _PARAMETERS))


def _url(asked: DisputesRequest, endpoint: str = "disagreements.page", page: int = 1) -> str:
    given = {name: value or None for name, value in asked._asdict().items()}
    return url_for(
        endpoint,
        **given,
        lang=request.args.get("lang"),
        page=page if page > 1 else None,
    )


def _property_labels() -> Mapping[str, str]:
    known = snapshot().vocabulary.properties
    return {name: p.term.labels.get(lang(), name) for name, p in known.items()}


def _kind_labels() -> Mapping[str, str]:
    return {n: k.term.labels.get(lang(), n) for n, k in snapshot().vocabulary.kinds.items()}


def _choices(
    asked: DisputesRequest, name: str, labels: Mapping[str, str], found: DisputesAnswer
) -> list[DisputeFilter]:
    """The values that one filter can take, each with what it would leave."""
    counts = {"weight": found.weights, "property": found.properties, "kind": found.kinds}[name]
    chosen = getattr(asked, name)
    every = DisputeFilter(
        gettext("All"), sum(counts.values()), _url(asked._replace(**{name: ""})), not chosen
    )
    order = [value for value in labels if value in counts]
    if name == "property":
        order.sort(key=lambda value: -counts[value])
    return [
        every,
        *(
            DisputeFilter(
                labels[value],
                counts[value],
                _url(asked._replace(**{name: value})),
                value == chosen,
            )
            for value in order
        ),
    ]


def _line(row: DisputeRow) -> DisputeLine:
    known = snapshot().vocabulary.properties[row.property]
    return DisputeLine(
        row=row,
        address=fact_address(row.id, row.property),
        holds=[shape(value, known, "", row.kind) for value in row.holds],
        against=[shape(value, known, "", row.kind) for value in row.against],
        why=gettext(WHY_WORDS[row.why]) if row.why else "",
        weight=gettext(WEIGHTS[row.weight]),
        reach=tell_reach(row.reach, lang()),
    )


def fact_address(id: str, property: str, ending: str = "") -> str:
    """The address of the page of one fact.

    Args:
        id: of the entity.
        property: local name.
        ending: ".json" or ".csv".
    """
    name = f"{id}/{property}{ending}"
    return url_for("disagreements.fact", name=name, lang=request.args.get("lang"))


@bp.get("/disagreements.json")
@operation(
    "disagreements",
    "/disagreements.json",
    mark("The facts on which sources disagree, what matters most first."),
    DisputesAnswer,
    example="/disagreements.json?limit=3",
    parameters=(
        Parameter("property", mark("only on this property")),
        Parameter(
            "kind", mark("only entities of this kind"), among(sorted(load_vocabulary().kinds))
        ),
        Parameter("weight", mark("only what hangs on them so"), among(WEIGHTS)),
        Parameter("limit", mark("most rows in one answer"), whole(1, MOST, MOST)),
        Parameter("page", mark("page of the rows"), whole(1, _LAST, 1)),
        LANGUAGE,
    ),
)
def disagreements_json() -> Response:
    """The list as data; a Link header leads to what follows."""
    found = _listed()
    return _with_next(Response(to_json(found), content_type=JSON), found)


@bp.get("/disagreements.csv")
def disagreements_csv() -> Response:
    """The list as a table, a line for each fact."""
    found = _listed()
    return _with_next(_csv(table_of_rows(found)), found)


def _csv(text: str) -> Response:
    return Response(text, content_type=f"{CSV.media_type}; charset=utf-8")


def _listed() -> DisputesAnswer:
    size, number = _size()
    return list_disputes(
        snapshot(), _asked(), first=(number - 1) * size, most=size, lang=data_lang()
    )


def _size() -> tuple[int, int]:
    size = whole_number("limit", MOST, 1, MOST) or MOST
    return size, whole_number("page", 1, 1, _LAST) or 1


def _with_next(response: Response, found: DisputesAnswer) -> Response:
    size, number = _size()
    if number * size < found.total:
        link_next(response, number + 1)
    return response


@bp.get("/disagreements/<path:name>")
@site_page(
    disagreement="/disagreements/model/deepseek-r1/releaseDate",
    disagreement_license="/disagreements/model/alpaca-7b/license",
)
@operation(
    "disagreement",
    "/disagreements/{kind}/{slug}/{property}.json",
    mark("Who says what of one property of an entity, which value holds and why."),
    DisputeAnswer,
    example="/disagreements/model/deepseek-r1/releaseDate.json",
    parameters=(
        *id_parts(),
        Parameter("property", mark("local name of a property"), required=True, place="path"),
        LANGUAGE,
    ),
)
def fact(name: str) -> ResponseReturnValue:
    """What is said of one fact, as a page, as JSON or as CSV."""
    stem, _, suffix = name.rpartition(".")
    ending = suffix if suffix in ("json", "csv") else ""
    id, _, property = (stem if ending else name).rpartition("/")
    held = snapshot()
    format = ending or ("json" if negotiate(PAGE_OR_JSON) == "json" else "html")
    try:
        found = find_dispute(held, id, property, lang() if format == "html" else data_lang())
    except InputError as error:
        raise Refusal(404, error.message) from error
    if found.id != id:
        return redirect(fact_address(found.id, property, f".{ending}" if ending else ""), 308)
    if format == "json":
        return Response(to_json(found), content_type=JSON)
    if format == "csv":
        return _csv(table_of_voices(found))
    return _fact_page(found, held.vocabulary.properties[property])


def _fact_page(found: DisputeAnswer, known: Property) -> Response:
    sides = [ShownSide(side, shape(side.value, known, "", found.kind)) for side in found.sides]
    text = render_template(
        "site/disagreement.html",
        found=found,
        sides=sides,
        code_word=lambda code: gettext(CODES.get(code, code)),
        weight=gettext(WEIGHTS[found.weight]),
        reach=tell_reach(found.reach, lang()),
        help=known.term.comments.get(lang(), ""),
        now=LOOKS[found.verdict] if found.verdict else None,
        twin=fact_address(found.id, found.property, ".json"),
        table=fact_address(found.id, found.property, ".csv"),
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    link_twins(
        response, url_for("disagreements.fact", name=f"{found.id}/{found.property}"), ["json"]
    )
    return response
