"""What a license says, for its page: clauses by group with their sentences, versions, what stands under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from flask import url_for

from kg.answers.contract import HitAnswer
from kg.answers.license_text import ClauseAnswer, terms_answer
from kg.answers.search import search
from kg.licenses.rules import SEVERITY, USES, worst
from kg.licenses.terms import Clause, License, Verdict
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.app.params import whole_number
from web.license._findings import CitedSentence, cited
from web.license._values import ValueItem, item, sure_words
from web.license.question import use_word
from web.ui.facts import web_address
from web.ui.paging import Pages, pages
from web.ui.verdicts import LOOKS, VerdictLook

_PAGE = 40  # entries of a page of the list
_LAST = 500

GROUPS: Mapping[str, str] = {
    "substance": mark("Substance"),
    "outputs": mark("Outputs"),
    "paperwork": mark("Paperwork"),
}
TRIGGERS: Mapping[str, str] = {
    "use": mark("when it is used"),
    "redistribute": mark("when it is passed on"),
    "modify": mark("when it is changed"),
    "train-on-outputs": mark("when its outputs train a model"),
    "name": mark("when a model is named"),
    "serve": mark("when it is offered as a service"),
}
REACH: Mapping[str, str] = {
    "weights": mark("changed and unchanged weights"),
    "distill": mark("models distilled from it"),
    "outputs": mark("models trained on its outputs"),
    "dataset": mark("datasets made from it"),
    "training": mark("models trained on it as data"),
}
READ: Mapping[str, str] = {
    "text": mark("read at the licensor's own page"),
    "copy": mark("read in a copy of the text"),
    "part": mark("read only in part, so that clauses may be missing here"),
    "summary": mark("the text itself was not read, only what others say of it"),
    "label": mark("only the name is known"),
}
_DERIVATIVES: Mapping[str, Mapping[str, str]] = {
    "weights": {
        "defined": mark("The text counts changed weights as a derivative."),
        "silent": mark(
            "The text does not speak of weights; the literature reads changed weights as a derivative."
        ),
    },
    "distill": {
        "any": mark("A model distilled from it is a derivative."),
        "similar": mark(
            "A model distilled from it is a derivative if it is made to perform similarly."
        ),
        "unknown": mark("Whether a model distilled from it is a derivative is unsettled."),
    },
    "outputs": {
        "any": mark("A model trained on its outputs is a derivative."),
        "similar": mark(
            "A model trained on its outputs is a derivative if it is made to perform similarly."
        ),
        "unknown": mark("Whether a model trained on its outputs is a derivative is unsettled."),
    },
}
_RELICENSE: Mapping[str, str] = {
    "own-terms": mark("A derivative may carry a license of its own if it keeps these terms."),
    "same": mark("A derivative carries this same license."),
    "none": mark("A derivative may not be put under another license."),
}


class ClauseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One clause."""

    id: str  # for links within the page
    label: str
    why: str
    items: tuple[ValueItem, ...]
    trigger: str
    reach: tuple[str, ...]
    tier: str
    cited: CitedSentence
    passed_on: bool
    effects: tuple[tuple[VerdictLook, tuple[str, ...]], ...]  # on the uses it does not leave free
    note: str


class Under(NamedTuple):
    """What states this license, a page of it."""

    total: int
    hits: Sequence[HitAnswer]
    paging: Pages
    query: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A license with its clauses."""

    license: License
    uses: tuple[tuple[str, VerdictLook], ...]  # for who holds the original
    unknown: str
    groups: tuple[tuple[str, tuple[ClauseLine, ...]], ...]
    derivative: tuple[str, ...]
    compatible: tuple[ValueItem, ...]
    versions: tuple[ValueItem, ...]
    url: str
    read: str
    under: Under


def sheet(snapshot: Snapshot, id: str) -> Sheet:
    """What a license says."""
    license = snapshot.states.engine.license(id)
    answer = terms_answer(snapshot, id, lang())
    lines = [
        (a.group, _line(snapshot, license, place, a)) for place, a in enumerate(answer.clauses)
    ]
    return Sheet(
        license=license,
        uses=tuple(_uses(license, answer.clauses)),
        unknown=answer.unknown or "",
        groups=tuple(
            (gettext(word), found)
            for group, word in GROUPS.items()
            if (found := tuple(line for of, line in lines if of == group))
        ),
        derivative=tuple(_derivative(license)) if license.unknown is None else (),
        compatible=tuple(
            ValueItem(snapshot.label(one, lang()), id=one) for one in sorted(license.compatible)
        ),
        versions=tuple(_versions(snapshot, license)),
        url=web_address(license.url),
        read=gettext(READ.get(license.read.get("how", ""), READ["summary"]))
        if license.read
        else "",
        under=_under(snapshot, id),
    )


def _line(snapshot: Snapshot, license: License, at: int, answer: ClauseAnswer) -> ClauseLine:
    clause: Clause = license.clauses[at]
    kind = snapshot.states.engine.terms.kinds[clause.kind]
    before = sum(c.kind == clause.kind for c in license.clauses[:at])
    uses = {v: tuple(use_word(use) for use in USES if answer.effects[use] == v) for v in LOOKS}
    effects = tuple((LOOKS[v], uses[v]) for v in reversed(SEVERITY) if uses[v] and v != "allowed")
    return ClauseLine(
        id=f"c-{clause.kind}" + (f"-{before + 1}" if before else ""),
        label=answer.label,
        why=answer.why,
        items=tuple(item(snapshot, one) for one in answer.items),
        trigger=gettext(TRIGGERS[clause.trigger or kind.trigger]),
        reach=tuple(gettext(REACH[word]) for word in answer.reach),
        tier=sure_words(answer.tier, license.reading),
        cited=cited(answer.citation),
        passed_on=clause.pass_on,
        effects=effects,
        note=answer.note or "",
    )


def _uses(license: License, clauses: Sequence[ClauseAnswer]) -> Iterator[tuple[str, VerdictLook]]:
    """What one may do with the original under these clauses alone; not known if some may be missing."""
    unread: list[Verdict] = [] if license.reading == "full" else ["unknown"]
    for use in USES:
        found = worst([*unread, *(clause.effects[use] for clause in clauses)])
        yield use_word(use), LOOKS[found]


def _derivative(license: License) -> Iterator[str]:
    for name, words in _DERIVATIVES.items():
        if message := words.get(getattr(license.derivative, name)):
            yield gettext(message)
    if isinstance(license.relicense, str):
        yield gettext(_RELICENSE[license.relicense])
    else:
        yield gettext("A derivative may carry one of the licenses that the text names.")


def _versions(snapshot: Snapshot, license: License) -> Iterator[ValueItem]:
    """The other licenses of its family, the oldest first."""
    all = snapshot.states.engine.terms.licenses.values()
    same = [one for one in all if one.family and one.family == license.family and one != license]
    for one in sorted(same, key=lambda one: (one.date or "", one.id)):
        yield ValueItem(snapshot.label(one.id, lang()), id=one.id)


def _under(snapshot: Snapshot, id: str) -> Under:
    """What states a license, of itself or by its family, from the columns of the search index."""
    query = f'license:"{id}"'
    page = whole_number("page", 1, 1, _LAST) or 1
    found = search(snapshot, query, _PAGE, (page - 1) * _PAGE, lang=lang(), group=False)
    total = 0 if found.notes else found.total  # a filter that names nothing filters nothing
    last = min(_LAST, -(-total // _PAGE))
    address = url_for("entities.entity", name=id)
    paging = pages(page, last, lambda n: f"{address}?page={n}#under")
    return Under(total, found.hits if total else (), paging, query)
