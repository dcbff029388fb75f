"""Declared against inherited: the models whose stated license says less than what they come from; part of the contract.

Which models those are was found at build time for all entities at once (`Snapshot.consistencies`); only
those that are listed have their ancestry read, for the clauses that are missing and the path of each. A row
says what the tag says and what the ancestry carries; it is no word on who is at fault. What rests on a
guessed or disputed parent is listed only on request, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from kg.answers.gaps.answer import AuditAnswer, AuditRequest, LicenseGapAnswer, MissingClause
from kg.answers.license_items import cite_clause
from kg.answers.license_parents import read_ancestors
from kg.answers.show import Labels
from kg.errors import InputError
from kg.licenses.ancestry import Ancestry
from kg.licenses.consistency import find_gap
from kg.licenses.propagation import LicenseTerm
from kg.licenses.states import names_of
from kg.licenses.verdicts import GAPS, consistency_code
from kg.licenses.wording import why
from kg.lineage.adjacency import Ints
from kg.messages.message import Message
from kg.model.claim import kind_of, main_label
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_KINDS = ("model", "dataset")
_CODES = [consistency_code(gap) for gap in GAPS]


def audit(
    snapshot: Snapshot,
    wanted: AuditRequest = AuditRequest(),  # noqa: B008
    *,
    first: int = 0,
    most: int | None = None,
    lang: str = "en",
) -> AuditAnswer:
    """List the models and data sets whose stated license says less than what they come from.

    Args:
        snapshot: an open snapshot.
        wanted: which of them.
        first: how many rows to pass over.
        most: how many to give; all by default.
        lang: language of labels and sentences.

    Raises:
        UnknownId: something that is asked for does not exist.
        InputError: it is of a kind that makes no sense there.
    """
    chosen = _chosen(snapshot, wanted)
    column = _column(snapshot, wanted.assumed)[chosen]
    kinds = {gap: chosen[column == consistency_code(gap)] for gap in GAPS}
    found = np.sort(np.concatenate([kinds[gap] for gap in GAPS if gap in wanted.gaps]))
    shown = found[first : None if most is None else first + most]
    teller = _Teller(snapshot, lang)
    return AuditAnswer(
        total=len(found),
        counts={gap: len(nodes) for gap, nodes in kinds.items()},
        examined=int(np.count_nonzero(snapshot.consistencies[chosen, 0])),
        rows=[teller.row(node) for node in shown.tolist()],
    )


@memo(most=2)
def _column(snapshot: Snapshot, assumed: bool) -> Ints:
    """The code of each entity; with `assumed`, of those without a gap that which they may have."""
    sure, perhaps = snapshot.consistencies[:, 0], snapshot.consistencies[:, 1]
    codes = np.where(assumed & ~np.isin(sure, _CODES), perhaps, sure)
    return codes.astype(np.int64)


def _chosen(snapshot: Snapshot, wanted: AuditRequest) -> Ints:
    """The numbers of the entities that the filters leave."""
    found: Ints = np.flatnonzero(snapshot.consistencies[:, 0])
    for narrowed in _filters(snapshot, wanted):
        found = np.intersect1d(found, np.fromiter(narrowed, np.int64, len(narrowed)))
    if wanted.license:
        license = _find(snapshot, wanted.license, ("license",))
        told = _licenses(snapshot, wanted.assumed)
        found = np.array([n for n in found.tolist() if license in told.get(n, ())], np.int64)
    return found


def _filters(snapshot: Snapshot, wanted: AuditRequest) -> Iterator[Collection[int]]:
    if wanted.ids:
        yield {snapshot.number(_find(snapshot, id, _KINDS)) for id in wanted.ids}
    if wanted.family:
        root = snapshot.number(_find(snapshot, wanted.family, ("family", "model")))
        families = snapshot.families
        yield {*families.roots(root), *families.descendants(root).models}
    if wanted.maker:
        yield snapshot.families.made_by(
            snapshot.number(_find(snapshot, wanted.maker, ("org", "person")))
        )


def _find(snapshot: Snapshot, text: str, kinds: Sequence[str]) -> str:
    id = snapshot.find(text)
    if kind_of(id) not in kinds:
        raise InputError(Message("%(id)s is none of: %(kinds)s", id=id, kinds=kinds))
    return id


@memo(most=2)
def _licenses(snapshot: Snapshot, assumed: bool) -> dict[int, frozenset[str]]:
    """Of each model with a gap the licenses that its row names."""
    nodes = np.flatnonzero(np.isin(_column(snapshot, assumed), _CODES))
    teller = _Teller(snapshot, "en")
    return {node: teller.licenses(node) for node in nodes.tolist()}


class _Teller:
    """Reads the ancestry of one model after the other and tells its gap."""

    def __init__(self, snapshot: Snapshot, lang: str) -> None:
        self._snapshot, self._lang = snapshot, lang
        self._engine = snapshot.states.engine
        self._labels = Labels(snapshot, lang)

    def licenses(self, node: int) -> frozenset[str]:
        """The licenses that are stated of a model, and those of its missing clauses."""
        ancestry, terms, _ = self._gap(node)
        return frozenset([*ancestry.said(node), *(term.license for term in terms)])

    def row(self, node: int) -> LicenseGapAnswer:
        """The gap of a model in words."""
        ancestry, terms, assumed = self._gap(node)
        entity = self._snapshot.entity_at(node)
        gap, _ = find_gap(
            self._engine, ancestry.said(node), ancestry.terms, names_of(entity), assumed=assumed
        )
        missing = [self._clause(ancestry, term) for term in sorted(terms, key=self._weight)]
        return LicenseGapAnswer(
            id=entity.id,
            label=main_label(entity, self._lang),
            stated=[self._labels.ref(one) for one in ancestry.said(node)],
            gap=gap,  # type: ignore[arg-type]  # the array says that it is one
            assumed=assumed,
            governs=[self._labels.ref(one) for one in dict.fromkeys(m.license for m in missing)],
            missing=missing,
            conflicts=list(self._conflicts(ancestry)) if gap == "unsatisfiable" else [],
        )

    def _gap(self, node: int) -> tuple[Ancestry, tuple[LicenseTerm, ...], bool]:
        """The ancestry of a model, the terms its license lacks, and whether only by assumption."""
        held = self._snapshot
        ancestry = Ancestry(read_ancestors(held, node), node, held.states)
        assumed = int(held.consistencies[node, 0]) not in _CODES
        names = names_of(held.entity_at(node))
        _, terms = find_gap(
            self._engine, ancestry.said(node), ancestry.terms, names, assumed=assumed
        )
        return ancestry, terms, assumed

    def _weight(self, term: LicenseTerm) -> tuple[bool, str, int]:
        """The place of a missing clause among others: more than paperwork first."""
        return self._engine.kind(term).group == "paperwork", term.license, term.place

    def _clause(self, ancestry: Ancestry, term: LicenseTerm) -> MissingClause:
        engine, lang = self._engine, self._lang
        kind, clause, license = engine.kind(term), engine.clause(term), engine.license(term.license)
        held = self._as_held(ancestry, term)
        nodes, relations = min(ancestry.paths(held), key=lambda path: (len(path[0]), path[0]))
        return MissingClause(
            clause=term.kind,
            label=kind.label.get(lang, term.kind),
            license=term.license,
            license_label=self._labels.name(term.license),
            group=kind.group,
            why=why(kind, clause, lang, self._labels.name),
            citation=cite_clause(clause.cite, license),
            path=[self._snapshot.id_at(node) for node in nodes],
            edges=list(relations),
            assumed=held.doubtful or held.disputed,
        )

    def _as_held(self, ancestry: Ancestry, term: LicenseTerm) -> LicenseTerm:
        """The term as the model holds it: what was taken as sure may be guessed or disputed there."""
        if term in ancestry.terms:
            return term
        return min(
            t
            for t in ancestry.terms
            if (t.license, t.place, t.way) == (term.license, term.place, term.way)
        )

    def _conflicts(self, ancestry: Ancestry) -> Iterator[str]:
        terms = frozenset(term for term in ancestry.terms if not term.in_house)
        for name in dict.fromkeys(n for n, _, _ in self._engine.conflicts(terms, "relicense")):
            rule = self._engine.terms.conflicts[name]
            yield rule.why.get(self._lang, rule.why["en"])
