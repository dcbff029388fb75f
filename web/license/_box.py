"""The verdict box on the page of a model, family or dataset: what one may do with it, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
from flask import request, url_for

from kg.answers.contract import ClaimSetAnswer, FindingAnswer, LicenseAnswer
from kg.answers.license import license_answer, license_verdict
from kg.licenses.profile import NOBODY
from kg.licenses.rules import USES
from kg.licenses.terms import Use, Verdict
from kg.model.claim import kind_of
from kg.model.vocabulary import IN_FAMILY
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.license._advice import (
    DutyLine,
    UnknownThing,
    VerdictReason,
    list_duties,
    list_missing,
    list_reasons,
    short_reason,
)
from web.license._declared import Declared, DeclaredReader
from web.license._findings import CitedSentence, FindingGroup, Hop, Teller, may_ask
from web.license._values import ValueItem
from web.license.question import (
    FIELDS,
    ORIGIN,
    TERMS,
    LicenseQuestion,
    competitors,
    read_question,
    spoken,
    use_word,
)
from web.ui.links import href
from web.ui.verdicts import BRIEF_USES, LOOKS, VerdictLook, verdict_at

ANCHOR = "may-i"
_MOST_MEMBERS = 12
_HELD = ("held", "material")  # ways that came with the thing itself, not through data

_PARTS: Mapping[str, str] = {"weights": mark("Weights"), "data": mark("Training data")}
_DATASET_PARTS: Mapping[str, str] = {
    "weights": mark("The dataset itself"),
    "data": mark("Models whose outputs it holds"),
}


class PartVerdict(NamedTuple):
    """The verdict on one part of an entity."""

    label: str
    look: VerdictLook
    why: str  # the kind of clause and the license that decide


class UseTab(NamedTuple):
    """A use one may ask about instead."""

    word: str
    brief: str  # the word where there is little room
    look: VerdictLook
    url: str
    chosen: bool


class Member(NamedTuple):
    """A member of a family with its own verdict."""

    id: str
    label: str
    look: VerdictLook


class VerdictChange(NamedTuple):
    """What the verdict would be if one claim held, or a disputed edge were not there."""

    subject: Hop
    text: str
    value: ValueItem | None
    look: VerdictLook
    guessed: bool  # the edge is a rule's guess


class VerdictBox(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the box says."""

    id: str
    look: VerdictLook
    lookalike: str  # that its name holds letters of another script
    use: str
    asked: LicenseQuestion
    who: list[tuple[str, str]]
    reasons: list[VerdictReason]
    clashes: list[tuple[VerdictLook, str, str, tuple[ValueItem, ...]]]
    parts: list[PartVerdict]
    tabs: list[UseTab]
    members: list[Member]
    more_members: int
    declared: Declared
    effects: list[FindingGroup]
    paper: list[FindingGroup]
    quiet: list[FindingGroup]
    total: int  # of the three
    unsettled: list[tuple[str, CitedSentence | None]]
    changes: list[str]
    asks: list[str]  # facts that the answer depends on and that are not given
    sets: list[VerdictChange]
    duties: list[DutyLine]
    maybe: list[DutyLine]  # of which it is not settled that they bind
    missing: list[UnknownThing]
    texts: list[tuple[str, list[ValueItem]]]  # how the licenses it rests on were read
    orgs: list[ValueItem]
    twin: str
    link: str
    terms: str  # the page of its terms; "" = there is none
    planned: bool  # it does not exist yet, so that there is no page of it
    memo: str  # address, "" where it is planned
    what_if: str  # where what it is made from can be changed, "" of what is no model

    def way_to(self, told: FindingGroup) -> str:
        """The page of its terms with the way that one came lit."""
        pairs = urlencode([(ORIGIN, id) for id in told.origins])
        return f"{self.terms}{'&' if '?' in self.terms else '?'}{pairs}"


# The address of the answer, or with a part after it; with some fields of the question changed
Address = Callable[..., str]


def box(snapshot: Snapshot, id: str) -> VerdictBox:
    """The box of an entity of a kind that has one, for the question in the address."""
    asked = read_question(snapshot, request.args)
    answer = license_answer(snapshot, id, asked.use, asked.profile, lang())

    def address(part: str = "", **changed: str) -> str:
        query = asked.query(**changed)
        return href(answer.id) + part + (f"?{query}" if query else "")

    def verdict(use: Use) -> Verdict:
        """The verdict on another use; the build knows it where nothing is said of who asks."""
        known = verdict_at(snapshot, snapshot.number(answer.id), use)
        if asked.profile == NOBODY and known:
            return known
        return license_verdict(snapshot, answer.id, use, asked.profile)

    return _Boxer(snapshot, answer, asked, address, verdict).box()


def planned_box(
    snapshot: Snapshot,
    answer: LicenseAnswer,
    asked: LicenseQuestion,
    address: Address,
    verdict: Callable[[Use], Verdict],
) -> VerdictBox:
    """The box of a model that does not exist yet.

    Args:
        snapshot: where its parents are from.
        answer: on it.
        asked: the question.
        address: as in `Address`.
        verdict: on another use.
    """
    return _Boxer(snapshot, answer, asked, address, verdict, planned=True).box()


class _Boxer:
    """Makes one box."""

    def __init__(
        self,
        snapshot: Snapshot,
        answer: LicenseAnswer,
        asked: LicenseQuestion,
        address: Address,
        verdict: Callable[[Use], Verdict],
        *,
        planned: bool = False,
    ) -> None:
        self._snapshot, self._answer, self._asked = snapshot, answer, asked
        self._address, self._verdict_on, self._planned = address, verdict, planned
        self._teller = Teller(snapshot, {answer.id: answer.label} if planned else {})
        self._kinds = snapshot.states.engine.terms.kinds

    def box(self) -> VerdictBox:
        """The box."""
        answer, asked, tell = self._answer, self._asked, self._teller.tell
        told = [f for f in answer.findings if f.effect != "allowed"]
        rest = [f for f in answer.findings if f.effect == "allowed"]
        effects, made = tell(told), tell(f for f in told if f.effect == answer.verdict and f.weighs)
        paper = tell(f for f in rest if f.group == "paperwork" and f.weighs)
        quiet = tell(f for f in rest if f.group != "paperwork" or not f.weighs)
        members, more = self._members()
        return VerdictBox(
            id=answer.id,
            look=LOOKS[answer.verdict],
            lookalike=answer.lookalike,
            use=use_word(asked.use),
            asked=asked,
            who=spoken(self._snapshot, asked.profile),
            reasons=list_reasons(made),
            clashes=self._clashes(),
            parts=list(self._parts()),
            tabs=list(self._tabs()),
            members=members,
            more_members=more,
            declared=DeclaredReader(answer, self._kinds, self._license).read(),
            effects=effects,
            paper=paper,
            quiet=quiet,
            total=len(effects) + len(paper) + len(quiet),
            unsettled=self._teller.unsettled(answer.findings),
            changes=list(dict.fromkeys(t.change for t in made if t.change)),
            asks=self._asks(told),
            sets=[self._change(one) for one in answer.claim_sets],
            duties=list_duties(answer, sure=True),
            maybe=list_duties(answer, sure=False),
            missing=list_missing(answer),
            texts=self._teller.texts(answer.texts),
            orgs=[self._license(org) for org in competitors(self._snapshot)],
            twin=self._address("/license.json"),
            link=self._address(),
            terms="" if self._planned else self._address(TERMS),
            planned=self._planned,
            memo="" if self._planned else self._address("/memo", country=self._countries()),
            what_if=self._what_if(),
        )

    def _countries(self) -> str:
        """The countries of a memo: those that were named, else Korea and the European Union."""
        return self._asked.given.get("country", "") or "KR,EU"

    def _what_if(self) -> str:
        if self._planned or kind_of(self._answer.id) != "model":
            return ""
        return url_for("what_if.page", of=self._answer.id)

    def _license(self, id: str) -> ValueItem:
        return ValueItem(self._teller.label(id), id=id)

    def _clashes(self) -> list[tuple[VerdictLook, str, str, tuple[ValueItem, ...]]]:
        return [
            (LOOKS[c.effect], c.label, c.why, tuple(map(self._license, c.licenses)))
            for c in self._answer.conflicts
            if c.effect != "allowed"
        ]

    # ---- parts, uses, members

    def _parts(self) -> Iterator[PartVerdict]:
        words = _DATASET_PARTS if kind_of(self._answer.id) == "dataset" else _PARTS
        for name, verdict in self._answer.parts.items():
            mine = [f for f in self._answer.findings if (f.way in _HELD) == (name == "weights")]
            yield PartVerdict(gettext(words[name]), LOOKS[verdict], short_reason(mine, verdict))
        if alone := self._answer.file_alone:
            unsettled = gettext("whether it is a derivative by itself is not settled")
            why = unsettled if alone == "contested" else ""
            yield PartVerdict(gettext("Adapter file alone"), LOOKS[alone], why)

    def _tabs(self) -> Iterator[UseTab]:
        for use in USES:
            url = f"{self._address(use=use)}#{ANCHOR}"
            brief = gettext(BRIEF_USES[use])
            yield UseTab(use_word(use), brief, LOOKS[self._known(use)], url, use == self._asked.use)

    def _known(self, use: Use) -> Verdict:
        return self._answer.verdict if use == self._asked.use else self._verdict_on(use)

    def _members(self) -> tuple[list[Member], int]:
        """The members of a family with the verdicts of the build; what holds for the family is less."""
        if kind_of(self._answer.id) != "family" or self._asked.profile != NOBODY:
            return [], 0
        number = self._snapshot.number(self._answer.id)
        edges = self._snapshot.lineage.children(number, {IN_FAMILY})
        found = [
            (e.child, v)
            for e in edges
            if (v := verdict_at(self._snapshot, e.child, self._asked.use))
        ]
        ids = [(self._snapshot.id_at(n), v) for n, v in found[:_MOST_MEMBERS]]
        members = [Member(id, self._teller.label(id), LOOKS[v]) for id, v in ids]
        return members, len(found) - len(members)

    # ---- what would change the answer

    def _asks(self, told: Iterable[FindingAnswer]) -> list[str]:
        fields = {asks.field for f in told if (asks := self._kinds[f.clause].asks) and may_ask(f)}
        return [gettext(FIELDS[f]) for f in FIELDS if f in fields and f not in self._asked.given]

    def _change(self, one: ClaimSetAnswer) -> VerdictChange:
        (subject,) = self._teller.chain([one.subject], [])
        known = self._snapshot.vocabulary.properties[one.property].term.labels
        value = self._license(one.value) if one.value else None
        text, look = known.get(lang(), one.property), LOOKS[one.verdict]
        return VerdictChange(subject, text, value, look, one.doubtful)
