"""What a source says, claim by claim: in the order of the document, or of entities if it is long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple, get_args

import msgspec

from kg.answers.contract import ClaimAnswer, Ref, Shown
from kg.answers.show import Labels, claim_answer, show_value
from kg.model.claim import Entity, Fact, Said
from kg.snapshot.citations import CLAIMS, DISPUTED, REJECTED, SourceCitations
from kg.snapshot.snapshot import Snapshot

Which = Literal["", "rejected", "disputed"]  # of the claims
WHICH: Sequence[Which] = get_args(Which)
_COLUMN = {"": CLAIMS, "rejected": REJECTED, "disputed": DISPUTED}
WHOLE = 5_000  # claims of a source that can be put in its order, for which all are read
_SAMPLE = 200  # claims that tell whether a source has lines
_END = (10**9, 0)  # where claims without a line stand


class SaidAnswer(msgspec.Struct, frozen=True):
    """A claim with what it is about, as the page of its source lists it."""

    subject: Ref
    property: str
    holds: list[Shown]  # the resolved values
    disputed: bool
    claim: ClaimAnswer


class SourceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says: by line where it has lines and not too many, else by entity."""

    id: str
    total: int  # claims
    entities: int
    rejected: int
    disputed: int  # claims on facts on which sources disagree
    complete: bool  # whether `claims` are all of them; else they follow page by page
    claims: list[SaidAnswer]


def claims_of_source(
    snapshot: Snapshot,
    source: str,
    lang: str = "en",
    which: Which = "",
    first: int = 0,
    most: int | None = None,
) -> SourceAnswer:
    """What a source says: all figures, and some of its claims.

    Args:
        snapshot: an open snapshot.
        source: the id of the source.
        lang: language of labels.
        which: all claims, those rejected, or those on facts on which sources disagree.
        first: how many of these to pass over.
        most: how many of these to give; all that follow by default.
    """
    cited = snapshot.citations.of(source)
    total, last = cited.total(CLAIMS), None if most is None else first + most
    if total <= WHOLE:
        cited = cited.in_order(snapshot.kind_range(kind) for kind in snapshot.vocabulary.kinds)
    column = _COLUMN[which]
    if total <= WHOLE and _names_lines(snapshot, cited, source):
        found = sorted(_from(snapshot, cited, 0, column, source), key=_place)
        chosen = [claim for claim in found if _is(claim, which)][first:last]
    else:
        row, passed = cited.place(first, column)
        those = (c for c in _from(snapshot, cited, row, column, source) if _is(c, which))
        chosen = list(islice(those, passed, None if most is None else passed + most))
    labels = Labels(snapshot, lang)
    return SourceAnswer(
        id=source,
        total=total,
        entities=len(cited.nodes),
        rejected=cited.total(REJECTED),
        disputed=cited.total(DISPUTED),
        complete=len(chosen) == total,
        claims=[_answer(claim, snapshot, labels) for claim in chosen],
    )


class _Claim(NamedTuple):
    """A claim where it stands."""

    entity: Entity
    fact: Fact
    said: Said


def _claims(entity: Entity, source: str) -> Iterator[_Claim]:
    for fact in (*entity.facts, *entity.inferred):
        for said in fact.claims:
            if said.source == source:
                yield _Claim(entity, fact, said)


def _is(claim: _Claim, which: Which) -> bool:
    return {"": True, "rejected": claim.said.rank == "rejected", "disputed": claim.fact.disputed}[
        which
    ]


def _from(
    snapshot: Snapshot, cited: SourceCitations, row: int, column: int, source: str
) -> Iterator[_Claim]:
    """The claims on the entities of a row and those that follow, read one at a time."""
    for place in range(row, len(cited.nodes)):
        if cited.counts[place, column]:
            yield from _claims(snapshot.entity_at(int(cited.nodes[place])), source)


def _answer(claim: _Claim, snapshot: Snapshot, labels: Labels) -> SaidAnswer:
    fact = claim.fact
    refers = snapshot.vocabulary.properties[fact.property].type == "entity"
    holds = [show_value(value, refers, labels) for value in fact.values]
    said = claim_answer(claim.said, refers, labels)
    return SaidAnswer(labels.ref(claim.entity.id), fact.property, holds, fact.disputed, said)


def _names_lines(snapshot: Snapshot, cited: SourceCitations, source: str) -> bool:
    """Whether most of its first claims name a line."""
    claims = list(islice(_from(snapshot, cited, 0, CLAIMS, source), _SAMPLE))
    return sum(line_of(claim.said.locator) is not None for claim in claims) * 2 > len(claims)


def _place(claim: _Claim) -> tuple[int, int]:
    return line_of(claim.said.locator) or _END


def line_of(locator: str) -> tuple[int, int] | None:
    """First and last line of a place in a source, if it is lines.

    >>> line_of("294-295"), line_of("17"), line_of("Table 2")
    ((294, 295), (17, 17), None)
    """
    found = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", locator)
    return (int(found[1]), int(found[2] or found[1])) if found else None
