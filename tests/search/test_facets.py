"""Facets are exact as long as each hit can be looked at, then estimates that say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from kg.search import _facets
from kg.search.analyzer import SearchDoc
from kg.search.clauses import sample_terms
from kg.search.index import SearchIndex
from kg.search.indexing import build_index, cut_parts
from kg.search.query import parse

MODELS = 4000
LICENSES = ("license/mit", "license/mit", "license/mit", "license/apache-2.0")


def documents() -> Iterator[SearchDoc]:
    """Models of which three in four have one license."""
    for i in range(MODELS):
        license = LICENSES[i % 4]
        facets = {"kind": ["model"], "license": [license]}
        yield SearchDoc(
            id=f"model/hf/made/up-{i}",
            kind="model",
            text={"name": [(f"Up {i}",)]},
            filters={field: [(value,) for value in values] for field, values in facets.items()},
            facets=facets,
        )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    folder = tmp_path_factory.mktemp("sampled") / "index"
    build_index(cut_parts(documents(), {}), folder, {}, "tantivy")
    with closing(SearchIndex(folder)) as found:
        yield found


def test_few_hits_are_counted_one_by_one(index: SearchIndex) -> None:
    page = index.search(parse("up"), 10)
    assert not page.estimated
    assert page.facets["license"] == {"license/mit": 3000, "license/apache-2.0": 1000}


def test_many_hits_are_estimated_and_said_to_be(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_facets, "EXACT", 1200)
    page = index.search(parse("up"), 10)
    assert page.estimated
    assert page.total == MODELS
    assert page.facets["license"]["license/mit"] == pytest.approx(3000, rel=0.1)
    assert page.facets["license"]["license/apache-2.0"] == pytest.approx(1000, rel=0.2)


def test_what_is_chosen_leaves_its_own_facet_estimated(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_facets, "EXACT", 1200)
    page = index.search(parse("up"), 10, chosen={"license": ["license/apache-2.0"]})
    assert page.total == 1000
    assert page.facets["kind"] == {"model": 1000}  # few enough, so exact
    assert page.facets["license"]["license/mit"] == pytest.approx(3000, rel=0.1)
    assert page.estimated


def test_parts_lie_within_each_other_and_are_even() -> None:
    ids = [f"model/hf/org{i % 40}/syn-{i}" for i in range(20_000)]
    of = [sample_terms(id) for id in ids]
    assert all(terms == [f"sampled={2 << i}" for i in range(len(terms))] for terms in of)
    for power in range(1, 6):
        members = sum(f"sampled={1 << power}" in terms for terms in of)
        assert members == pytest.approx(len(ids) >> power, rel=0.1)
