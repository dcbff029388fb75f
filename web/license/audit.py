"""`/license-audit`: what the tag says beside what the ancestry carries, as a page, as JSON and as CSV."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.contract import to_json
from kg.answers.gaps.answer import (
    SUBSTANCE,
    AuditAnswer,
    AuditRequest,
    LicenseGapAnswer,
    MissingClause,
)
from kg.answers.gaps.audit import audit
from kg.errors import InputError, UnknownId
from kg.export.audit import audit_table
from kg.export.table_files import write_csv
from kg.licenses.verdicts import GAPS, Gap
from kg.model.media import CSV
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, render_message
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, unknown_choice, whole_number
from web.app.representations import link_next, link_twins
from web.license._findings import Hop, Teller
from web.ui.features import Feature, site_page
from web.ui.operations import LANGUAGE, Parameter, among, operation, whole
from web.ui.paging import Pages, pages

bp = Blueprint("license_audit", __name__)
FEATURE = Feature(blueprint=bp)

PAGE_SIZE = 25
MOST = 1_000  # rows in one JSON or CSV answer
_LAST = 10**6
TABS: Mapping[str, str] = {
    "": mark("Terms of substance"),
    "drops-substance": mark("Terms that the tag lacks"),
    "unsatisfiable": mark("Terms that no license satisfies"),
    "drops-paperwork": mark("Paperwork only"),
}
_FILTERS = ("family", "maker", "license")
_PARAMETERS = (
    Parameter("gap", mark("only such gaps"), among(GAPS)),
    Parameter("family", mark("only members of this family and what comes from it")),
    Parameter("maker", mark("only what this organization or person made")),
    Parameter("license", mark("only where this is the tag, or governs beside it")),
    Parameter("assumed", mark("1: also what rests on guessed or disputed parents"), among(["1"])),
    Parameter("limit", mark("most rows in one answer"), whole(1, MOST, MOST)),
    Parameter("page", mark("page of the rows"), whole(1, _LAST, 1)),
)


class GapFilter(NamedTuple):
    """A tab of the page."""

    label: str
    total: int
    url: str
    chosen: bool


class LostPath(NamedTuple):
    """The missing clauses that came by one path."""

    chain: Sequence[Hop]
    clauses: Sequence[MissingClause]
    assumed: bool


class GapRow(NamedTuple):
    """A model with what its tag lacks, by path."""

    row: LicenseGapAnswer
    paths: Sequence[LostPath]


class AuditFilters(NamedTuple):
    """What the address asks for."""

    gap: str
    family: str
    maker: str
    license: str
    assumed: bool

    def wanted(self) -> AuditRequest:
        """The same as a question."""
        gaps: tuple[Gap, ...] = (self.gap,) if self.gap in GAPS else SUBSTANCE
        return AuditRequest(
            family=self.family,
            maker=self.maker,
            license=self.license,
            gaps=gaps,
            assumed=self.assumed,
        )

    def url(self, endpoint: str = "license_audit.page", page: int = 1) -> str:
        """The address that asks for it."""
        given = {name: getattr(self, name) or None for name in ("gap", *_FILTERS)}
        return url_for(
            endpoint,
            **given,
            assumed="1" if self.assumed else None,
            page=page if page > 1 else None,
        )


@bp.get("/license-audit")
@site_page(
    parameters=("gap", *_FILTERS, "assumed", "page"),
    in_sitemap=True,
    license_audit="/license-audit",
)
def page() -> ResponseReturnValue:
    """The list, page by page; JSON where that is asked for."""
    if negotiate(PAGE_OR_JSON) == "json":
        return audit_json()
    asked, held = _asked(), snapshot()
    wanted, error = asked.wanted(), ""
    try:
        whole_list = audit(held, wanted, most=0)
    except (UnknownId, InputError) as problem:
        error = render_message(problem.message)
        wanted = AuditRequest(gaps=wanted.gaps, assumed=wanted.assumed)
        whole_list = audit(held, wanted, most=0)
    last = max(1, -(-whole_list.total // PAGE_SIZE))
    number = whole_number("page", 1, 1, last) or 1
    found = audit(held, wanted, first=(number - 1) * PAGE_SIZE, most=PAGE_SIZE, lang=lang())
    teller = Teller(held, {})
    paging: Pages = pages(number, last, lambda n: asked.url(page=n))
    text = render_template(
        "license/license_audit.html",
        asked=asked,
        error=error,
        found=found,
        rows=[GapRow(row, list(_by_path(row, teller))) for row in found.rows],
        tabs=list(_tabs(found, asked)),
        paging=paging,
        twin=asked.url("license_audit.audit_json"),
        table=asked.url("license_audit.audit_csv"),
    )
    response = Response(text, 400 if error else 200, content_type="text/html; charset=utf-8")
    link_twins(response, url_for("license_audit.page"), ["json"])
    return response


@bp.get("/license-audit.json")
@operation(
    "licenseAudit",
    "/license-audit.json",
    mark("Models whose stated license says less than what they come from, with the clauses."),
    AuditAnswer,
    example="/license-audit.json?limit=3",
    parameters=(*_PARAMETERS, LANGUAGE),
)
def audit_json() -> Response:
    """The list as data; a Link header leads to what follows."""
    found = _listed()
    return _with_next(Response(to_json(found), content_type=JSON), found)


@bp.get("/license-audit.csv")
def audit_csv() -> Response:
    """The list as a table, a line for each missing clause."""
    found = _listed()
    out = io.BytesIO()
    write_csv(audit_table(found), out)
    response = Response(out.getvalue(), content_type=f"{CSV.media_type}; charset=utf-8")
    return _with_next(response, found)


def _listed() -> AuditAnswer:
    size, number = _size()
    wanted = _asked().wanted()
    return audit(snapshot(), wanted, first=(number - 1) * size, most=size, lang=data_lang())


def _size() -> tuple[int, int]:
    size = whole_number("limit", MOST, 1, MOST) or MOST
    return size, whole_number("page", 1, 1, _LAST) or 1


def _with_next(response: Response, found: AuditAnswer) -> Response:
    size, number = _size()
    if number * size < found.total:
        link_next(response, number + 1)
    return response


def _asked() -> AuditFilters:
    gap = request.args.get("gap", "")
    if gap and gap not in GAPS:
        raise unknown_choice("gap", gap, GAPS)
    family, maker, license = (request.args.get(name, "").strip()[:400] for name in _FILTERS)
    return AuditFilters(gap, family, maker, license, request.args.get("assumed") == "1")


def _tabs(found: AuditAnswer, asked: AuditFilters) -> list[GapFilter]:
    counts: dict[str, int] = {"": sum(found.counts[gap] for gap in SUBSTANCE)}
    counts.update((gap, found.counts[gap]) for gap in GAPS)
    return [
        GapFilter(gettext(label), counts[gap], asked._replace(gap=gap).url(), gap == asked.gap)
        for gap, label in TABS.items()
    ]


def _by_path(row: LicenseGapAnswer, teller: Teller) -> list[LostPath]:
    groups: dict[tuple[str, ...], list[MissingClause]] = {}
    for lost in row.missing:
        groups.setdefault(tuple(lost.path), []).append(lost)
    return [
        LostPath(teller.chain(path, group[0].edges), group, any(one.assumed for one in group))
        for path, group in groups.items()
    ]
