"""`/changes`: what changed since the release before, as a page, as JSON and as an Atom feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.changes import (
    GROUPS,
    WHAT_WORDS,
    WHY_WORDS,
    ChangeAnswer,
    ChangedAnswer,
    ChangesAnswer,
    changes,
    total,
)
from kg.answers.contract import Ref, Shown, to_json
from kg.errors import InputError
from kg.language.width import clean
from kg.language.writing import language_of
from kg.messages.message import Message
from kg.model.claim import ALIAS, LABEL
from kg.model.iri import iri
from kg.model.vocabulary import COMMERCIAL_VERDICT, load_vocabulary
from kg.snapshot.changes import What
from kg.snapshot.history import Summary
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, mark_plural, ngettext
from web.app.negotiate import JSON, PAGE_OR_JSON, Offer, negotiate
from web.app.params import data_lang, whole_number
from web.app.representations import link, link_twins
from web.ui.facts import Shape, shape
from web.ui.features import Feature, site_page
from web.ui.format import shorten
from web.ui.operations import LANGUAGE, Parameter, among, operation, whole
from web.ui.paging import Pages, pages
from web.ui.verdicts import WORDS

bp = Blueprint("changes", __name__)
FEATURE = Feature(blueprint=bp)

ATOM = "application/atom+xml"
PAGE_SIZE = 50  # entities on one page
FEED_SIZE = 100  # entries of the feed
MOST = 1_000  # entities in one JSON answer
_LAST = 10**7
_LONG = 280  # characters of a value that are shown

TABS: Mapping[str, str] = {
    "": mark("All changes"),
    "entities": mark("New and gone"),
    "facts": mark("Added and removed"),
    "ranking": mark("Ranked anew"),
    "verdicts": mark("Verdicts"),
    "disputes": mark("Disputes"),
}
_NAMES = {LABEL: mark("name"), ALIAS: mark("other names")}


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change, ready to print."""

    what: What
    word: str
    name: str  # label of the property; "" of the entity as a whole
    property: str
    before: Sequence[Shape]
    after: Sequence[Shape]
    why: str
    reason: str
    sources: Sequence[Ref]


class ChangeGroup(NamedTuple):
    """An entity and what changed on it."""

    changed: ChangedAnswer
    rows: Sequence[ChangeRow]


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
        return changes_json() if format == "json" else feed()
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
        groups=[_group(changed) for changed in found.entities],
        tabs=_tabs(found, asked),
        kinds_there=_kinds(held.history.summary, asked),
        paging=paging,
        feed=url_for("changes.feed", lang=lang()),
        twin=asked.url("changes.changes_json"),
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    link_twins(response, url_for("changes.page"), ["json"])
    return _tagged(response)


def _asked() -> ChangesRequest:
    group, kind = request.args.get("only", ""), request.args.get("kind", "")
    for name, value, known in (
        ("only", group, GROUPS),
        ("kind", kind, snapshot().vocabulary.kinds),
    ):
        if value and value not in known:
            raise InputError(
                Message(
                    "%(name)s cannot be %(value)r; known are: %(known)s",
                    name=name,
                    value=value[:40],
                    known=known,
                )
            )
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
        args = {**request.args.to_dict(), "page": str(number + 1)}
        link(response, "next", url_for("changes.changes_json", **args))  # type: ignore[arg-type]
    return _tagged(response)


@bp.get("/changes.atom")
def feed() -> Response:
    """What changed as an Atom feed (RFC 4287), an entry an entity."""
    found = changes(snapshot(), most=FEED_SIZE, lang=lang())
    base = snapshot().manifest.base
    entries = [(iri(base, changed.id), _group(changed)) for changed in found.entities]
    body = render_template(
        "site/changes.atom.xml",
        found=found,
        base=base,
        entries=entries,
        sentence=sentence,
        clean=clean,
    )
    return _tagged(Response(body, content_type=f"{ATOM}; charset=utf-8"))


def _tagged(response: Response) -> Response:
    """With a tag of its own: a release that comes back after another has the same version, not the same changes."""
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


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


def _group(changed: ChangedAnswer) -> ChangeGroup:
    return ChangeGroup(changed, [_row(change) for change in changed.changes])


def _row(change: ChangeAnswer) -> ChangeRow:
    known = snapshot().vocabulary.properties.get(change.property or "")
    name = known.term.labels.get(lang(), known.name) if known else _NAMES.get(change.property or "")
    held = snapshot()
    return ChangeRow(
        what=change.what,
        word=gettext(WHAT_WORDS[change.what]),
        name=(name if known else gettext(name)) if name else "",
        property=known.name if known else "",
        before=[_shape(change, v) for v in change.before],
        after=[_shape(change, v) for v in change.after] or _facts(change),
        why=gettext(WHY_WORDS[change.why]) if change.why else "",
        reason=change.reason or "",
        sources=[Ref(id, held.label(id, lang())) for id in change.sources[:3]],
    )


def _facts(change: ChangeAnswer) -> list[Shape]:
    if change.what != "entity-added" or not change.facts:
        return []
    one, many = mark_plural("%(num)s fact", "%(num)s facts")
    return [Shape(ngettext(one, many, change.facts) % {"num": change.facts})]


def _shape(change: ChangeAnswer, value: Shown) -> Shape:
    if change.property == COMMERCIAL_VERDICT and isinstance(value, str):
        return Shape(gettext(WORDS[value]))
    known = snapshot().vocabulary.properties.get(change.property or "")
    if known is not None:
        found = shape(value, known)
        return found._replace(text=shorten(found.text, _LONG))
    text = str(value)
    return Shape(text, id=text if change.what == "entity-renamed" else "", lang=language_of(text))


def sentence(row: ChangeRow) -> str:
    """A change as one line of text."""
    before, after = (", ".join(s.text for s in side) for side in (row.before, row.after))
    values = " → ".join(filter(None, (before, after)))
    head = " · ".join(filter(None, (row.name, row.word)))
    why = ": ".join(filter(None, (row.why, row.reason)))
    text = f"{head}: {values}" if values else head
    return f"{text} ({why})" if why else text
