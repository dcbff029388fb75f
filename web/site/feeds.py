"""Atom feeds (RFC 4287) of what changed: of the release, of one entity, and of a list of them.

The feed of a release has an entry for each entity on which something changed. The others go through all releases that
are still known, and have an entry for each in which something changed. An entry has the same id in all of them, and
keeps it; the date of a feed is that of its latest entry, so that a release that changed nothing of it changes no date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from flask import Blueprint, Response, render_template, request, url_for

from kg.answers.changes import changes
from kg.errors import InputError, UnknownId
from kg.language.width import clean
from kg.messages.message import Message
from kg.model.iri import iri
from kg.watch.timeline import Step, find_timeline
from web.app.context import lang, snapshot
from web.app.i18n import gettext
from web.site._change_rows import ChangeGroup, change_group, sentence
from web.ui.features import Feature
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

bp = Blueprint("feeds", __name__)

ATOM = "application/atom+xml"
FEED_SIZE = 100  # entries of a feed
MOST_IDS = 100  # of a list
_ENDING = "/changes.atom"


class FeedEntry(NamedTuple):
    """What changed on an entity in one release."""

    address: str  # of the entity, for ever
    version: str  # of the release
    built: str
    group: ChangeGroup


class FeedHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says of itself."""

    title: str
    subtitle: str
    id: str
    updated: str
    own: str  # its address
    page: str  # what it is of, for people


@bp.get("/changes.atom")
def feed() -> Response:
    """What changed in the release; with `ids=a,b,c` what changed on these in all that are known."""
    return list_feed() if "ids" in request.args else whole_feed()


def whole_feed() -> Response:
    """What changed in the release, an entry an entity."""
    found = changes(snapshot(), most=FEED_SIZE, lang=lang())
    base = snapshot().manifest.base
    head = FeedHead(
        title=gettext("Gyebo: what changed"),
        subtitle=gettext("Facts added, removed or ranked anew since the release before."),
        id=f"{base}changes",
        updated=found.built,
        own=f"{base}changes.atom?lang={lang()}",
        page=f"{base}changes?lang={lang()}",
    )
    entries = [
        FeedEntry(iri(base, one.id), found.version, found.built, change_group(one))
        for one in found.entities
    ]
    return _feed(head, entries)


def list_feed() -> Response:
    """What changed on the entities of a list, in the order in which it did.

    Raises:
        InputError: the list is empty or too long, or nothing in it is or was known here.
    """
    names = list(dict.fromkeys(filter(None, map(clean, request.args["ids"].split(",")))))
    if not 0 < len(names) <= MOST_IDS:
        raise InputError(Message("give 1 to %(most)s ids, with commas between them", most=MOST_IDS))
    ids, unknown = _identified(names)
    timeline = find_timeline(snapshot(), ids, FEED_SIZE, lang())
    if not timeline.known:
        raise InputError(Message("nothing here goes by these names: %(names)s", names=names))
    told = quote(",".join(sorted(ids)), safe="/,")
    subtitle = gettext("What changed on: %(names)s.") % {"names": ", ".join(sorted(ids))}
    if unknown:
        more = gettext("Not known here: %(names)s.") % {"names": ", ".join(unknown)}
        subtitle = f"{subtitle} {more}"
    base = snapshot().manifest.base
    head = FeedHead(
        title=gettext("Gyebo: what changed on a list"),
        subtitle=subtitle,
        id=f"{base}changes.atom?ids={told}",
        updated=timeline.updated,
        own=f"{base}changes.atom?ids={told}&lang={lang()}",
        page=f"{base}changes?lang={lang()}",
    )
    return _feed(head, _entries(timeline.steps))


def _identified(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The ids that names stand for, and the names that stand for none; an id that is gone stands for itself."""
    ids: dict[str, None] = {}
    unknown = []
    for name in names:
        try:
            ids[snapshot().find(name)] = None
        except (UnknownId, InputError):
            ids[name] = None
            unknown.append(name)
    return list(ids), unknown


def _entity_feed(subject: Subject, ending: str) -> Response:
    """What changed on an entity, release by release."""
    timeline = find_timeline(subject.snapshot, [subject.id], FEED_SIZE, subject.lang)
    head = FeedHead(
        title=_title(subject),
        subtitle=gettext("What changed on it, release by release."),
        id=f"{subject.iri}{_ENDING}",
        updated=timeline.updated,
        own=f"{subject.iri}{_ENDING}?lang={subject.lang}",
        page=f"{subject.iri}?lang={subject.lang}",
    )
    return _feed(head, _entries(timeline.steps))


def _title(subject: Subject) -> str:
    return gettext("Gyebo: changes of %(name)s") % {"name": clean(subject.label)}


def _entries(steps: Iterable[Step]) -> list[FeedEntry]:
    base = snapshot().manifest.base
    return [
        FeedEntry(iri(base, one.changed.id), one.version, one.built, change_group(one.changed))
        for one in steps
    ]


def _feed(head: FeedHead, entries: Sequence[FeedEntry]) -> Response:
    body = render_template(
        "site/changes.atom.xml",
        head=head,
        base=snapshot().manifest.base,
        entries=entries,
        sentence=sentence,
        clean=clean,
    )
    return tagged(Response(body, content_type=f"{ATOM}; charset=utf-8"))


def tagged(response: Response) -> Response:
    """With a tag of its own: a release that comes back after another has the same version, not the same changes."""
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def list_address(ids: Sequence[str]) -> str:
    """The address of the feed of a list."""
    return url_for("feeds.feed", ids=",".join(ids), lang=lang())


def _link(draft: Draft) -> Context:
    """What the head of a page says of its feed."""
    subject = draft.subject
    return {
        "changes_feed": {
            "title": _title(subject),
            "address": subject.address(_ENDING, lang=subject.lang),
        }
    }


FEATURE = Feature(
    blueprint=bp,
    sections=(
        Section(
            name="feed",
            place="head",
            build=_link,
            files=(
                EntityFile(
                    ending=_ENDING,
                    media_type=ATOM,
                    answer=_entity_feed,
                    listed=True,
                    relation="alternate",
                ),
            ),
        ),
    ),
)
