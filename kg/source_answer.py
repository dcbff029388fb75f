"""What a source says, claim by claim, in the order of the document it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.answers import Labels, claim_answer, shown
from kg.contract import SaidAnswer, SourceAnswer
from kg.model import Entity, Fact, kind_of
from kg.rdf import INFERRED, iri
from kg.reader import Snapshot
from kg.vocab import DCT

_END = (10**9, 0)  # where claims without a line stand


def subjects_query(base: str, source: str, most: int) -> str:
    """A query for the entities a source speaks of.

    The default graph names the sources of every entity, also of values that are unknown; what
    Gyebo infers stands in a graph of its own only.
    """
    node = iri(base, source)
    where = f"?s <{DCT}source> <{node}>"
    if source == INFERRED:
        where = f"GRAPH <{node}> {{ ?s ?p ?o }}"
    return f"SELECT DISTINCT ?s {{ {where} }} ORDER BY ?s LIMIT {most}"


def said(snapshot: Snapshot, source: str, subjects: Iterable[str], lang: str = "en",
         complete: bool = True) -> SourceAnswer:  # fmt: skip
    """Every claim of a source on some entities.

    Args:
        snapshot: an open snapshot.
        source: the id of the source.
        subjects: ids of the entities it speaks of.
        lang: language of labels.
        complete: whether these are all of them.
    """
    labels = Labels(snapshot, lang)
    found = [claim for entity in snapshot.those(subjects)
             for claim in _claims(snapshot, entity, source, labels)]  # fmt: skip
    return SourceAnswer(
        source,
        len(found),
        len({said.subject.id for said in found}),
        sum(said.claim.rank == "rejected" for said in found),
        sum(said.disputed for said in found),
        complete,
        _ordered(found, list(snapshot.vocabulary.kinds)),
    )


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
