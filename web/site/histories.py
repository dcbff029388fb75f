"""`/…/changes`: what changed on one entity, release by release; of a family with its members, of a license with what
came under it or left it. The same as JSON, and as the Atom feed of web/site/feeds.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from flask import Response, render_template

from kg.answers.contract import to_json
from kg.watch.timeline import TimelineAnswer, tell_timeline
from web.app.context import snapshot
from web.app.i18n import mark
from web.app.negotiate import JSON, PAGE, PAGE_OR_JSON, negotiate
from web.app.params import data_lang
from web.app.representations import link_twins
from web.site._change_rows import ChangeGroup, change_group
from web.site.feeds import tagged
from web.ui.features import Feature
from web.ui.operations import LANGUAGE, Operation, id_parts
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

STEPS = 200  # of one entity
ENDING = "/changes"


class ShownRelease(NamedTuple):
    """What one release changed."""

    version: str
    built: str
    groups: Sequence[ChangeGroup]


def _answer(subject: Subject, ending: str) -> Response:
    """The changes of an entity, as a page or as JSON."""
    if ending.endswith(".json") or negotiate(PAGE_OR_JSON) == "json":
        found = tell_timeline(subject.snapshot, subject.id, STEPS, data_lang())
        return tagged(Response(to_json(found), content_type=JSON))
    found = tell_timeline(subject.snapshot, subject.id, STEPS, subject.lang)
    text = render_template(
        "site/history.html",
        found=found,
        releases=list(_by_release(found)),
        current=snapshot().manifest.version,
        feed=subject.address("/changes.atom", lang=subject.lang),
        twin=subject.address(f"{ENDING}.json"),
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    link_twins(response, subject.address(ENDING), ["json"])
    return tagged(response)


def _by_release(found: TimelineAnswer) -> Iterator[ShownRelease]:
    for (version, built), steps in groupby(found.steps, key=lambda one: (one.version, one.built)):
        yield ShownRelease(version, built, [change_group(one.changed) for one in steps])


def _link(draft: Draft) -> Context:
    return {"history_address": draft.subject.address(ENDING)}


_HISTORY_JSON = EntityFile(
    ending=f"{ENDING}.json",
    media_type=JSON,
    answer=_answer,
    listed=True,
    operation=Operation(
        name="entityChanges",
        path="/{kind}/{slug}/changes.json",
        about=mark("What changed on an entity, release by release, with the reason."),
        answer=TimelineAnswer,
        example="/model/alpaca-7b/changes.json",
        parameters=(*id_parts(), LANGUAGE),
    ),
)

FEATURE = Feature(
    sections=(
        Section(
            name="history",
            place="forms",
            template="site/_history.html",
            build=_link,
            files=(
                _HISTORY_JSON,
                EntityFile(ending=ENDING, media_type=PAGE.types[0], answer=_answer),
            ),
        ),
    ),
)
