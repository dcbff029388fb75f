"""What a source says, on its page: claim by claim, in the order of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from flask import Response, request, url_for

from kg.answers.contract import ClaimAnswer, Ref, to_json
from kg.answers.source import WHICH, WHOLE, SaidAnswer, SourceAnswer, Which, claims_of_source
from kg.snapshot.citations import CLAIMS, DISPUTED, REJECTED
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark
from web.app.negotiate import JSON
from web.app.params import data_lang, unknown_choice, whole_number
from web.app.representations import SAFE, link
from web.ui.facts import Shape, shape
from web.ui.features import Feature
from web.ui.operations import LANGUAGE, Operation, id_parts
from web.ui.paging import Pages, pages
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

PAGE_SIZE = 100  # claims on one page
JSON_PAGE = 1_000  # claims in one answer for programs, of a source with very many
ANCHOR = "said"

FILTERS: Mapping[Which, str] = {
    "": mark("All claims"),
    "rejected": mark("Rejected"),
    "disputed": mark("Sources disagree"),
}


class ClaimsTab(NamedTuple):
    """A filter."""

    label: str
    total: int
    url: str
    chosen: bool


class SourceClaimRow(msgspec.Struct, frozen=True, kw_only=True):
    """A claim, ready to print."""

    name: str
    label: str
    shape: Shape
    claim: ClaimAnswer
    disputed: bool
    holds: Sequence[Shape]  # what is shown instead


class ClaimGroup(NamedTuple):
    """Claims on one entity that follow each other."""

    subject: Ref
    rows: Sequence[SourceClaimRow]


class ClaimList(NamedTuple):
    """The claims of a source on its page."""

    answer: SourceAnswer
    by_entity: bool  # it says too much to be put in the order of the document
    tabs: Sequence[ClaimsTab]
    groups: Sequence[ClaimGroup]
    paging: Pages


def _answer_json(subject: Subject, ending: str) -> Response:
    """What a source says, as data: all of it, or page by page where that is too much for one answer."""
    id, code = subject.id, data_lang()
    cited = subject.snapshot.citations.of(id)
    if cited.total(CLAIMS) <= WHOLE:
        return Response(to_json(claims_of_source(snapshot(), id, code)), content_type=JSON)
    last = -(-cited.total(CLAIMS) // JSON_PAGE)
    page = whole_number("page", 1, 1, last) or 1
    body = claims_of_source(snapshot(), id, code, first=(page - 1) * JSON_PAGE, most=JSON_PAGE)
    response = Response(to_json(body), content_type=JSON)
    for relation, number in (("prev", page - 1), ("next", page + 1)):
        if 1 <= number <= last:
            link(response, relation, f"{quote(request.path, safe=SAFE)}?page={number}")
    return response


def list_claims(subject: Subject) -> ClaimList:
    """What a source says, as the address asks.

    Raises:
        InputError: the address asks for an unknown filter.
    """
    id, show = subject.id, _which()
    cited = subject.snapshot.citations.of(id)
    totals: dict[Which, int] = {
        "": cited.total(CLAIMS),
        "rejected": cited.total(REJECTED),
        "disputed": cited.total(DISPUTED),
    }
    last = max(1, -(-totals[show] // PAGE_SIZE))
    page = whole_number("page", 1, 1, last) or 1
    shown = claims_of_source(snapshot(), id, lang(), show, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    return ClaimList(
        shown,
        totals[""] > WHOLE,
        [
            ClaimsTab(gettext(label), totals[name], _url(id, name), name == show)
            for name, label in FILTERS.items()
        ],
        _groups(shown.claims),
        pages(page, last, lambda n: _url(id, show, n)),
    )


def _which() -> Which:
    show = request.args.get("show", "")
    for known in WHICH:
        if show == known:
            return known
    raise unknown_choice("show", show, filter(None, WHICH))


def _url(id: str, show: str, page: int = 1) -> str:
    return url_for(
        "entities.entity",
        name=id,
        show=show or None,
        page=page if page > 1 else None,
        _anchor=ANCHOR,
    )


def _groups(claims: Sequence[SaidAnswer]) -> list[ClaimGroup]:
    runs = groupby(claims, key=lambda said: said.subject)
    return [ClaimGroup(subject, [_row(said) for said in run]) for subject, run in runs]


def _row(said: SaidAnswer) -> SourceClaimRow:
    known = snapshot().vocabulary.properties[said.property]
    instead = said.holds if said.disputed and said.claim.value not in said.holds else []
    return SourceClaimRow(
        name=said.property,
        label=known.term.labels.get(lang(), said.property),
        shape=shape(said.claim.value, known, said.claim.lang or ""),
        claim=said.claim,
        disputed=said.disputed,
        holds=[shape(value, known) for value in instead],
    )


def _build(draft: Draft) -> Context:
    return {"said": list_claims(draft.subject)}


_CLAIMS_JSON = EntityFile(
    ending="/claims.json",
    media_type=JSON,
    answer=_answer_json,
    kinds=("source",),
    listed=True,
    operation=Operation(
        name="claims",
        path="/source/{slug}/claims.json",
        about=mark(
            "Everything a source says, with rank, reason and the line in which it can be corrected."
        ),
        answer=SourceAnswer,
        example="/source/survey-004/claims.json",
        parameters=(id_parts("source")[1], LANGUAGE),
    ),
)

FEATURE = Feature(
    sections=(
        Section(
            name="said",
            place="below",
            template="entity/_said.html",
            kinds=("source",),
            build=_build,
            anchor=ANCHOR,
            heading=mark("What this source says"),
            long=True,
            files=(_CLAIMS_JSON,),
        ),
    ),
)
