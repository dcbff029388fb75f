"""The judged queries are sound, and the search stays as good as it was on the open ones."""

from hashlib import sha256

from kg.snapshot.snapshot import Snapshot
from tests.search.asking import FILES, asked, judge
from tests.search.evaluate import measure, measure_asked, ours, score
from tests.search.judged import judged


def test_judged_queries_are_sound(snapshot: Snapshot) -> None:
    queries = judged()
    assert len(queries) >= 150
    assert len({q.id for q in queries}) == len({q.text for q in queries}) == len(queries)
    held = sum(q.held for q in queries)
    assert 0.3 < held / len(queries) < 0.36
    assert {q.kind for q in queries if q.held} == {q.kind for q in queries}
    for query in queries:
        assert query.relevant
        assert all(snapshot.lines.find(id) is not None for id in query.relevant), query.id


def test_perfect_and_empty_answers() -> None:
    query = judged()[0]
    best = sorted(query.relevant, key=lambda id: -query.relevant[id])
    assert score(query, best[:10]) == (1, 1, 1)
    assert score(query, []) == (0, 0, 0)


def test_search_is_no_worse_than_it_was(snapshot: Snapshot) -> None:
    """A floor below what was measured on 2026-11-21 (0.950 and 0.891), open queries only."""
    measured = measure(ours(snapshot.index), [q for q in judged() if not q.held])
    assert measured.mrr > 0.93
    assert measured.ndcg > 0.87


def test_the_queries_that_were_asked_are_sound(snapshot: Snapshot) -> None:
    every = [query for part in FILES for query in asked(part)]
    assert len({query.text for query in every}) == len(every) >= 200
    halves = {part: {query.text for query in asked(part)} for part in FILES}
    for part, texts in halves.items():
        assert {is_apart(text) for text in texts} == {part != "open"}
    assert all(query.fits or query.why for query in every)
    answered = sum(len(judge(snapshot, part)) for part in FILES)
    assert answered > 0.98 * len(every)


def is_apart(text: str) -> bool:
    """Which half a query stands in, by a hash that nobody chose."""
    return bool(sha256(text.encode()).digest()[-1] & 1)


def test_what_is_asked_for_is_found(snapshot: Snapshot) -> None:
    """A floor below what was measured on 2026-11-29 (0.96, nothing missing), open queries only."""
    measured = measure_asked(ours(snapshot.index), judge(snapshot, "open"))
    assert measured.mrr > 0.92
    assert measured.missing < 0.03
