"""What a source says, claim by claim: in the order of the document, or of entities if it is long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, get_args

from kg.answers import Labels, claim_answer, shown
from kg.citations import CLAIMS, DISPUTED, REJECTED, Cited
from kg.contract import SaidAnswer, SourceAnswer
from kg.model import Entity, Fact, kind_of
from kg.reader import Snapshot

Which = Literal["", "rejected", "disputed"]  # of the claims
WHICH: Sequence[Which] = get_args(Which)
_COLUMN = {"": CLAIMS, "rejected": REJECTED, "disputed": DISPUTED}
WHOLE = 5_000  # claims of a source that are read together, and so can be put in its order
_END = (10**9, 0)  # where claims without a line stand


def said(snapshot: Snapshot, source: str, lang: str = "en", which: Which = "", first: int = 0,
         most: int | None = None) -> SourceAnswer:  # fmt: skip
    """What a source says: all figures, and some of its claims.

    Args:
        snapshot: an open snapshot.
        source: the id of the source.
        lang: language of labels.
        which: all claims, those rejected, or those on facts on which sources disagree.
        first: how many of these to pass over.
        most: how many of these to give; all that follow by default.
    """
    cited, labels = snapshot.citations.of(source), Labels(snapshot, lang)
    total = cited.total(CLAIMS)
    last = None if most is None else first + most
    if total <= WHOLE:
        entities = map(snapshot.entity_at, cited.nodes.tolist())
        found = [c for e in entities for c in _claims(snapshot, e, source, labels)]
        ordered = _ordered(found, list(snapshot.vocabulary.kinds))
        chosen = [claim for claim in ordered if _is(claim, which)][first:last]
    else:
        column = _COLUMN[which]
        row, passed = cited.place(first, column)
        found_there = _from(snapshot, cited, row, column, source, labels)
        those = (claim for claim in found_there if _is(claim, which))
        chosen = list(islice(those, passed, None if most is None else passed + most))
    return SourceAnswer(
        source, total, len(cited.nodes), cited.total(REJECTED), cited.total(DISPUTED),
        len(chosen) == total, chosen,
    )  # fmt: skip


def _is(said: SaidAnswer, which: Which) -> bool:
    return {"": True, "rejected": said.claim.rank == "rejected", "disputed": said.disputed}[which]


def _from(snapshot: Snapshot, cited: Cited, row: int, column: int, source: str, labels: Labels
          ) -> Iterator[SaidAnswer]:  # fmt: skip
    """The claims on the entities of a row and those that follow, read one at a time."""
    for place in range(row, len(cited.nodes)):
        if cited.counts[place, column]:
            entity = snapshot.entity_at(int(cited.nodes[place]))
            yield from _claims(snapshot, entity, source, labels)


def _claims(snapshot: Snapshot, entity: Entity, source: str, labels: Labels
            ) -> Iterator[SaidAnswer]:  # fmt: skip
    for fact in (*entity.facts, *entity.inferred):
        if any(said.source == source for said in fact.claims):
            is_entity = snapshot.vocabulary.properties[fact.property].type == "entity"
            yield from _of_fact(entity, fact, source, is_entity, labels)


def _of_fact(entity: Entity, fact: Fact, source: str, is_entity: bool, labels: Labels
             ) -> Iterator[SaidAnswer]:  # fmt: skip
    holds = [shown(value, is_entity, labels) for value in fact.values]
    for said in fact.claims:
        if said.source == source:
            claim = claim_answer(said, is_entity, labels)
            yield SaidAnswer(labels.ref(entity.id), fact.property, holds, fact.disputed, claim)


def _ordered(claims: list[SaidAnswer], kinds: list[str]) -> list[SaidAnswer]:
    """By line if most claims name one, those without at the end; else by kind and entity."""

    def place(said: SaidAnswer) -> tuple[int, str]:
        return kinds.index(kind_of(said.subject.id)), said.subject.id

    with_line = sum(line_of(said.claim.locator) is not None for said in claims)
    if with_line * 2 <= len(claims):
        return sorted(claims, key=place)
    return sorted(claims, key=lambda said: (line_of(said.claim.locator) or _END, place(said)))


def line_of(locator: str) -> tuple[int, int] | None:
    """First and last line of a place in a source, if it is lines.

    >>> line_of("294-295"), line_of("17"), line_of("Table 2")
    ((294, 295), (17, 17), None)
    """
    found = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", locator)
    return (int(found[1]), int(found[2] or found[1])) if found else None
