"""The page of the terms that reach an entity, beside one drawing of the weights and data they came by.

What the address names as `from` is lit by the server, so that a link shows the way of a term; static/tree/ways.js lights
it under the pointer and the focus as well.
"""

from __future__ import annotations

from flask import render_template, request

from kg.errors import InputError
from kg.messages.message import Message
from kg.model.claim import label_lang
from web.app.i18n import gettext
from web.app.negotiate import HTML
from web.license.question import BOXED, ORIGIN, TERMS
from web.license.reached import reached_terms, ways_of
from web.tree.ways import draw_ways
from web.ui.features import Feature
from web.ui.sections import Context, Draft, EntityFile, Section, Subject


def _page(subject: Subject, ending: str) -> str:
    """The page.

    Raises:
        InputError: the question cannot be understood, or no term comes from what is to be lit.
    """
    found = reached_terms(subject)
    ways = [*ways_of(found)]
    lit = request.args.getlist(ORIGIN)
    origins = {way.origin for way in ways}
    for id in lit:
        if id not in origins:
            raise InputError(Message("no term comes from %(name)s", name=id[:200]))
    told = gettext("The ways by which terms came to %(name)s") % {"name": subject.label}
    return render_template(
        "entity/terms.html",
        id=subject.id,
        title=subject.label,
        title_lang=label_lang(subject.entity, subject.lang),
        box=found,
        lit=lit,
        ways=draw_ways(subject.snapshot, ways, lit, subject.lang, told) if ways else None,
    )


def _build(draft: Draft) -> Context | None:
    """It adds nothing to the page of the entity: the verdict box leads to it."""
    return None


FEATURE = Feature(
    sections=(
        Section(
            name="terms",
            place="head",
            kinds=BOXED,
            build=_build,
            files=(EntityFile(ending=TERMS, media_type=HTML, answer=_page, kinds=BOXED),),
            parameters=(ORIGIN,),
        ),
    ),
)
