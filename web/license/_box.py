"""The verdict box on the page of a model, family or dataset: what one may do with it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

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
from web.license._findings import CitedSentence, FindingGroup, Hop, Teller, may_ask
from web.license._question import (
    FIELDS,
    LicenseQuestion,
    competitors,
    read_question,
    spoken,
    use_word,
)
from web.license._values import ValueItem
from web.ui.verdicts import LOOKS, VerdictLook, verdict_at

KINDS = ("model", "family", "dataset")
ANCHOR = "may-i"
_MOST_REASONS = 3
_MOST_MEMBERS = 12
_MOST_LICENSES = 12
_HELD = ("held", "material")  # ways that came with the thing itself, not through data

_PARTS: Mapping[str, str] = {"weights": mark("Weights"), "data": mark("Training data")}
_DATASET_PARTS: Mapping[str, str] = {
    "weights": mark("The dataset itself"),
    "data": mark("Models whose outputs it holds"),
}
FITS: Mapping[str, str] = {
    "consistent": mark("The declared license carries all of it."),
    "adds": mark("The declared license adds restrictions to it."),
    "drops-paperwork": mark("The declared license drops paperwork of it."),
    "drops-substance": mark("The declared license drops terms of substance."),
    "unsatisfiable": mark("No license can satisfy all that was inherited."),
    "undeclared": mark("No license is declared."),
    "cannot-tell": mark("Whether the declared license carries it cannot be told."),
}


class PartVerdict(NamedTuple):
    """The verdict on one part of an entity."""

    label: str
    look: VerdictLook
    why: str  # the kind of clause and the license that decide


class UseTab(NamedTuple):
    """A use one may ask about instead."""

    word: str
    look: VerdictLook
    url: str
    chosen: bool


class Member(NamedTuple):
    """A member of a family with its own verdict."""

    id: str
    label: str
    look: VerdictLook


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """The declared license beside what was inherited."""

    licenses: tuple[ValueItem, ...]
    inherited: tuple[ValueItem, ...]
    fits: str
    bad: bool  # a term is lost
    untold: bool  # whether it carries what came down with weights cannot be told
    dropped: tuple[tuple[ValueItem, str], ...]  # by license, the kinds of clauses
    satisfy: tuple[ValueItem, ...]
    more: int  # licenses that would satisfy and are not listed


class VerdictReason(NamedTuple):
    """What one license says against a use, and the path it came by."""

    whys: tuple[str, ...]
    license: ValueItem | None
    doubts: tuple[str, ...]  # what makes it contested
    chain: tuple[Hop, ...]


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
    unknowns: list[str]
    texts: list[tuple[str, list[ValueItem]]]  # how the licenses it rests on were read
    orgs: list[ValueItem]
    twin: str
    link: str


def box(snapshot: Snapshot, id: str) -> VerdictBox:
    """The box of an entity of one of KINDS, for the question in the address."""
    asked = read_question(snapshot, request.args)
    answer = license_answer(snapshot, id, asked.use, asked.profile, lang())
    return _Boxer(snapshot, answer, asked).box()


class _Boxer:
    """Makes one box."""

    def __init__(self, snapshot: Snapshot, answer: LicenseAnswer, asked: LicenseQuestion) -> None:
        self._snapshot, self._answer, self._asked = snapshot, answer, asked
        self._teller = Teller(snapshot)
        self._kinds = snapshot.states.engine.terms.kinds

    def box(self) -> VerdictBox:
        """The box."""
        answer, asked, tell = self._answer, self._asked, self._teller.tell
        told = [f for f in answer.findings if f.effect != "allowed"]
        rest = [f for f in answer.findings if f.effect == "allowed"]
        effects, made = tell(told), tell(f for f in told if f.effect == answer.verdict and f.weighs)
        paper = tell(f for f in rest if f.group == "paperwork")
        quiet = tell(f for f in rest if f.group != "paperwork")
        members, more = self._members()
        return VerdictBox(
            id=answer.id,
            look=LOOKS[answer.verdict],
            use=use_word(asked.use),
            asked=asked,
            who=spoken(self._snapshot, asked.profile),
            reasons=_reasons(made),
            clashes=self._clashes(),
            parts=list(self._parts()),
            tabs=list(self._tabs()),
            members=members,
            more_members=more,
            declared=self._declared(),
            effects=effects,
            paper=paper,
            quiet=quiet,
            total=len(effects) + len(paper) + len(quiet),
            unsettled=self._teller.unsettled(answer.findings),
            changes=list(dict.fromkeys(t.change for t in made if t.change)),
            asks=self._asks(told),
            sets=[self._change(one) for one in answer.claim_sets],
            unknowns=answer.unknowns,
            texts=self._teller.texts(answer.texts),
            orgs=[self._license(org) for org in competitors(self._snapshot)],
            twin=self._address("/license.json"),
            link=self._address(),
        )

    def _address(self, part: str = "", **changed: str) -> str:
        query = self._asked.query(**changed)
        path = url_for("entities.entity", name=self._answer.id + part)
        return path + (f"?{query}" if query else "")

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
            yield PartVerdict(gettext(words[name]), LOOKS[verdict], _short(mine, verdict))
        if alone := self._answer.file_alone:
            unsettled = gettext("whether it is a derivative by itself is not settled")
            why = unsettled if alone == "contested" else ""
            yield PartVerdict(gettext("Adapter file alone"), LOOKS[alone], why)

    def _tabs(self) -> Iterator[UseTab]:
        for use in USES:
            url = f"{self._address(use=use)}#{ANCHOR}"
            yield UseTab(use_word(use), LOOKS[self._verdict(use)], url, use == self._asked.use)

    def _verdict(self, use: Use) -> Verdict:
        """The verdict on another use; the build knows it where nothing is said of who asks."""
        if use == self._asked.use:
            return self._answer.verdict
        id, profile = self._answer.id, self._asked.profile
        known = verdict_at(self._snapshot, self._snapshot.number(id), use)
        if profile == NOBODY and known:
            return known
        return license_verdict(self._snapshot, id, use, profile)

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

    # ---- the declared license

    def _declared(self) -> Declared:
        answer = self._answer
        satisfy = tuple(map(self._license, answer.would_satisfy[:_MOST_LICENSES]))
        return Declared(
            licenses=tuple(map(self._license, answer.declared)),
            inherited=tuple(map(self._license, self._inherited())),
            fits=gettext(FITS[answer.consistency]),
            bad=answer.consistency.startswith("drops") or answer.consistency == "unsatisfiable",
            untold=answer.consistency == "cannot-tell" and any(map(_came_down, answer.findings)),
            dropped=tuple(self._dropped()),
            satisfy=satisfy,
            more=len(answer.would_satisfy) - len(satisfy),
        )

    def _inherited(self) -> list[str]:
        """The licenses with terms that came down with weights or outputs and must be passed on."""
        came = (
            f.license
            for f in self._answer.findings
            if f.license
            and (_came_down(f) or _came_down(f, "learned"))
            and self._kinds[f.clause].flows
        )
        return list(dict.fromkeys(came))

    def _dropped(self) -> Iterator[tuple[ValueItem, str]]:
        """What the declared license does not carry, by the license that asks for it."""
        found: dict[str, list[str]] = {}
        for text in self._answer.dropped:
            license, _, kind = text.partition("#")
            label = self._kinds[kind].label
            found.setdefault(license, []).append(label.get(lang(), label["en"]))
        for license, labels in found.items():
            yield self._license(license), ", ".join(labels)

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


def _came_down(finding: FindingAnswer, way: str = "held") -> bool:
    """Whether a finding is of a parent and came with its weights, or with its outputs."""
    return len(finding.path) > 1 and finding.way == way and finding.edges[0] != IN_FAMILY


def _reasons(made: Sequence[FindingGroup]) -> list[VerdictReason]:
    """The terms that make a verdict, by license and path; only the first few licenses."""
    groups: dict[tuple[ValueItem | None, tuple[str, ...], tuple[Hop, ...]], list[str]] = {}
    for told in made:
        unsettled = (told.tier,) if told.finding.tier == 3 and told.tier else ()
        key = told.license, (*unsettled, *told.doubts), told.chains[0]
        groups.setdefault(key, []).append(told.why)
    reasons = [VerdictReason(tuple(dict.fromkeys(whys)), *key) for key, whys in groups.items()]
    return reasons[:_MOST_REASONS]


def _short(findings: Iterable[FindingAnswer], verdict: Verdict) -> str:
    """The clause that makes the verdict on a part, in few words."""
    for finding in findings:
        if finding.effect == verdict != "allowed":
            license = f" · {finding.license_label}" if finding.license_label else ""
            return finding.label + license
    return gettext("none is recorded") if verdict == "unknown" else ""
