"""What a source says, page by page: in an order that does not depend on how much is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.answers.source import WHICH, WHOLE, claims_of_source, line_of
from kg.model.claim import Entity, kind_of
from kg.snapshot.citations import CLAIMS
from kg.snapshot.snapshot import Snapshot


def without_lines(snapshot: Snapshot) -> Iterator[str]:
    """The sources with several claims of which most name no line, and that are not too long to be put in order."""
    for entity in snapshot.entities("source"):
        if 3 < snapshot.citations.of(entity.id).total(CLAIMS) <= WHOLE:
            places = [c.claim.locator for c in claims_of_source(snapshot, entity.id).claims]
            if sum(line_of(place) is not None for place in places) * 2 <= len(places):
                yield entity.id


def test_what_has_no_lines_stands_by_kind_and_entity(snapshot: Snapshot) -> None:
    kinds = [*snapshot.vocabulary.kinds]
    found = list(without_lines(snapshot))
    assert len(found) > 5
    for source in found:
        whole = claims_of_source(snapshot, source)
        order = [(kinds.index(kind_of(c.subject.id)), c.subject.id) for c in whole.claims]
        assert order == sorted(order) and len(order) == whole.total
        for which in WHICH:
            chosen = claims_of_source(snapshot, source, which=which).claims
            total = {"": whole.total, "rejected": whole.rejected, "disputed": whole.disputed}
            assert len(chosen) == total[which]
            pages = [
                claims_of_source(snapshot, source, which=which, first=first, most=7).claims
                for first in range(0, len(chosen), 7)
            ]
            assert [claim for page in pages for claim in page] == chosen


def test_a_page_reads_what_it_shows(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    def total(source: str) -> int:
        return len(snapshot.citations.of(source).nodes)

    longest = max(without_lines(snapshot), key=total)
    read: set[int] = set()
    entity_at = Snapshot.entity_at

    def noted(held: Snapshot, number: int) -> Entity:
        read.add(number)
        return entity_at(held, number)

    monkeypatch.setattr(Snapshot, "entity_at", noted)
    claims_of_source(snapshot, longest, first=20, most=5)
    cited = {*snapshot.citations.of(longest).nodes.tolist()}
    assert total(longest) > 250 and len(read & cited) <= 205
