"""Findings of a license answer as the pages tell them: grouped, in words, with the path drawn out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from kg.answers.contract import Citation, FindingAnswer
from kg.answers.license_items import cite_clause
from kg.licenses.terms import TextRead
from kg.licenses.wording import words_in
from kg.model.vocabulary import LICENSE
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext
from web.license._values import ValueItem, item, sure_words, value_place
from web.ui.facts import web_address
from web.ui.relations import TermsWay, write_ways
from web.ui.verdicts import LOOKS, VerdictLook


class Hop(NamedTuple):
    """One entity of a path, which runs from the origin down to the entity asked about."""

    id: str
    label: str
    known: bool  # has a page
    by: str  # what made it out of the one before
    licenses: tuple[ValueItem, ...]  # that it states


class CitedSentence(NamedTuple):
    """Where a sentence stands."""

    place: str
    quote: str
    url: str
    date: str


class FindingGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that differ only in the path they came by."""

    look: VerdictLook
    label: str
    why: str
    change: str
    items: tuple[ValueItem, ...]
    license: ValueItem | None
    cited: CitedSentence
    tier: str
    doubts: tuple[str, ...]
    notes: tuple[str, ...]  # but those on edges, which `Teller.unsettled` has once
    chains: tuple[tuple[Hop, ...], ...]
    ways: tuple[TermsWay, ...]  # the same, up to the origins
    others: int  # further paths to the same origins
    finding: FindingAnswer  # the first of them

    @property
    def written_ways(self) -> str:
        """Its ways, for the script that lights them."""
        return write_ways(self.ways)

    @property
    def origins(self) -> list[str]:
        """What carries it."""
        return [*dict.fromkeys(way.origin for way in self.ways)]


class Teller:
    """Tells findings in the language of the page.

    Args:
        snapshot: where they are from.
        labels: names of what the snapshot does not hold, by id.
    """

    def __init__(self, snapshot: Snapshot, labels: Mapping[str, str]) -> None:
        self._snapshot = snapshot
        self._engine = snapshot.states.engine
        self._labels = dict(labels)
        self._stated: dict[str, tuple[ValueItem, ...]] = {}
        edges = [e for e in self._engine.terms.classes.values() if e.note]
        self._edge_notes = {e.note.get(lang(), e.note["en"]): e for e in edges}

    def unsettled(
        self, findings: Iterable[FindingAnswer]
    ) -> list[tuple[str, CitedSentence | None]]:
        """What is unsettled about the edges of some findings, each thing once, with its source."""
        notes = dict.fromkeys(n for f in findings for n in f.notes if n in self._edge_notes)
        return [
            (n, cited(cite_clause(c, None)) if (c := self._edge_notes[n].cite) else None)
            for n in notes
        ]

    def tell(self, findings: Iterable[FindingAnswer]) -> list[FindingGroup]:
        """Findings, those that differ only in their path together."""
        groups: dict[tuple[object, ...], list[FindingAnswer]] = {}
        for f in findings:
            key = (
                f.clause,
                f.license,
                f.effect,
                f.tier,
                f.disputed,
                f.doubtful,
                f.weighs,
                f.way,
                f.why,
                f.value,
                f.citation.section,
                *f.notes,
            )
            groups.setdefault(key, []).append(f)
        return [self._told(group) for group in groups.values()]

    def _told(self, group: Sequence[FindingAnswer]) -> FindingGroup:
        first = group[0]
        license = ValueItem(first.license_label or "", id=first.license) if first.license else None
        chains = tuple(self.chain(f.path, f.edges) for f in group)
        return FindingGroup(
            look=LOOKS[first.effect],
            label=first.label,
            why=first.why,
            change=first.change or "",
            items=tuple(item(self._snapshot, one) for one in first.items),
            license=license,
            cited=cited(first.citation),
            tier=sure_words(first.tier, first.read) if first.license else "",
            doubts=tuple(_doubts(first)),
            notes=tuple(n for n in first.notes if n not in self._edge_notes),
            chains=chains,
            ways=tuple(map(way_of, group)),
            others=sum(max(0, len(f.paths) - 1) for f in group),
            finding=first,
        )

    def chain(self, path: Sequence[str], edges: Sequence[str]) -> tuple[Hop, ...]:
        """A path from its origin down, each entity with what made it and the license it states."""
        properties = self._snapshot.vocabulary.properties
        made = [*(properties[e].step_word(lang()) for e in edges), ""]
        return tuple(
            self._hop(id, by) for id, by in zip(reversed(path), reversed(made), strict=True)
        )

    def _hop(self, id: str, by: str) -> Hop:
        known = self._snapshot.lines.find(id) is not None
        return Hop(id, self.label(id), known, by, self.stated(id) if known else ())

    def texts(self, texts: Iterable[TextRead]) -> list[tuple[str, list[ValueItem]]]:
        """The licenses an answer rests on, by how their texts were read, the least read first."""
        words = words_in(lang())
        groups: dict[str, list[ValueItem]] = {}
        for one in texts:
            groups.setdefault(words[f"read-{one.read}"], []).append(
                ValueItem(self.label(one.license), id=one.license)
            )
        return list(groups.items())

    def label(self, id: str) -> str:
        """The name of an entity."""
        if id not in self._labels:
            self._labels[id] = self._snapshot.label(id, lang()).removeprefix("hf/")
        return self._labels[id]

    def stated(self, id: str) -> tuple[ValueItem, ...]:
        """The licenses that an entity states."""
        if id not in self._stated:
            values = self._snapshot.entity(id).values(LICENSE)
            self._stated[id] = tuple(ValueItem(self.label(str(v)), id=str(v)) for v in values if v)
        return self._stated[id]


def cited(found: Citation) -> CitedSentence:
    """Where a sentence stands, ready to print."""
    return CitedSentence(
        value_place(found.section) if found.section else "",
        found.quote or "",
        web_address(found.url),
        found.date or "",
    )


def way_of(finding: FindingAnswer) -> TermsWay:
    """The way a clause came."""
    return TermsWay(tuple(finding.path), tuple(finding.edges))


def _doubts(finding: FindingAnswer) -> Iterable[str]:
    if finding.disputed:
        yield gettext("rests on a claim that others contradict")
    if finding.doubtful:
        yield gettext("from a parent that only a rule infers")
    if not finding.weighs:
        yield gettext("not counted in the verdict")


def may_ask(finding: FindingAnswer) -> bool:
    """Whether a fact could answer a clause: one against other models only if competing ones are meant."""
    return finding.group != "outputs" or (finding.way == "held" and finding.effect == "conditional")
