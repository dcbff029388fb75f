"""Changes ready to print: on the page of changes and in feeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from kg.answers.changes import WHAT_WORDS, WHY_WORDS, ChangeAnswer, ChangedAnswer
from kg.answers.contract import Ref, Shown
from kg.language.writing import language_of
from kg.model.claim import ALIAS, LABEL
from kg.model.vocabulary import COMMERCIAL_VERDICT
from kg.snapshot.releases.changes import What
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, mark_plural, ngettext
from web.ui.facts import Shape, shape
from web.ui.format import shorten
from web.ui.verdicts import WORDS

_LONG = 280  # characters of a value that are shown
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


def change_group(changed: ChangedAnswer) -> ChangeGroup:
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
