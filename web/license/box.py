"""The verdict box on the page of a model, family or dataset: what one may do with it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import request, url_for

from kg.answers.contract import ClaimSetAnswer, FindingAnswer, LicenseAnswer, ShowAnswer
from kg.answers.license import license_answer, license_verdict
from kg.licenses.profile import NOBODY
from kg.licenses.rules import USES
from kg.licenses.terms import Use, Verdict
from kg.model.claim import kind_of
from kg.model.vocabulary import COMMERCIAL_VERDICT, EFFECTIVE_TERM, IN_FAMILY
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.license.findings import Cited, Hop, Teller, Told
from web.license.question import FIELDS, Asked, competitors, read, spoken, use_word
from web.license.values import Item
from web.ui.verdicts import LOOKS, Look, verdict_at

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


class Part(NamedTuple):
    """The verdict on one part of an entity."""

    label: str
    look: Look
    why: str  # the kind of clause and the license that decide


class Tab(NamedTuple):
    """A use one may ask about instead."""

    word: str
    look: Look
    url: str
    chosen: bool


class Member(NamedTuple):
    """A member of a family with its own verdict."""

    id: str
    label: str
    look: Look


class Declared(NamedTuple):
    """The declared license beside what was inherited."""

    licenses: tuple[Item, ...]
    inherited: tuple[Item, ...]
    fits: str
    bad: bool  # a term is lost
    untold: bool  # nothing is known of what was inherited
    dropped: tuple[tuple[Item, str], ...]  # by license, the kinds of clauses
    satisfy: tuple[Item, ...]
    more: int  # licenses that would satisfy and are not listed


class Reason(NamedTuple):
    """What one license says against a use, and the path it came by."""

    whys: tuple[str, ...]
    license: Item | None
    doubts: tuple[str, ...]  # what makes it contested
    chain: tuple[Hop, ...]


class Change(NamedTuple):
    """What the verdict would be if one claim held, or a disputed edge were not there."""

    subject: Hop
    text: str
    value: Item | None
    look: Look


class Box(NamedTuple):
    """Everything the box says."""

    id: str
    look: Look
    use: str
    asked: Asked
    who: list[tuple[str, str]]
    reasons: list[Reason]
    clashes: list[tuple[Look, str, str, tuple[Item, ...]]]
    parts: list[Part]
    tabs: list[Tab]
    members: list[Member]
    more_members: int
    declared: Declared
    effects: list[Told]
    paper: list[Told]
    quiet: list[Told]
    total: int  # of the three
    unsettled: list[tuple[str, Cited | None]]
    changes: list[str]
    asks: list[str]  # facts that the answer depends on and that are not given
    sets: list[Change]
    unknowns: list[str]
    orgs: list[Item]
    twin: str
    link: str


def box(snapshot: Snapshot, id: str) -> Box | None:
    """The box of an entity, for the question in the address; None where it makes no sense."""
    if kind_of(id) not in KINDS or not snapshot.states.engine.terms.kinds:
        return None
    asked = read(snapshot, request.args)
    answer = license_answer(snapshot, id, asked.use, asked.profile, lang())
    return _Boxer(snapshot, answer, asked).box()


def without_terms(answer: ShowAnswer) -> ShowAnswer:
    """An entity without the facts that the box tells better."""
    told = (EFFECTIVE_TERM, COMMERCIAL_VERDICT)
    kept = [fact for fact in answer.facts if fact.property not in told]
    return ShowAnswer(answer.id, answer.kind, answer.labels, kept, answer.names)


class _Boxer:
    """Makes one box."""

    def __init__(self, snapshot: Snapshot, answer: LicenseAnswer, asked: Asked) -> None:
        self._snapshot, self._answer, self._asked = snapshot, answer, asked
        self._teller = Teller(snapshot)
        self._kinds = snapshot.states.engine.terms.kinds

    def box(self) -> Box:
        """The box."""
        answer, asked = self._answer, self._asked
        tell = self._teller.tell
        told = [f for f in answer.findings if f.effect != "allowed"]
        rest = [f for f in answer.findings if f.effect == "allowed"]
        effects, made = tell(told), tell(f for f in told if f.effect == answer.verdict and f.weighs)
        paper = tell(f for f in rest if f.group == "paperwork")
        quiet = tell(f for f in rest if f.group != "paperwork")
        members, more = self._members()
        return Box(
            answer.id,
            LOOKS[answer.verdict],
            use_word(asked.use),
            asked,
            spoken(self._snapshot, asked.profile),
            _reasons(made),
            self._clashes(),
            list(self._parts()),
            list(self._tabs()),
            members,
            more,
            self._declared(),
            effects,
            paper,
            quiet,
            len(effects) + len(paper) + len(quiet),
            self._teller.unsettled(answer.findings),
            list(dict.fromkeys(t.change for t in made if t.change)),
            self._asks(told),
            [self._change(one) for one in answer.claim_sets],
            answer.unknowns,
            [self._license(org) for org in competitors(self._snapshot)],
            self._address("/license.json"),
            self._address(),
        )

    def _address(self, part: str = "", **changed: str) -> str:
        query = self._asked.query(**changed)
        path = url_for("entities.entity", name=self._answer.id + part)
        return path + (f"?{query}" if query else "")

    def _license(self, id: str) -> Item:
        return Item(self._teller.label(id), id=id)

    def _clashes(self) -> list[tuple[Look, str, str, tuple[Item, ...]]]:
        return [
            (LOOKS[c.effect], c.label, c.why, tuple(map(self._license, c.licenses)))
            for c in self._answer.conflicts
            if c.effect != "allowed"
        ]

    # ---- parts, uses, members

    def _parts(self) -> Iterator[Part]:
        words = _DATASET_PARTS if kind_of(self._answer.id) == "dataset" else _PARTS
        for name, verdict in self._answer.parts.items():
            mine = [f for f in self._answer.findings if (f.way in _HELD) == (name == "weights")]
            yield Part(gettext(words[name]), LOOKS[verdict], _short(mine, verdict))
        if alone := self._answer.file_alone:
            unsettled = gettext("whether it is a derivative by itself is not settled")
            why = unsettled if alone == "contested" else ""
            yield Part(gettext("Adapter file alone"), LOOKS[alone], why)

    def _tabs(self) -> Iterator[Tab]:
        for use in USES:
            url = f"{self._address(use=use)}#{ANCHOR}"
            yield Tab(use_word(use), LOOKS[self._verdict(use)], url, use == self._asked.use)

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
            tuple(map(self._license, answer.declared)),
            tuple(map(self._license, self._inherited())),
            gettext(FITS[answer.consistency]),
            answer.consistency.startswith("drops") or answer.consistency == "unsatisfiable",
            answer.consistency == "cannot-tell",
            tuple(self._dropped()),
            satisfy,
            len(answer.would_satisfy) - len(satisfy),
        )

    def _inherited(self) -> list[str]:
        """The licenses with terms that came down with weights or outputs and must be passed on."""
        came = (
            f.license
            for f in self._answer.findings
            if f.license
            and len(f.path) > 1
            and f.way in ("held", "learned")
            and f.edges[0] != IN_FAMILY
            and self._kinds[f.clause].flows
        )
        return list(dict.fromkeys(came))

    def _dropped(self) -> Iterator[tuple[Item, str]]:
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
        fields = dict.fromkeys(asks.field for f in told if (asks := self._kinds[f.clause].asks))
        return [gettext(FIELDS[f]) for f in FIELDS if f in fields and f not in self._asked.given]

    def _change(self, one: ClaimSetAnswer) -> Change:
        (subject,) = self._teller.chain([one.subject], [])
        known = self._snapshot.vocabulary.properties[one.property].term.labels
        value = self._license(one.value) if one.value else None
        return Change(subject, known.get(lang(), one.property), value, LOOKS[one.verdict])


def _reasons(made: Sequence[Told]) -> list[Reason]:
    """The terms that make a verdict, by license and path; only the first few licenses."""
    groups: dict[tuple[Item | None, tuple[str, ...], tuple[Hop, ...]], list[str]] = {}
    for told in made:
        unsettled = (told.tier,) if told.finding.tier == 3 and told.tier else ()
        key = told.license, (*unsettled, *told.doubts), told.chains[0]
        groups.setdefault(key, []).append(told.why)
    reasons = [Reason(tuple(dict.fromkeys(whys)), *key) for key, whys in groups.items()]
    return reasons[:_MOST_REASONS]


def _short(findings: Iterable[FindingAnswer], verdict: Verdict) -> str:
    """The clause that makes the verdict on a part, in few words."""
    for finding in findings:
        if finding.effect == verdict != "allowed":
            license = f" · {finding.license_label}" if finding.license_label else ""
            return finding.label + license
    return gettext("none is recorded") if verdict == "unknown" else ""
