"""`/changes`: what changed since the release before, as a page, as JSON and as an Atom feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.changes import (
    GROUPS,
    ChangesAnswer,
    changes,
    total,
)
from kg.answers.contract import to_json
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.releases.history import Summary
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark
from web.app.negotiate import JSON, PAGE_OR_JSON, Offer, negotiate
from web.app.params import data_lang, unknown_choice, whole_number
from web.app.representations import link_next, link_twins
from web.site._change_rows import change_group
from web.site.feeds import ATOM, tagged, whole_feed
from web.ui.features import Feature, site_page
from web.ui.operations import LANGUAGE, Parameter, among, operation, whole
from web.ui.paging import Pages, pages

bp = Blueprint("changes", __name__)
FEATURE = Feature(blueprint=bp)

PAGE_SIZE = 50  # entities on one page
MOST = 1_000  # entities in one JSON answer
_LAST = 10**7

TABS: Mapping[str, str] = {
    "": mark("All changes"),
    "entities": mark("New and gone"),
    "facts": mark("Added and removed"),
    "ranking": mark("Ranked anew"),
    "verdicts": mark("Verdicts"),
    "disputes": mark("Disputes"),
}


class ChangesFilter(NamedTuple):
    """A filter."""

    label: str
    total: int | None
    url: str
    chosen: bool


class ChangesRequest(NamedTuple):
    """What the address asks for."""

    group: str
    kind: str

    def url(self, endpoint: str = "changes.page", page: int = 1) -> str:
        """The address that asks for it."""
        return url_for(
            endpoint,
            only=self.group or None,
            kind=self.kind or None,
            page=page if page > 1 else None,
        )


@bp.get("/changes")
@site_page(parameters=("only", "kind", "page"), in_sitemap=True, changes="/changes")
def page() -> ResponseReturnValue:
    """What changed, page by page; JSON or the feed where that is asked for."""
    format = negotiate((*PAGE_OR_JSON, Offer("atom", (ATOM,))))
    if format != "html":
        return changes_json() if format == "json" else whole_feed()
    asked = _asked()
    held = snapshot()
    whole = changes(held, group=asked.group, kind=asked.kind, most=0)
    last = max(1, -(-whole.total // PAGE_SIZE))
    number = whole_number("page", 1, 1, last) or 1
    found = changes(
        held,
        group=asked.group,
        kind=asked.kind,
        first=(number - 1) * PAGE_SIZE,
        most=PAGE_SIZE,
        lang=lang(),
    )
    paging: Pages = pages(number, last, lambda n: asked.url(page=n))
    text = render_template(
        "site/changes.html",
        found=found,
        groups=[change_group(changed) for changed in found.entities],
        tabs=_tabs(found, asked),
        kinds_there=_kinds(held.history.summary, asked),
        paging=paging,
        feed=url_for("feeds.feed", lang=lang()),
        twin=asked.url("changes.changes_json"),
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    link_twins(response, url_for("changes.page"), ["json"])
    return tagged(response)


def _asked() -> ChangesRequest:
    group, kind = request.args.get("only", ""), request.args.get("kind", "")
    for name, value, known in (
        ("only", group, GROUPS),
        ("kind", kind, snapshot().vocabulary.kinds),
    ):
        if value and value not in known:
            raise unknown_choice(name, value, known)
    return ChangesRequest(group, kind)


@bp.get("/changes.json")
@operation(
    "changes",
    "/changes.json",
    mark("What changed since the release before, entity by entity, with the reason."),
    ChangesAnswer,
    example="/changes.json?only=entities",
    parameters=(
        Parameter("only", mark("only such changes"), among(GROUPS)),
        Parameter(
            "kind", mark("only entities of this kind"), among(sorted(load_vocabulary().kinds))
        ),
        Parameter("limit", mark("most entities in one answer"), whole(1, MOST, MOST)),
        Parameter("page", mark("page of the entities"), whole(1, _LAST, 1)),
        LANGUAGE,
    ),
)
def changes_json() -> Response:
    """What changed, as data; a Link header leads to what follows."""
    asked = _asked()
    size = whole_number("limit", MOST, 1, MOST) or MOST
    number = whole_number("page", 1, 1, _LAST) or 1
    found = changes(
        snapshot(),
        group=asked.group,
        kind=asked.kind,
        first=(number - 1) * size,
        most=size,
        lang=data_lang(),
    )
    response = Response(to_json(found), content_type=JSON)
    if number * size < found.total:
        link_next(response, number + 1)
    return tagged(response)


def _tabs(found: ChangesAnswer, asked: ChangesRequest) -> list[ChangesFilter]:
    """The sorts of changes; how many there are is known of the release as a whole."""
    counts = {group: total(found.whats, group) for group in GROUPS}
    counts[""] = sum(counts.values())
    return [
        ChangesFilter(
            gettext(label),
            None if asked.kind else counts[group],
            ChangesRequest(group, asked.kind).url(),
            group == asked.group,
        )
        for group, label in TABS.items()
    ]


def _kinds(summary: Summary, asked: ChangesRequest) -> list[ChangesFilter]:
    known = snapshot().vocabulary.kinds
    every = ChangesFilter(
        gettext("All kinds"), None, ChangesRequest(asked.group, "").url(), not asked.kind
    )
    return [
        every,
        *(
            ChangesFilter(
                k.term.labels.get(lang(), name),
                None if asked.group else summary.kinds[name],
                ChangesRequest(asked.group, name).url(),
                name == asked.kind,
            )
            for name, k in known.items()
            if name in summary.kinds
        ),
    ]
